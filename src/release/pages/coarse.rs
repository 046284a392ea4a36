//! One honest sentence: of how many rows each column tells what it came with.

use std::collections::BTreeMap;

use super::figures::shown;
use super::prose::{column, counted, grouped, list, sentence_case};
use super::said::Said;
use super::year::Year;
use crate::release::coarsening::COARSENING;
use crate::release::node::Table;
use crate::words::Kind;

/// How many rows of a column say what.
#[derive(Clone, Copy, Default)]
struct Rows {
    own: i64,
    coarser: i64,
    unknown: i64,
    other: i64,
}

impl Rows {
    fn all(self) -> i64 {
        [self.own, self.coarser, self.unknown, self.other].into_iter().fold(0, i64::saturating_add)
    }
}

/// The sentence of a year; nothing where nothing was coarsened, or only totals are public.
pub fn sentence(said: &Said<'_>, year: Year) -> Option<String> {
    let tables: Vec<&Table> = year.of_table(said.of_kind.tables.get(COARSENING)?).map(|(_, table)| table).collect();
    let columns = rows_of(&tables);
    let all = columns.iter().map(|(_, rows)| rows.all()).max().filter(|all| *all > 0)?;
    let parts: Vec<String> =
        columns.iter().filter(|(_, rows)| rows.all() > 0).map(|(name, rows)| part(name, *rows)).collect();
    let beginning = format!("of {} {}, {}", grouped(all), rows_are(said), list(&parts));
    Some(format!(
        "{}. What is missing was put together, so that no figure is about too few patrons.",
        sentence_case(&beginning)
    ))
}

/// What the rows are called: where a renewal is a row of its own, they aren't the kind's.
fn rows_are(said: &Said<'_>) -> &'static str {
    let newest = said.of_kind.tables.values().filter_map(|periods| periods.values().next_back());
    let is_of_events = |table: &Table| table.column("transactions").is_some() && shown(table) == Some("circulation");
    if said.kind == Kind::Loan && newest.into_iter().any(is_of_events) {
        "checkouts and renewals"
    } else {
        counted(said.kind)
    }
}

/// By column, in the order of the newest table.
fn rows_of(tables: &[&Table]) -> Vec<(String, Rows)> {
    let mut rows_of: BTreeMap<String, Rows> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    for table in tables.iter().rev() {
        for row in 0..table.rows {
            let Some(name) = table.column("column").map(|column| column.cells.shown(row)) else { continue };
            let figure = |name| table.column(name).and_then(|column| column.cells.number(row)).unwrap_or_default();
            if !order.contains(&name) {
                order.push(name.clone());
            }
            let rows = rows_of.entry(name).or_default();
            rows.own = rows.own.saturating_add(figure("as_it_is"));
            rows.coarser = rows.coarser.saturating_add(figure("coarser"));
            rows.unknown = rows.unknown.saturating_add(figure("unknown"));
            rows.other = rows.other.saturating_add(figure("other"));
        }
    }
    order.into_iter().filter_map(|name| rows_of.get(&name).map(|rows| (name.clone(), *rows))).collect()
}

fn part(name: &str, rows: Rows) -> String {
    let of = in_hundred(rows.own, rows.all());
    let tell = format!("{of} tell their {}", column(name));
    let coarser = if name == "day" { "their week alone" } else { "a group or a run of values" };
    let mut beside = Vec::new();
    for (figure, what) in [(rows.coarser, coarser), (rows.unknown, "none, since it isn't recorded")] {
        let hundredths = hundredths(figure, rows.all());
        if hundredths > 0 {
            beside.push(format!("{hundredths} {what}"));
        }
    }
    if beside.is_empty() { tell } else { format!("{tell} ({})", beside.join("; ")) }
}

/// Never more than it is: 99 where one of many doesn't.
fn hundredths(part: i64, all: i64) -> i64 {
    i64::try_from(i128::from(part) * 100 / i128::from(all.max(1))).unwrap_or(0)
}

fn in_hundred(part: i64, all: i64) -> String {
    match hundredths(part, all) {
        100 => "all".to_owned(),
        0 if part > 0 => "fewer than 1 in 100".to_owned(),
        0 => "none".to_owned(),
        hundredths => format!("{hundredths} in 100"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_said_to_be_larger_than_it_is() {
        let said = [(0, 9), (1, 1_000), (999, 1_000), (9, 9), (2, 3)].map(|(part, all)| in_hundred(part, all));
        assert_eq!(said, ["none", "fewer than 1 in 100", "99 in 100", "all", "66 in 100"]);
        let rows = Rows { own: 60, coarser: 30, unknown: 4, other: 6 };
        assert_eq!(
            part("age_band", rows),
            "60 in 100 tell their age (30 a group or a run of values; 4 none, since it isn't recorded)"
        );
        assert_eq!(
            part("day", Rows { own: 90, coarser: 10, ..Rows::default() }),
            "90 in 100 tell their day (10 their week alone)"
        );
        assert_eq!(part("branch", Rows { own: 7, ..Rows::default() }), "all tell their branch");
    }
}
