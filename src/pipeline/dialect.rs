//! How a pipeline's files are written, in the words of `export`.

use std::sync::Arc;

use encoding_rs::Encoding;

use super::declaration::{Declaration, Format, Lookup, Read, Source, Written};
use super::fields::Fields;
use crate::export::{Chunks, Dialect, Layout, Renamed, Sheet, Syntax};

impl Read {
    /// The encoding of a label, as browsers know it. None: there is no such, or it is no encoding of text.
    pub(super) fn encoding(label: &str) -> Option<&'static Encoding> {
        Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != encoding_rs::REPLACEMENT)
    }
}

impl Written {
    /// The layout of a log; of one that was refused, a layout that fits no line.
    fn weblog(&self) -> Layout {
        self.layout.as_deref().and_then(|layout| Layout::new(layout).ok()).unwrap_or_default()
    }

    /// `sheet`: of a workbook, which one.
    fn dialect(&self, sheet: Option<&str>) -> Dialect {
        let delimiter = |usual: u8| self.delimiter.map_or(usual, |c| c as u8);
        let syntax = match self.format {
            Format::Csv => Syntax::Csv { delimiter: delimiter(b',') },
            Format::PsqlText => Syntax::PsqlText,
            Format::Delimited => Syntax::Delimited { delimiter: delimiter(b'|'), trailing: self.trailing },
            Format::Json => Syntax::Json { paths: Arc::default(), records: self.records.as_deref().map(Arc::from) },
            Format::SymphonyHistory => Syntax::SymphonyHistory { codes: Arc::default() },
            Format::Xlsx => Syntax::Sheet(Sheet { name: sheet.map(Arc::from), skip: self.skip, ..Sheet::default() }),
            Format::Weblog => Syntax::Weblog { layout: Arc::new(self.weblog()) },
        };
        let encoding = self.encoding.as_deref().and_then(Read::encoding);
        Dialect {
            encoding: encoding.filter(|encoding| *encoding != encoding_rs::UTF_8),
            comment: self.comment.map(|c| c as u8),
            trim: self.trim,
            ..Dialect::new(syntax)
        }
    }
}

impl Declaration {
    /// How the files of a source are written.
    pub fn source_dialect(&self, source: &Source) -> Dialect {
        let fields = Fields::new(self);
        let renamed = Renamed::new(&source.rename, &source.absent, &self.columns.drop);
        self.dialect((&source.read, source.sheet.as_deref(), renamed), &source.header, &fields.columns)
    }

    /// How the files of a lookup are written.
    pub fn lookup_dialect(&self, lookup: &Lookup) -> Dialect {
        let mut columns: Vec<&str> = Vec::new();
        for column in lookup.declared().filter(|column| lookup.drop.iter().all(|dropped| dropped != column)) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        let renamed = Renamed::new(&lookup.rename, &[], &lookup.drop);
        self.dialect((&lookup.read, lookup.sheet.as_deref(), renamed), &lookup.header, &columns)
    }

    /// How the made-up rows of a pipeline's own tests are written: under a header, and as CSV, whatever the system does.
    /// Syntaxes have tests of their own.
    pub fn rehearsed_dialect(&self) -> Dialect {
        match self.read.format {
            Format::Csv | Format::PsqlText => {
                Dialect { trim: self.read.trim, ..Dialect::new(self.read.written().dialect(None).syntax) }
            }
            Format::Delimited | Format::Json | Format::SymphonyHistory | Format::Xlsx | Format::Weblog => {
                Dialect { trim: self.read.trim, ..Dialect::new(Syntax::Csv { delimiter: b',' }) }
            }
        }
    }

    /// `columns`: what is used of the file. Where records name their own cells there is no header, and none need be there.
    fn dialect(
        &self,
        (own, sheet, renamed): (&Option<Written>, Option<&str>, Renamed),
        header: &Option<Vec<String>>,
        columns: &[&str],
    ) -> Dialect {
        let written = self.written(own);
        let dialect = Dialect { renamed: Arc::new(renamed), ..written.dialect(sheet) };
        match (header, dialect.records_name_cells()) {
            _ if written.format == Format::Weblog => dialect.named(written.weblog().names()),
            (_, true) => dialect.named(&columns.iter().map(|name| name.to_string()).collect::<Vec<_>>()),
            (Some(names), false) => dialect.named(names),
            (None, false) => dialect,
        }
    }
}

/// The columns of a file that a pipeline says nothing about: of one whose records name their own cells, as far as they
/// were parsed. Of JSON a declared name covers all that lies in the member.
pub fn undeclared(chunks: &Chunks, declared: &[&str]) -> Vec<String> {
    let covers =
        |path: &str, name: &str| path.strip_prefix(name).is_some_and(|rest| rest.starts_with('.') || rest.is_empty());
    let header = chunks.header().iter().filter(|name| !declared.contains(&name.as_str()));
    let unasked = chunks.unasked().into_iter().filter(|path| !declared.iter().any(|name| covers(path, name)));
    header.cloned().chain(unasked).collect()
}
