//! `check` on exports that don't look like what is declared: each disagreement is told with its danger, its count and its
//! line, and without a cell.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::TestSite;

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
    assert!(doubts.iter().all(|(danger, _)| danger == "kept"), "{doubts:#?}");
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
    for key in ["issue_id", "old_issue_id", "reserve_id"] {
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
    let order = ["published", "unsearched", "retired", "kept"];
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
