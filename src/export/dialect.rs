//! How a file is written: its encoding, its syntax, and what in it is no record.

use std::sync::Arc;

use encoding_rs::Encoding;

use super::json::Paths;
use super::members::Named;
use super::renamed::Renamed;
use super::sheet::Sheet;
use super::symphony::Codes;
use super::weblog::Layout;

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
    /// What the file calls otherwise than the pipeline does, and what it doesn't have.
    pub renamed: Arc<Renamed>,
}

/// How records and cells are told apart. A new one needs a file of code for its cells (as `json`), a line in
/// `rows::Row::line`, and one in `borders::Scan::scan` if its records are more than lines.
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
    /// A line of Symphony's history log.
    SymphonyHistory { codes: Arc<Codes> },
    /// A sheet of a workbook: a line a row, tabs and backslash escapes, empty lines are no records.
    Sheet(Sheet),
    /// A web log, by its declared layout.
    Weblog { layout: Arc<Layout> },
}

impl Dialect {
    pub fn new(syntax: Syntax) -> Dialect {
        Dialect { syntax, encoding: None, comment: None, trim: false, names: None, renamed: Arc::default() }
    }

    /// The same, for a file whose cells have these names.
    pub fn named(mut self, names: &[String]) -> Dialect {
        match &mut self.syntax {
            Syntax::Json { paths, .. } => {
                let theirs: Vec<String> = names.iter().map(|name| self.renamed.theirs(name)).collect();
                *paths = Arc::new(Paths::at(names, &theirs).passing_by(&self.renamed.dropped()));
            }
            Syntax::SymphonyHistory { codes } => *codes = Arc::new(Codes::new(names)),
            _ => {}
        }
        self.names = Some(names.into());
        self
    }

    /// Where records name their own cells: what is asked of them. None: the file's columns are the same in all records.
    pub(super) fn named_cells(&self) -> Option<&Named> {
        match &self.syntax {
            Syntax::Json { paths, .. } => Some(paths.named()),
            Syntax::SymphonyHistory { codes } => Some(codes.named()),
            _ => None,
        }
    }

    /// What stands between two cells, where a pipeline may say so.
    pub(super) fn delimiter(&self) -> Option<u8> {
        match self.syntax {
            Syntax::Csv { delimiter } | Syntax::Delimited { delimiter, .. } => Some(delimiter),
            _ => None,
        }
    }

    /// Whether records name their own cells, so that none need be there.
    pub fn records_name_cells(&self) -> bool {
        self.named_cells().is_some()
    }

    /// Cells that records had and nobody asks for, by name.
    pub(super) fn unasked(&self) -> Vec<String> {
        match &self.syntax {
            Syntax::Json { paths, .. } => paths.unasked(),
            Syntax::SymphonyHistory { codes } => codes.unasked(),
            Syntax::Sheet(sheet) => sheet.unread().into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a line holds no record.
    #[inline]
    pub(super) fn is_no_record(&self, line: &[u8]) -> bool {
        match self.syntax {
            Syntax::Csv { .. } => line.is_empty() || self.is_comment(line),
            Syntax::Sheet(_) => line.is_empty(),
            // Each line of a table's text is a row: one column that is an empty text makes an empty line.
            Syntax::PsqlText => false,
            Syntax::Delimited { .. } | Syntax::Json { .. } | Syntax::SymphonyHistory { .. } | Syntax::Weblog { .. } => {
                matches!(line, [] | b"\r") || self.is_comment(line)
            }
        }
    }

    #[inline]
    pub(super) fn is_comment(&self, line: &[u8]) -> bool {
        self.comment.is_some() && line.first().copied() == self.comment
    }
}
