//! `[database]`: the system's own database, and which of its columns lead to patrons.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::live::DatabaseKind;

/// The database of the library system. With it the sources can be read as tables, the worklists carried out, and the catalogue
/// asked for columns that nobody has spoken of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub kind: DatabaseKind,
    /// The columns that patrons are known by, as `TABLE.COLUMN`: a foreign key to one of them leads to a patron.
    #[serde(default)]
    pub patron: Vec<String>,
    /// Names of columns that lead to patrons though no key says so, as patterns of SQL's LIKE.
    #[serde(default)]
    pub named: Vec<String>,
    /// Columns that this pipeline's traces speak of, as `TABLE.COLUMN`.
    #[serde(default)]
    pub places: Vec<String>,
    /// Columns that lead to patrons and are no trace of a transaction, by the reason; `TABLE.*` is all of a table.
    #[serde(default)]
    pub ignored: BTreeMap<String, Vec<String>>,
    /// What the account that severs may do beside reading, as it is granted: `UPDATE ON old_issues`.
    #[serde(default)]
    pub grants: Vec<String>,
}

impl Database {
    /// The columns that somebody has thought of: traces, and what is none.
    pub fn spoken_of(&self) -> impl Iterator<Item = &str> {
        self.places.iter().chain(self.ignored.values().flatten()).map(String::as_str)
    }
}
