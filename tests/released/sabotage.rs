//! Is the checker awake? What is published of real and made-up months is changed as a fault in the release might change it,
//! and it must say so each time.
//!
//! A changed month is made whole again (every table is a sum of its nodes), so that nothing but the change can be what it finds.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use super::calendar::{Span, month_of};
use super::checker::{Checker, OTHER, Told, groups};
use super::community::About;
use super::hours::weekday_told;
use super::published::{Cells, HoursCell, Line, Published, When, Who};
use super::statistics::{are_sums, coarsening, counted};
use super::truth::{Layout, Row};
use super::{THRESHOLD, as_of, checker, demo, exports, months};

/// A month as it would be published if every row said this.
fn assembled(checker: &Checker<'_>, span: Span, told: &[Told]) -> Published {
    let layout = checker.layout;
    let mut period = Published {
        span,
        collection: told.iter().map(|told| told.line.clone()).collect(),
        community: told
            .iter()
            .map(|told| Who { places: told.line.places.clone(), about: told.about.reads.clone() })
            .collect(),
        hours: layout.hours.then(Vec::new),
        tables: BTreeMap::new(),
    };
    let cell = |told: &Told| {
        (told.line.places.first().cloned(), weekday_told(told.line.when), told.range.clone().unwrap_or_default())
    };
    for ((place, weekday, range), rows) in groups(told.iter().map(cell)) {
        let cell = HoursCell { place, weekday: weekday.to_owned(), range, rows: rows.len() as i64 };
        period.hours.iter_mut().for_each(|cells| cells.push(cell.clone()));
    }
    for (name, by) in &layout.tables {
        let mut table = counted(layout, by, &period);
        if by.iter().all(|column| layout.places.contains(column) || layout.patron.contains(column)) {
            table.figures.push("patrons".into());
            let label = |told: &Told, name: &&str| match layout.places.iter().position(|column| column == name) {
                Some(at) => told.line.places[at].clone(),
                None => told.about.reads[layout.patron.iter().position(|column| column == name).unwrap()].clone(),
            };
            let labels = |told: &Told| by.iter().map(|name| label(told, name)).collect::<Vec<_>>();
            for (labels, rows) in groups(told.iter().map(labels)) {
                // One that was added is nobody's.
                let rows: Vec<usize> = rows.into_iter().filter(|row| *row < checker.rows.len()).collect();
                let patrons = (checker.patrons(&rows) / THRESHOLD * THRESHOLD) as i64;
                table.cells.get_mut(&labels).unwrap().insert("patrons".into(), Some(patrons));
            }
        }
        period.tables.insert((*name).to_owned(), table);
    }
    period.tables.insert("coarsening".into(), coarsening(layout, &period));
    period
}

/// That the checker found a change, and says this of it.
fn is_found(found: Result<(), String>, says: &str) {
    match found {
        Ok(()) => panic!("not found: {says}"),
        Err(what) => assert!(what.contains(says), "found for another cause than \"{says}\": {what}"),
    }
}

/// A month of the demo library.
struct Real {
    rows: Vec<Row>,
    layout: Layout,
    span: Span,
}

impl Real {
    fn month() -> Real {
        let span = Span::named("2026-08");
        let rows = months(&exports::koha(&demo().at("inbox"), "loan", as_of()), "2026-09").remove(&span).unwrap();
        Real { rows, layout: Layout::koha_loans(), span }
    }

    fn checker(&self) -> Checker<'_> {
        checker(&self.rows, &self.layout)
    }

    fn published(&self) -> Published {
        Published::read(&demo().at("public"), &self.layout, &self.span.to_string())
    }

    fn told(&self) -> Vec<Told> {
        self.checker().told(&self.published()).unwrap()
    }
}

#[test]
fn what_is_true_but_too_fine_is_found() {
    let real = Real::month();
    let (checker, told) = (real.checker(), real.told());
    checker.check(&assembled(&checker, real.span, &told)).unwrap();
    // All rows that are alike in a way and say less than they could, with what they could say.
    type Key<'a> = &'a dyn Fn(usize) -> Option<Vec<String>>;
    let (rows, layout) = (&real.rows, &real.layout);
    let place = |row: usize| told[row].line.places[0].clone();
    let day: Key<'_> = &|row| {
        let is_coarse = !matches!(told[row].line.when, When::Day(_));
        is_coarse.then(|| vec![place(row), rows[row].day.to_string()])
    };
    let kind: Key<'_> = &|row| {
        let is_coarse = told[row].about.reads != rows[row].about;
        is_coarse.then(|| [vec![place(row)], rows[row].about.clone()].concat())
    };
    let hour: Key<'_> = &|row| {
        let exact = format!("{:02}", rows[row].hour);
        let is_coarse = rows[row].hour < 24 && told[row].range.as_ref() != Some(&exact);
        is_coarse.then(|| vec![place(row), told[row].weekday.to_owned(), exact])
    };
    let finer = |key: Key<'_>, says: &dyn Fn(&mut Told, &Row)| {
        let (before, coarse) = (&told, groups((0..rows.len()).map(key)));
        let mut tried = 0;
        for (key, of_key) in coarse.into_iter().filter(|(key, rows)| key.is_some() && !checker.covers(rows)).take(6) {
            let mut told = told.clone();
            of_key.iter().for_each(|row| says(&mut told[*row], &rows[*row]));
            let found = checker.check(&assembled(&checker, real.span, &told));
            assert!(found.is_err(), "{key:?} was told and isn't found");
            // And so is one row alone of it.
            if of_key.len() > 1 {
                let mut told = told.clone();
                told[of_key[0]] = before[of_key[0]].clone();
                assert!(checker.check(&assembled(&checker, real.span, &told)).is_err(), "{key:?} in part");
            }
            tried += 1;
        }
        assert!(tried > 0, "nothing to unmask");
    };
    finer(day, &|told, row| told.line.when = When::Day(row.day));
    finer(kind, &|told, row| told.about.reads = row.about.clone());
    finer(hour, &|told, row| told.range = Some(format!("{:02}", row.hour)));
    for column in 0..layout.uses.len() {
        let values = groups((0..rows.len()).map(|row| (place(row), rows[row].uses[column].clone())));
        let rare = |(_, of_value): &(&(String, String), &Vec<usize>)| told[of_value[0]].line.uses[column] == OTHER;
        for ((place, value), of_value) in values.iter().filter(rare).filter(|((_, value), _)| value != OTHER).take(5) {
            let mut told = told.clone();
            of_value.iter().for_each(|row| told[*row].line.uses[column].clone_from(value));
            let found = checker.check(&assembled(&checker, real.span, &told));
            assert!(found.is_err() || checker.patrons(of_value) >= THRESHOLD, "{value} in {place} isn't found");
        }
    }
}

#[test]
fn what_isnt_true_is_found() {
    let real = Real::month();
    let (checker, told) = (real.checker(), real.told());
    let changed = |change: &dyn Fn(&mut Vec<Told>), says: &str| {
        let mut told = told.clone();
        change(&mut told);
        is_found(checker.check(&assembled(&checker, real.span, &told)), says);
    };
    changed(&|told| told.push(told[0].clone()), "collection");
    changed(&|told| drop(told.pop()), "collection");
    changed(&|told| told[0].line.numbers[1] += 1, "collection");
    changed(
        &|told| {
            // The sum stays the same.
            let with = told.iter().position(|told| told.line.numbers[1] > 0).unwrap();
            let without = told.iter().position(|told| told.line.numbers[1] == 0).unwrap();
            told[with].line.numbers[1] -= 1;
            told[without].line.numbers[1] += 1;
        },
        "collection",
    );
    changed(
        &|told| {
            // Two rows change their days, or their kinds: every sum stays the same.
            let other = told.iter().position(|other| {
                other.line.places == told[0].line.places
                    && other.line.when != told[0].line.when
                    && other.line.uses != told[0].line.uses
            });
            let (first, other) = (told[0].line.when, other.unwrap());
            told[0].line.when = told[other].line.when;
            told[other].line.when = first;
        },
        "collection",
    );
    // Of the leaves alone.
    let read = real.published();
    let leaf = |change: &dyn Fn(&mut Published), says: &str| {
        let mut period = read.clone();
        change(&mut period);
        is_found(checker.check(&period), says);
    };
    leaf(&|period| drop(period.community.pop()), "community");
    leaf(&|period| period.community.push(period.community[0].clone()), "community");
    leaf(&|period| period.community[0].about[0] = "NOBODY".into(), "community");
    leaf(&|period| period.hours.as_mut().unwrap()[0].rows += 1, "hours");
    leaf(
        &|period| {
            let hours = period.hours.as_mut().unwrap();
            hours[0].rows -= 1;
            hours[1].rows += 1;
        },
        "hours",
    );
    leaf(&|period| drop(period.hours.as_mut().unwrap().pop()), "hours");
}

#[test]
fn a_statistic_that_is_no_sum_is_found() {
    let real = Real::month();
    let (checker, read, told) = (real.checker(), real.published(), real.told());
    let check = |period: &Published| are_sums(&checker, &told, period);
    check(&read).unwrap();
    let changed = |table: &str, change: &dyn Fn(&mut Cells)| {
        let mut period = read.clone();
        change(&mut period.tables.get_mut(table).unwrap().cells);
        is_found(check(&period), table);
    };
    for (table, figure) in [
        ("total", "circulation"),
        ("total", "patrons"),
        ("by-branch", "checkouts"),
        ("by-branch", "renewals"),
        ("by-patron", "transactions"),
        ("by-hour", "transactions"),
        ("coarsening", "other"),
    ] {
        let by = if figure == "patrons" { THRESHOLD as i64 } else { 1 };
        for by in [by, -by] {
            changed(table, &|cells| {
                let cell = cells.values_mut().next().unwrap();
                *cell.get_mut(figure).unwrap().as_mut().unwrap() += by;
            });
        }
        changed(table, &|cells| drop(cells.pop_first()));
        changed(table, &|cells| {
            let cell = cells.values_mut().next().unwrap();
            *cell.get_mut(figure).unwrap() = None;
        });
    }
    // Ten patrons more than there were; where it isn't sure who is in a cell, more than there could be.
    let by_patron = &read.tables["by-patron"].cells;
    let more = |labels: &Vec<String>, by: i64| {
        let mut period = read.clone();
        let cell = period.tables.get_mut("by-patron").unwrap().cells.get_mut(labels).unwrap();
        *cell.get_mut("patrons").unwrap().as_mut().unwrap() += by;
        check(&period).is_err()
    };
    let found = by_patron.keys().filter(|labels| more(labels, 10)).count();
    assert!(found * 2 > by_patron.len(), "{found} of {}", by_patron.len());
    assert!(by_patron.keys().all(|labels| more(labels, 500) && more(labels, 1) && more(labels, -1)));
    // From one cell to another; beside a use.
    changed("by-branch", &|cells| {
        let mut cells = cells.values_mut();
        let (one, other) = (cells.next().unwrap(), cells.next().unwrap());
        *one.get_mut("checkouts").unwrap().as_mut().unwrap() += 1;
        *other.get_mut("checkouts").unwrap().as_mut().unwrap() -= 1;
    });
    changed("by-branch", &|cells| {
        cells.values_mut().for_each(|cell| {
            cell.insert("patrons".into(), Some(10));
        });
    });
    let mut period = read.clone();
    period.tables.get_mut("by-branch").unwrap().figures.push("patrons".into());
    is_found(check(&period), "by-branch");
    period.tables.remove("by-branch");
    is_found(check(&period), "by-branch");
}

// ---- made-up months ---------------------------------------------------------------------------------------------------

/// September 2026: so many patrons come every day, half of them students at ten, and half seniors at eleven.
fn plain(patrons: u32) -> Vec<Row> {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut rows = Vec::new();
    for day in date(2026, 9, 1).series(jiff::Span::new().days(1)).take(30) {
        for patron in 1..=patrons {
            let about = if patron % 2 == 0 { ["ST", "18 to 24"] } else { ["AD", "65 to 74"] };
            rows.push(Row {
                patron,
                day,
                hour: 10 + (patron % 2) as u8,
                numbers: vec![1, i64::from(patron % 3)],
                places: texts(&["MAIN"]),
                uses: texts(&["book", "BK", "FIC", "800", "0 to 7"]),
                about: texts(&about),
            });
        }
    }
    rows
}

/// What is found where every row says all that it could.
fn found(rows: &[Row]) -> Result<(), String> {
    let layout = Layout::koha_loans();
    let checker = checker(rows, &layout);
    let told = |row: &Row| {
        let when = When::Day(row.day);
        let (places, uses, numbers) = (row.places.clone(), row.uses.clone(), row.numbers.clone());
        let range = if row.hour == 24 { "unknown".to_owned() } else { format!("{:02}", row.hour) };
        let about = About { reads: row.about.clone(), or: Vec::new() };
        Told { line: Line { places, uses, when, numbers }, about, weekday: weekday_told(when), range: Some(range) }
    };
    let month = month_of(rows[0].day);
    let told: Vec<Told> = rows.iter().map(told).collect();
    checker.check(&assembled(&checker, Span { first: month, last: month }, &told))
}

#[test]
fn each_rule_is_missed_where_it_is_broken() {
    const TENTH: Date = date(2026, 9, 10);
    assert_eq!(found(&plain(30)), Ok(()));
    let broken = |patrons: u32, change: &dyn Fn(&mut Row), says: &str| {
        let mut rows = plain(patrons);
        rows.iter_mut().for_each(change);
        let found = found(&rows).expect_err(says);
        assert!(found.contains(says), "found for another cause than \"{says}\": {found}");
    };
    broken(9, &|_| (), "a period that doesn't cover");
    // Nobody else is there on one day; one patron has most of it; more than half of it names nobody.
    broken(30, &|row| row.patron = if row.day == TENTH { 1 + row.patron % 9 } else { row.patron }, "time");
    broken(30, &|row| row.patron = if row.day == TENTH && row.patron < 17 { 1 } else { row.patron }, "time");
    broken(30, &|row| row.patron = if row.day == TENTH && row.patron < 17 { 0 } else { row.patron }, "time");
    // Whoever has most may be one of those who are named nowhere.
    let half = |row: &mut Row| {
        if row.day == TENTH && row.patron < 17 {
            row.patron = if row.patron < 9 { 0 } else { 17 };
        }
    };
    broken(30, &half, "time");
    broken(30, &|row| row.places[0] = if row.patron < 10 { "NORTH".into() } else { "MAIN".into() }, "places");
    broken(30, &|row| row.uses[2] = if row.patron < 10 { "LP".into() } else { "FIC".into() }, "uses");
    broken(30, &|row| row.about[0] = if row.patron < 10 { "JU".into() } else { "AD".into() }, "community");
    broken(30, &|row| row.about = vec!["AD".into(), "65 to 74".into()], "one cell alone");
    let few = |row: &mut Row| {
        let about = if row.patron < 12 { ["ST", "18 to 24"] } else { ["AD", "65 to 74"] };
        row.about = about.map(str::to_owned).to_vec();
    };
    broken(120, &few, "nearly all");
    broken(30, &|row| row.hour = if row.patron < 10 { 9 } else { 10 }, "hours");
    broken(30, &|row| row.hour = 10, "one cell alone");
    // On one day it closes at eleven, and everybody knows.
    broken(30, &|row| row.hour = if row.day == TENTH { 10 } else { row.hour }, "can't be of");
    broken(30, &|row| row.hour = if row.day == TENTH { 24 } else { row.hour }, "hours");
}
