//! Which transactions have a row in the lookups that decide by having none, and how many of these lookups' keys have a transaction:
//! a join that is dead looks like a library in which nobody owes anything.

use roaring::{RoaringBitmap, RoaringTreemap};

use crate::words::TransactionId;

/// What of one lookup was met.
#[derive(Clone, Debug, Default)]
pub struct Meeting {
    /// The place of the lookup.
    pub lookup: usize,
    /// How many different keys it has.
    pub keys: u64,
    /// The numbers of those that a transaction has.
    met: RoaringBitmap,
    /// The linked transactions that have one.
    pub ids: RoaringTreemap,
}

impl Meeting {
    pub fn new(lookup: usize, keys: usize) -> Meeting {
        Meeting { lookup, keys: keys as u64, ..Meeting::default() }
    }

    /// `row`: the number of a key.
    #[inline]
    pub fn note(&mut self, row: u32, id: TransactionId, linked: bool) {
        self.met.insert(row);
        if linked {
            self.ids.insert(id.0);
        }
    }

    pub fn merge(&mut self, other: Meeting) {
        self.met |= other.met;
        self.ids |= other.ids;
    }

    /// How many of its keys a transaction has.
    pub fn keys_met(&self) -> u64 {
        self.met.len()
    }
}
