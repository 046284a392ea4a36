//! Series: one CSV of all periods a table, the same as the parquet tables; and sums over periods, which agree with the exports.

use std::collections::BTreeMap;
use std::path::Path;

use super::calendar::Span;
use super::checker::OTHER;
use super::published::{Cell, Columns, periods_in, read, table_path};
use super::truth::{Layout, Row};

/// A series as a spreadsheet reads it.
struct Series {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Series {
    fn read(public: &Path, layout: &Layout, table: &str) -> Series {
        let path = public.join(format!("statistics/{}/{table}.csv", layout.kind));
        let mut csv = csv::Reader::from_path(path).unwrap();
        let texts = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
        let header = texts(csv.headers().unwrap());
        Series { rows: csv.records().map(|record| texts(&record.unwrap())).collect(), header }
    }

    fn cell<'a>(&self, row: &'a [String], name: &str) -> &'a str {
        &row[self.header.iter().position(|column| column == name).unwrap()]
    }

    /// The sum of a figure over the rows that fit.
    fn sum(&self, figure: &str, fits: impl Fn(&[String]) -> bool) -> i64 {
        let rows = self.rows.iter().filter(|row| fits(row));
        rows.map(|row| self.cell(row, figure).parse::<i64>().unwrap()).sum()
    }
}

/// Every series has all rows of all periods, in order, and nothing else.
pub fn are_the_tables(public: &Path, layout: &Layout) {
    for name in layout.tables.iter().map(|(name, _)| *name).chain(["coarsening"]) {
        let series = Series::read(public, layout, name);
        let mut rows = series.rows.iter();
        for period in periods_in(&public.join(format!("statistics/{}/{name}", layout.kind))) {
            let table: Columns = read(&table_path(public, layout.kind, name, &period));
            let names: Vec<&str> = std::iter::once("period").chain(table.names.iter().map(String::as_str)).collect();
            assert_eq!(series.header, names, "{name}: the series has other columns than {period}");
            for row in 0..table.rows {
                let cell = |name: &String| match table.get(name, row) {
                    Cell::Text(text) if text.starts_with(['=', '+', '-', '@']) => format!("'{text}"),
                    Cell::Text(text) => text.clone(),
                    Cell::Number(number) => number.to_string(),
                    Cell::Null => String::new(),
                    Cell::Day(_) => panic!("{name}: a day in a statistic"),
                };
                let meant: Vec<String> = std::iter::once(period.clone()).chain(table.names.iter().map(cell)).collect();
                assert_eq!(rows.next(), Some(&meant), "{name}, {period}: the series says something else");
            }
        }
        assert_eq!(rows.next(), None, "{name}: the series has rows of no period");
    }
}

/// What libraries report: checkouts by branch and month, renewals, the year. Of a branch that is published they are exact, and of
/// all together always. Returns for how many places and periods that was seen, and for how many it can't be.
pub fn agree_with_the_exports(public: &Path, layout: &Layout, truth: &BTreeMap<Span, Vec<Row>>) -> (usize, usize) {
    let (by_branch, total) = (Series::read(public, layout, "by-branch"), Series::read(public, layout, "total"));
    let rows_are = layout.rows_are();
    let (mut branches, mut other) = (0, 0);
    for (span, rows) in truth {
        let span = span.to_string();
        let of_period = |row: &[String]| row[0] == span;
        assert_eq!(by_branch.sum(rows_are, of_period), rows.len() as i64, "{span}");
        let mut by_place: BTreeMap<&String, [i64; 3]> = BTreeMap::new();
        for row in rows {
            let sums = by_place.entry(&row.places[0]).or_default();
            let [one, two] = if let [one, two] = row.numbers[..] { [one, two] } else { [0, 0] };
            *sums = [sums[0] + 1, sums[1] + one, sums[2] + two];
        }
        for (branch, sums) in by_place {
            let of_branch = |row: &[String]| row[0] == span && by_branch.cell(row, "branch") == branch;
            if !by_branch.rows.iter().any(|row| of_branch(row)) || branch == OTHER {
                other += 1;
                continue;
            }
            branches += 1;
            assert_eq!(by_branch.sum(rows_are, of_branch), sums[0], "{span} {branch}");
            for (name, sum) in layout.numbers().iter().zip(&sums[1..]) {
                assert_eq!(by_branch.sum(name, of_branch), *sum, "{span} {branch} {name}");
            }
        }
    }
    // A year, or all that there is.
    let year: Vec<(&Span, &Vec<Row>)> = truth.iter().rev().take(12).collect();
    let of_year = |row: &[String]| year.iter().any(|(span, _)| span.to_string() == row[0]);
    let rows = || year.iter().flat_map(|(_, rows)| rows.iter());
    assert_eq!(total.sum(rows_are, of_year), rows().count() as i64);
    for (at, name) in layout.numbers().iter().enumerate() {
        let is: i64 = rows().map(|row| row.numbers[at]).sum();
        for series in [&total, &by_branch] {
            assert_eq!(series.sum(name, of_year), is, "{name} of the year");
        }
    }
    (branches, other)
}
