//! What tables say, read for charts: which columns are figures, which of them a chart shows, and sums over rows and periods.

use std::collections::BTreeMap;

use super::ranges::{Range, WIDER, joined};
use crate::release::node::{Cells, Table, TableColumn};
use crate::release::shape::WEEKDAY;
use crate::release::vocabulary::{OTHER_TEXT, UNKNOWN_TEXT, WEEKDAYS};

/// Figures that a chart may show, the one that says most first. Each adds up; distinct patrons don't, and sessions may be
/// told of some cells alone.
const ADD_UP: [&str; 4] = ["circulation", "requests", "transactions", "checkouts"];

/// The columns that say what a row is about.
pub fn labels(table: &Table) -> impl Iterator<Item = &TableColumn> {
    table.columns.iter().filter(|column| !is_figure(column))
}

/// The columns of figures.
pub fn figures(table: &Table) -> impl Iterator<Item = &TableColumn> {
    table.columns.iter().filter(|column| is_figure(column))
}

pub fn is_figure(column: &TableColumn) -> bool {
    matches!(column.cells, Cells::Numbers(_))
}

/// The figure that a chart of this table shows; none where nothing in it adds up.
pub fn shown(table: &Table) -> Option<&str> {
    ADD_UP.into_iter().find(|name| table.column(name).is_some_and(is_figure))
}

/// How much a table's figure says: less is more.
pub fn rank(table: &Table) -> usize {
    ADD_UP.iter().position(|name| table.column(name).is_some_and(is_figure)).unwrap_or(ADD_UP.len())
}

/// The sum of a figure over all rows; none where the table hasn't got it.
pub fn total(table: &Table, figure: &str) -> Option<i64> {
    let column = table.column(figure).filter(|column| is_figure(column))?;
    let all = (0..table.rows).filter_map(|row| column.cells.number(row));
    Some(all.fold(0, i64::saturating_add))
}

/// Sums of a figure by what some columns say, over some tables.
pub fn sums(tables: &[&Table], by: &[&str], figure: &str) -> BTreeMap<Vec<String>, i64> {
    let mut sums: BTreeMap<Vec<String>, i64> = BTreeMap::new();
    for table in tables {
        let columns: Option<Vec<&TableColumn>> = by.iter().map(|name| table.column(name)).collect();
        let (Some(columns), Some(figure)) = (columns, table.column(figure)) else { continue };
        for row in 0..table.rows {
            let texts = columns.iter().map(|column| column.cells.shown(row)).collect();
            let sum = sums.entry(texts).or_default();
            *sum = sum.saturating_add(figure.cells.number(row).unwrap_or_default());
        }
    }
    sums
}

/// A bar: what it says, and its figure.
pub type Bar = (String, i64);

/// The sums by one column as they are read: ranges and weekdays in their order, other values from the largest; what is no
/// value of its own comes last.
pub fn bars(tables: &[&Table], by: &str, figure: &str) -> Vec<Bar> {
    let sums = sums(tables, &[by], figure);
    let (mut values, mut last) = (Vec::new(), Vec::new());
    for (text, sum) in sums.iter().filter_map(|(texts, sum)| Some((texts.first()?.as_str(), *sum))) {
        let is_last = [UNKNOWN_TEXT, OTHER_TEXT, WEEKDAYS[7]].contains(&text);
        if is_last { last.push((text, sum)) } else { values.push((text, sum)) }
    }
    last.sort_by_key(|(text, _)| (*text == OTHER_TEXT, *text));
    let owned = |(text, sum): &(&str, i64)| ((*text).to_owned(), *sum);
    let mut bars: Vec<Bar> = if by == WEEKDAY {
        values.sort_by_key(|(text, _)| weekday(text));
        values.iter().map(owned).collect()
    } else {
        joined(&values).unwrap_or_else(|| {
            values.sort_by_key(|(text, sum)| (std::cmp::Reverse(*sum), *text));
            values.iter().map(owned).collect()
        })
    };
    bars.extend(last.iter().map(owned));
    bars
}

/// The place of a weekday in its week; the eighth where it is none.
pub fn weekday(text: &str) -> usize {
    WEEKDAYS.iter().position(|name| *name == text).unwrap_or(7)
}

/// Whether a bar stands for no value of its own.
pub fn is_rest(text: &str) -> bool {
    [UNKNOWN_TEXT, OTHER_TEXT, WEEKDAYS[7], WIDER].contains(&text)
}

/// The first so many bars, and the sum of the others as one; what is no value of its own stays.
pub fn largest(bars: Vec<Bar>, many: usize) -> Vec<Bar> {
    let (values, rest): (Vec<Bar>, Vec<Bar>) = bars.into_iter().partition(|(text, _)| !is_rest(text));
    let mut shown = values;
    if shown.len() > many {
        let more = shown.split_off(many);
        let sum = more.iter().fold(0_i64, |sum, (_, figure)| sum.saturating_add(*figure));
        let values = if more.len() == 1 { "more value" } else { "more values" };
        shown.push((format!("{} {values}", more.len()), sum));
    }
    shown.extend(rest);
    shown
}

/// In which order lines are read, by what a column says: weekdays and ranges in theirs, what is no value of its own last.
pub fn place_of<'t>(column: &str, text: &'t str) -> (bool, usize, Option<(i64, i64)>, &'t str) {
    let day = if column == WEEKDAY { weekday(text) } else { 0 };
    let range = Range::parse(text).map(|range| (range.low, range.high.unwrap_or(i64::MAX)));
    (is_rest(text), day, range, text)
}
