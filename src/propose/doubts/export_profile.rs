//! What was seen of one export, and what is doubtful about it.

use std::collections::{BTreeMap, BTreeSet};

use super::composite_keys::CompositeKeys;
use super::declared_uses::Said;
use super::one_for_many::OneForMany;
use crate::leak::hash;
use crate::profile::{TableProfile, shape};

/// What is counted cell by cell, since only the declaration knows what is right.
#[derive(Default)]
pub struct Misfits {
    pub cells: u64,
    pub first_line: u64,
    pub distinct: BTreeSet<u64>,
    pub shape: String,
}

impl Misfits {
    pub fn note(&mut self, cell: &[u8], line: u64) {
        if self.cells == 0 {
            self.first_line = line;
            self.shape = shape(&String::from_utf8_lossy(cell));
        }
        self.cells += 1;
        if self.distinct.len() < 10_000 {
            self.distinct.insert(hash(cell));
        }
    }
}

/// A file that was looked at.
pub struct ExportProfile {
    /// None: of the transactions.
    pub lookup: Option<usize>,
    pub part: String,
    pub table: TableProfile,
    pub said: BTreeMap<String, Said>,
    pub unread: BTreeMap<usize, Misfits>,
    pub unnamed: BTreeMap<usize, Misfits>,
    /// Rows that no [[state]] rule takes, whatever other exports say.
    pub unruled: Misfits,
    pub keys: CompositeKeys,
    /// Of the transactions: how many rows each patron has.
    pub patrons: OneForMany,
}
