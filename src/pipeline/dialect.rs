//! How a pipeline's files are written, in the words of `export`.

use std::sync::Arc;

use super::declaration::{Declaration, Lookup, Source, WrittenAs};
use super::fields::Fields;
use crate::export::{Chunks, Dialect, Names, Renamed, Syntax};

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
        Dialect { trim: self.read.written.dialect.trim, ..Dialect::new(Syntax::Csv { delimiter: b',' }) }
    }

    /// The columns of a file of transactions that the pipeline says nothing about.
    pub fn undeclared(&self, chunks: &Chunks) -> Vec<String> {
        undeclared(chunks, &Fields::new(self).declared().collect::<Vec<_>>())
    }

    /// `columns`: what is used of the file. Where records name their own cells there is no header, and none need be there.
    fn dialect(
        &self,
        (own, sheet, renamed): (&Option<WrittenAs>, Option<&str>, Renamed),
        header: &Option<Vec<String>>,
        columns: &[&str],
    ) -> Dialect {
        let written = self.written(own);
        let dialect = Dialect { renamed: Arc::new(renamed), ..written.dialect.clone() };
        match header {
            Some(names) if written.format.names == Names::Header => dialect.named(names),
            _ => dialect.of_file(&columns.iter().map(|name| name.to_string()).collect::<Vec<_>>(), sheet),
        }
    }
}

impl Lookup {
    /// The columns of a header that the lookup says nothing about.
    pub fn undeclared(&self, chunks: &Chunks) -> Vec<String> {
        undeclared(chunks, &self.declared().collect::<Vec<_>>())
    }
}

/// The columns of a file that a pipeline says nothing about: of one whose records name their own cells, as far as they
/// were parsed. Of JSON a declared name covers all that lies in the member.
fn undeclared(chunks: &Chunks, declared: &[&str]) -> Vec<String> {
    let covers =
        |path: &str, name: &str| path.strip_prefix(name).is_some_and(|rest| rest.starts_with('.') || rest.is_empty());
    let header = chunks.header().iter().filter(|name| !declared.contains(&name.as_str()));
    let unasked = chunks.unasked().into_iter().filter(|path| !declared.iter().any(|name| covers(path, name)));
    header.cloned().chain(unasked).collect()
}
