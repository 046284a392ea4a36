//! Years of a table: sums of its published periods, so nothing in them is new. Distinct patrons don't add up and aren't in them:
//! see `patrons_of_year`.

use std::collections::BTreeMap;

use polars::error::PolarsResult;

use super::count::groups;
use super::meanings::MONTHS_MEANS;
use super::names::YEARS;
use super::node::{Cells, Table, TableColumn};
use super::vocabulary::UNKNOWN_TEXT;
use crate::words::{Calendar, Kind, Length, Period};

/// The column that says of how many months a sum is.
pub const MONTHS: &str = "months";
const PATRONS: &str = "patrons";

/// Where the years of a table lie, relative to `public/`.
pub fn years_path(kind: Kind, table: &str) -> String {
    format!("statistics/{kind}/{table}{YEARS}.csv")
}

/// The years that are over, by the policy's calendar: of each, what the periods add up to that lie within it. None where a
/// regular period is a year itself.
pub(super) fn years(periods: &BTreeMap<Period, Table>, calendar: Calendar) -> PolarsResult<BTreeMap<Period, Table>> {
    let mut all: BTreeMap<Period, Vec<(Period, &Table)>> = BTreeMap::new();
    let newest = periods.keys().map(|period| period.last).max();
    for (period, table) in periods {
        let year = calendar.year(period.first);
        let is_over = newest >= Some(year.last);
        if calendar.length != Length::Year && is_over && year.contains(period.last) {
            all.entry(year).or_default().push((*period, table));
        }
    }
    all.into_iter().map(|(year, tables)| Ok((year, sum(&tables)?))).collect()
}

fn sum(periods: &[(Period, &Table)]) -> PolarsResult<Table> {
    let all = joined(periods);
    let is_label = |column: &&TableColumn| matches!(column.cells, Cells::Texts { .. });
    let by: Vec<String> = all.columns.iter().filter(is_label).map(|column| column.name.clone()).collect();
    let figures: Vec<&TableColumn> = all.columns.iter().filter(|column| !is_label(column)).collect();
    let names: Vec<&str> = figures.iter().map(|column| column.name.as_str()).collect();
    let mut missing = Table::new(Vec::new(), all.rows);
    missing.columns.extend(all.columns.iter().filter(is_label).cloned());
    for figure in &figures {
        let is_missing = (0..all.rows).map(|row| i64::from(figure.cells.number(row).is_none()));
        missing.columns.push(TableColumn::new(&figure.name, "", Cells::numbers(is_missing)));
    }
    // Both are in the order of what groups say.
    let (sums, missing) = (groups(&all, &by, &names)?, groups(&missing, &by, &names)?);
    let mut columns = Vec::with_capacity(all.columns.len());
    for (at, column) in all.columns.iter().filter(is_label).enumerate() {
        if let Cells::Texts { texts, .. } = &column.cells {
            let places: Vec<u32> = sums.iter().map(|group| group.places[at]).collect();
            columns.push(TableColumn::new(&column.name, &column.means, Cells::of_texts(&places, texts)));
        }
    }
    for (at, figure) in figures.iter().enumerate() {
        let told = sums.iter().zip(&missing).map(|(sum, missing)| (missing.sums[at] == 0).then_some(sum.sums[at]));
        columns.push(TableColumn::new(&figure.name, &figure.means, Cells::Numbers(told.collect())));
    }
    Ok(Table::new(columns, sums.len()))
}

/// All periods one below the other, with the columns of the newest: what a table says, its figures that add up, and of how many
/// months each line is.
fn joined(periods: &[(Period, &Table)]) -> Table {
    let Some((_, newest)) = periods.last() else { return Table::default() };
    let rows = periods.iter().map(|(_, table)| table.rows).sum();
    let mut columns: Vec<TableColumn> = Vec::new();
    for column in newest.columns.iter().filter(|column| column.name != PATRONS) {
        let cells = match &column.cells {
            Cells::Texts { .. } => {
                let said = periods.iter().flat_map(|(_, table)| {
                    let of_period = table.column(&column.name);
                    let text = move |row| of_period.map_or(UNKNOWN_TEXT.to_owned(), |column| column.cells.shown(row));
                    (0..table.rows).map(text)
                });
                let mut texts: Vec<String> = said.collect();
                let all = texts.clone();
                texts.sort();
                texts.dedup();
                let place = |text: &String| texts.binary_search(text).map_or(0, |place| place as u32);
                let words: Vec<u32> = all.iter().map(place).collect();
                Cells::of_texts(&words, &texts)
            }
            Cells::Numbers(_) => Cells::Numbers(
                periods
                    .iter()
                    .flat_map(|(_, table)| {
                        let of_period = table.column(&column.name);
                        (0..table.rows).map(move |row| of_period.and_then(|column| column.cells.number(row)))
                    })
                    .collect(),
            ),
            Cells::Days(_) => continue,
        };
        columns.push(TableColumn::new(&column.name, &column.means, cells));
    }
    let months = periods.iter().flat_map(|(period, table)| (0..table.rows).map(|_| i64::from(period.length())));
    columns.push(TableColumn::new(MONTHS, MONTHS_MEANS, Cells::numbers(months)));
    Table::new(columns, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, i64, Option<i64>)]) -> Table {
        let texts: Vec<String> = rows.iter().map(|(text, ..)| (*text).to_owned()).collect();
        let places: Vec<u32> = (0..rows.len() as u32).collect();
        let columns = vec![
            TableColumn::new("branch", "", Cells::of_texts(&places, &texts)),
            TableColumn::new("checkouts", "", Cells::numbers(rows.iter().map(|(_, checkouts, _)| *checkouts))),
            TableColumn::new("sessions", "", Cells::Numbers(rows.iter().map(|(.., sessions)| *sessions).collect())),
            TableColumn::new("patrons", "", Cells::Numbers(vec![Some(10); rows.len()])),
        ];
        Table::new(columns, rows.len())
    }

    #[test]
    fn a_year_adds_up_the_periods_that_lie_within_it() {
        let period = |text: &str| text.parse::<Period>().unwrap();
        let periods = BTreeMap::from([
            // Of two years: in neither.
            (period("2025-12-to-2026-01"), table(&[("Main", 1000, Some(1))])),
            (period("2026-02"), table(&[("Main", 5, Some(2)), ("Harbor", 7, None)])),
            (period("2026-03-to-2026-12"), table(&[("Main", 6, Some(4)), ("other", 1, Some(1))])),
            // A year that isn't over.
            (period("2027-01"), table(&[("Main", 9, Some(9))])),
        ]);
        let calendar = Calendar { length: Length::Month, year_begins: 1 };
        let years = years(&periods, calendar).unwrap();
        assert_eq!(years.keys().map(ToString::to_string).collect::<Vec<_>>(), ["2026-01-to-2026-12"]);
        let csv = String::from_utf8(crate::release::series(&years).unwrap()).unwrap();
        let expected = "period,branch,checkouts,sessions,months\n2026-01-to-2026-12,Harbor,7,,1\n\
                        2026-01-to-2026-12,Main,11,6,11\n2026-01-to-2026-12,other,1,1,10\n";
        assert_eq!(csv, expected);
        let whole_years = Calendar { length: Length::Year, year_begins: 1 };
        assert!(super::years(&periods, whole_years).unwrap().is_empty());
    }
}
