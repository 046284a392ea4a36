//! The release against a naive checker that knows the patrons: [`checker`] finds what any of the six rules lets through.

mod checker;
mod months;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::collection::When;
use super::{
    ClosedBecause, Coded, Counts, Measure, MonthRows, Place, Rules, Settled, Shape, TableShape, settle, write,
};
use crate::words::{Day, Kind, Month};
use checker::check;
use months::{Row, any_rows, library, month, shuffled};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_published_covers_and_is_true(
        rows in any_rows(0..400), threshold in 2_u32..6, sums in prop_oneof![Just("by-patron"), Just("by-branch-and-age")]
    ) {
        let mut shape = library();
        for table in shape.tables.iter_mut().filter(|table| table.by.contains(&"age".into())) {
            table.sums = table.name == sums;
        }
        prop_assert_eq!(check(&month(&rows), &shape, &Rules::new(threshold)), Ok(()));
    }

    #[test]
    fn sessions_cover_in_every_table(rows in any_rows(0..400), threshold in 2_u32..6, sums in 0_usize..3) {
        let mut shape = counting_sessions();
        (0..3).for_each(|table| shape.tables[table].sums = table == sums);
        prop_assert_eq!(check(&month(&rows), &shape, &Rules::new(threshold)), Ok(()));
    }
}

fn counting_sessions() -> Shape {
    let mut shape = Shape { kind: Kind::Access, measure: Some(Measure::Sessions), ..library() };
    shape.tables[1].sums = false;
    shape
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn order_codes_and_patron_numbers_leave_no_trace(rows in any_rows(150..400), seed: u64) {
        let bytes = |month: &MonthRows| {
            let folder = tempfile::tempdir().unwrap();
            publish(month, folder.path()).map(|_| files(folder.path()))
        };
        prop_assert_eq!(bytes(&month(&rows)), bytes(&shuffled(&rows, seed)));
    }
}

fn publish(month: &MonthRows, into: &Path) -> Option<Counts> {
    let shape = library();
    match settle(month, &shape, &Rules::new(3)).unwrap() {
        Settled::Closed(_) => None,
        Settled::Open(published) => {
            let written = write(&published, &shape, published.month, into).unwrap();
            let found: BTreeSet<String> = files(into).into_keys().collect();
            let told: BTreeSet<String> = written.iter().map(|file| file.path.display().to_string()).collect();
            assert_eq!(found, told, "what is written is told");
            Some(published.counts)
        }
    }
}

/// All files below a folder, by relative path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path)
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// All pages of a parquet file, decompressed: dictionaries too.
fn pages(path: &Path) -> Vec<u8> {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let file = SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
    assert_eq!(file.num_row_groups(), 1);
    let group = file.get_row_group(0).unwrap();
    let mut bytes = Vec::new();
    for column in 0..group.num_columns() {
        let metadata = group.metadata().column(column);
        assert!(metadata.column_index_offset().is_none() && metadata.offset_index_offset().is_none());
        assert!(metadata.bloom_filter_offset().is_none());
        for page in group.get_column_page_reader(column).unwrap() {
            bytes.extend_from_slice(page.unwrap().buffer());
        }
    }
    assert!(!bytes.is_empty());
    bytes
}

/// A month that the rules leave as it is: thirty patrons a day at one branch, much alike.
fn plain() -> Vec<Row> {
    let mut rows = Vec::new();
    for day in 0..28 {
        for patron in 1..=30 {
            rows.push(Row {
                patron,
                day,
                hour: 9 + (patron % 2) as u8,
                measure: 1,
                columns: [
                    "Main",
                    "book",
                    "novel",
                    "fiction",
                    "800",
                    "0-6",
                    "adult",
                    if patron % 2 == 0 { "18-24" } else { "65+" },
                ]
                .map(str::to_owned),
            });
        }
    }
    rows
}

/// Each rule is needed: for each there is a month where the checker finds something when it is off, and nothing when it
/// is on.
#[test]
fn every_rule_is_needed() {
    let change = |change: &dyn Fn(&mut Row), which: &dyn Fn(&Row) -> bool| {
        let mut rows = plain();
        rows.iter_mut().filter(|row| which(row)).for_each(change);
        rows
    };
    let months: [(u8, &str, Vec<Row>); 8] = [
        (1, "two patrons use a branch", change(&|row| row.columns[0] = "Mill".into(), &|row| row.patron < 3)),
        (2, "one patron is a child", change(&|row| row.columns[6] = "child".into(), &|row| row.patron == 3)),
        (2, "all are adults of one age", change(&|row| row.columns[7] = "65+".into(), &|_| true)),
        (3, "one patron reads braille", change(&|row| row.columns[2] = "braille".into(), &|row| row.patron == 3)),
        (3, "two patrons came on a day", {
            plain().into_iter().filter(|row| row.day != 12 || row.patron < 3).collect()
        }),
        (
            4,
            "one duration is exact",
            change(&|row| row.columns[5] = "13".into(), &|row| row.patron == 3 && row.day < 3),
        ),
        (5, "two patrons come at noon", change(&|row| row.hour = 12, &|row| row.patron < 3)),
        (6, "patrons can't be counted", change(&|row| row.patron = 0, &|row| row.patron < 5)),
    ];
    for (rule, what, rows) in months {
        let (rows, rules) = (month(&rows), Rules::new(10));
        assert_eq!(check(&rows, &library(), &rules), Ok(()), "{what}");
        assert!(check(&rows, &library(), &rules.without(rule)).is_err(), "without rule {rule}: {what}");
    }
    let renewing = change(&|row| row.measure = 0, &|row| row.patron != 4);
    let rules = Rules::new(10);
    assert_eq!(check(&month(&renewing), &library(), &rules), Ok(()));
    assert!(check(&month(&renewing), &library(), &rules.without(5)).is_err(), "one patron renews");
    assert_eq!(check(&month(&plain()), &library(), &rules), Ok(()));
}

/// Rows whose sessions add up to 1 would all be one reader's.
#[test]
fn sessions_stand_in_no_half_and_a_sum_of_few_readers_in_no_table() {
    let shape = Shape {
        tables: vec![TableShape { name: "by-item".into(), by: vec!["branch".into(), "item_type".into()], sums: true }],
        ..counting_sessions()
    };
    let told = |rows: &[Row], rules: &Rules| {
        let Settled::Open(published) = settle(&month(rows), &shape, rules).unwrap() else { panic!("closed") };
        assert!(published.collection.measure.is_none() && published.community.measure.is_none());
        let cells = published.tables[0].cells.iter();
        cells.map(|cell| (cell.labels[1].clone(), cell.rows, cell.measure)).collect::<Vec<_>>()
    };
    let cell = |label: &str, rows, measure| (label.to_owned(), rows, measure);
    let rules = Rules::new(10);
    // Of the comics' thirty readers only two begin a session there.
    let mut rows = plain();
    for row in rows.iter_mut().filter(|row| row.day < 7) {
        row.columns[2] = "comic".into();
        row.measure = u32::from(row.patron < 3);
    }
    assert_eq!(told(&rows, &rules), [cell("comic", 210, None), cell("novel", 630, None), cell("other", 0, Some(644))]);
    assert_eq!(told(&rows, &rules.without(5)), [cell("comic", 210, Some(14)), cell("novel", 630, Some(630))]);
    assert_eq!(check(&month(&rows), &shape, &rules), Ok(()));
    assert!(check(&month(&rows), &shape, &rules.without(5)).is_err(), "two readers' sessions");
    // Where the whole month's are few readers', none are told.
    rows.iter_mut().for_each(|row| row.measure = u32::from(row.patron < 3));
    assert_eq!(told(&rows, &rules), [cell("comic", 210, None), cell("novel", 630, None)]);

    let folder = tempfile::tempdir().unwrap();
    rows = plain();
    let Settled::Open(published) = settle(&month(&rows), &shape, &rules).unwrap() else { panic!("closed") };
    write(&published, &shape, published.month, folder.path()).unwrap();
    for half in ["collection", "community"] {
        let path = format!("dataset/access/{half}/month=2024-03/{half}.parquet");
        let bytes = fs::read(folder.path().join(path)).unwrap();
        assert!(!bytes.windows(8).any(|window| window == b"sessions"), "{half}");
    }
    let csv = files(folder.path()).remove("statistics/access/by-item/month=2024-03/by-item.csv").unwrap();
    assert_eq!(String::from_utf8(csv).unwrap(), "branch,item_type,requests,sessions,patrons\nMain,novel,840,840,\n");
}

#[test]
fn a_month_is_closed_rather_than_guessed() {
    let closed = |rows: Vec<Row>, rules: Rules| match settle(&month(&rows), &library(), &rules).unwrap() {
        Settled::Closed(because) => Some(because),
        Settled::Open(_) => None,
    };
    let few = plain().into_iter().filter(|row| row.patron < 10).collect();
    assert_eq!(closed(few, Rules::new(10)), Some(ClosedBecause::TooFewPatrons));
    assert_eq!(closed(Vec::new(), Rules::new(10)), Some(ClosedBecause::TooFewPatrons));
    assert_eq!(closed(Vec::new(), Rules::new(10).without(6)), Some(ClosedBecause::TooFewPatrons), "no rows at all");
    let mut one_has_most = plain();
    one_has_most.iter_mut().filter(|row| row.patron > 10).for_each(|row| row.patron = 1);
    assert_eq!(closed(one_has_most, Rules::new(10)), Some(ClosedBecause::TooFewPatrons));
    let unlinked = |patrons: u32| {
        let mut rows = plain();
        rows.iter_mut().filter(|row| row.patron <= patrons).for_each(|row| row.patron = 0);
        rows
    };
    assert_eq!(closed(unlinked(3), Rules::new(10)), None, "exactly nine of ten");
    assert_eq!(closed(unlinked(4), Rules::new(10)), Some(ClosedBecause::TooFewLinked));
}

#[test]
fn small_days_join_their_week_and_small_weeks_the_month() {
    // 2024-03-01 is a Friday. The 5th is small: it takes in the smallest other day of its week, the 7th.
    let mut rows: Vec<Row> = plain()
        .into_iter()
        .filter(|row| match row.day {
            4 => row.patron < 3,
            6 => row.patron < 25,
            _ => true,
        })
        .collect();
    let when = |rows: &[Row], day: u8| {
        let (rows, shape) = (month(rows), library());
        let Ok(decided) = super::decided::decide(&rows, &shape, &Rules::new(10)).unwrap() else { panic!("closed") };
        let first = Day::from_date(jiff::civil::date(2024, 3, 1)).plus(day.into());
        let at = (0..decided.rows.len()).find(|&row| decided.rows.day(row) == first).unwrap();
        let (day, week) = decided.time.as_ref().unwrap().when(at).dates(decided.month);
        (day.map(|day| day.to_string()), week.map(|week| week.to_string()))
    };
    let date = |text: &str| Some(text.to_owned());
    assert_eq!(when(&rows, 0), (date("2024-03-01"), date("2024-03-01")), "its Monday lies in February");
    assert_eq!(when(&rows, 4), (None, date("2024-03-04")));
    assert_eq!(when(&rows, 6), (None, date("2024-03-04")));
    assert_eq!(when(&rows, 5), (date("2024-03-06"), date("2024-03-04")));
    // The last week, from the 25th, has two patrons: it joins the month with the smallest other, the 1st to the 3rd.
    rows.retain(|row| row.day < 24 || row.patron < 3);
    assert_eq!(when(&rows, 25), (None, None));
    assert_eq!(when(&rows, 1), (None, None));
    assert_eq!(when(&rows, 10), (date("2024-03-11"), date("2024-03-11")));
    assert_eq!(When::MONTH.dates("2024-03".parse().unwrap()), (None, None));
}

#[test]
fn only_what_is_published_reaches_a_byte() {
    let mut rows = plain();
    for branch in ["Hill", "Mill"] {
        rows.extend(plain().into_iter().map(|mut row| {
            row.columns[0] = branch.into();
            row
        }));
    }
    rows[5].columns[0] = "CANARYBRANCH".into();
    rows[6].columns[7] = "CANARYAGE".into();
    rows[7].columns[2] = "CANARYTYPE".into();
    let month = month(&rows);
    assert!(month.columns[0].texts.contains(&"CANARYBRANCH".to_owned()));
    let folder = tempfile::tempdir().unwrap();
    let counts = publish(&month, folder.path()).unwrap();
    assert!(counts.shared_merged > 0 && counts.community_merged > 0, "{counts:?}");
    for (name, mut bytes) in files(folder.path()) {
        if name.ends_with(".parquet") {
            bytes.extend(pages(&folder.path().join(&name)));
        }
        assert!(!bytes.windows(6).any(|window| window == b"CANARY"), "{name}");
        assert!(!bytes.windows(12).any(|window| window == b"ARROW:schema"), "{name}");
    }
    let (shape, rules) = (library(), Rules::new(3));
    let Settled::Open(published) = settle(&month, &shape, &rules).unwrap() else { panic!("closed") };
    let texts: BTreeSet<(&str, &str)> = published.texts().collect();
    assert!(texts.contains(&("branch", "Hill")) && texts.contains(&("age", "65+")) && texts.contains(&("hour", "09")));
    assert!(texts.iter().all(|(_, text)| !text.contains("CANARY") && *text != "never used"));
}

#[test]
fn a_hostile_branch_name_harms_no_reader() {
    let mut rows = plain();
    for row in &mut rows {
        row.columns[0] = "=cmd()|'<script>\u{1b}[2J".into();
        row.columns[2] = "../../x".into();
    }
    let folder = tempfile::tempdir().unwrap();
    publish(&month(&rows), folder.path()).unwrap();
    let files = files(folder.path());
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    let csv = text("statistics/loan/by-item/month=2024-03/by-item.csv");
    insta::assert_snapshot!(csv, @r"
    branch,item_type,collection,checkouts,renewals,circulation,patrons
    '=cmd()|'<script>�[2J,../../x,fiction,840,840,1680,
    ");
    let html = text("statistics/loan/by-item/month=2024-03/by-item.html");
    assert!(!html.contains("<script") && !html.contains('\u{1b}'));
    assert!(files.keys().all(|name| !name.contains("..")));
    for (cell, shown) in [("-5", "'-5"), ("+1", "'+1"), ("@x", "'@x"), ("\tx", "'\u{fffd}x"), ("a=b", "a=b")] {
        assert_eq!(super::write::spreadsheet_text(cell), shown);
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let wrong = |change: &dyn Fn(&mut MonthRows, &mut Shape)| {
        let (mut rows, mut shape) = (month(&plain()), library());
        change(&mut rows, &mut shape);
        settle(&rows, &shape, &Rules::new(10)).unwrap_err().to_string()
    };
    insta::assert_snapshot!([
        wrong(&|rows, _| rows.day[3] = Day(0)),
        wrong(&|rows, _| rows.hour.truncate(1)),
        wrong(&|rows, _| rows.columns[1].codes[0] = 1000),
        wrong(&|rows, _| rows.columns.truncate(1)),
        wrong(&|_, shape| shape.columns[1].name = "branch".into()),
        wrong(&|_, shape| shape.columns[1].name = "day".into()),
        wrong(&|_, shape| shape.tables[0].name = "../x".into()),
        wrong(&|_, shape| shape.tables[0].by.push("age".into())),
        wrong(&|_, shape| shape.tables[0].by.push("class".into())),
        wrong(&|_, shape| shape.tables[0].by.push("author".into())),
        wrong(&|_, shape| shape.tables[2].sums = true),
        wrong(&|_, shape| shape.measure = Some(Measure::Sessions)),
    ].join("\n"), @r#"
    the month's rows are malformed: days of more than one month; this is a fault in afterloan, please report it
    the month's rows are malformed: columns of unequal length; this is a fault in afterloan, please report it
    the month's rows are malformed: a code has no text; this is a fault in afterloan, please report it
    the month's rows are malformed: not the columns that were declared; this is a fault in afterloan, please report it
    the pipeline's columns can't be published: two published columns are named "branch"; rename one
    the pipeline's columns can't be published: "day" can't be the name of a published column; rename it
    the pipeline's columns can't be published: table "../x": its name may hold letters, digits, - and _ alone
    the pipeline's columns can't be published: table "by-item": it joins material and patrons, which no half does
    the pipeline's columns can't be published: table "by-item": "class" describes uses and is never merged, so it can't make a table
    the pipeline's columns can't be published: table "by-item": "author" is not a published column
    the pipeline's columns can't be published: table "by-branch-and-age": two tables that sum renewals over patrons, or sessions, could be subtracted from each other, and leave the sum of a few patrons: write `sums = false` in one of them
    the pipeline's columns can't be published: table "by-patron": two tables that sum renewals over patrons, or sessions, could be subtracted from each other, and leave the sum of a few patrons: write `sums = false` in one of them
    "#);
}

#[test]
fn durations_that_name_one_number_are_no_bands() {
    let reads = |text: &str| super::collection::is_one_number(text);
    for exact in ["13", " 0 ", "13 days", "2.5 weeks", "7d"] {
        assert!(reads(exact), "{exact}");
    }
    for band in ["7-13", "28+", "under 7", "<7", "28 or more", "", "other", "0–6", "unknown"] {
        assert!(!reads(band), "{band}");
    }
}

/// Other kinds have transactions and no circulation; a shape may be nearly empty.
#[test]
fn other_kinds_and_small_shapes() {
    let mut shape = library();
    shape.kind = Kind::Hold;
    let rules = Rules::new(10);
    assert_eq!(check(&month(&plain()), &shape, &rules), Ok(()));
    let folder = tempfile::tempdir().unwrap();
    let empty = Shape {
        kind: Kind::Session,
        columns: Vec::new(),
        day: false,
        measure: None,
        tables: vec![TableShape { name: "hours".into(), by: vec!["weekday".into(), "hour".into()], sums: true }],
    };
    let rows = MonthRows { columns: Vec::new(), ..month(&plain()) };
    let Settled::Open(published) = settle(&rows, &empty, &rules).unwrap() else { panic!("closed") };
    let written = write(&published, &empty, published.month, folder.path()).unwrap();
    assert_eq!(written[0].rows, 840);
    let csv = fs::read_to_string(folder.path().join("statistics/session/hours/month=2024-03/hours.csv")).unwrap();
    assert!(csv.starts_with("weekday,hour,transactions,patrons\nMonday,09,60,15\n"), "{csv}");
    let another: Month = "2024-04".parse().unwrap();
    assert!(write(&published, &empty, another, folder.path()).is_err());
}

/// `cargo test --release --lib release -- --ignored --nocapture`
#[test]
#[ignore = "measures; needs optimisation"]
fn timing() {
    for count in [83_000, 350_000] {
        let (rows, shape, rules) = (months::large(count), library(), Rules::new(10));
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..3 {
            let start = std::time::Instant::now();
            let Settled::Open(published) = settle(&rows, &shape, &rules).unwrap() else { panic!("closed") };
            let settled = start.elapsed();
            write(&published, &shape, published.month, folder.path()).unwrap();
            println!("{count} rows: settled in {settled:?}, settled and written in {:?}", start.elapsed());
        }
    }
}
