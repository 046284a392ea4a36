//! Each of the six rules, switched off, makes the checker find something: on a month where it finds nothing while all
//! are on.

use std::sync::Arc;

use afterloan::release::{Coded, MonthRows, Place, Rules, Settled, Shape, ShapeColumn, TableShape, settle, write};
use afterloan::words::{Day, Kind};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::THRESHOLD;
use super::checker::Checker;
use super::published::Month;
use super::truth::{Layout, Row};

/// Thirty patrons come every day of September 2026 and borrow much the same: nothing of it needs protection.
fn plain() -> Vec<Row> {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut rows = Vec::new();
    for day in date(2026, 9, 1).series(jiff::Span::new().days(1)).take(30) {
        for patron in 1..=30 {
            let group = if patron % 2 == 0 { "18-24" } else { "65-74" };
            rows.push(Row {
                patron,
                day,
                hour: 10 + (patron % 2) as u8,
                renewals: u64::from(patron % 3),
                shared: texts(&["MAIN", "book"]),
                material: texts(&["BK", "FIC"]),
                uses: texts(&["800", "0-7"]),
                about: texts(&["AD", group]),
            });
        }
    }
    rows
}

fn shape(layout: &Layout) -> Shape {
    let places = [
        (&layout.shared[..], Place::Shared),
        (&layout.material, Place::Material),
        (&layout.uses[..1], Place::Use),
        (&layout.uses[1..], Place::Duration),
        (&layout.patron, Place::Patron),
    ];
    let column = |(name, place): (&&str, Place)| ShapeColumn { name: (*name).into(), place };
    Shape {
        kind: Kind::Loan,
        columns: places
            .iter()
            .flat_map(|(names, place)| names.iter().map(move |name| (name, *place)))
            .map(column)
            .collect(),
        day: true,
        measure: layout.renewals.then_some(afterloan::release::Measure::Renewals),
        tables: layout
            .tables
            .iter()
            .map(|(name, by)| TableShape {
                name: (*name).into(),
                by: by.iter().map(|name| (*name).into()).collect(),
                sums: true,
            })
            .collect(),
    }
}

fn month_rows(rows: &[Row]) -> MonthRows {
    let day = |day: Date| day.to_string().parse::<Day>().unwrap();
    let all = |row: &Row| [&row.shared[..], &row.material, &row.uses, &row.about].concat();
    let columns = (0..8).map(|column| {
        let mut texts: Vec<String> = rows.iter().map(|row| all(row)[column].clone()).collect();
        texts.sort();
        texts.dedup();
        let codes = rows.iter().map(|row| texts.binary_search(&all(row)[column]).unwrap() as u32).collect();
        Coded { codes, texts: Arc::new(texts) }
    });
    MonthRows {
        patron: rows.iter().map(|row| row.patron).collect(),
        day: rows.iter().map(|row| day(row.day)).collect(),
        hour: rows.iter().map(|row| row.hour).collect(),
        measure: rows.iter().map(|row| row.renewals as u32).collect(),
        columns: columns.collect(),
    }
}

/// Releases a month by the rules and reads it again.
fn checked(rows: &[Row], rules: &Rules) -> Result<(), String> {
    checked_for(rows, rules, THRESHOLD)
}

fn checked_for(rows: &[Row], rules: &Rules, threshold: usize) -> Result<(), String> {
    let layout = Layout::koha_loans();
    let folder = tempfile::tempdir().unwrap();
    let checker = Checker { rows, layout: &layout, threshold };
    match settle(&month_rows(rows), &shape(&layout), rules).unwrap() {
        Settled::Closed(_) => checker.check(None),
        Settled::Open(published) => {
            write(&published, &shape(&layout), published.month, folder.path()).unwrap();
            checker.check(Month::read(folder.path(), &layout, "2026-09").as_ref())
        }
    }
}

#[test]
fn every_rule_is_needed() {
    let changed = |which: &dyn Fn(&Row) -> bool, change: &dyn Fn(&mut Row)| {
        let mut rows = plain();
        rows.iter_mut().filter(|row| which(row)).for_each(change);
        rows
    };
    let kept = |which: &dyn Fn(&Row) -> bool| plain().into_iter().filter(which).collect::<Vec<Row>>();
    let day = |row: &Row| row.day.day();
    let months: Vec<(u8, &str, &str, Vec<Row>)> = vec![
        (
            1,
            "two patrons use a branch",
            "shared columns",
            changed(&|row| row.patron < 3, &|row| row.shared[0] = "MILL".into()),
        ),
        (
            1,
            "two patrons borrow films there",
            "shared columns",
            changed(&|row| row.patron < 3, &|row| row.shared[1] = "video".into()),
        ),
        (2, "one patron is a child", "community", changed(&|row| row.patron == 3, &|row| row.about[0] = "CH".into())),
        (2, "all are of one age", "nearly all", changed(&|_| true, &|row| row.about[1] = "65-74".into())),
        (2, "some name nobody", "community", changed(&|row| row.patron < 3, &|row| row.patron = 0)),
        (
            3,
            "one patron reads braille",
            "material",
            changed(&|row| row.patron == 3, &|row| row.material[0] = "BRAILLE".into()),
        ),
        (3, "two patrons came on a day", "branch × time", kept(&|row| day(row) != 12 || row.patron < 3)),
        (
            3,
            "one patron has most of a day",
            "branch × time",
            changed(&|row| day(row) == 12 && row.patron > 11, &|row| row.patron = 1),
        ),
        (
            4,
            "a duration is exact",
            "duration",
            changed(&|row| row.patron == 3 && day(row) < 3, &|row| row.uses[1] = "13".into()),
        ),
        (5, "two patrons come at noon", "by-hour", changed(&|row| row.patron < 3, &|row| row.hour = 12)),
        (5, "one patron renews", "by-patron", changed(&|row| row.patron != 4, &|row| row.renewals = 0)),
        // The small Saturday joins the Sunday: which of the week's rows were Saturday's mustn't be told by the weekday.
        (5, "two patrons came on a Saturday", "by-hour", kept(&|row| day(row) != 12 || row.patron < 3)),
        (6, "patrons can't be counted", "can't be counted", changed(&|row| row.patron < 5, &|row| row.patron = 0)),
        (6, "few patrons", "can't be counted", kept(&|row| row.patron < 10)),
    ];
    let rules = Rules::new(THRESHOLD as u32);
    assert_eq!(checked(&plain(), &rules), Ok(()));
    for (rule, what, finds, rows) in months {
        assert_eq!(checked(&rows, &rules), Ok(()), "{what}");
        let found = checked(&rows, &rules.without(rule)).expect_err(what);
        assert!(found.contains(finds), "without rule {rule}, {what}: found only: {found}");
    }
}

/// The threshold is the checker's own: a release by another one is found.
#[test]
fn a_lower_threshold_is_found() {
    let rows: Vec<Row> = plain()
        .into_iter()
        .map(|mut row| {
            if row.patron < 8 {
                row.shared[0] = "MILL".into();
            }
            row
        })
        .collect();
    assert_eq!(checked(&rows, &Rules::new(10)), Ok(()));
    let found = checked(&rows, &Rules::new(5)).unwrap_err();
    assert!(found.contains("7 patrons"), "{found}");
}

/// Where a table has one cell, its patrons are all patrons of the month: less those of a weekday's only hour, they are
/// the few who never came on that weekday.
#[test]
fn patrons_who_never_came_on_a_weekday_cant_be_counted() {
    let mut rows = plain();
    rows.iter_mut().for_each(|row| row.hour = 10);
    rows.retain(|row| row.patron > 5 || row.day.weekday() != jiff::civil::Weekday::Tuesday);
    let layout = Layout::koha_loans();
    let folder = tempfile::tempdir().unwrap();
    let rules = Rules::new(THRESHOLD as u32);
    let Settled::Open(published) = settle(&month_rows(&rows), &shape(&layout), &rules).unwrap() else {
        panic!("closed")
    };
    write(&published, &shape(&layout), published.month, folder.path()).unwrap();
    let month = Month::read(folder.path(), &layout, "2026-09").unwrap();
    assert_eq!(super::subtract::patrons_left_over(&month, THRESHOLD), Ok(()));
}

/// A library of few patrons and much variety, where nearly everything needs protection.
fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    const WORDS: [&[&str]; 8] = [
        &["MAIN", "MAIN", "MILL", "HILL", "other"],
        &["book", "book", "video"],
        &["BK", "BK", "DVD", "TOOL"],
        &["FIC", "REF", "other"],
        &["800", "910"],
        &["0-7", "8-14", "29+", "3"],
        &["AD", "AD", "AD", "CH", "ST"],
        &["0-5", "18-24", "65-74", "unknown"],
    ];
    let patron = prop_oneof![12 => 1_u32..30, 3 => 1_u32..4, 1 => Just(0_u32)];
    let hour = prop_oneof![6 => 9_u8..12, 1 => Just(24_u8)];
    let renewals = prop_oneof![3 => Just(0_u64), 1 => 1_u64..4, 1 => Just(70_000_u64)];
    let row = (patron, 0_i32..30, hour, renewals, any::<[u8; 8]>()).prop_map(|(patron, day, hour, renewals, at)| {
        let text = |column: usize| WORDS[column][at[column] as usize % WORDS[column].len()].to_owned();
        let two = |column: usize| vec![text(column), text(column + 1)];
        // A patron is of one kind.
        let kind = |column: usize| WORDS[column][(patron as usize * 7 + column) % WORDS[column].len()].to_owned();
        Row {
            patron,
            day: date(2026, 9, 1) + jiff::Span::new().days(day),
            hour,
            renewals,
            shared: two(0),
            material: two(2),
            uses: two(4),
            about: vec![kind(6), kind(7)],
        }
    });
    proptest::collection::vec(row, 0..400)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, rng_seed: RngSeed::Fixed(9), ..ProptestConfig::default() })]

    #[test]
    fn any_month_is_true_and_about_enough_patrons(rows in any_rows(), threshold in 2_usize..6) {
        prop_assert_eq!(checked_for(&rows, &Rules::new(threshold as u32), threshold), Ok(()));
    }
}
