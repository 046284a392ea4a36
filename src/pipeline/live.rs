//! A pipeline as it is where the site reads the system's own database: as if its exports were tables all along.

use super::declaration::{Declaration, Lookup, Origin, Source, WrittenAs};
use super::fields::Fields;
use crate::export::{Dialect, Format, Keys};
use crate::live::DatabaseKind;

/// How rows of a database come, and what is null in them.
const FORMAT: &str = "psql-text";
const NULL: [&str; 2] = ["\\N", ""];

impl Declaration {
    /// Whether it can be read from a database of this kind.
    pub fn is_of(&self, kind: DatabaseKind) -> bool {
        self.database.as_ref().is_some_and(|database| database.kind == kind)
    }

    /// Reads tables from now on. An error names what says neither `table` nor `query`.
    pub fn read_live(&mut self) -> Result<(), String> {
        let format = Format::named(FORMAT).ok_or("there is no format for tables")?;
        let dialect = Dialect::read(format, Keys::default()).map_err(|mistake| mistake.to_string())?;
        let sources = self.sources.iter().map(|one| (&one.part, one.table.is_some() || one.query.is_some()));
        let lookups = self.lookups.iter().map(|one| (&one.name, one.table.is_some() || one.query.is_some()));
        if let Some((name, _)) = sources.chain(lookups).find(|(_, says)| !says) {
            return Err(format!(
                "`{name}` says neither `table` nor `query`: with a connection, every export is read by it"
            ));
        }
        self.read.written = WrittenAs { format, dialect };
        let before = std::mem::replace(&mut self.read.null, NULL.map(String::from).to_vec());
        for source in &mut self.sources {
            (source.live, source.split) = (true, false);
            (source.read, source.sheet, source.header) = (None, None, None);
        }
        for lookup in &mut self.lookups {
            (lookup.live, lookup.split) = (true, false);
            (lookup.read, lookup.sheet, lookup.header) = (None, None, None);
        }
        // Its own tests write null as its files do.
        for test in &mut self.tests {
            for cell in test.rows.iter_mut().chain(test.lookup.values_mut().flatten()).flat_map(|row| row.values_mut())
            {
                if before.contains(cell) {
                    cell.clear();
                }
            }
        }
        Ok(())
    }

    /// The columns of a source that are read: all that are used, and none that are dropped. As the table calls them.
    pub fn source_columns(&self, source: &Source) -> Vec<String> {
        let fields = Fields::new(self);
        let mut all = Columns { names: Vec::new(), dropped: &self.columns.drop };
        fields
            .declared()
            .filter(|name| source.absent.iter().all(|absent| absent != name))
            .for_each(|name| all.add(name));
        let theirs = |ours: &String| {
            let renamed = source.rename.iter().find(|(_, name)| *name == ours);
            renamed.map_or_else(|| ours.clone(), |(theirs, _)| theirs.clone())
        };
        all.names.iter().map(theirs).collect()
    }

    /// Whether all of it is read from a database.
    pub fn is_live(&self) -> bool {
        self.sources.iter().any(|source| matches!(source.origin(), Origin::Table(_) | Origin::Query(_)))
    }
}

impl Lookup {
    /// The columns that are read, as the table calls them.
    pub fn columns(&self) -> Vec<String> {
        let mut all = Columns { names: Vec::new(), dropped: &self.drop };
        self.declared().for_each(|name| all.add(name));
        let theirs = |ours: &String| {
            let renamed = self.rename.iter().find(|(_, name)| *name == ours);
            renamed.map_or_else(|| ours.clone(), |(theirs, _)| theirs.clone())
        };
        all.names.iter().map(theirs).collect()
    }
}

struct Columns<'a> {
    names: Vec<String>,
    dropped: &'a [String],
}

impl Columns<'_> {
    fn add(&mut self, name: &str) {
        if !self.dropped.iter().any(|dropped| dropped == name) && !self.names.iter().any(|known| known == name) {
            self.names.push(name.into());
        }
    }
}
