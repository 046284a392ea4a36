//! The library system's database, where the site has a connection to it.

use std::sync::OnceLock;

use crate::live::{Selection, Snapshot, System};
use crate::pipeline::Origin;

/// It is connected to when something is first read of it; from then on all is of that moment.
pub struct LiveSystem {
    pub system: System,
    snapshot: OnceLock<Result<Snapshot, String>>,
}

impl LiveSystem {
    pub fn new(system: System) -> LiveSystem {
        LiveSystem { system, snapshot: OnceLock::new() }
    }

    pub fn snapshot(&self) -> Result<&Snapshot, String> {
        let begun = self.snapshot.get_or_init(|| Snapshot::begin(&self.system).map_err(|error| error.to_string()));
        begun.as_ref().map_err(Clone::clone)
    }

    /// What is read of a source or lookup; none: it is no table.
    pub fn selection(&self, name: &str, origin: Origin<'_>, columns: Vec<String>) -> Option<Selection> {
        let kind = self.system.database.kind;
        match origin {
            Origin::Table(table) => Some(Selection::of_table(kind, table, columns)),
            Origin::Query(query) => Some(Selection::of_query(kind, name, query, columns)),
            _ => None,
        }
    }
}
