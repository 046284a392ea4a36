//! How a file is written: its encoding, its syntax, and what in it is no record.

use std::sync::Arc;

use encoding_rs::Encoding;

use super::json::Paths;

/// How a file is written, as far as records and cells go.
#[derive(Clone, Debug)]
pub struct Dialect {
    pub syntax: Syntax,
    /// None: UTF-8.
    pub encoding: Option<&'static Encoding>,
    /// Lines that begin with it are no records.
    pub comment: Option<u8>,
    /// Blanks around a cell are no part of it.
    pub trim: bool,
    /// The names of the cells, for a file that doesn't begin with them.
    pub names: Option<Arc<[String]>>,
}

/// How records and cells are told apart. A new one needs a file of code for its cells (as `json`), a line in
/// `rows::Row::parse_each`, and one in `borders::Scan::scan` if its records are more than lines.
#[derive(Clone, Debug)]
pub enum Syntax {
    /// RFC 4180: cells may be quoted, and a quoted one may span lines.
    Csv { delimiter: u8 },
    /// PostgreSQL's `COPY … TO STDOUT`: tabs, backslash escapes, a line a record.
    PsqlText,
    /// A line a record, cut at a delimiter, and nothing is quoted. `trailing`: a delimiter ends the last cell, too.
    Delimited { delimiter: u8, trailing: bool },
    /// A JSON object a line. `records` names the list of a document as an API pages it.
    Json { paths: Arc<Paths>, records: Option<Arc<str>> },
}

impl Dialect {
    pub fn new(syntax: Syntax) -> Dialect {
        Dialect { syntax, encoding: None, comment: None, trim: false, names: None }
    }

    /// The same, for a file whose cells have these names.
    pub fn named(mut self, names: &[String]) -> Dialect {
        if let Syntax::Json { paths, .. } = &mut self.syntax {
            *paths = Arc::new(Paths::new(names));
        }
        self.names = Some(names.into());
        self
    }

    /// Whether a line holds no record.
    #[inline]
    pub(super) fn is_no_record(&self, line: &[u8]) -> bool {
        match self.syntax {
            Syntax::Csv { .. } => line.is_empty() || self.is_comment(line),
            // Each line of a table's text is a row: one column that is an empty text makes an empty line.
            Syntax::PsqlText => false,
            Syntax::Delimited { .. } | Syntax::Json { .. } => matches!(line, [] | b"\r") || self.is_comment(line),
        }
    }

    #[inline]
    pub(super) fn is_comment(&self, line: &[u8]) -> bool {
        self.comment.is_some() && line.first().copied() == self.comment
    }
}
