//! A log that comes again: under another name, compressed, grown, in two copies.

use std::fs;

use super::site::*;
use crate::support::TestSite;
use crate::support::library::only;

fn gz(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(text.as_bytes()).unwrap();
    gz.finish().unwrap()
}

fn zst(text: &str) -> Vec<u8> {
    zstd::encode_all(text.as_bytes(), 1).unwrap()
}

/// August's log, retired on 10 September: of a few rows, or longer than what is looked at first.
fn retired(rows: u32) -> (TestSite, String) {
    let site = site();
    let text = log(&[day("2026-08-03", rows)]);
    put(&site, "proxy-08.csv", &text, "2026-09-01");
    assert_eq!(stand(&night(&site, "2026-09-10")), [1, 0, 0]);
    (site, text)
}

#[test]
fn the_same_bytes_are_known_under_any_name_and_compression() {
    for rows_of_log in [24, 400] {
        let (site, text) = retired(rows_of_log);
        put(&site, "proxy-other.csv", &text, "2026-09-02");
        let again = night(&site, "2026-09-11");
        let count = u64::from(rows_of_log);
        assert_eq!((stand(&again), rows(&again)), ([0, 0, 1], [count, 0, count, 0, 0]));
        assert_eq!(worklist(&site), [format!("proxy-other.csv,{},{}", text.len(), rows_of_log + 1)]);
        assert!(!has(&site, "proxy-other.csv"));
        put(&site, "proxy-08.csv.gz", gz(&text), "2026-09-02");
        put(&site, "proxy-08.csv.zst", zst(&text), "2026-09-02");
        let again = night(&site, "2026-09-12");
        assert_eq!((stand(&again), rows(&again)), ([0, 0, 2], [2 * count, 0, 2 * count, 0, 0]));
        assert!(inbox(&site).is_empty());
        let published = night(&site, "2026-09-30");
        assert_eq!(released(only(&published)), [("2026-08".to_string(), count)]);
    }
}

#[test]
fn a_log_that_grew_is_read_from_there_on() {
    for rows_of_log in [24, 400] {
        let (site, text) = retired(rows_of_log);
        let count = u64::from(rows_of_log);
        let grown = text + &day("2026-08-30", 5);
        put(&site, "proxy-08.csv.gz", gz(&grown), "2026-09-02");
        let waits = night(&site, "2026-09-11");
        assert_eq!((stand(&waits), rows(&waits)), ([0, 1, 0], [count + 5, 0, count, 5, 0]));
        assert!(worklist(&site).is_empty(), "not all of it is retired");
        let waits = night(&site, "2026-09-28");
        assert_eq!(rows(&waits), [count + 5, 0, count, 5, 0]);
        let retired = night(&site, "2026-09-29");
        assert_eq!((stand(&retired), rows(&retired)), ([1, 0, 0], [count + 5, 5, count, 0, 0]));
        let published = night(&site, "2026-09-30");
        assert_eq!(released(only(&published)), [("2026-08".to_string(), count + 5)]);
        // It is known whole from now on, and so is its beginning.
        put(&site, "proxy-a.csv", &grown, "2026-10-02");
        assert_eq!(stand(&night(&site, "2026-10-03")), [0, 0, 1]);
    }
}

/// It is another log, of which all lines but one were counted already: a person must look.
#[test]
fn a_log_that_changed_within_waits() {
    let (site, text) = retired(400);
    let changed = text.replacen("stable/300?", "stable/301?", 1);
    put(&site, "proxy-08.csv", changed, "2026-09-02");
    let outcome = night(&site, "2026-09-11");
    assert_eq!((stand(&outcome), rows(&outcome)), ([0, 1, 0], [400, 0, 0, 400, 0]));
    assert!(outcome.attention.iter().any(|one| one.what.contains("counted twice")), "{:?}", outcome.attention);
    // One with other lines is another, and nothing else.
    put(&site, "proxy-08.csv", log(&[day("2026-08-04", 400)]), "2026-09-02");
    let outcome = night(&site, "2026-09-12");
    assert_eq!((stand(&outcome), rows(&outcome)), ([1, 0, 0], [400, 400, 0, 0, 0]));
}

/// A rotated log lies there compressed and plain for a while; a copy of a live one is a part of it.
#[test]
fn copies_of_one_log_are_counted_once() {
    for rows_of_log in [24, 400] {
        let site = site();
        let count = u64::from(rows_of_log);
        let text = log(&[day("2026-08-03", rows_of_log)]);
        let longer = text.clone() + &day("2026-08-04", 3);
        put(&site, "proxy-1.csv", &text, "2026-09-01");
        put(&site, "proxy-2.csv.gz", gz(&text), "2026-09-02");
        put(&site, "proxy-3.csv", &longer, "2026-09-03");
        let waits = night(&site, "2026-09-02");
        assert_eq!((stand(&waits), rows(&waits)), ([0, 3, 0], [3 * count + 3, 0, 0, 3 * count + 3, 0]));
        let outcome = night(&site, "2026-09-10");
        assert_eq!((stand(&outcome), rows(&outcome)), ([1, 0, 2], [3 * count + 3, count + 3, 2 * count, 0, 0]));
        assert!(inbox(&site).is_empty());
        put(&site, "proxy-4.csv", &text, "2026-09-01");
        assert_eq!(stand(&night(&site, "2026-09-11")), [0, 0, 1], "a copy is remembered, too");
        assert_eq!(released(only(&night(&site, "2026-09-30"))), [("2026-08".to_string(), count + 3)]);
    }
}

#[test]
fn a_copy_waits_for_the_whole() {
    let site = site();
    let text = log(&[day("2026-08-03", 24)]);
    put(&site, "proxy-1.csv", &text, "2026-09-01");
    put(&site, "proxy-2.csv", text + &day("2026-08-20", 1), "2026-09-01");
    let waits = night(&site, "2026-09-10");
    assert_eq!((stand(&waits), rows(&waits)), ([0, 2, 0], [49, 0, 0, 49, 0]));
    assert_eq!(stand(&night(&site, "2026-09-19")), [1, 0, 1]);
}

/// Exact repeats are two events in a log.
#[test]
fn lines_that_are_alike_are_two_rows() {
    let site = site();
    put(&site, "proxy-1.csv", log(&[day("2026-08-03", 12), day("2026-08-03", 12)]), "2026-09-01");
    put(&site, "proxy-2.csv", log(&[day("2026-08-04", 12), day("2026-08-03", 12)]), "2026-09-01");
    assert_eq!(rows(&night(&site, "2026-09-10")), [48, 48, 0, 0, 0]);
    assert_eq!(released(only(&night(&site, "2026-09-30"))), [("2026-08".to_string(), 48)]);
}

/// Without it all logs that still lie there, or come again, would be counted twice.
#[test]
fn what_is_remembered_is_missed_when_it_is_gone_or_older() {
    let (site, text) = retired(24);
    let path = site.at("state/logs/proxy.json");
    let older = fs::read(&path).unwrap();
    put(&site, "proxy-09.csv", log(&[day("2026-08-04", 24)]), "2026-09-01");
    assert_eq!(stand(&night(&site, "2026-09-11")), [1, 0, 0]);
    put(&site, "proxy-08.csv", &text, "2026-09-01");
    let newest = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    for _ in ["gone", "older"] {
        let why = site.plan_on("2026-09-12").unwrap_err().to_string();
        assert!(why.contains("state/logs/proxy.json") && why.contains("backup"), "{why}");
        fs::write(&path, &older).unwrap();
    }
    fs::write(&path, newest).unwrap();
    assert_eq!(stand(&night(&site, "2026-09-12")), [0, 0, 1]);
}

#[test]
fn what_is_remembered_holds_no_name_and_a_change_of_it_is_an_error() {
    let (site, _) = retired(24);
    let path = site.at("state/logs/proxy.json");
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("proxy-08") && !text.contains("reader"), "{text}");
    let lines = text.replacen("\"lines\": 25", "\"lines\": 24", 1);
    assert_ne!(lines, text);
    for damaged in [lines, text[..text.len() / 2].to_string(), String::new(), text.replacen(": 1", ": 2", 1)] {
        fs::write(&path, damaged).unwrap();
        let why = site.plan_on("2026-09-11").unwrap_err().to_string();
        assert!(why.contains("state/logs/proxy.json"), "{why}");
    }
}
