//! What the exports of a pipeline are read with: lookups and transactions alike.

use hashbrown::HashSet;
use jiff::tz::TimeZone;

use crate::cells::{Nulls, TimeFormat};
use crate::pipeline::declaration::{Declaration, Patron};
use crate::state::register::{Hold, Names};
use crate::words::{Day, Digest};

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
    /// Of all that the patrons are called whom a legal hold names, the digests.
    pub held: HashSet<Digest>,
    pub names: Names,
}

impl<'a> Reading<'a> {
    pub fn new(
        declaration: &'a Declaration,
        as_of: Day,
        timezone: TimeZone,
        (holds, names): (&[&Hold], &Names),
    ) -> Reading<'a> {
        let patrons = holds.iter().flat_map(|hold| hold.scope.patrons.iter().flatten());
        Reading {
            null: Nulls::new(&declaration.read.null),
            decimal: declaration.read.decimal as u8,
            times: TimeFormat::new(declaration.read.datetime.patterns(), timezone),
            nobody: &declaration.columns.nobody,
            patron: &declaration.columns.patron,
            plausible: plausible(declaration, as_of),
            held: patrons.flat_map(|patron| patron.digests.iter().copied()).collect(),
            names: names.clone(),
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
