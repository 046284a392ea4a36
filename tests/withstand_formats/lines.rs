//! Delimited files and CSV without a header: rows cut at a delimiter, with comment lines, blanks, trailing delimiters.

use super::made_up::{BAR, COMMENTED, Dialect, Exports, PADDED, TRAILING, id};
use super::{Bytes, Change, Comes, Ends, Fine, New, Rejects, RejectsAll, Stops, Text};
use super::{all_withstand, by_line, ends_so, fifth, replaced, with_bytes};
use crate::support::inbox::CANARY;

const UNDER_A_HEADER: [Dialect; 2] = [BAR, PADDED];
const BARE: [Dialect; 2] = [TRAILING, COMMENTED];

/// The first delimiter of a line, whichever it is.
fn delimiter(line: &str) -> &'static str {
    ["|", "^", ";"].into_iter().find(|delimiter| line.contains(delimiter)).unwrap()
}

const ANYWHERE: &[(&str, Change, Ends)] = &[
    ("nothing at all", Text(|text| text.into()), Fine),
    ("a short row", Text(|text| fifth(text, |line| line.replacen(delimiter(line), "", 1))), Rejects("short-row", 0)),
    (
        "a long row",
        Text(|text| fifth(text, |line| line.replacen(delimiter(line), &delimiter(line).repeat(2), 1))),
        Rejects("long-row", 0),
    ),
    (
        "a row cut within the file",
        Text(|text| fifth(text, |line| line[..line.find(CANARY).unwrap() + CANARY.len()].into())),
        Rejects("short-row", 0),
    ),
    ("invalid UTF-8", Bytes(|bytes| with_bytes(bytes, BAR.encode, b"\xe9")), Rejects("encoding", 0)),
    ("half a character", Bytes(|bytes| with_bytes(bytes, BAR.encode, b"\xc3")), Rejects("encoding", 0)),
    ("a NUL byte", Bytes(|bytes| with_bytes(bytes, BAR.encode, b"\0")), Rejects("nul-byte", 0)),
    ("the row again", Text(|text| fifth(text, |line| format!("{line}\n{line}"))), Rejects("repeat", 1)),
    ("an id that is none", Text(|text| replaced(text, &id(5), "x') OR DROP TABLE loans--")), Rejects("bad-id", 0)),
    ("an id with a quote", Text(|text| replaced(text, &id(5), "Loan'5")), Rejects("bad-id", 0)),
    ("an empty id", Text(|text| replaced(text, &id(5), "")), Rejects("bad-id", 0)),
    ("a long id", Text(|text| replaced(text, &id(5), &"5".repeat(65))), Rejects("bad-id", 0)),
    ("an empty line", Text(|text| fifth(text, |line| format!("{line}\n"))), Fine),
    ("a byte order mark", Text(|text| format!("\u{feff}{text}")), Fine),
    ("CR LF everywhere", Text(|text| text.replace('\n', "\r\n")), Fine),
    (
        "CR LF and LF mixed",
        Text(|text| by_line(text, |number, line| format!("{line}{}", ["\r\n", "\n"][number % 2]))),
        Fine,
    ),
    (
        "cut in the middle of a line",
        Bytes(|bytes| bytes[..bytes.len() - 5].into()),
        Stops(&[":", "was cut or is still being written"]),
    ),
    (
        "cut in the fifth row",
        Text(|text| text[..text.find(&id(5)).unwrap() + 6].into()),
        Stops(&["was cut or is still being written"]),
    ),
    ("CR alone", Text(|text| text.replace('\n', "\r")), Stops(&["was cut or is still being written"])),
    ("zeros", Bytes(|_| vec![0; 3 << 20]), Stops(&[":1: a record that begins here is longer than 1 MiB"])),
];

#[test]
fn faults_of_rows() {
    all_withstand(&[BAR, PADDED, TRAILING, COMMENTED], ANYWHERE);
}

#[test]
fn faults_under_a_header() {
    const CASES: &[(&str, Change, Ends)] = &[
        (
            "a declared column renamed",
            Text(|text| replaced(text, "item", "items")),
            Stops(&["the declared column `item` is missing", "was it renamed?"]),
        ),
        (
            "a declared column missing",
            Text(|text| {
                by_line(text, |_, line| match line.starts_with('#') {
                    true => format!("{line}\n"),
                    false => line.rsplit_once(delimiter(line)).unwrap().0.to_string() + "\n",
                })
            }),
            Stops(&["loans-2026-11-01.txt:", "the declared column `branch` is missing"]),
        ),
        (
            "a column doubled",
            Text(|text| replaced(text, "branch", "item")),
            Stops(&["loans-2026-11-01.txt:", "the header names columns 4 and 8 alike"]),
        ),
        (
            "an undeclared column",
            Text(|text| {
                by_line(text, |_, line| match line {
                    line if line.starts_with('#') => format!("{line}\n"),
                    line if line.contains("branch") => format!("{line}{}desk\n", delimiter(line)),
                    line => format!("{line}{}{CANARY}\n", delimiter(line)),
                })
            }),
            New("loans.desk"),
        ),
        (
            "an empty file",
            Text(|_| String::new()),
            Stops(&["loans-2026-11-01.txt: the file is empty: not even a header"]),
        ),
        ("a byte order mark alone", Text(|_| "\u{feff}".into()), Stops(&["loans-2026-11-01.txt"])),
        ("comment lines alone", Text(|_| "# Quokka77Zanzibar\n".into()), Stops(&["loans-2026-11-01.txt"])),
        ("cut in the header", Text(|text| text[..text.find("patron").unwrap()].into()), Stops(&["was cut"])),
        (
            "no header",
            Text(|text| {
                by_line(text, |_, line| if line.contains("branch") { String::new() } else { format!("{line}\n") })
            }),
            Stops(&["loans-2026-11-01.txt:", ": the declared column `id` is missing"]),
        ),
        (
            "an error page",
            Text(|_| "<html>\n<body>Quokka77Zanzibar: log in</body>\n</html>\n".into()),
            Stops(&["loans-2026-11-01.txt:1: the declared column"]),
        ),
        (
            "a header alone",
            Text(|text| text.lines().find(|line| line.contains("branch")).unwrap().to_string() + "\n"),
            Comes([0; 5]),
        ),
    ];
    all_withstand(&UNDER_A_HEADER, CASES);
}

#[test]
fn faults_without_a_header() {
    const CASES: &[(&str, Change, Ends)] = &[
        (
            "a column more",
            Text(|text| {
                by_line(text, |_, line| match line.starts_with('#') {
                    true => format!("{line}\n"),
                    false => format!("Quokka77Zanzibar{}{line}\n", delimiter(line)),
                })
            }),
            RejectsAll("long-row", 12),
        ),
        (
            "an error page",
            Text(|_| "<html>\n<body>Quokka77Zanzibar: log in</body>\n</html>\n".into()),
            RejectsAll("short-row", 3),
        ),
    ];
    all_withstand(&BARE, CASES);
}

/// Nothing is quoted: a quote is a character like any other.
#[test]
fn quotes_in_delimited_rows() {
    const CASES: &[(&str, Change, Ends)] = &[
        (
            "a cell that begins with a quote",
            Text(|text| replaced(text, "Quokka77Zanzibar", "\"Quokka77Zanzibar")),
            Fine,
        ),
        ("a cell in quotes", Text(|text| fifth(text, |line| line.replace(CANARY, "\"Quokka77Zanzibar\""))), Fine),
    ];
    all_withstand(&[BAR, PADDED, TRAILING], CASES);
}

/// With a header in the pipeline there is none in the file to compare it with.
#[test]
fn a_header_in_the_pipeline_of_too_few_names() {
    for dialect in &BARE {
        let from = |names: &str| format!("files = \"loans-*{}\"\nheader = {names}", dialect.ending);
        let cases = [
            (
                r#"["id", "note", "patron.id", "item", "out", "back", "status.name"]"#,
                Stops(&["the declared column `branch` is missing"]),
            ),
            (r#"[]"#, Stops(&["is missing"])),
            (
                r#"["id", "note", "patron.id", "item", "out", "back", "status.name", "branch", "desk"]"#,
                RejectsAll("short-row", 12),
            ),
            (r#"["id", "note", "patron.id", "item", "out", "back", "branch", "branch"]"#, Stops(&["`branch` twice"])),
        ];
        for (names, ends) in cases {
            let mut exports = Exports::new(dialect);
            exports.origin("loans", from(names));
            ends_so(&exports, names, 0, &ends);
        }
    }
}

/// Comment lines may stand before it.
#[test]
fn the_headers_own_line_is_said() {
    const CASES: &[(&str, Change, Ends)] = &[
        (
            "a column renamed",
            Text(|text| replaced(text, "item", "items")),
            Stops(&["loans-2026-11-01.txt:2: the declared column `item` is missing"]),
        ),
        (
            "a column doubled",
            Text(|text| replaced(text, "branch", "item")),
            Stops(&["loans-2026-11-01.txt:2: the header names columns 4 and 8 alike"]),
        ),
    ];
    all_withstand(&[PADDED], CASES);
}

/// As a row it would be a loan of nobody, kept as undetermined for ever.
#[test]
fn a_header_where_the_pipeline_says_that_there_is_none() {
    const CASES: &[(&str, Change, Ends)] = &[
        (
            "the names themselves",
            Text(|text| with_header(text, ["id", "note", "patron.id", "item", "out", "back", "status.name", "branch"])),
            Stops(&["loans-2026-11-01.", "its first line looks like a header"]),
        ),
        (
            "some of them, in capitals",
            Text(|text| with_header(text, ["ID", "Note", "Borrower", "ITEM", "out", "returned", "status", "Branch"])),
            Stops(&["loans-2026-11-01.", "its first line looks like a header"]),
        ),
    ];
    all_withstand(&BARE, CASES);
}

fn with_header(text: &str, names: [&str; 8]) -> String {
    let delimiter = delimiter(text.lines().find(|line| line.contains("MAIN")).unwrap());
    let end = if delimiter == "|" { "|\n" } else { "\n" };
    names.join(delimiter) + end + text
}

/// Where a delimiter ends each row, one without it was cut in its last cell.
#[test]
fn a_row_without_its_trailing_delimiter() {
    const CASES: &[(&str, Change, Ends)] = &[(
        "cut in its last cell",
        Text(|text| fifth(text, |line| line.strip_suffix("IN|").unwrap().into())),
        Rejects("malformed", 0),
    )];
    all_withstand(&[TRAILING], CASES);
}
