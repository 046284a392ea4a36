//! Keys that are made of several cells, as one export has them.

use hashbrown::HashSet;

use crate::leak::hash;
use crate::lookup::{Made, together};
use crate::pipeline::declaration::{Declaration, KeyType, Keys, Lookup};

/// So many different keys of several cells are remembered of one export; of one that has more, nothing is said.
pub const MOST: usize = 5_000_000;

/// A key that is made of several cells.
struct Several {
    /// The place of the lookup that it leads to or is of.
    lookup: usize,
    /// In order.
    columns: Vec<String>,
    read: KeyType,
    /// Hashes of those that were met.
    keys: HashSet<u64>,
}

/// Of one export: the keys that are made of several of its cells.
pub struct CompositeKeys {
    all: Vec<Several>,
    key: Vec<u8>,
}

impl CompositeKeys {
    /// `lookup`: the place of the export among the lookups; None: it is of transactions.
    pub fn new(declaration: &Declaration, lookup: Option<usize>) -> CompositeKeys {
        let of_several = declaration.lookups.iter().enumerate().filter(|(_, lookup)| lookup.on.len() > 1);
        let columns = |(place, joined): (usize, &Lookup)| -> Option<Several> {
            let columns: Vec<String> = match lookup {
                None => joined.on.keys().cloned().collect(),
                Some(_) => joined.on.values().flat_map(Keys::columns).cloned().collect(),
            };
            let several = || Several { lookup: place, columns, read: joined.key, keys: HashSet::new() };
            (lookup.is_none() || lookup == Some(place)).then(several)
        };
        CompositeKeys { all: of_several.filter_map(columns).collect(), key: Vec::new() }
    }

    /// `cell` gives a column's cell, null made empty; None: the export doesn't have it.
    pub fn note<'c>(&mut self, cell: impl Fn(&str) -> Option<&'c [u8]>) {
        for Several { columns, read, keys, .. } in &mut self.all {
            let cells = columns.iter().map(|column| cell(column).unwrap_or_default());
            if keys.len() < MOST && together(cells, *read, &mut self.key) == Made::Key {
                keys.insert(hash(&self.key));
            }
        }
    }

    pub fn of(&self, lookup: usize) -> Option<&HashSet<u64>> {
        self.all.iter().find(|several| several.lookup == lookup).map(|several| &several.keys)
    }
}
