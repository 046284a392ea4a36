//! What a syntax is: its name and keys in pipelines, and how a line of it becomes cells.

use std::fmt::Debug;
use std::io::{self, Read};
use std::sync::Arc;

use super::keys::{Keys, Mistake};
use super::members::Named;
use crate::export::renamed::Renamed;
use crate::export::row::Row;

/// A syntax, as pipelines know it.
#[derive(Debug)]
pub struct Format {
    /// What `format` calls it.
    pub name: &'static str,
    pub names: Names,
    /// Whether it is a log's: its files are not tables, and are all written alike.
    pub is_log: bool,
    /// Whether it is text, so that `encoding` may say in which encoding.
    pub is_text: bool,
    /// Whether lines may be comments.
    pub comments: bool,
    /// Whether a file has sheets, of which a `sheet` is read.
    pub sheets: bool,
    /// Takes its own keys. What remains of them is a mistake.
    pub read: fn(&mut Keys) -> Result<Syntax, Mistake>,
    pub samples: &'static [Sample],
    /// Puts around a sample, or around made-up bytes, what no change at random would get right.
    pub wrap: Option<Wrap>,
}

/// Bytes in, a file out.
pub type Wrap = fn(&[u8]) -> io::Result<Vec<u8>>;

/// Where the names of a file's cells come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Names {
    /// Its first record; or the pipeline's `header`.
    Header,
    /// Its first record alone.
    HeaderAlone,
    /// Records name their own cells, and none need be there.
    Records,
    /// The syntax's own keys ([`LineSyntax::names`]).
    Keys,
}

/// A small file, and the keys by which it is read, as JSON. It has a record, and all of them can be read.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub keys: &'static str,
    /// With [`Names::Records`]: what is asked of each record.
    pub asked: &'static [&'static str],
    pub file: &'static str,
}

/// How records and cells are told apart.
#[derive(Clone, Debug)]
pub enum Syntax {
    /// RFC 4180: cells may be quoted, and a quoted one may span lines. It has a scan of its own in `borders` and a parser in
    /// `rows`.
    Csv { delimiter: u8 },
    /// A line a record.
    Lines(Arc<dyn LineSyntax>),
}

/// A syntax of which each line is a record.
pub trait LineSyntax: Debug + Send + Sync {
    /// The cells of a line, which comes without its end: [`Row::begin`], then [`Row::push`] each; or [`Row::reject`].
    fn cells(&self, line: &[u8], row: &mut Row);

    /// Lines, of what is something else. An error ends the reading, and its pipeline.
    fn lines(&self, input: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
        input
    }

    /// Whether the lines are the file's own.
    fn is_as_it_stands(&self) -> bool {
        true
    }

    /// The cell that says of which sort a record is, by a code of the system's own, which is nobody's data.
    fn code(&self) -> Option<&'static str> {
        None
    }

    /// Whether an empty line is no record. It may end in CR.
    fn is_empty(&self, line: &[u8]) -> bool {
        matches!(line, [] | b"\r")
    }

    /// What stands between two cells, where a pipeline may say so.
    fn delimiter(&self) -> Option<u8> {
        None
    }

    /// With [`Names::Keys`]: the names of the cells.
    fn names(&self) -> &[String] {
        &[]
    }

    /// Why no cell can be called so, and at which key or value to point.
    fn refuses(&self, _name: &str) -> Option<Mistake> {
        None
    }

    /// The same for one file: what is noted while it is read is of that file. None: nothing is noted or asked.
    fn of_file(&self, _asked: &Asked<'_>) -> Option<Arc<dyn LineSyntax>> {
        None
    }

    /// With [`Names::Records`]: what is asked of them. Whoever reads a record notes which names it had ([`Named::meet`]), but
    /// of one that can't be trusted.
    fn named(&self) -> Option<&Named> {
        None
    }

    /// What the file had and nobody asked for, by the file's own names, so far as it was read and could be trusted. A name may
    /// be data itself ([`members::told`]), and one with a dot lies within another, as in JSON.
    fn unasked(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What a pipeline asks of one file.
pub struct Asked<'a> {
    /// With [`Names::Records`]: cells, by the pipeline's names.
    pub names: &'a [String],
    /// What the file calls them ([`Renamed::theirs`]), and what it is known to have besides.
    pub renamed: &'a Renamed,
    pub sheet: Option<&'a str>,
}

impl Sample {
    /// None at all of what is no JSON: a test would tell.
    pub(in crate::export) fn keys(&self) -> Keys {
        let keys: serde_json::Map<String, serde_json::Value> = serde_json::from_str(self.keys).unwrap_or_default();
        let mut all = Keys::default();
        keys.into_iter().for_each(|(key, value)| all.set(key, value));
        all
    }
}

impl Syntax {
    /// A syntax whose records are lines.
    pub fn of_lines(syntax: impl LineSyntax + 'static) -> Syntax {
        Syntax::Lines(Arc::new(syntax))
    }

    pub(in crate::export) fn lines(&self) -> Option<&dyn LineSyntax> {
        match self {
            Syntax::Csv { .. } => None,
            Syntax::Lines(lines) => Some(&**lines),
        }
    }
}
