//! JSON: objects a line, an array, documents as an API pages them. A record's line is its number among the records.

use serde_json::Value;

use super::made_up::{Dialect, Exports, JSON_ARRAY, JSON_LINES, JSON_PAGES, id, ids, utf_16, worklist};
use super::{Bytes, Change, Ends, Fine, New, Rejects, Stops, Text};
use super::{all_withstand, ends_so, fifth, replaced, with_bytes};
use crate::support::inbox::{CANARY, assert_unseen};

const EACH: [Dialect; 3] = [JSON_LINES, JSON_ARRAY, JSON_PAGES];
const LISTS: [Dialect; 2] = [JSON_ARRAY, JSON_PAGES];

const NOTE: &str = r#""note":"Quokka77Zanzibar""#;

#[test]
fn faults_of_records() {
    const CASES: &[(&str, Change, Ends)] = &[
        ("nothing at all", Text(|text| text.into()), Fine),
        (
            "an object where a value is declared",
            Text(|text| replaced(text, NOTE, r#""note":{"text":"Quokka77Zanzibar"}"#)),
            Rejects("nested", 0),
        ),
        (
            "an empty object where a value is declared",
            Text(|text| replaced(text, NOTE, r#""note":{}"#)),
            Rejects("nested", 0),
        ),
        (
            "a list where a value is declared",
            Text(|text| replaced(text, NOTE, r#""note":["Quokka77Zanzibar"]"#)),
            Rejects("nested", 0),
        ),
        (
            "a list where an object is declared",
            Text(|text| fifth(text, |line| line.replace(r#""patron":{"id":"7005"}"#, r#""patron":[{"id":"7005"}]"#))),
            Rejects("nested", 0),
        ),
        (
            "a value where an object is declared",
            Text(|text| fifth(text, |line| line.replace(r#""patron":{"id":"7005"}"#, r#""patron":"7005""#))),
            Rejects("malformed", 0),
        ),
        (
            "a member that comes twice",
            Text(|text| replaced(text, NOTE, r#""note":"Quokka77Zanzibar","note":"Quokka77Zanzibar""#)),
            Rejects("malformed", 0),
        ),
        (
            "a member that comes twice, once as null",
            Text(|text| replaced(text, NOTE, r#""note":null,"note":"Quokka77Zanzibar""#)),
            Rejects("malformed", 0),
        ),
        (
            "an object that comes twice, each time with another member",
            Text(|text| {
                fifth(text, |line| line.replace(r#""patron":{"id":"7005"}"#, r#""patron":{},"patron":{"id":"7005"}"#))
            }),
            Rejects("malformed", 0),
        ),
        (
            "a member that comes twice, once by an escape",
            Text(|text| replaced(text, NOTE, r#""note":"Quokka77Zanzibar","n\u006fte":"x""#)),
            Rejects("malformed", 0),
        ),
        (
            "a new member",
            Text(|text| replaced(text, NOTE, r#""note":"Quokka77Zanzibar","desk":"Quokka77Zanzibar""#)),
            New("loans.desk"),
        ),
        (
            "a new member within a new member",
            Text(|text| replaced(text, NOTE, r#""note":"","desk":{"name":"Quokka77Zanzibar"}"#)),
            New("loans.desk"),
        ),
        (
            "a new member beside a declared one",
            Text(|text| {
                fifth(text, |line| line.replace(r#""id":"7005"}"#, r#""id":"7005","name":"Quokka77Zanzibar"}"#))
            }),
            New("loans.patron.name"),
        ),
        ("a number for an id", Text(|text| replaced(text, &format!("\"{}\"", id(1)), &id(1))), Fine),
        ("an id that is none", Text(|text| replaced(text, &id(5), "x'); DROP TABLE loans--")), Rejects("bad-id", 0)),
        ("an id with an escape", Text(|text| replaced(text, &id(5), r"Loan\u0027 5")), Rejects("bad-id", 0)),
        (
            "an id as an object",
            Text(|text| replaced(text, "\"Loan_5:2026.08-x\"", "{\"Loan_5\":1}")),
            Rejects("nested", 0),
        ),
        ("no id", Text(|text| replaced(text, "\"Loan_5:2026.08-x\"", "null")), Rejects("bad-id", 0)),
        ("a NUL byte", Bytes(|bytes| with_bytes(bytes, JSON_LINES.encode, b"Q\0")), Rejects("malformed", 0)),
        ("an escaped NUL", Text(|text| replaced(text, CANARY, r"Quokka77\u0000")), Rejects("malformed", 0)),
        ("half of a pair", Text(|text| replaced(text, CANARY, r"Quokka77\ud800")), Rejects("malformed", 0)),
        ("invalid UTF-8", Bytes(|bytes| with_bytes(bytes, JSON_LINES.encode, b"Q\xe9")), Rejects("malformed", 0)),
        (
            "a bare word",
            Text(|text| replaced(text, "\"Quokka77Zanzibar\"", "Quokka77Zanzibar")),
            Rejects("malformed", 0),
        ),
        ("no colon", Text(|text| replaced(text, "\"note\":\"Quokka", "\"note\" \"Quokka")), Rejects("malformed", 0)),
        (
            "a trailing comma within the record",
            Text(|text| replaced(text, NOTE, r#""note":"Quokka77Zanzibar","#)),
            Rejects("malformed", 0),
        ),
        ("a tab within a text", Text(|text| replaced(text, CANARY, "Quokka77\tZanzibar")), Rejects("malformed", 0)),
        ("an escaped line end within a text", Text(|text| replaced(text, CANARY, r"Quokka77\nZanzibar")), Fine),
        ("brackets within a text", Text(|text| replaced(text, CANARY, r#"]}\"}]{[\\"#)), Fine),
        (
            "a line end between members",
            Text(|text| replaced(text, NOTE, "\r\n\"note\"\n:\n\"Quokka77Zanzibar\"")),
            Fine,
        ),
        ("an empty line", Text(|text| fifth(text, |line| format!("{line}\n\n"))), Fine),
        ("CR LF everywhere", Text(|text| text.replace('\n', "\r\n")), Fine),
        (
            "CR LF and LF mixed",
            Text(|text| super::by_line(text, |number, line| format!("{line}{}", ["\r\n", "\n"][number % 2]))),
            Fine,
        ),
        (
            "the record again",
            Text(|text| {
                fifth(text, |line| {
                    let object = line.trim_end_matches(',');
                    let between = if line.ends_with(',') { "," } else { "" };
                    format!("{object}{between}\n{line}")
                })
            }),
            Rejects("repeat", 1),
        ),
        (
            "deeply nested",
            Text(|text| replaced(text, NOTE, &format!("\"note\":{}{}", "[".repeat(300), "]".repeat(300)))),
            Rejects("nested", 0),
        ),
        (
            "nested without end",
            Text(|text| replaced(text, NOTE, &format!("\"note\":{}", "[".repeat(3_000)))),
            Stops(&["brackets are nested more than 500 deep"]),
        ),
        (
            "another name of a declared member",
            Text(|text| text.replace("\"status\":", "\"state\":")),
            Stops(&["no record has the declared member `status.name`"]),
        ),
        (
            "another name of a published member",
            Text(|text| text.replace("\"branch\":", "\"place\":")),
            Stops(&["no record has the declared member `branch`, which is published", "`optional`"]),
        ),
    ];
    all_withstand(&EACH, CASES);
}

#[test]
fn faults_of_files() {
    const CASES: &[(&str, Change, Ends)] = &[
        (
            "cut in the middle of a record",
            Text(|text| text[..text.find(CANARY).unwrap() + 8].into()),
            Stops(&["loans-2026-11-01.json", "the document ends too early"]),
        ),
        (
            "cut within the last record",
            Text(|text| text[..text.rfind("\"MAIN").unwrap()].into()),
            Stops(&["loans-2026-11-01.json", "the document ends too early"]),
        ),
        (
            "an error page",
            Text(|_| "<!DOCTYPE html>\n<html><body>Quokka77Zanzibar: log in</body></html>\n".into()),
            Stops(&["loans-2026-11-01.json"]),
        ),
        ("a word", Text(|_| "Quokka77Zanzibar\n".into()), Stops(&["loans-2026-11-01.json"])),
        ("a text", Text(|_| "\"Quokka77Zanzibar\"\n".into()), Stops(&["loans-2026-11-01.json"])),
        ("a number", Text(|_| "401\n".into()), Stops(&["loans-2026-11-01.json"])),
        ("zeros", Bytes(|_| vec![0; 3 << 20]), Stops(&["loans-2026-11-01.json"])),
        (
            "a text without end",
            Text(|text| text.replace(CANARY, &"Quokka77Zanzibar".repeat(200_000))),
            Stops(&["loans-2026-11-01.json", ":5: a record that begins here is longer than 1 MiB"]),
        ),
        (
            "a quote that never closes",
            Text(|text| replaced(text, CANARY, "Quokka77Zanzibar\\")),
            Rejects("malformed", 0),
        ),
        (
            "a bracket too many",
            Text(|text| fifth(text, |line| line.replacen("}", "}}}", 1))),
            Stops(&["loans-2026-11-01.json", "a bracket closes that was not open"]),
        ),
        (
            "UTF-16 that isn't declared",
            Bytes(|bytes| utf_16(&format!("\u{feff}{}", String::from_utf8(bytes).unwrap()))),
            Stops(&["loans-2026-11-01.json"]),
        ),
        (
            "half of it, then an error page",
            Text(|text| text[..text.find(&id(8)).unwrap()].to_string() + "<html>"),
            Stops(&["loans-2026-11-01.json"]),
        ),
    ];
    all_withstand(&EACH, CASES);
}

/// Two records with a text that doesn't close: what lies between them is read, and not swallowed.
#[test]
fn rows_between_two_open_quotes_are_counted() {
    let mut exports = Exports::new(&JSON_LINES);
    let text = String::from_utf8(exports.file("loans").clone()).unwrap();
    let text = replaced(&text, CANARY, "Quokka77Zanzibar\\");
    let open = text.lines().enumerate().map(|(index, line)| match index {
        8 => line.replacen("\"id\":\"", "\"id\":\"\\\"", 1) + "\n",
        _ => format!("{line}\n"),
    });
    *exports.file("loans") = open.collect::<String>().into();
    let site = exports.site();
    let night = exports.night(&site);
    assert_eq!(night.totals("made-up-loans"), Some([12, 5, 4, 1, 2]), "{}", night.printed);
    let lines: Vec<_> =
        night.json["pipelines"][0]["rejected"].as_array().unwrap().iter().map(|one| &one["lines"]).collect();
    assert_eq!(lines, [&serde_json::json!([5]), &serde_json::json!([9])]);
    assert_eq!(worklist(&site), ids([1, 2, 3, 4, 6]));
    assert_unseen(&site, &night.printed, &super::NEVER_SEEN);
}

#[test]
fn faults_of_lists() {
    const CASES: &[(&str, Change, Ends)] = &[
        (
            "a list of texts",
            Text(|text| list(text, r#""Quokka77Zanzibar","b""#)),
            Stops(&["something else than objects"]),
        ),
        ("a list of numbers", Text(|text| list(text, "1,2")), Stops(&["something else than objects"])),
        (
            "a text among objects",
            Text(|text| fifth(text, |line| format!("{line}\n\"Quokka77Zanzibar\","))),
            Stops(&["something else than objects"]),
        ),
        ("null among objects", Text(|text| fifth(text, |line| format!("{line}\nnull,"))), Stops(&["something else"])),
        ("cut between records", Text(cut_after_fifth), Stops(&["the document ends too early"])),
    ];
    all_withstand(&LISTS, CASES);
}

/// It is whole, and has no rows: a header alone is no more.
#[test]
fn an_empty_list_is_an_export_of_no_rows() {
    for dialect in &LISTS {
        let mut exports = Exports::new(dialect);
        let text = String::from_utf8(exports.file("loans").clone()).unwrap();
        *exports.file("loans") = list(&text, "").into();
        let site = exports.site();
        let night = exports.night(&site);
        assert_eq!(night.totals("made-up-loans"), Some([0; 5]), "{}: {}", dialect.name, night.printed);
    }
}

/// The list around these.
fn list(text: &str, records: &str) -> String {
    match text.starts_with('[') {
        true => format!("[{records}]"),
        false => format!("{{\"records\":[{records}]}}"),
    }
}

fn cut_after_fifth(text: &str) -> String {
    let end = text.find(CANARY).unwrap();
    text[..end + text[end..].find('\n').unwrap() + 1].into()
}

#[test]
fn faults_of_pages() {
    const CASES: &[(&str, Change, Ends)] = &[
        (
            "a document without the list",
            Text(|_| r#"{"errors":[{"message":"Quokka77Zanzibar","code":"401"}],"total_records":1}"#.into()),
            Stops(&["loans-2026-11-01.json", "no list of the name that the pipeline's `records` says"]),
        ),
        (
            "a list of another name",
            Text(|text| text.replace("\"records\"", "\"loans\"")),
            Stops(&["no list of the name"]),
        ),
        (
            "the list within another member",
            Text(|text| format!("{{\"data\":{}}}", text.split_once("\n{\"total").unwrap().0)),
            Stops(&["no list of the name"]),
        ),
        ("an array of records", Text(|_| r#"[{"id":"Quokka77Zanzibar"}]"#.into()), Stops(&["something else"])),
        (
            "an object for the list",
            Text(|_| r#"{"records":{"id":"Quokka77Zanzibar"}}"#.into()),
            Stops(&["no list of the name"]),
        ),
        ("null for the list", Text(|_| r#"{"records":null}"#.into()), Stops(&["no list of the name"])),
        ("a text for the list", Text(|_| r#"{"records":"Quokka77Zanzibar"}"#.into()), Stops(&["no list of the name"])),
        (
            "the name of the list by an escape",
            Text(|text| text.replace("\"records\"", "\"r\\u0065cords\"")),
            Stops(&["no list of the name"]),
        ),
        (
            "the second page cut after its list",
            Text(|text| text[..text.rfind("]").unwrap() + 1].into()),
            Stops(&["loans-2026-11-01.json", "the document ends too early"]),
        ),
    ];
    all_withstand(&[JSON_PAGES], CASES);
}

/// `check` reads all records, since the first may have what the others lack.
#[test]
fn check_finds_a_member_that_was_renamed() {
    for (from, to) in [("\"branch\":", "\"place\":"), ("\"status\":", "\"state\":")] {
        for dialect in EACH {
            let mut exports = Exports::new(&dialect);
            let text = String::from_utf8(exports.file("loans").clone()).unwrap();
            *exports.file("loans") = text.replace(from, to).into();
            let checked = exports.site().cli(&["check", "--json"]);
            let found: Value = serde_json::from_slice(&checked.stdout).unwrap();
            let problems = found["problems"].as_array().unwrap();
            let is_told =
                problems.iter().any(|one| one.as_str().unwrap().contains("no record has the declared member"));
            assert!(is_told && checked.status.code() == Some(2), "{}: {from}: {problems:?}", dialect.name);
        }
    }
}

/// Where the pipeline says so, and only what is published: then it is published as `unknown`.
#[test]
fn what_records_may_all_leave_out() {
    for dialect in [JSON_LINES, JSON_PAGES] {
        let mut exports = Exports::new(&dialect);
        let text = String::from_utf8(exports.file("loans").clone()).unwrap();
        let without =
            [",\"branch\":\"MAIN\"", "\"branch\":\"MAIN\","].iter().fold(text, |text, one| text.replace(one, ""));
        assert!(!without.contains("branch"), "{without}");
        *exports.file("loans") = without.into();
        let files = format!("files = \"loans-*{}\"\n", dialect.ending);
        exports.origin("loans", format!("{files}optional = [\"branch\"]"));
        ends_so(&exports, "no branch", 5, &Fine);
        exports.origin("loans", format!("{files}optional = [\"status.name\"]"));
        ends_so(&exports, "no status", 5, &Stops(&["without `status.name` nothing can be decided"]));
    }
}

/// An object a line has no list around it: an error in its place is a record that has none of the members that decide.
#[test]
fn an_error_in_place_of_records() {
    for dialect in [JSON_LINES, JSON_ARRAY] {
        let mut exports = Exports::new(&dialect);
        *exports.file("loans") = br#"{"errors":[{"message":"Quokka77Zanzibar"}]}"#.into();
        ends_so(&exports, "an error", 1, &Stops(&["no record has the declared member `id`"]));
    }
}

/// Whatever is no object of the list: half an export must not pass for a whole one.
#[test]
fn pages_that_hold_something_else_too() {
    const PAGES: &[(&str, Change, Ends)] = &[
        // As an API answers that fails on the second page: the first alone is half an export.
        (
            "an error for the second page",
            Text(|text| {
                let first = text.split_once("\n{\"total").unwrap().0;
                format!("{first}\n{{\"errors\":[{{\"message\":\"Quokka77Zanzibar\"}}]}}\n")
            }),
            Stops(&["loans-2026-11-01.json", "no list of the name"]),
        ),
        (
            "an error page for the second page",
            Text(|text| text.split_once("\n{\"total").unwrap().0.to_string() + "\n<html>Quokka77Zanzibar</html>\n"),
            Stops(&["loans-2026-11-01.json"]),
        ),
        (
            "words before the document",
            Text(|text| format!("Quokka77Zanzibar {text}")),
            Stops(&["loans-2026-11-01.json"]),
        ),
        (
            "a list of lists",
            Text(|text| list(text, r#"["Quokka77Zanzibar"]"#)),
            Stops(&["something else than objects"]),
        ),
        (
            "a list among objects",
            Text(|text| fifth(text, |line| format!("{line}\n[\"Quokka77Zanzibar\"],"))),
            Stops(&["something else than objects"]),
        ),
        (
            "text after the list",
            Text(|text| format!("{text}\n<html>Quokka77Zanzibar</html>\n")),
            Stops(&["loans-2026-11-01.json"]),
        ),
    ];
    all_withstand(&[JSON_PAGES], PAGES);
    const ARRAYS: &[(&str, Change, Ends)] = &[
        (
            "a list of lists",
            Text(|text| list(text, r#"["Quokka77Zanzibar"]"#)),
            Stops(&["something else than objects"]),
        ),
        (
            "a list among objects",
            Text(|text| fifth(text, |line| format!("{line}\n[\"Quokka77Zanzibar\"],"))),
            Stops(&["something else than objects"]),
        ),
        (
            "text after the list",
            Text(|text| format!("{text}\n<html>Quokka77Zanzibar</html>\n")),
            Stops(&["loans-2026-11-01.json"]),
        ),
    ];
    all_withstand(&[JSON_ARRAY], ARRAYS);
}

#[test]
fn a_byte_order_mark() {
    const CASES: &[(&str, Change, Ends)] = &[("a byte order mark", Text(|text| format!("\u{feff}{text}")), Fine)];
    all_withstand(&EACH, CASES);
}

/// It is no JSON. The record is rejected, and is one all the same: those below keep their numbers.
#[test]
fn a_line_end_within_a_text() {
    const CASES: &[(&str, Change, Ends)] = &[(
        "a line end within a text",
        Text(|text| replaced(text, CANARY, "Quokka77\nZanzibar")),
        Rejects("malformed", 0),
    )];
    all_withstand(&EACH, CASES);
}

/// All records are looked at.
#[test]
fn a_new_member_far_down() {
    let many =
        (0..1_500).map(|n| format!("{{\"id\":\"n{n}\",\"out\":\"2026-10-20\",\"patron\":{{\"id\":\"7001\"}}}}\n"));
    let mut exports = Exports::new(&JSON_LINES);
    let last = String::from_utf8(exports.file("loans").clone()).unwrap();
    let last = replaced(&last, NOTE, r#""note":"Quokka77Zanzibar","desk":"x""#);
    *exports.file("loans") = (many.collect::<String>() + &last).into();
    let night = exports.night(&exports.site());
    assert_eq!(night.json["pipelines"][0]["undeclared"], serde_json::json!(["loans.desk"]), "{}", night.printed);
}

/// The name of a member may be somebody's number, as in an object by card: it must not be told.
#[test]
fn members_that_are_named_like_patrons() {
    const CASES: &[(&str, Change, Ends)] = &[
        (
            "an object by card",
            Text(|text| replaced(text, NOTE, r#""note":"Quokka77Zanzibar","cards":{"29999000000005":1}"#)),
            New("loans.cards"),
        ),
        (
            "all of it an object by card",
            Text(|_| r#"{"29999000000005":{"loans":["Quokka77Zanzibar"]}}"#.into()),
            Stops(&["no record has the declared member `id`"]),
        ),
    ];
    all_withstand(&[JSON_LINES, JSON_ARRAY], CASES);
}
