//! The last twelve months that are public of a kind: the periods that lie within them.

use std::collections::BTreeMap;

use crate::release::catalogue::OfKind;
use crate::release::node::Table;
use crate::words::{Month, Period};

const MONTHS: i32 = 12;

/// The last twelve months up to the newest period.
#[derive(Clone, Copy)]
pub struct Year {
    first: Month,
    last: Month,
}

impl Year {
    pub fn of(periods: &[Period]) -> Option<Year> {
        let last = periods.iter().map(|period| period.last).max()?;
        Some(Year { first: Month(last.0 - MONTHS + 1), last })
    }

    /// A period that reaches back beyond them isn't among them, lest the year have more than twelve months.
    pub fn has(self, period: Period) -> bool {
        self.first <= period.first && period.last <= self.last
    }

    /// The periods of a table that lie within.
    pub fn of_table(self, table: &BTreeMap<Period, Table>) -> impl Iterator<Item = (Period, &Table)> {
        table.iter().filter(move |(period, _)| self.has(**period)).map(|(period, table)| (*period, table))
    }

    /// The table that says most of these columns (of the whole, where none is named), with its name: of most periods; then by
    /// its figure; then the one with fewest columns.
    pub fn best<'t>(self, of_kind: &'t OfKind, columns: &[&str]) -> Option<(&'t str, Vec<(Period, &'t Table)>)> {
        let has = |table: &Table| {
            super::figures::shown(table).is_some() && columns.iter().all(|name| table.column(name).is_some())
        };
        let tables = of_kind.tables.iter().map(|(name, periods)| {
            let of_year: Vec<(Period, &Table)> = self.of_table(periods).filter(|(_, table)| has(table)).collect();
            (name.as_str(), of_year)
        });
        let key = |(name, periods): &(&'t str, Vec<(Period, &'t Table)>)| {
            let (_, newest) = periods[periods.len() - 1];
            let labels = super::figures::labels(newest).count();
            (std::cmp::Reverse(periods.len()), super::figures::rank(newest), labels, *name)
        };
        tables.filter(|(_, periods)| !periods.is_empty()).min_by_key(key)
    }
}
