//! Small made-up libraries of two places each, of all kinds, as the release's own calls publish them: the checker finds nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use afterloan::release::{
    About, Bands, Coded, Measure, PeriodRows, Rules, Settled, Shape, ShapeColumn, TableShape, settle, write,
};
use afterloan::words::{Day, Kind, Period};
use jiff::civil::date;

use super::checker::Checker;
use super::published::Published;
use super::truth::{AGES, Counts, DAYS, Layout, Row, bands};

/// Numbers that look random: the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    /// Small ones come more often.
    fn few(&mut self, most: u64) -> u64 {
        let one = self.below(most) + 1;
        self.below(one)
    }
}

/// What the two largest branches are called where they are published together.
const TOGETHER: &str = "Main and North";

fn layout() -> Layout {
    Layout {
        kind: "loan",
        places: vec!["branch", "area"],
        groups: vec![TOGETHER],
        uses: vec!["item_type", "duration"],
        patron: vec!["patron_category", "age_band"],
        counts: Counts::Renewals,
        hours: true,
        tables: vec![
            ("total", vec![]),
            ("by-branch", vec!["branch", "item_type"]),
            ("by-area", vec!["branch", "area", "patron_category"]),
            ("by-age", vec!["age_band"]),
            ("by-hour", vec!["branch", "weekday", "hours"]),
        ],
    }
}

/// A month of a library of this seed.
fn library(seed: u64) -> Vec<Row> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let (patrons, branches, areas) = (8 + dice.below(90), 1 + dice.below(4), 1 + dice.below(3));
    let (unlinked, closes) = (dice.below(12), 12 + dice.below(8));
    let children = dice.below(4);
    let ages = bands(&AGES);
    let about: Vec<[String; 2]> = (0..patrons)
        .map(|_| {
            let is_child = dice.below(4) < children;
            let age = if is_child { dice.below(3) } else { 3 + dice.below(7) };
            let category = match (is_child, dice.few(4)) {
                (true, 0 | 1) => "JU",
                (true, _) => "TEEN",
                (false, 0) => "AD",
                (false, 1) => "STAFF",
                (false, _) => "ST",
            };
            [category.to_owned(), if dice.below(20) == 0 { "unknown".to_owned() } else { ages[age as usize].clone() }]
        })
        .collect();
    let durations = bands(&DAYS);
    let rows = 40 + dice.below(900);
    let row = |_| {
        // One patron has more than others.
        let patron = if dice.below(15) == 0 { 0 } else { dice.below(patrons) };
        let branch = dice.few(branches);
        // A branch is closed on some days, and closes early on others.
        let day = loop {
            let day = dice.below(30);
            if day % 7 != branch {
                break day;
            }
        };
        let last = if day % 7 == 3 { closes } else { 20 };
        Row {
            patron: if dice.below(100) < unlinked { 0 } else { patron as u32 + 1 },
            day: date(2026, 9, 1 + day as i8),
            hour: if dice.below(60) == 0 { 24 } else { (9 + dice.below(last - 8)) as u8 },
            numbers: vec![1, dice.few(4) as i64],
            places: vec![
                if seed.is_multiple_of(3) && branch < 2 { TOGETHER.to_owned() } else { format!("B{branch}") },
                format!("A{}", dice.few(areas)),
            ],
            uses: vec![format!("T{}", dice.few(7)), durations[dice.few(5) as usize].clone()],
            about: about[patron as usize].to_vec(),
        }
    };
    (0..rows).map(row).collect()
}

fn shape(layout: &Layout) -> Shape {
    let column = |about: About, name: &str| {
        let edges = match name {
            "age_band" => Some((AGES.to_vec(), false)),
            "duration" => Some((DAYS.to_vec(), true)),
            _ => None,
        };
        let bands = edges.map(|(edges, are_durations)| Bands { edges, are_durations });
        ShapeColumn { name: name.into(), about, from_patron: about == About::Patron, bands, groups: BTreeMap::new() }
    };
    let places = layout.places.iter().map(|name| column(About::Place, name));
    let uses = layout.uses.iter().map(|name| column(About::Use, name));
    let patron = layout.patron.iter().map(|name| column(About::Patron, name));
    let table = |(name, by): &(&str, Vec<&str>)| TableShape {
        name: (*name).into(),
        by: by.iter().map(|name| (*name).into()).collect(),
    };
    Shape {
        kind: Kind::Loan,
        title: None,
        columns: places.chain(uses).chain(patron).collect(),
        day: true,
        hour: true,
        measure: Some(Measure::Renewals),
        tables: layout.tables.iter().map(table).collect(),
    }
}

/// `keys`: under how many keys patrons are known, by the day. The declared places are as they are before they are grouped.
fn period_rows(rows: &[Row], keys: u8) -> PeriodRows {
    let all = |row: &Row| {
        let mut texts = [&row.places[..], &row.uses, &row.about].concat();
        if texts[0] == TOGETHER {
            texts[0] = if row.day.day() % 2 == 0 { "B0" } else { "B1" }.to_owned();
        }
        texts
    };
    let key = |row: &Row| (row.day.day() / 11) as u8 % keys;
    let columns = (0..6).map(|column| {
        let mut texts: Vec<String> = rows.iter().map(|row| all(row)[column].clone()).collect();
        texts.sort();
        texts.dedup();
        let codes = rows.iter().map(|row| texts.binary_search(&all(row)[column]).unwrap() as u32).collect();
        Coded { codes, texts: Arc::new(texts) }
    });
    PeriodRows {
        title: None,
        patron: rows
            .iter()
            .map(|row| (row.patron > 0).then_some(u64::from(row.patron) * 7 + u64::from(key(row)) * 1_000))
            .collect(),
        key: if keys == 1 { Vec::new() } else { rows.iter().map(key).collect() },
        day: rows.iter().map(|row| Day::from_date(row.day)).collect(),
        hour: rows.iter().map(|row| if row.hour == 24 { 255 } else { row.hour }).collect(),
        measure: rows.iter().map(|row| row.numbers[1] as u32).collect(),
        columns: columns.collect(),
    }
}

/// Whether it was released; or what is wrong.
fn checked(seed: u64, threshold: usize) -> Result<bool, String> {
    let (layout, rows) = (layout(), library(seed));
    let keys = if seed % 5 == 4 { 1 + (seed / 5 % 3) as u8 } else { 1 };
    let checker = Checker { rows: &rows, layout: &layout, threshold, counts_patrons: keys == 1 };
    let period: Period = "2026-09".parse().unwrap();
    let mut shape = shape(&layout);
    shape.group_places(&BTreeMap::from([(TOGETHER.to_owned(), vec!["B0".to_owned(), "B1".to_owned()])]));
    if !seed.is_multiple_of(3) {
        shape.group_places(&BTreeMap::new());
    }
    let settled = settle(&period_rows(&rows, keys), period, &shape, &Rules::new(threshold as u32));
    match settled.map_err(|error| error.to_string())? {
        Settled::DoesNotCover => {
            let covers = keys == 1 && checker.covers(&(0..rows.len()).collect::<Vec<_>>());
            if covers { Err("it covers, and isn't released".into()) } else { Ok(false) }
        }
        Settled::Open(published) => {
            let public = tempfile::tempdir().unwrap();
            write(&published, &shape, public.path()).map_err(|error| error.to_string())?;
            checker.check(&Published::read(public.path(), &layout, "2026-09")).map(|()| true)
        }
    }
}

/// More are tried with AFTERLOAN_LIBRARIES.
#[test]
fn what_made_up_libraries_publish_is_true_and_about_enough_patrons() {
    let many = std::env::var("AFTERLOAN_LIBRARIES").map_or(60, |many| many.parse().unwrap());
    let (mut released, mut wrong) = (0, Vec::new());
    for seed in 0..many {
        match checked(seed, if seed % 2 == 0 { 5 } else { 10 }) {
            Ok(is_released) => released += u64::from(is_released),
            Err(what) => wrong.push(format!("library {seed}: {what}")),
        }
    }
    assert!(wrong.is_empty(), "{} of {many}: {:#?}", wrong.len(), &wrong[..wrong.len().min(8)]);
    assert!(released * 2 > many, "{released} of {many} are released");
}
