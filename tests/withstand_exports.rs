//! What exports must be withstood: each fault is said with file and line, never with a cell; nothing is lost; other
//! pipelines go on.

mod compressed;
mod freshness;

use crate::support::inbox::{AS_OF_LATER, CANARY, CliNight, Inbox, assert_unseen, worklist, write_at};
use crate::support::{AS_OF, TestSite, snapshot};

/// What becomes of the loans.
enum Loans {
    /// The pipeline stops, and says this.
    Stops(&'static [&'static str]),
    /// The row on this line is rejected, for this reason; the others are retired.
    Rejects(&'static str, u64),
    /// All are retired.
    Fine,
}

use Loans::{Fine, Rejects, Stops};

type Change = fn(&str) -> Vec<u8>;

fn replaced(text: &str, from: &str, to: &str) -> Vec<u8> {
    assert!(text.contains(from), "{from} in {text}");
    text.replace(from, to).into_bytes()
}

/// Bytes in place of the canary: what isn't UTF-8 can't be had by replacing text.
fn with_byte(text: &str, byte: u8) -> Vec<u8> {
    let at = text.find(CANARY).unwrap();
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = byte;
    bytes
}

fn without_header(text: &str) -> Vec<u8> {
    text.split_once('\n').unwrap().1.into()
}

/// Changes line by line; lines count from 1.
fn lines(text: &str, change: impl Fn(usize, &str) -> String) -> Vec<u8> {
    text.lines().enumerate().map(|(index, line)| change(index + 1, line)).collect::<String>().into_bytes()
}

/// Without a column.
fn without(text: &str, column: &str) -> Vec<u8> {
    let at = text.lines().next().unwrap().split(',').position(|name| name == column).unwrap();
    lines(text, |_, row| {
        let cells: Vec<&str> =
            row.split(',').enumerate().filter(|(place, _)| *place != at).map(|(_, cell)| cell).collect();
        cells.join(",") + "\n"
    })
}

/// A quote before a cell of the third line, and one behind the same cell of the fifth.
fn swallowed(text: &str, column: &str) -> Vec<u8> {
    let at = text.lines().next().unwrap().split(',').position(|name| name == column).unwrap();
    lines(text, |line, row| {
        let mut cells: Vec<String> = row.split(',').map(String::from).collect();
        match line {
            3 => cells[at].insert(0, '"'),
            5 => cells[at].push('"'),
            _ => {}
        }
        cells.join(",") + "\n"
    })
}

/// Faults of the export of old loans, in which line 6 (loan 5) has a note.
const FAULTS: &[(&str, Change, Loans)] = &[
    ("nothing at all", |text| text.into(), Fine),
    (
        "a declared column renamed",
        |text| replaced(text, "itemnumber", "item_number"),
        Stops(&["old_issues-2026-11-01.csv:1:", "the declared column `itemnumber` is missing", "was it renamed?"]),
    ),
    (
        "a declared column missing",
        |text| without(text, "branchcode"),
        Stops(&["old_issues-2026-11-01.csv:1:", "the declared column `branchcode` is missing"]),
    ),
    // Nothing asks for it.
    ("a column missing that is only dropped", |text| without(text, "unseen_renewals"), Fine),
    // Two quotes, each at an end of a cell: in a column of free text, and in one that never goes on over lines.
    (
        "rows swallowed by a note",
        |text| swallowed(text, "note"),
        Stops(&["old_issues-2026-11-01.csv:3:", "goes on to line 5", "would each be a record"]),
    ),
    (
        "rows swallowed by a code",
        |text| swallowed(text, "branchcode"),
        Stops(&["old_issues-2026-11-01.csv:3:", "goes on to line 5", "a stray quote"]),
    ),
    (
        "a column doubled",
        |text| replaced(text, ",notedate,", ",note,"),
        Stops(&["old_issues-2026-11-01.csv:1:", "the header names columns 13 and 14 alike"]),
    ),
    (
        "an undeclared column",
        |text| {
            lines(text, |line, row| {
                format!("{row},{}\n", if line == 1 { "loan_desk".into() } else { format!("{CANARY}{line}") })
            })
        },
        Fine,
    ),
    (
        "columns in another order",
        |text| lines(text, |_, line| line.split(',').rev().collect::<Vec<_>>().join(",") + "\n"),
        Fine,
    ),
    ("no header", without_header, Stops(&["old_issues-2026-11-01.csv:1:"])),
    (
        "no header, and two cells alike",
        |text| replaced(std::str::from_utf8(&without_header(text)).unwrap(), "MAIN", CANARY),
        Stops(&["old_issues-2026-11-01.csv:1:"]),
    ),
    (
        "no header, and a cell like the name of a column",
        |text| replaced(std::str::from_utf8(&without_header(text)).unwrap(), "MAIN", "Booking-It"),
        Stops(&["old_issues-2026-11-01.csv:1:"]),
    ),
    ("a byte order mark", |text| format!("\u{feff}{text}").into(), Fine),
    (
        "UTF-16",
        |text| "\u{feff}".chars().chain(text.chars()).flat_map(|c| (c as u16).to_le_bytes()).collect(),
        Stops(&["old_issues-2026-11-01.csv:1:"]),
    ),
    ("CR LF everywhere", |text| lines(text, |_, line| format!("{line}\r\n")), Fine),
    (
        "CR LF and LF mixed",
        |text| lines(text, |number, line| format!("{line}{}", if number % 2 == 1 { "\r\n" } else { "\n" })),
        Fine,
    ),
    (
        "CR alone",
        |text| replaced(text, "\n", "\r"),
        Stops(&["old_issues-2026-11-01.csv:1:", "was cut or is still being written"]),
    ),
    (
        "another delimiter",
        |text| replaced(text, ",", ";"),
        Stops(&["old_issues-2026-11-01.csv:1:", "delimiter = \";\""]),
    ),
    (
        "a cell with newlines, quotes, delimiters",
        |text| replaced(text, CANARY, "\"Quokka77Zanzibar,\r\n\"\"a\"\"\n\n\""),
        Fine,
    ),
    ("a stray quote in a cell", |text| replaced(text, CANARY, "Quokka77Zanzibar 12\" disk"), Fine),
    (
        "a quote that never closes",
        |text| replaced(text, CANARY, "\"Quokka77Zanzibar"),
        Stops(&["old_issues-2026-11-01.csv:6:", "was cut or is still being written"]),
    ),
    (
        "a quote that never closes, and a later row that has one in the same column",
        |text| {
            // Loan 5's record would end in loan 9's: as many cells as there should be, and rows 6 to 8 gone.
            let text = lines(text, |number, line| {
                format!("{}\n", if number == 10 { line.replace(",,,,,,", ",\"a note\",,,,,") } else { line.into() })
            });
            replaced(std::str::from_utf8(&text).unwrap(), CANARY, "\"Quokka77Zanzibar")
        },
        Stops(&["old_issues-2026-11-01.csv:6:", "a quote that never closes"]),
    ),
    (
        "a quote that never closes, 2,000 lines before the end",
        |text| {
            let last = text.lines().last().unwrap();
            let more: String = (0..2_000).map(|n| last.replace(",12,", &format!(",{},", 100 + n)) + "\n").collect();
            replaced(text, CANARY, "\"Quokka77Zanzibar").into_iter().chain(more.into_bytes()).collect()
        },
        Stops(&["old_issues-2026-11-01.csv:6:", "a quote that never closes"]),
    ),
    (
        "a short row",
        |text| lines(text, |number, line| line[..line.len() - usize::from(number == 6)].to_string() + "\n"),
        Rejects("short-row", 6),
    ),
    (
        "a long row",
        |text| lines(text, |number, line| line.to_string() + if number == 6 { ",\n" } else { "\n" }),
        Rejects("long-row", 6),
    ),
    (
        "a row cut within the file",
        |text| lines(text, |number, line| line[..if number == 6 { 20 } else { line.len() }].to_string() + "\n"),
        Rejects("short-row", 6),
    ),
    ("invalid UTF-8", |text| with_byte(text, 0xe9), Rejects("encoding", 6)),
    ("a NUL byte", |text| with_byte(text, 0), Rejects("nul-byte", 6)),
    (
        "the row again",
        |text| lines(text, |number, line| format!("{line}\n").repeat(1 + usize::from(number == 6))),
        Rejects("repeat", 7),
    ),
    (
        "an empty line",
        |text| lines(text, |number, line| format!("{line}{}", if number == 6 { "\n\n" } else { "\n" })),
        Fine,
    ),
    ("an empty file", |_| Vec::new(), Stops(&["old_issues-2026-11-01.csv", "the file is empty"])),
    (
        "cut in the middle of a line",
        |text| text.as_bytes()[..text.len() - 5].into(),
        Stops(&["old_issues-2026-11-01.csv:13:", "was cut or is still being written"]),
    ),
    (
        "cut in the header",
        |text| text.as_bytes()[..20].into(),
        Stops(&["old_issues-2026-11-01.csv:1:", "was cut or is still being written"]),
    ),
];

const LOANS: u64 = 12;

#[test]
fn a_fault_of_the_loans_stops_them_alone_or_costs_one_row() {
    for (what, change, expected) in FAULTS {
        let site = TestSite::init("koha");
        let mut inbox = Inbox::koha(&site, LOANS as usize);
        inbox.set("old_issues", 4, "note", CANARY).put(&site);
        write_at(&site, inbox.file("old_issues"), change(&inbox.text("old_issues")), AS_OF);
        let night = CliNight::of(&site, AS_OF);
        let all: Vec<u64> = (1..=LOANS).collect();
        let loans = night.totals("koha-loans");
        match expected {
            Stops(words) => {
                assert_eq!((night.code, loans), (1, None), "{what}: {}", night.printed);
                words
                    .iter()
                    .for_each(|word| assert!(night.printed.contains(word), "{what}: {word} in {}", night.printed));
                assert!(worklist(&site, "koha-loans").is_empty(), "{what}");
            }
            Rejects(reason, line) => {
                let repeat = u64::from(*reason == "repeat");
                let read = LOANS + repeat;
                assert_eq!((night.code, loans), (1, Some([read, read - 1, 0, 0, 1])), "{what}: {}", night.printed);
                let rejected = &night.json["pipelines"][1]["rejected"][0];
                assert_eq!(
                    (&rejected["part"], &rejected["reason"]),
                    (&"old_issues".into(), &(*reason).into()),
                    "{what}"
                );
                assert_eq!(rejected["lines"], serde_json::json!([line]), "{what}");
                let others: Vec<u64> = all.iter().copied().filter(|id| *id != 5 || repeat == 1).collect();
                assert_eq!(worklist(&site, "koha-loans"), others, "{what}");
            }
            Fine => {
                let code = i32::from(what.contains("undeclared"));
                assert_eq!((night.code, loans), (code, Some([LOANS, LOANS, 0, 0, 0])), "{what}: {}", night.printed);
                assert_eq!(worklist(&site, "koha-loans"), all, "{what}");
            }
        }
        assert_eq!(night.totals("koha-holds"), Some([2, 2, 0, 0, 0]), "{what}: the holds go on");
        assert_unseen(&site, &night.printed, &[CANARY, "Booking-It", "Surname7005"]);
        assert_eq!(site.cli(&["verify"]).status.code(), Some(0), "{what}");
    }
}

/// A file that every pipeline needs: a fault of it stops all, and nothing is changed.
#[test]
fn a_fault_of_the_patrons_changes_nothing() {
    let faults: &[(&str, Change, &[&str])] = &[
        (
            "a short row",
            |text| lines(text, |number, line| line[..line.len() - usize::from(number == 6)].to_string() + "\n"),
            &["borrowers-2026-11-01.csv:6:", "fewer cells"],
        ),
        (
            "a long row",
            |text| lines(text, |number, line| line.to_string() + if number == 6 { ",\n" } else { "\n" }),
            &["borrowers-2026-11-01.csv:6:", "more cells"],
        ),
        ("invalid UTF-8", |text| with_byte(text, 0xe9), &["borrowers-2026-11-01.csv:6:", "not valid text"]),
        ("a NUL byte", |text| with_byte(text, 0), &["borrowers-2026-11-01.csv:6:", "not valid text"]),
        (
            "a patron twice",
            |text| lines(text, |number, line| format!("{line}\n").repeat(1 + usize::from(number == 6))),
            &["borrowers-2026-11-01.csv:7:", "second row"],
        ),
        (
            "a column missing",
            |text| replaced(text, "privacy", "secrecy"),
            &["borrowers-2026-11-01.csv:1:", "`privacy` is missing"],
        ),
        ("no header", without_header, &["borrowers-2026-11-01.csv:1:"]),
        (
            "a quote that never closes",
            |text| replaced(text, CANARY, "\"Quokka77Zanzibar"),
            &["borrowers-2026-11-01.csv:6:"],
        ),
        (
            "patrons swallowed by an address",
            |text| swallowed(text, "address"),
            &["borrowers-2026-11-01.csv:3:", "goes on to line 5"],
        ),
        ("an empty file", |_| Vec::new(), &["borrowers-2026-11-01.csv", "the file is empty"]),
        ("cut", |text| text.as_bytes()[..text.len() - 5].into(), &["borrowers-2026-11-01.csv:13:", "was cut"]),
    ];
    for (what, change, words) in faults {
        let site = TestSite::init("koha");
        let mut inbox = Inbox::koha(&site, LOANS as usize);
        inbox.set("borrowers", 4, "borrowernotes", CANARY).put(&site);
        write_at(&site, inbox.file("borrowers"), change(&inbox.text("borrowers")), AS_OF);
        site.cli(&["plan", "--as-of", AS_OF]);
        let before = snapshot(&site.root());
        let night = CliNight::of(&site, AS_OF);
        assert_eq!(night.code, 2, "{what}: {}", night.printed);
        words.iter().for_each(|word| assert!(night.printed.contains(word), "{what}: {word} in {}", night.printed));
        assert!(snapshot(&site.root()) == before, "{what}: the site changed");
        let own = [CANARY, "Surname70", "login70", "@example.org", "2999900"];
        assert_unseen(&site, &night.printed, &own);
    }
}

/// Every table may have a header alone on a first night: that is what an empty table looks like.
#[test]
fn a_header_alone_is_an_empty_table_and_later_a_brake() {
    let site = TestSite::init("koha");
    Inbox::empty(&site).put(&site);
    let night = CliNight::of(&site, AS_OF);
    assert_eq!((night.code, night.totals("koha-loans")), (0, Some([0; 5])), "{}", night.printed);

    // Twelve are purged and may be missing; six patrons keep a history.
    let site = TestSite::init("koha");
    let mut inbox = Inbox::koha(&site, 18);
    for row in 12..18 {
        inbox.set("borrowers", row, "privacy", "0");
    }
    inbox.put(&site);
    let night = CliNight::of(&site, AS_OF);
    assert_eq!(night.totals("koha-loans"), Some([18, 12, 6, 0, 0]), "{}", night.printed);
    inbox.set("old_reserves", 0, "priority", "9");
    inbox.retain("old_issues", |_| false).put_at(&site, AS_OF_LATER);
    let before = snapshot(&site.root());
    let run = site.cli(&["run", "--json", "--as-of", AS_OF_LATER]);
    // The holds go on: their worklist is the same.
    assert_eq!(run.status.code(), Some(1), "{run:?}");
    let json: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(json["pipelines"][1]["held"], true, "{json}");
    assert!(json["brakes"][0]["why"].as_str().unwrap().contains("shrank from 18 to 0 records"), "{json}");
    let known = |files: Vec<(std::path::PathBuf, Vec<u8>)>| -> Vec<_> {
        files.into_iter().filter(|(path, _)| path.to_string_lossy().contains("known/koha-loans")).collect()
    };
    assert_eq!(known(snapshot(&site.root())), known(before), "nothing was taken for severed");
    assert!(worklist(&site, "koha-loans").is_empty(), "nor does last night's list stand: it might sever too much");
}
