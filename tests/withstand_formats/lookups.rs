//! Exports that decide or name people: a fault in one stops the pipeline, for what it doesn't say would be missed.

use super::made_up::{
    BAR, COMMENTED, Dialect, Exports, JSON_ARRAY, JSON_LINES, JSON_PAGES, SPLIT, TOTALS, TRAILING, WINDOWS, id,
    worklist,
};
use super::{Ends, Stops, ends_so, failures, replaced};
use crate::support::inbox::{CANARY, assert_unseen};

/// Breaks one table's file, after it was written.
fn broken(dialect: &Dialect, table: &str, change: impl Fn(&str) -> String) -> Exports {
    let mut exports = Exports::new(dialect);
    let bytes = exports.file(table).clone();
    *exports.file(table) = change(&String::from_utf8(bytes).unwrap()).into();
    exports
}

#[test]
fn faults_of_rows() {
    type Change = fn(&str) -> String;
    let bars: &[(&str, &str, Change, Ends)] = &[
        (
            "a short row",
            "patrons",
            |text| replaced(text, "|29999000000003|", "|Quokka77Zanzibar"),
            Stops(&["patrons-2026-11-01.txt:{line}: ", "fewer cells"]),
        ),
        (
            "a long row",
            "patrons",
            |text| replaced(text, "|29999000000003|", "|Quokka77Zanzibar||"),
            Stops(&["patrons-2026-11-01.txt:{line}: ", "more cells"]),
        ),
        (
            "a NUL byte",
            "patrons",
            |text| replaced(text, "|29999000000003|", "|Quokka77Zanzibar\0|"),
            Stops(&["patrons-2026-11-01.txt:{line}: ", "not valid text"]),
        ),
        (
            "a patron twice",
            "patrons",
            |text| replaced(text, "7004|", "7003|"),
            Stops(&["patrons-2026-11-01.txt:", "a second row for a key"]),
        ),
        ("cut", "bills", |text| text[..text.len() - 3].into(), Stops(&["bills-2026-11-01.txt:", "was cut"])),
        (
            "an error page",
            "bills",
            |_| "<html>\n<body>Quokka77Zanzibar</body>\n</html>\n".into(),
            Stops(&["bills-2026-11-01.txt:1: "]),
        ),
    ];
    for (dialect, line) in [(BAR, 4), (TRAILING, 3)] {
        failures(bars.iter().map(|(what, table, change, ends)| {
            move || ends_so(&broken(&dialect, table, change), &format!("{table}: {what}"), line, ends)
        }));
    }
    const BILL: &str = r#""loan":"Loan_2:2026.08-x""#;
    let records: &[(&str, &str, Change, Ends)] = &[
        (
            "an object for a value",
            "patrons",
            |text| text.replace(r#""29999000000003""#, r#"{"Quokka77Zanzibar":1}"#),
            Stops(&["patrons-2026-11-01.json", ":3: "]),
        ),
        (
            "a list for a value",
            "bills",
            |text| replaced(text, BILL, r#""loan":["Quokka77Zanzibar"]"#),
            Stops(&["bills-2026-11-01.json", ":4: "]),
        ),
        (
            "a member twice",
            "bills",
            |text| replaced(text, BILL, r#""loan":"Quokka77Zanzibar","loan":"x""#),
            Stops(&["bills-2026-11-01.json", ":4: "]),
        ),
        (
            "a value for an object",
            "patrons",
            |text| text.replace(r#""name":{"first":"Zoë","last":"Größe3"}"#, r#""name":"Quokka77Zanzibar""#),
            Stops(&["patrons-2026-11-01.json", ":3: "]),
        ),
        (
            "a patron twice",
            "patrons",
            |text| replaced(text, "\"7004\"", "\"7003\""),
            Stops(&["patrons-2026-11-01.json", ":4: a second row for a key"]),
        ),
        (
            "cut",
            "bills",
            |text| text[..text.find(BILL).unwrap()].into(),
            Stops(&["bills-2026-11-01.json", "ends too early"]),
        ),
        ("an error page", "bills", |_| "<html>Quokka77Zanzibar</html>".into(), Stops(&["bills-2026-11-01.json"])),
    ];
    for dialect in [JSON_LINES, JSON_ARRAY, JSON_PAGES] {
        failures(records.iter().map(|(what, table, change, ends)| {
            move || ends_so(&broken(&dialect, table, change), &format!("{table}: {what}"), 0, ends)
        }));
    }
}

/// A bill that nobody finds keeps nothing, and a patron whose wish isn't found has none. So neither must go unseen
/// because a member has a new name: the key by which it is found, the amount, the wish.
#[test]
fn a_declared_member_that_no_record_has() {
    let dialects = [JSON_LINES, JSON_ARRAY, JSON_PAGES];
    let cases = |members: [(&'static str, &'static str); 4]| {
        dialects.iter().flat_map(move |dialect| members.map(|(table, member)| (dialect, table, member)))
    };
    let case = |(dialect, table, member): (&Dialect, &'static str, &'static str)| {
        let dialect = *dialect;
        move || {
            let exports = broken(&dialect, table, |text| text.replace(member, "\"renamed\":"));
            let site = exports.site();
            let night = exports.night(&site);
            let what = format!("{}, {table} without {member} {}", dialect.name, night.printed);
            assert!(night.printed.contains("renamed") || night.code == 2, "{what}");
            let kept = if table == "bills" { id(10) } else { id(11) };
            assert!(!worklist(&site).contains(&kept), "{what}");
        }
    };
    let all = [("bills", "\"owed\":"), ("bills", "\"loan\":"), ("patrons", "\"id\":"), ("patrons", "\"history\":")];
    failures(cases(all).map(case));
}

/// Without a header nothing tells an empty file from a table without rows: where it holds the bills, loans that owe would
/// be retired.
#[test]
fn an_empty_file_without_a_header() {
    let dialects = [JSON_LINES, JSON_ARRAY, TRAILING, COMMENTED];
    let cases = dialects.iter().flat_map(|dialect| ["loans", "bills", "patrons"].map(|table| (dialect, table)));
    failures(cases.map(|(dialect, table)| {
        move || {
            let exports = broken(dialect, table, |_| String::new());
            ends_so(&exports, &format!("{table}: empty"), 0, &Stops(&["-2026-11-01.", "the file is empty"]));
        }
    }));
}

/// A list of no records, and a file of no byte where the pipeline says that the program writes none, are tables without rows:
/// libraries without a bill were stopped for good.
#[test]
fn a_table_without_rows_shows_that_it_is_whole() {
    let case = |dialect: &Dialect, bills: &'static str, more: &'static str| {
        let dialect = *dialect;
        move || {
            let mut exports = broken(&dialect, "bills", |_| bills.into());
            let header = if dialect.bare { "\nheader = [\"number\", \"loan\", \"owed\"]" } else { "" };
            exports.origin("bills", format!("files = \"bills-*{}\"{header}{more}", dialect.ending));
            let site = exports.site();
            let night = exports.night(&site);
            // The loan whose bill is gone is due now.
            let [read, retired, kept, unlinked, rejected] = TOTALS;
            let expected = Some([read, retired + 1, kept - 1, unlinked, rejected]);
            assert_eq!(night.totals("made-up-loans"), expected, "{bills:?}: {}", night.printed);
            assert!(worklist(&site).contains(&id(10)));
        }
    };
    const MAY: &str = "\nmay_be_empty = true";
    let all = [
        case(&JSON_ARRAY, "[]\n", ""),
        case(&JSON_PAGES, "{\"totalRecords\":0,\"records\":[]}", ""),
        case(&JSON_LINES, "", MAY),
        case(&TRAILING, "", MAY),
        case(&COMMENTED, "", MAY),
    ];
    failures(all.into_iter());
    let counts = "{\"totalRecords\":12,\"records\":[]}";
    ends_so(&broken(&JSON_PAGES, "bills", |_| counts.into()), "counted", 0, &Stops(&["lists none"]));
    ends_so(&broken(&TRAILING, "bills", |_| String::new()), "a hint", 0, &Stops(&["may_be_empty = true"]));
}

#[test]
fn a_new_member_is_named() {
    let exports = broken(&JSON_LINES, "patrons", |text| {
        replaced(text, "\"card\":\"29999000000003\"", "\"card\":\"3\",\"pet\":\"Quokka77Zanzibar\"")
    });
    ends_so(&exports, "a new member", 0, &Ends::New("patrons.pet"));
    // In the second of the files that an export is split into, too.
    let split = Dialect { from: SPLIT.from, ..JSON_LINES };
    let mut exports = Exports::new(&split);
    let text = String::from_utf8(exports.file("patrons-2026-11-01-2").clone()).unwrap();
    *exports.file("patrons-2026-11-01-2") =
        text.replacen("\"card\":", "\"pet\":\"Quokka77Zanzibar\",\"card\":", 1).into();
    ends_so(&exports, "a new member in the second file", 0, &Ends::New("patrons.pet"));
}

#[test]
fn an_encoding_that_is_not_the_declared_one() {
    let plain = Dialect { name: "windows-1252 that isn't declared", encode: WINDOWS.encode, ..BAR };
    let exports = Exports::new(&plain);
    let site = exports.site();
    let night = exports.night(&site);
    assert_eq!((night.code, worklist(&site).len()), (2, 0), "{}", night.printed);
    assert!(night.printed.contains("patrons-2026-11-01.txt:2: the row is not valid text"), "{}", night.printed);
    assert_unseen(&site, &night.printed, &[CANARY, "29999000000"]);
}
