//! Counting what was written: Polars groups a table as it was read again from its file, so that a statistic counts what was
//! published.

use polars::error::PolarsResult;
use polars::prelude::{Column, DataFrame, DataType, Expr, IntoLazy, NamedFrom, Series, col, len};

use super::node::{Cells, Table};

/// One group of a table's rows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Group {
    /// For each column that it is by, the place of what its rows say in the column's texts.
    pub places: Vec<u32>,
    pub rows: i64,
    pub sums: Vec<i64>,
}

/// A name that no published column has: those hold no space.
const ROWS: &str = "rows of group";

/// Rows, and sums of these columns of numbers, of each group; of all rows where `by` is empty. In the order of what groups say.
pub(super) fn groups(table: &Table, by: &[String], sum: &[&str]) -> PolarsResult<Vec<Group>> {
    let mut columns: Vec<Column> = Vec::with_capacity(by.len() + sum.len());
    for column in &table.columns {
        match &column.cells {
            Cells::Texts { words, .. } if by.contains(&column.name) => {
                columns.push(Series::new(column.name.as_str().into(), words).into());
            }
            Cells::Numbers(numbers) if sum.contains(&column.name.as_str()) => {
                columns.push(Series::new(column.name.as_str().into(), numbers).into());
            }
            Cells::Texts { .. } | Cells::Days(_) | Cells::Numbers(_) => {}
        }
    }
    if columns.is_empty() {
        return Ok(vec![Group { places: Vec::new(), rows: table.rows as i64, sums: Vec::new() }]);
    }
    let mut figures: Vec<Expr> = vec![len().cast(DataType::Int64).alias(ROWS)];
    figures.extend(sum.iter().map(|name| col(*name).sum()));
    let frame = DataFrame::new(table.rows, columns)?.lazy();
    let grouped = if by.is_empty() {
        frame.select(figures)
    } else {
        frame.group_by(by.iter().map(|name| col(name.as_str())).collect::<Vec<_>>()).agg(figures)
    };
    let grouped = grouped.collect()?;
    let rows = numbers(&grouped, ROWS)?;
    let mut groups: Vec<Group> =
        rows.into_iter().map(|rows| Group { places: Vec::new(), rows, sums: Vec::new() }).collect();
    for name in by {
        for (group, place) in groups.iter_mut().zip(numbers(&grouped, name)?) {
            group.places.push(u32::try_from(place).unwrap_or(u32::MAX));
        }
    }
    for name in sum {
        groups.iter_mut().zip(numbers(&grouped, name)?).for_each(|(group, sum)| group.sums.push(sum));
    }
    groups.sort_unstable();
    Ok(groups)
}

fn numbers(frame: &DataFrame, name: &str) -> PolarsResult<Vec<i64>> {
    let column = frame.column(name)?.cast(&DataType::Int64)?;
    Ok(column.i64()?.iter().map(Option::unwrap_or_default).collect())
}
