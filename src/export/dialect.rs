//! How a file is written: its encoding, its syntax, and what in it is no record.

use std::sync::Arc;

use encoding_rs::Encoding;

use super::renamed::Renamed;
use super::syntax::{Asked, Format, Keys, LineSyntax, Mistake, Named, Syntax};

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
    /// The last line may have no line end, as long as it has all its cells and closes its quotes. A file that was cut within its
    /// last cell, or between two of them, can't be told then: so a pipeline must say it.
    pub open_end: bool,
    /// Of CSV: the columns of which a quoted cell may go on over several lines. None: any, as where a file is tried.
    pub multiline: Option<Arc<[String]>>,
    /// The names of the cells, for a file that doesn't begin with them.
    pub names: Option<Arc<[String]>>,
    /// What the file calls otherwise than the pipeline does, and what it doesn't have.
    pub renamed: Arc<Renamed>,
}

impl Format {
    /// The keys that say how its files are written.
    pub fn keys(&self) -> Vec<&'static str> {
        let mut keys = Keys::default();
        // Without any it may be a mistake: what was asked for is known all the same.
        let _ = Dialect::take(self, &mut keys);
        keys.known()
    }
}

impl Dialect {
    pub fn new(syntax: Syntax) -> Dialect {
        let names = syntax.lines().map(LineSyntax::names).filter(|names| !names.is_empty()).map(Arc::from);
        Dialect {
            syntax,
            encoding: None,
            comment: None,
            trim: false,
            open_end: false,
            multiline: None,
            names,
            renamed: Arc::default(),
        }
    }

    /// By the keys of a pipeline, all of which must be known.
    pub fn read(format: &Format, mut keys: Keys) -> Result<Dialect, Mistake> {
        let dialect = Dialect::take(format, &mut keys);
        keys.end(format.name)?;
        dialect
    }

    /// By those keys that are known.
    fn take(format: &Format, keys: &mut Keys) -> Result<Dialect, Mistake> {
        let syntax = (format.read)(keys);
        let trim = keys.flag("trim");
        let encoding = if format.is_text { keys.take::<String>("encoding") } else { Ok(None) };
        let comment = if format.comments { keys.comment() } else { Ok(None) };
        let open_end = if format.comments { keys.flag("open_end") } else { Ok(false) };
        let syntax = syntax?;
        // Of other tables it says nothing: a workbook that stands in a CSV's place is read by the same keys.
        let multiline =
            if format.is_log { None } else { Some(keys.take::<Vec<String>>("multiline")?.unwrap_or_default().into()) };
        let mut dialect =
            Dialect { trim: trim?, comment: comment?, open_end: open_end?, multiline, ..Dialect::new(syntax) };
        if let Some(label) = encoding? {
            // A label as browsers know it.
            let known = Encoding::for_label(label.as_bytes()).filter(|known| *known != encoding_rs::REPLACEMENT);
            let why = "no such encoding; write a label such as \"utf-16le\" or \"windows-1252\"";
            let encoding = known.ok_or_else(|| Mistake::new("encoding", why))?;
            dialect.encoding = (encoding != encoding_rs::UTF_8).then_some(encoding);
        }
        if dialect.comment.is_some() && dialect.comment == dialect.delimiter() {
            return Err(Mistake::new("comment", "the comment character is the delimiter"));
        }
        Ok(dialect)
    }

    /// The same, for a file whose cells have these names.
    pub fn named(self, names: &[String]) -> Dialect {
        let mut named = self.of_file(names, None);
        named.names = Some(names.into());
        named
    }

    /// The same for one file, of which these cells are asked where its records name their own.
    pub fn of_file(mut self, asked: &[String], sheet: Option<&str>) -> Dialect {
        let asked = Asked { names: asked, renamed: &self.renamed, sheet };
        if let Some(lines) = self.syntax.lines().and_then(|lines| lines.of_file(&asked)) {
            if lines.named().is_some() {
                self.names = Some(asked.names.into());
            }
            self.syntax = Syntax::Lines(lines);
        }
        self
    }

    /// Where records name their own cells: what is asked of them. None: the file's columns are the same in all records.
    pub(super) fn named_cells(&self) -> Option<&Named> {
        self.syntax.lines()?.named()
    }

    /// What stands between two cells, where a pipeline may say so.
    pub(super) fn delimiter(&self) -> Option<u8> {
        match &self.syntax {
            Syntax::Csv { delimiter } => Some(*delimiter),
            Syntax::Lines(lines) => lines.delimiter(),
        }
    }

    /// Whether records name their own cells, so that none need be there.
    pub fn records_name_cells(&self) -> bool {
        self.named_cells().is_some()
    }

    /// Why no cell of such a file can be called so.
    pub fn refuses(&self, name: &str) -> Option<Mistake> {
        self.syntax.lines()?.refuses(name)
    }

    /// The cell that says of which sort a record is, by a code of the system's own, which is nobody's data.
    pub fn code(&self) -> Option<&'static str> {
        self.syntax.lines()?.code()
    }

    /// Whether each line is a record as it stands in the file, or a part of one.
    pub fn lines_are_records(&self) -> bool {
        self.syntax.lines().is_none_or(LineSyntax::is_as_it_stands)
    }

    /// Cells that records had and nobody asks for, by name.
    pub(super) fn unasked(&self) -> Vec<String> {
        self.syntax.lines().map(LineSyntax::unasked).unwrap_or_default()
    }

    /// Whether a line holds no record.
    #[inline]
    pub(super) fn is_no_record(&self, line: &[u8]) -> bool {
        let is_empty = match &self.syntax {
            Syntax::Csv { .. } => line.is_empty(),
            Syntax::Lines(lines) => lines.is_empty(line),
        };
        is_empty || self.is_comment(line)
    }

    #[inline]
    pub(super) fn is_comment(&self, line: &[u8]) -> bool {
        self.comment.is_some() && line.first().copied() == self.comment
    }
}
