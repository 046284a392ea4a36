//! The identifiers that stand on the rows themselves: what leaves is searched for them.

use super::reader::Reader;
use crate::export::Row;
use crate::leak::{Identifiers, hash};
use crate::pass::prepared::Prepared;
use crate::pass::rules::{Bound, SearchedAs};

/// What a worker has collected of the identifiers that stand on the rows themselves.
pub struct Collected {
    pub identifiers: Identifiers,
    /// Hashes of other persons (staff, proxies), and of tuples on rows that name no patron, that were seen lately.
    lately: Vec<u64>,
}

const LATELY: usize = 1 << 10;

impl Collected {
    pub fn new() -> Collected {
        Collected { identifiers: Identifiers::default(), lately: vec![0; LATELY] }
    }

    /// Whether something with this hash was not seen lately.
    #[inline]
    pub fn is_news(&mut self, hash: u64) -> bool {
        let slot = &mut self.lately[hash as usize % LATELY];
        std::mem::replace(slot, hash) != hash
    }

    /// Cells that come and go without the patron: staff, notes.
    #[inline]
    pub fn others(&mut self, prepared: &Prepared<'_>, bound: &Bound, row: &Row, reader: &Reader<'_>) {
        for (place, found) in &bound.other_identifiers {
            let cell = prepared.cells.null.value(row.cell(*place));
            if !cell.is_empty() && self.is_news(hash(cell)) {
                match found {
                    SearchedAs::Anywhere => self.identifiers.add(cell),
                    SearchedAs::Alone => self.identifiers.add_alone(cell),
                }
            }
        }
        // The one that counted is collected with the run's patrons.
        let more = if prepared.rules.roles.patrons.len() > 1 { prepared.rules.roles.patrons.as_slice() } else { &[] };
        for column in prepared.rules.roles.people.iter().chain(more) {
            let cell = reader.column(*column);
            if !cell.is_empty() && self.is_news(hash(cell)) {
                self.identifiers.add_alone(cell);
            }
        }
    }

    #[cold]
    pub fn persons(&mut self, prepared: &Prepared<'_>, reader: &Reader<'_>) {
        let roles = &prepared.rules.roles;
        roles.identifiers.iter().for_each(|column| self.identifiers.add(reader.column(*column)));
        let names: Vec<&[u8]> = roles.names.iter().map(|column| reader.column(*column)).collect();
        self.identifiers.add_names(&names);
        roles.alone.iter().for_each(|column| self.identifiers.add_alone(reader.column(*column)));
    }
}

/// A hash of all cells that identify the patron: a run of neighbours at a time, with their borders. 0: there are none.
#[inline]
pub fn persons_hash(persons: &[(usize, usize)], row: &Row) -> u64 {
    let mut tuple = 0u64;
    for (first, last) in persons {
        tuple = tuple.rotate_left(17) ^ hash(row.span(*first, *last));
        for column in *first..=*last {
            tuple = tuple.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(row.cell(column).len() as u64 + 1);
        }
    }
    tuple
}
