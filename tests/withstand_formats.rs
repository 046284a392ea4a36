//! What the ways of reading exports must withstand beyond CSV and psql's text: delimited files, JSON, encodings,
//! compression, exports that are split, that a program prints, or that come from standard input. The same twelve loans
//! come to the same in all of them; each fault is said with file and line or record, never with a cell; a fault costs
//! one row, or stops the pipeline and changes nothing.

mod dialects;
mod documents;
mod encodings;
mod history;
mod ids;
mod lines;
mod lookups;
mod made_up;
mod mixed;
mod origins;
mod packed;
mod same;
mod weblogs;
mod workbooks;

use made_up::{Dialect, Exports, TOTALS, ids, worklist};

use crate::support::inbox::{CANARY, assert_unseen};
use crate::support::{AS_OF, snapshot};

/// How a fault ends.
enum Ends {
    /// The pipeline stops, says all of this, and nothing is changed. `{line}` is the canary's line in the whole file.
    Stops(&'static [&'static str]),
    /// The fifth loan alone is rejected, for this reason, on the canary's line or so many below it.
    Rejects(&'static str, u64),
    /// All rows are rejected, for this reason: so many.
    RejectsAll(&'static str, u64),
    /// These totals, and as many on the worklist as are retired.
    Comes([u64; 5]),
    /// As if nothing were wrong.
    Fine,
    /// As if nothing were wrong, but for this new column, which is named.
    New(&'static str),
}

use Ends::{Comes, Fine, New, Rejects, RejectsAll, Stops};

/// What is done to the loans' file.
enum Change {
    Text(fn(&str) -> String),
    /// After it was encoded.
    Bytes(fn(Vec<u8>) -> Vec<u8>),
    /// After it was compressed, too.
    Packed(fn(Vec<u8>) -> Vec<u8>),
}

use Change::{Bytes, Packed, Text};

/// What else must never be seen: names, cards, a part of an id that is none.
const NEVER_SEEN: [&str; 6] = [CANARY, "Größe7", "Größe", "29999000000", "DROP TABLE", "12\" disc"];

/// The line of the fifth loan; lines count from 1, and those of a JSON document are its records.
fn canary_line(dialect: &Dialect, text: &str) -> u64 {
    if dialect.read.contains("json") {
        return 5;
    }
    let found = text.lines().position(|line| line.contains(CANARY) && !line.starts_with('#'));
    found.unwrap() as u64 + 1
}

/// Changes line by line; lines count from 1.
fn by_line(text: &str, change: impl Fn(usize, &str) -> String) -> String {
    text.lines().enumerate().map(|(index, line)| change(index + 1, line)).collect()
}

/// Changes the fifth loan's line.
fn fifth(text: &str, change: impl Fn(&str) -> String) -> String {
    by_line(text, |_, line| match line.contains(CANARY) && !line.starts_with('#') {
        true => change(line) + "\n",
        false => format!("{line}\n"),
    })
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} in {text}");
    text.replace(from, to)
}

/// Bytes in place of the fifth loan's note: what isn't text can't be had by replacing text.
fn with_bytes(bytes: Vec<u8>, encode: fn(&str) -> Vec<u8>, instead: &[u8]) -> Vec<u8> {
    let [loan, note] = [encode(&made_up::id(5)), encode(CANARY)];
    let find = |from: usize, what: &[u8]| from + bytes[from..].windows(what.len()).position(|w| w == what).unwrap();
    let at = find(find(0, &loan), &note);
    [&bytes[..at], instead, &bytes[at + note.len()..]].concat()
}

/// Every case in every dialect. All that fail are named, and not the first alone.
fn all_withstand(dialects: &[Dialect], cases: &[(&str, Change, Ends)]) {
    let pairs = dialects.iter().flat_map(|dialect| cases.iter().map(move |case| (dialect, case)));
    failures(pairs.map(|(dialect, (what, change, ends))| move || withstands(dialect, what, change, ends)));
}

/// Runs all, and fails where any did.
fn failures(cases: impl Iterator<Item = impl FnOnce()>) {
    let failed = cases.filter_map(|case| std::panic::catch_unwind(std::panic::AssertUnwindSafe(case)).err()).count();
    assert_eq!(failed, 0, "so many cases fail; each is said above");
}

/// Breaks the loans in one way and looks at what becomes of them.
fn withstands(dialect: &Dialect, what: &str, change: &Change, ends: &Ends) {
    let mut exports = Exports::new(dialect);
    let whole = (dialect.text)(&made_up::loans());
    let encoded = (dialect.encode)(&whole);
    *exports.file("loans") = match change {
        Text(change) => (dialect.pack)(&(dialect.encode)(&change(&whole))),
        Bytes(change) => (dialect.pack)(&change(encoded)),
        Packed(change) => change((dialect.pack)(&encoded)),
    };
    ends_so(&exports, what, canary_line(dialect, &whole), ends);
}

/// Runs the night and holds it to what is expected.
fn ends_so(exports: &Exports, what: &str, line: u64, ends: &Ends) {
    let what = format!("{}, {what}", exports.dialect.name);
    let exports = match ends {
        RejectsAll(..) => &exports.clone().without_bills(),
        _ => exports,
    };
    let site = exports.site();
    let before = matches!(ends, Stops(_)).then(|| {
        // The first command makes what is only made once.
        site.cli(&["plan", "--as-of", AS_OF]);
        snapshot(&site.root())
    });
    let night = exports.night(&site);
    let printed = &night.printed;
    let totals = night.totals("made-up-loans");
    let [read, retired, kept, unlinked, _] = TOTALS;
    match ends {
        Stops(words) => {
            assert_eq!((night.code, totals), (2, None), "{what}: {printed}");
            for word in words.iter().map(|word| word.replace("{line}", &line.to_string())) {
                assert!(printed.contains(&word), "{what}: {word} in {printed}");
            }
            assert!(Some(snapshot(&site.root())) == before, "{what}: the site changed");
        }
        Rejects(reason, below) => {
            let repeat = u64::from(*reason == "repeat");
            let expected = [read + repeat, retired - 1 + repeat, kept, unlinked, 1];
            assert_eq!((night.code, totals), (1, Some(expected)), "{what}: {printed}");
            let rejected = &night.json["pipelines"][0]["rejected"];
            let expected = serde_json::json!(
                [{"part": "loans", "reason": reason, "rows": 1, "lines": [line + below]}]
            );
            assert_eq!(*rejected, expected, "{what}");
            assert_eq!(worklist(&site), ids((1..=6).filter(|n| *n != 5 || repeat == 1)), "{what}");
        }
        RejectsAll(reason, rows) => {
            assert_eq!((night.code, totals), (1, Some([*rows, 0, 0, 0, *rows])), "{what}: {printed}");
            assert_eq!(night.json["pipelines"][0]["rejected"][0]["reason"], *reason, "{what}");
            assert!(worklist(&site).is_empty(), "{what}");
        }
        Comes(expected) => {
            assert_eq!(totals, Some(*expected), "{what}: {printed}");
            assert_eq!(worklist(&site).len() as u64, expected[1], "{what}");
        }
        Fine => {
            // What a program prints is written now, days after the as-of, which a person should know.
            let look = i32::from(printed.contains("days newer than the as-of"));
            assert_eq!((night.code, totals), (look, Some(TOTALS)), "{what}: {printed}");
            assert_eq!(worklist(&site), ids(1..=6), "{what}");
        }
        New(name) => {
            assert_eq!((night.code, totals), (1, Some(TOTALS)), "{what}: {printed}");
            assert_eq!(night.json["pipelines"][0]["undeclared"], serde_json::json!([name]), "{what}");
            assert_eq!(worklist(&site), ids(1..=6), "{what}");
        }
    }
    assert_unseen(&site, printed, &NEVER_SEEN);
    if before.is_none() {
        assert_eq!(site.cli(&["verify"]).status.code(), Some(0), "{what}");
    }
}
