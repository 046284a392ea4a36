//! Counting what was written: Polars groups a table as it was read again from its file, so that a statistic counts what was
//! published.
//!
//! By its frames, without its lazy engine: one group-by of one table has nothing to plan, and the engine is half of what there
//! would be to compile.

use polars::error::PolarsResult;
use polars::prelude::{Column, DataFrame, GroupsIndicator, NamedFrom, Series};

use super::node::{Cells, Table};

/// One group of a table's rows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Group {
    /// For each column that it is by, the place of what its rows say in the column's texts.
    pub places: Vec<u32>,
    pub rows: i64,
    pub sums: Vec<i64>,
}

/// Rows, and sums of these columns of numbers, of each group; of all rows where `by` is empty. In the order of what groups say.
pub(super) fn groups(table: &Table, by: &[String], sum: &[&str]) -> PolarsResult<Vec<Group>> {
    let numbers: Vec<&[Option<i64>]> = sum.iter().map(|name| numbers(table, name)).collect();
    if by.is_empty() {
        let sums = numbers.iter().map(|numbers| numbers.iter().flatten().sum()).collect();
        return Ok(vec![Group { places: Vec::new(), rows: table.rows as i64, sums }]);
    }
    let keys: Vec<Column> = by.iter().filter_map(|name| key(table, name)).collect();
    let frame = DataFrame::new(table.rows, keys.clone())?;
    let grouped = frame.group_by_with_series(keys, false, false)?;
    let places = grouped.keys();
    let places = places.iter().map(|key| key.u32()).collect::<PolarsResult<Vec<_>>>()?;
    let group = |(at, rows): (usize, GroupsIndicator<'_>)| {
        let sum = |numbers: &&[Option<i64>]| match &rows {
            GroupsIndicator::Idx((_, rows)) => {
                rows.iter().filter_map(|row| numbers.get(*row as usize).copied().flatten()).sum()
            }
            GroupsIndicator::Slice([first, length]) => {
                numbers.iter().skip(*first as usize).take(*length as usize).flatten().sum()
            }
        };
        Group {
            places: places.iter().map(|key| key.get(at).unwrap_or(u32::MAX)).collect(),
            rows: rows.len() as i64,
            sums: numbers.iter().map(sum).collect(),
        }
    };
    let mut groups: Vec<Group> = grouped.get_groups().iter().enumerate().map(group).collect();
    groups.sort_unstable();
    Ok(groups)
}

/// A column of texts, by their places.
fn key(table: &Table, name: &str) -> Option<Column> {
    match &table.column(name)?.cells {
        Cells::Texts { words, .. } => Some(Series::new(name.into(), words).into()),
        Cells::Days(_) | Cells::Numbers(_) => None,
    }
}

fn numbers<'a>(table: &'a Table, name: &str) -> &'a [Option<i64>] {
    match table.column(name).map(|column| &column.cells) {
        Some(Cells::Numbers(numbers)) => numbers,
        Some(Cells::Days(_) | Cells::Texts { .. }) | None => &[],
    }
}
