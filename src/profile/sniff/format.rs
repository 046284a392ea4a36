//! How a file is written, as far as it shows.

use super::declared::Declared;
use crate::export::Dialect;

/// How a file is written.
#[derive(Clone, Debug)]
pub struct FileFormat {
    pub dialect: Dialect,
    /// The same as a pipeline would say it; empty where a pipeline has said it.
    pub declared: Declared,
    /// Whether the columns' names are the file's own.
    pub named: bool,
    /// Members of JSON that hold an object or a list.
    pub nested: Vec<String>,
    /// What isn't certain, in words.
    pub doubts: Vec<String>,
}

impl FileFormat {
    /// The same, with the names of its cells from a person.
    pub fn named(mut self, names: &[String]) -> FileFormat {
        let first = Dialect { names: None, ..self.dialect };
        self.dialect = first.named(names);
        self.named = true;
        self.doubts.retain(|doubt| doubt != NAMELESS);
        self
    }
}

pub(super) const NAMELESS: &str = "the file doesn't seem to begin with the names of its columns: give them with --header. Until then \
                        nothing of it is told by its name";
