//! How much coarsening cost in a period: a table beside the others, so that whoever reads `other` knows how often.
//!
//! It counts what the period's published rows say, and nothing else.

use super::node::{Cells, Table, TableColumn};
use super::tree::{Counts, Kept};

/// What it is called; no table of a pipeline may be.
pub const COARSENING: &str = "coarsening";

/// A row for each published column.
pub(super) fn coarsening(counts: &Counts) -> Table {
    let days = Kept { value: counts.days, coarser: counts.weeks, unknown: 0, other: counts.no_day };
    let all: Vec<(&str, Kept)> = counts
        .columns
        .iter()
        .map(|(name, kept)| (name.as_str(), *kept))
        .chain(std::iter::once(("day", days)).filter(|_| counts.tells_day))
        .chain(counts.hours.map(|kept| ("hours", kept)))
        .collect();
    let names: Vec<String> = all.iter().map(|(name, _)| (*name).to_owned()).collect();
    let places: Vec<u32> = (0..names.len() as u32).collect();
    let column = |name: &str, means: &str, figure: fn(&Kept) -> u64| {
        let figures = all.iter().map(|(_, kept)| i64::try_from(figure(kept)).unwrap_or(i64::MAX));
        TableColumn::new(name, means, Cells::numbers(figures))
    };
    let columns = vec![
        TableColumn::new("column", "The published column.", Cells::of_texts(&places, &names)),
        column("as_it_is", "Rows that say their own value; of days, the day.", |kept| kept.value),
        column("coarser", "Rows that say a group or a run of values; of days, the week.", |kept| kept.coarser),
        column("unknown", "Rows of which the library system records nothing.", |kept| kept.unknown),
        column("other", "Rows that say \"other\"; of days, the period alone.", |kept| kept.other),
    ];
    Table::new(columns, all.len())
}
