//! `check` on exports that don't look like what is declared: each disagreement is told with its danger, its count and its
//! line, and without a cell.

use std::fs;
use std::path::{Path, PathBuf};

use afterloan::act::explain_all;
use serde_json::Value;

use crate::support::{AS_OF, TestSite, options};

fn export(site: &TestSite, start: &str) -> PathBuf {
    let mut paths = fs::read_dir(site.at("inbox")).unwrap().map(|entry| entry.unwrap().path());
    paths.find(|path| path.file_name().unwrap().to_str().unwrap().starts_with(start)).unwrap()
}

/// Rewrites a column of an export: the number of the row, and its cell.
fn rewrite(site: &TestSite, start: &str, column: &str, change: impl Fn(usize, &str) -> String) {
    let path = export(site, start);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(&path).unwrap();
    let header = reader.byte_headers().unwrap().clone();
    let at = header.iter().position(|name| name == column.as_bytes()).unwrap();
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    writer.write_byte_record(&header).unwrap();
    for (number, row) in reader.byte_records().enumerate() {
        let row = row.unwrap();
        let cells = row.iter().enumerate().map(|(place, cell)| match place == at {
            true => change(number, &String::from_utf8_lossy(cell)).into_bytes(),
            false => cell.to_vec(),
        });
        writer.write_record(cells).unwrap();
    }
    fs::write(path, writer.into_inner().unwrap()).unwrap();
}

fn doubts(site: &TestSite) -> Vec<(String, String)> {
    let output = site.cli(&["check", "--json"]);
    let checked: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |doubt: &Value, key: &str| doubt[key].as_str().unwrap().to_string();
    checked["doubts"].as_array().unwrap().iter().map(|doubt| (text(doubt, "danger"), text(doubt, "what"))).collect()
}

/// Whether one of them has this danger and says all of these.
fn says(doubts: &[(String, String)], danger: &str, words: &[&str]) -> bool {
    doubts.iter().any(|(of, what)| of == danger && words.iter().all(|word| what.contains(word)))
}

#[test]
fn a_library_as_it_should_be_raises_no_alarm_about_what_leaves() {
    let doubts = doubts(&TestSite::small_koha());
    assert!(doubts.iter().all(|(danger, _)| ["kept", "unknown"].contains(&danger.as_str())), "{doubts:#?}");
}

#[test]
fn disagreements_are_told_with_their_danger() {
    let site = TestSite::small_koha();
    rewrite(&site, "old_issues-", "branchcode", |number, _| format!("Quokka{number}"));
    rewrite(&site, "items-", "ccode", |number, cell| match number % 10 {
        3 => "pluqwombat@example.net".into(),
        _ => cell.into(),
    });
    rewrite(&site, "old_issues-", "returndate", |number, cell| match number % 50 {
        7 => "31.10.2026 Quokka".into(),
        _ => cell.into(),
    });
    rewrite(&site, "items-", "location", |_, _| "21234000000000".into());
    rewrite(&site, "old_reserves-", "found", |number, cell| if number % 9 == 2 { "QX".into() } else { cell.into() });
    for key in ["issue_id", "old_issue_id", "reserve_id", "old_reserve_id"] {
        rewrite(&site, "accountlines-", key, |number, _| format!("{}", 90_000_000 + number));
    }
    let found = doubts(&site);
    for (danger, words) in [
        ("published", &["koha-loans", "`branchcode`", "as it is", "a vocabulary has few"][..]),
        ("published", &["`ccode`", "e-mail addresses"]),
        ("unsearched", &["`location`", "dropped", "patron barcodes"]),
        ("kept", &["`returndate`", "of 100 cells", "the first on line", "kept"]),
        ("kept", &["koha-holds", "`found`", "no [[state]] names", "AA"]),
        ("retired", &["koha-loans", "bills", "not one of its keys meets"]),
    ] {
        assert!(says(&found, danger, words), "{danger} {words:?} in {found:#?}");
    }
    // In order of danger.
    let order = ["published", "unsearched", "retired", "kept", "unknown"];
    let places: Vec<usize> =
        found.iter().map(|(danger, _)| order.iter().position(|one| one == danger).unwrap()).collect();
    assert!(places.is_sorted(), "{found:#?}");
    let output = site.cli(&["check"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for cell in ["Quokka", "pluqwombat", "21234000000000", "QX"] {
        assert!(!text.contains(cell) && found.iter().all(|(_, what)| !what.contains(cell)), "{cell}: {text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_is_said_of_a_row_becomes_of_it() {
    let site = TestSite::small_koha();
    rewrite(
        &site,
        "borrowers-",
        "dateofbirth",
        |number, cell| if number == 2 { "0000-00-00".into() } else { cell.into() },
    );
    rewrite(&site, "old_issues-", "returndate", |_, cell| match cell {
        "" => String::new(),
        _ => "2026-02-30 10:00:00".into(),
    });
    rewrite(&site, "old_reserves-", "found", |number, _| if number == 2 { "QX".into() } else { "F".into() });
    let found = doubts(&site);
    for (danger, words) in [
        ("unknown", &["`dateofbirth`", "published as `unknown`"][..]),
        ("kept", &["`returndate`", "looks right and is no date of the calendar", "undetermined"]),
        (
            "kept",
            &["koha-holds: old_reserves: 1 row has a value of `found`", "(1 such value, the first on line 4, AA)"],
        ),
    ] {
        assert!(says(&found, danger, words), "{danger} {words:?} in {found:#?}");
    }
    assert!(!says(&found, "kept", &["`dateofbirth`"]), "{found:#?}");

    // Of what is out, `stop_fines` is empty: the rule for what is closed doesn't name that, and the one for what is open does.
    let site = TestSite::init("evergreen");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/systems/evergreen");
    for entry in fs::read_dir(fixture).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "tsv") && !path.ends_with("decisions.tsv") {
            site.export(path.file_name().unwrap().to_str().unwrap(), fs::read(&path).unwrap());
        }
    }
    let found = doubts(&site);
    let of_states: Vec<&String> =
        found.iter().map(|(_, what)| what).filter(|what| what.contains("[[state]]")).collect();
    let undetermined: Vec<u64> = explain_all(&site.site(), options(AS_OF, None))
        .unwrap()
        .0
        .iter()
        .filter(|one| {
            one.pipeline == "evergreen-loans" && one.reasons.iter().any(|reason| reason.code() == "unknown-state")
        })
        .map(|one| one.line)
        .collect();
    let of_loans = of_states.iter().filter(|what| what.starts_with("evergreen-loans")).count();
    assert_eq!(of_loans, usize::from(!undetermined.is_empty()), "{of_states:#?} {undetermined:?}");
    assert!(of_states.iter().all(|what| !what.contains("an empty cell")), "{of_states:#?}");
}
