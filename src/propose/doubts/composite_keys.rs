//! Keys that are made of several cells, as one export has them.

use hashbrown::HashSet;

use crate::leak::hash;
use crate::lookup::together;
use crate::pipeline::declaration::{Declaration, Keys, Lookup};

/// So many different keys of several cells are remembered of one export; of one that has more, nothing is said.
pub const MOST: usize = 5_000_000;

/// Of one export: the keys that are made of several of its cells.
pub struct CompositeKeys {
    /// The place of the lookup that they lead to or are of, the columns in order, and the keys' hashes.
    all: Vec<(usize, Vec<String>, HashSet<u64>)>,
    key: Vec<u8>,
}

impl CompositeKeys {
    /// `lookup`: the place of the export among the lookups; None: it is of transactions.
    pub fn new(declaration: &Declaration, lookup: Option<usize>) -> CompositeKeys {
        let of_several = declaration.lookups.iter().enumerate().filter(|(_, lookup)| lookup.on.len() > 1);
        let columns = |(place, joined): (usize, &Lookup)| -> Option<(usize, Vec<String>, HashSet<u64>)> {
            let columns: Vec<String> = match lookup {
                None => joined.on.keys().cloned().collect(),
                Some(_) => joined.on.values().flat_map(Keys::columns).cloned().collect(),
            };
            (lookup.is_none() || lookup == Some(place)).then(|| (place, columns, HashSet::new()))
        };
        CompositeKeys { all: of_several.filter_map(columns).collect(), key: Vec::new() }
    }

    /// `cell` gives a column's cell, null made empty; None: the export doesn't have it.
    pub fn note<'c>(&mut self, cell: impl Fn(&str) -> Option<&'c [u8]>) {
        for (_, columns, keys) in &mut self.all {
            let cells = columns.iter().map(|column| cell(column).unwrap_or_default());
            if keys.len() < MOST && together(cells, &mut self.key) {
                keys.insert(hash(&self.key));
            }
        }
    }

    pub fn of(&self, lookup: usize) -> Option<&HashSet<u64>> {
        self.all.iter().find(|(place, ..)| *place == lookup).map(|(_, _, keys)| keys)
    }
}
