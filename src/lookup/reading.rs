//! What the exports of a pipeline are read with: lookups and transactions alike.

use hashbrown::HashSet;
use jiff::tz::TimeZone;

use crate::cells::{Nulls, TimeFormat};
use crate::pipeline::declaration::{Declaration, Patron};
use crate::state::register::{Hold, normal};
use crate::words::Day;

/// How cells are read, and whom legal holds name.
pub struct Reading<'a> {
    pub null: Nulls,
    /// What stands before the cents of an amount.
    pub decimal: u8,
    pub times: TimeFormat,
    /// Values of it that name nobody.
    pub nobody: &'a [String],
    /// Names the patron among the keys of `on`.
    pub patron: &'a Patron,
    /// First and last plausible day.
    pub plausible: (Day, Day),
    /// Identifiers that a legal hold names, in normal form (trimmed, lower case).
    pub held: HashSet<Vec<u8>>,
    /// Patron numbers that a legal hold names.
    pub held_numbers: HashSet<Vec<u8>>,
}

impl<'a> Reading<'a> {
    pub fn new(declaration: &'a Declaration, as_of: Day, timezone: TimeZone, holds: &[&Hold]) -> Reading<'a> {
        let identifiers = holds.iter().flat_map(|hold| hold.scope.identifiers.iter().flatten());
        let numbers = holds.iter().flat_map(|hold| hold.scope.patron_ids.iter().flatten());
        Reading {
            null: Nulls::new(&declaration.read.null),
            decimal: declaration.read.decimal as u8,
            times: TimeFormat::new(declaration.read.datetime.patterns(), timezone),
            nobody: &declaration.columns.nobody,
            patron: &declaration.columns.patron,
            plausible: plausible(declaration, as_of),
            held: identifiers.map(|text| normal(text).into_bytes()).collect(),
            held_numbers: numbers.map(|number| number.trim().as_bytes().to_vec()).collect(),
        }
    }

    /// Whether a patron's cell, null made empty, names somebody.
    pub(super) fn is_somebody(&self, cell: &[u8]) -> bool {
        !cell.is_empty() && self.nobody.iter().all(|nobody| nobody.as_bytes() != cell)
    }
}

/// First and last plausible day.
fn plausible(declaration: &Declaration, as_of: Day) -> (Day, Day) {
    let bound = |text: &str| if text == "now" { as_of } else { text.parse().unwrap_or(as_of) };
    (bound(&declaration.read.plausible.0), bound(&declaration.read.plausible.1))
}
