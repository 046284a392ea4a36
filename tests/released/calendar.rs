//! Months, periods and weeks, counted once more; and which periods there must be.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::{Date, date};

use super::truth::Row;

/// Months that are released together: months are counted from year 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span {
    pub first: i32,
    pub last: i32,
}

pub fn month_of(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

fn first_day(month: i32) -> Date {
    date((month / 12) as i16, (month % 12 + 1) as i8, 1)
}

fn month_named(text: &str) -> i32 {
    month_of(format!("{text}-01").parse().unwrap_or_else(|_| panic!("{text} is no month")))
}

impl Span {
    pub fn named(text: &str) -> Span {
        let (first, last) = text.split_once("-to-").unwrap_or((text, text));
        Span { first: month_named(first), last: month_named(last) }
    }

    /// Of a day's week the first day that lies in the period.
    pub fn week(self, day: Date) -> Date {
        let monday = day.saturating_sub(jiff::Span::new().days(day.weekday().to_monday_zero_offset()));
        monday.max(first_day(self.first))
    }

    pub fn months(self) -> i32 {
        self.last - self.first + 1
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let month = |month: i32| format!("{:04}-{:02}", month / 12, month % 12 + 1);
        match self.first == self.last {
            true => f.write_str(&month(self.first)),
            false => write!(f, "{}-to-{}", month(self.first), month(self.last)),
        }
    }
}

/// The periods that must be public, of regular ones that have so many months and begin with January: what doesn't cover waits
/// for the next, and is closed when a year of it doesn't. `last`: the last month that has settled. Regular periods that have
/// no row are none.
pub fn expected(rows: &[Row], months: i32, last: &str, covers: impl Fn(&[Row]) -> bool) -> BTreeMap<Span, Vec<Row>> {
    let mut regular: BTreeMap<Span, Vec<Row>> = BTreeMap::new();
    for row in rows {
        let month = month_of(row.day);
        let first = month - month % months;
        regular.entry(Span { first, last: first + months - 1 }).or_default().push(row.clone());
    }
    regular.retain(|span, _| span.last <= month_named(last));
    let mut released: BTreeMap<Span, Vec<Row>> = BTreeMap::new();
    let mut waits: Option<(Span, Vec<Row>)> = None;
    for (span, rows) in regular {
        let (span, rows) = match waits.take() {
            Some((before, mut all)) if span.last - before.first < 12 => {
                all.extend(rows);
                (Span { first: before.first, last: span.last }, all)
            }
            // What waited can't wait longer than a year, and is closed.
            _ => (span, rows),
        };
        if covers(&rows) {
            released.insert(span, rows);
        } else if span.months() < 12 {
            waits = Some((span, rows));
        }
    }
    released
}

#[test]
fn periods_wait_for_each_other_for_a_year() {
    let rows = |months: &[(i16, i8, usize)]| {
        let row = |(year, month, count): &(i16, i8, usize)| vec![Row::at(date(*year, *month, 1)); *count];
        months.iter().flat_map(row).collect::<Vec<Row>>()
    };
    let names = |rows: &[Row], months| {
        expected(rows, months, "2026-06", |rows| rows.len() >= 3).keys().map(Span::to_string).collect::<Vec<_>>()
    };
    let few = rows(&[(2026, 1, 1), (2026, 2, 1), (2026, 3, 1), (2026, 4, 3), (2026, 6, 2), (2026, 7, 9)]);
    assert_eq!(names(&few, 1), ["2026-01-to-2026-03", "2026-04"]);
    assert_eq!(names(&few, 3), ["2026-01-to-2026-03", "2026-04-to-2026-06"]);
    assert_eq!(names(&rows(&[(2025, 1, 2), (2026, 1, 2), (2026, 2, 3)]), 1), ["2026-01-to-2026-02"]);
    assert_eq!(names(&rows(&[(2025, 1, 2), (2025, 12, 1)]), 1), ["2025-01-to-2025-12"]);
    let span = Span::named("2026-08-to-2026-09");
    assert_eq!((span.week(date(2026, 8, 2)), span.week(date(2026, 9, 2))), (date(2026, 8, 1), date(2026, 8, 31)));
}
