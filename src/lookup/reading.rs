//! What the lookups of a pipeline are read with.

use hashbrown::HashSet;

use crate::cells::{Nulls, TimeFormat};
use crate::pipeline::declaration::Patron;
use crate::words::Day;

/// How cells are read, and whom legal holds name.
pub struct Reading<'a> {
    pub null: &'a Nulls,
    /// What stands before the cents of an amount.
    pub decimal: u8,
    pub times: &'a TimeFormat,
    /// Values of it that name nobody.
    pub nobody: &'a [String],
    /// Names the patron among the keys of `on`.
    pub patron: &'a Patron,
    /// First and last plausible day.
    pub plausible: (Day, Day),
    /// Identifiers that a legal hold names, in normal form (trimmed, lower case).
    pub held: &'a HashSet<Vec<u8>>,
    /// Patron numbers that a legal hold names.
    pub held_numbers: &'a HashSet<Vec<u8>>,
}

impl Reading<'_> {
    /// Whether a patron's cell, null made empty, names somebody.
    pub(super) fn is_somebody(&self, cell: &[u8]) -> bool {
        !cell.is_empty() && self.nobody.iter().all(|nobody| nobody.as_bytes() != cell)
    }
}
