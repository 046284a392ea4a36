//! A file's own names for what a pipeline calls otherwise, and what it doesn't have at all.

use std::collections::BTreeMap;

/// Empty for most files.
#[derive(Clone, Debug, Default)]
pub struct Renamed {
    /// The file's name, and the pipeline's.
    pairs: Vec<(String, String)>,
    /// By the pipeline's names: columns that the file doesn't have. Their cells are empty.
    absent: Vec<String>,
}

impl Renamed {
    /// `rename`: the file's name = the pipeline's.
    pub fn new(rename: &BTreeMap<String, String>, absent: &[String]) -> Renamed {
        let pairs = rename.iter().map(|(theirs, ours)| (theirs.clone(), ours.clone()));
        Renamed { pairs: pairs.collect(), absent: absent.to_vec() }
    }

    pub(super) fn ours(&self, theirs: String) -> String {
        let found = self.pairs.iter().find(|(name, _)| *name == theirs);
        found.map_or(theirs, |(_, ours)| ours.clone())
    }

    pub(super) fn theirs(&self, ours: &str) -> String {
        let found = self.pairs.iter().find(|(_, name)| name == ours);
        found.map_or(ours, |(theirs, _)| theirs).to_string()
    }

    pub fn is_absent(&self, ours: &str) -> bool {
        self.absent.iter().any(|name| name == ours)
    }
}
