//! Exports that are split over files, that a program prints, or that come from standard input.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::made_up::{
    COMMAND, COMMAND_JSON, CSV, Dialect, Exports, From, INPUT, INPUT_BAR, JSON_LINES, SPLIT, TOTALS, TRAILING, id, ids,
    worklist,
};
use super::{Bytes, Change, Comes, Ends, Fine, NEVER_SEEN, New, Rejects, Stops, Text};
use super::{all_withstand, ends_so, failures, fifth, replaced};
use crate::support::inbox::{CANARY, assert_unseen, write_at};
use crate::support::{AS_OF, files};

/// Four loans in each of three files: the fifth is the first of the second file.
const SECOND: &str = "loans-2026-11-01-2.csv";

/// The exports with a change to one of their files.
fn split(file: &str, change: impl Fn(&str) -> String) -> Exports {
    let mut exports = Exports::new(&SPLIT);
    let text = String::from_utf8(exports.file(file).clone()).unwrap();
    *exports.file(file) = change(&text).into();
    exports
}

#[test]
fn a_fault_in_one_of_several_files() {
    type Case = (&'static str, &'static str, fn(&str) -> String, Ends);
    let cases: &[Case] = &[
        (
            "another header",
            SECOND,
            |text| replaced(text, "item", "items"),
            Stops(&[SECOND, ":1: the declared column `item` is missing"]),
        ),
        ("no header", SECOND, |text| text.split_once('\n').unwrap().1.into(), Stops(&[SECOND, ":1: "])),
        (
            "columns in another order",
            SECOND,
            |text| super::by_line(text, |_, line| line.split(',').rev().collect::<Vec<_>>().join(",") + "\n"),
            Fine,
        ),
        (
            "a column more",
            SECOND,
            |text| super::by_line(text, |n, line| format!("{line},{}\n", if n == 1 { "desk" } else { CANARY })),
            New("loans.desk"),
        ),
        ("empty", SECOND, |_| String::new(), Stops(&[SECOND, ": the file is empty"])),
        ("cut", SECOND, |text| text[..text.len() - 5].into(), Stops(&[SECOND, ":5: ", "was cut"])),
        ("a header alone", SECOND, |text| text.lines().next().unwrap().to_string() + "\n", Comes([8, 4, 3, 1, 0])),
        (
            "a quote that never closes",
            SECOND,
            |text| replaced(text, CANARY, "\"Quokka77Zanzibar"),
            Stops(&[SECOND, ":2: "]),
        ),
        (
            "another header of the patrons",
            "patrons-2026-11-01-2.csv",
            |text| replaced(text, "card", "barcode"),
            Stops(&["patrons-2026-11-01-2.csv: its header is not that of the other files"]),
        ),
        (
            "another order of the patrons",
            "patrons-2026-11-01-2.csv",
            |text| super::by_line(text, |_, line| line.split(',').rev().collect::<Vec<_>>().join(",") + "\n"),
            Stops(&["patrons-2026-11-01-2.csv: its header is not that of the other files"]),
        ),
        (
            "a short row of the patrons",
            "patrons-2026-11-01-2.csv",
            |text| replaced(text, "29999000000006,", "Quokka77Zanzibar"),
            Stops(&["patrons-2026-11-01-2.csv:3: the row has fewer cells"]),
        ),
        (
            "a patron of the first file again",
            "patrons-2026-11-01-2.csv",
            |text| replaced(text, "7006,", "7001,"),
            Stops(&["patrons-2026-11-01-2.csv:3: a second row"]),
        ),
        (
            "cut bills",
            "bills-2026-11-01-2.csv",
            |text| text[..text.len() - 3].into(),
            Stops(&["bills-2026-11-01-2.csv:", "was cut"]),
        ),
    ];
    failures(cases.iter().map(|(what, file, change, ends)| move || ends_so(&split(file, change), what, 2, ends)));
}

/// The rejected row is said with its line and the file in which that is.
#[test]
fn a_rejected_row_of_one_of_several_files_says_which() {
    let exports = split(SECOND, |text| fifth(text, |line| line.replacen(',', "", 1)));
    let site = exports.site();
    let night = exports.night(&site);
    assert_eq!((night.code, night.totals("made-up-loans")), (1, Some([12, 5, 5, 1, 1])), "{}", night.printed);
    let rejected = &night.json["pipelines"][0]["rejected"][0];
    assert_eq!((&rejected["reason"], &rejected["lines"]), (&"short-row".into(), &serde_json::json!([2])));
    assert_unseen(&site, &night.printed, &NEVER_SEEN);
    assert_eq!(rejected["file"], "loans-2026-11-01-2.csv");
    for ending in ["000001.json", "000001.html"] {
        let reports = files(&site.at("reports"));
        let report = reports.iter().find(|path| path.to_string_lossy().ends_with(ending)).unwrap();
        let report = std::fs::read_to_string(site.at("reports").join(report)).unwrap();
        assert!(report.contains("loans-2026-11-01-2.csv"), "{report}");
    }
    assert!(night.printed.contains("loans-2026-11-01-2.csv"), "{}", night.printed);
}

/// The same exports come to the same plan, whichever worker reads which file first.
/// The plan's digest must not depend on which worker was first.
#[test]
fn a_loan_of_another_file_again() {
    let again = format!("{},,7001,300001,2026-08-03 10:30:00,2026-08-12 17:00:00,zurückgegeben,MAIN\n", id(1));
    let exports = split(SECOND, |text| format!("{text}{again}"));
    let site = exports.site();
    let plans = (0..30).map(|_| site.plan(AS_OF).unwrap());
    let plans: BTreeSet<_> =
        plans.map(|plan| (plan.totals.retired, plan.totals.rejected, plan.digest.to_string())).collect();
    assert_eq!(plans.len(), 1, "{plans:?}");
    assert_eq!(plans.first().map(|(retired, rejected, _)| (*retired, *rejected)), Some((6, 1)));
}

/// Only files of the newest date belong together, finished ones alone.
#[test]
fn files_of_another_night_are_not_of_the_export() {
    let exports = Exports::new(&SPLIT);
    let site = exports.site();
    let last_night = String::from_utf8(exports.files[0].1.clone()).unwrap().replace(&id(1), "Loan-99");
    for name in ["loans-2026-10-31-4.csv", ".loans-2026-11-01-4.csv"] {
        write_at(&site, name, &last_night, AS_OF);
    }
    let night = exports.night(&site);
    assert_eq!((night.code, night.totals("made-up-loans")), (0, Some(TOTALS)), "{}", night.printed);
    assert_eq!(worklist(&site), ids(1..=6));
    // While one is still being written, the export isn't whole.
    write_at(&site, "loans-2026-11-01-4.csv.part", &last_night, AS_OF);
    let night = exports.night(&site);
    assert_eq!(night.code, 2, "{}", night.printed);
    assert!(night.printed.contains("is still being written"), "{}", night.printed);
}

/// Runs a shell's words in the place of one table's `cat`.
fn commanded(dialect: &Dialect, table: &str, words: &str) -> Exports {
    let mut exports = Exports::new(dialect);
    let words = words.replace("FILE", &format!("inbox/{table}-2026-11-01{}", dialect.ending));
    exports.origin(table, format!("command = [\"sh\", \"-c\", {words:?}]"));
    exports
}

#[test]
fn commands_that_fail() {
    // None of these may be taken for a short export.
    let cases = [
        ("as a whole file", "cat FILE", Fine),
        ("with 1 after half of it", "head -n 3 FILE; exit 1", Stops(&["s (from sh)"])),
        ("with 1 after all of it", "cat FILE; exit 1", Stops(&["s (from sh)", "exit status: 1"])),
        ("killed after all of it", "cat FILE; kill -9 $$", Stops(&["s (from sh)", "signal: 9"])),
        ("with 0, but complains", "cat FILE; echo Quokka77Zanzibar >&2", Stops(&["s (from sh)", "standard error"])),
        (
            "with 0, but complained first",
            "echo Quokka77Zanzibar >&2; cat FILE",
            Stops(&["s (from sh)", "standard error"]),
        ),
        (
            "with 1 and much to complain",
            "cat FILE; yes Quokka77Zanzibar | head -n 100000 >&2; exit 1",
            Stops(&["s (from sh)", "exit status: 1"]),
        ),
        ("with 1 in the middle of a record", "head -c 100 FILE; exit 1", Stops(&["s (from sh)"])),
        ("with 0 and nothing", "true", Stops(&["s (from sh)"])),
        ("with an error page", "echo '<html>Quokka77Zanzibar</html>'", Stops(&["s (from sh)"])),
        ("reading its input", "cat FILE; cat", Fine),
        ("and leaves something behind", "sleep 300 >&- 2>&- & cat FILE", Fine),
    ];
    for (dialect, table) in [(COMMAND, "loans"), (COMMAND, "bills"), (COMMAND_JSON, "loans"), (COMMAND_JSON, "bills")] {
        failures(cases.iter().map(|(what, words, ends)| {
            move || ends_so(&commanded(&dialect, table, words), &format!("{table}: ends {what}"), 0, ends)
        }));
    }
}

/// Whatever ends the run, nothing that it started goes on.
#[test]
fn a_command_ends_with_its_run() {
    let site = commanded(&COMMAND, "loans", "sleep 300 & echo $! > inbox/left; sleep 300").site();
    let mut run = Command::new(env!("CARGO_BIN_EXE_afterloan"))
        .args(["plan", "--as-of", AS_OF, "--site"])
        .arg(site.root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let left = site.at("inbox/left");
    let wait = |what: &dyn Fn() -> bool| {
        let begun = Instant::now();
        while !what() {
            assert!(begun.elapsed() < Duration::from_secs(60), "it waits for ever");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    wait(&|| fs::read_to_string(&left).is_ok_and(|pid| pid.ends_with('\n')));
    let stat = format!("/proc/{}/stat", fs::read_to_string(&left).unwrap().trim());
    let runs = || fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z ") && !stat.contains(") X "));
    assert!(runs());
    run.kill().unwrap();
    run.wait().unwrap();
    wait(&|| !runs());
}

/// What is wrong with what it printed must not hide that it failed: that is why.
///
/// Where what was printed is no whole export, that the command failed is the better reason.
#[test]
fn a_command_that_fails_is_said_to_have_failed() {
    let case = |dialect: Dialect, words: &'static str| {
        let ends = Stops(&["loans (from sh)", "exit status: 1"]);
        move || ends_so(&commanded(&dialect, "loans", words), words, 0, &ends)
    };
    let [nothing, line, cut] =
        ["echo Quokka77Zanzibar >&2; exit 1", "head -n 3 FILE; exit 1", "head -c 100 FILE; exit 1"];
    let each =
        [COMMAND, COMMAND_JSON].into_iter().flat_map(|dialect| [nothing, line, cut].map(|words| (dialect, words)));
    failures(each.map(|(dialect, words)| case(dialect, words)));
}

#[test]
fn commands_that_cannot_be_started() {
    let case = |(command, ends): (&'static str, Ends)| {
        move || {
            let mut exports = Exports::new(&COMMAND);
            exports.origin("loans", command);
            ends_so(&exports, command, 0, &ends);
        }
    };
    let cases = [
        (
            r#"command = ["no-such-program", "Quokka77Zanzibar"]"#,
            Stops(&["loans (from no-such-program): No such file"]),
        ),
        // No shell, unless the pipeline names one.
        (r#"command = ["cat inbox"]"#, Stops(&["loans (from cat inbox): No such file"])),
        (r#"command = ["cat", "inbox/loans-*.csv"]"#, Stops(&["loans (from cat)"])),
    ];
    failures(cases.into_iter().map(case));
    let cases = [
        (r#"command = ["/dev/null"]"#, Stops(&["loans (from null): Permission denied"])),
        (
            r#"command = ["/bin/sh", "-c", "cat inbox/loans-2026-11-01.csv; exit 3"]"#,
            Stops(&["loans (from sh)", "exit status: 3"]),
        ),
    ];
    failures(cases.into_iter().map(case));
}

#[test]
fn faults_in_what_a_command_prints() {
    let cases: [(&str, Change, Ends); 3] = [
        ("a short row", Text(|text| fifth(text, |line| line.replacen(',', "", 1))), Rejects("short-row", 0)),
        ("cut", Text(|text| text[..text.len() - 5].into()), Stops(&["loans (from cat):13: ", "was cut"])),
        (
            "a column missing",
            Text(|text| replaced(text, "item", "thing")),
            Stops(&["loans (from cat):1: the declared column `item`"]),
        ),
    ];
    all_withstand(&[COMMAND], &cases);
}

#[test]
fn faults_on_standard_input() {
    let cases: [(&str, Change, Ends); 5] = [
        ("a short row", Text(|text| fifth(text, |line| line.replacen(',', "", 1))), Rejects("short-row", 0)),
        ("cut", Text(|text| text[..text.len() - 5].into()), Stops(&["loans (standard input):13: ", "was cut"])),
        ("nothing", Text(|_| String::new()), Stops(&["loans (standard input): the file is empty"])),
        (
            "a column missing",
            Text(|text| replaced(text, "item", "thing")),
            Stops(&["loans (standard input):1: the declared column `item`"]),
        ),
        ("compressed", Bytes(|bytes| super::made_up::gz(&bytes)), Stops(&["loans (standard input):1: "])),
    ];
    all_withstand(&[INPUT], &cases);
    let nothing: [(&str, Change, Ends); 1] = [("nothing", Text(|_| String::new()), Stops(&["loans (standard input)"]))];
    all_withstand(&[INPUT_BAR], &nothing);
}

/// What one pipeline has read, the other would find empty.
#[test]
fn standard_input_for_two_pipelines() {
    let exports = Exports::new(&INPUT_BAR);
    let site = exports.site();
    let other = std::fs::read_to_string(site.at("pipelines/made-up-loans.toml")).unwrap();
    let other = other.replace("\"made-up-loans\"", "\"made-up-holds\"").replace("kind = \"loan\"", "kind = \"hold\"");
    std::fs::write(site.at("pipelines/made-up-holds.toml"), other).unwrap();
    let night = exports.night(&site);
    assert_eq!(night.code, 2, "{}", night.printed);
    assert!(night.printed.contains("standard input"), "{}", night.printed);
}

/// Files that a run has read are deleted where the policy says so: all that an export is split into, and no other.
#[test]
fn all_files_of_a_split_export_are_deleted() {
    let exports = Exports::new(&SPLIT);
    let site = exports.site();
    site.edit("policy.toml", |text| text.replace("after_run = \"keep\"", "after_run = \"delete\""));
    write_at(&site, "loans-2026-10-31-1.csv", "", AS_OF);
    let night = exports.night(&site);
    // The one of the night before, which nobody reads any more, is named.
    assert_eq!((night.code, night.totals("made-up-loans")), (1, Some(TOTALS)), "{}", night.printed);
    assert!(night.printed.contains("loans-2026-10-31-1.csv"), "{}", night.printed);
    assert_eq!(files(&site.at("inbox")), [std::path::PathBuf::from("loans-2026-10-31-1.csv")]);
}

/// A file of a split export that has not arrived: the export shrank.
#[test]
fn a_file_of_a_split_export_that_is_missing_is_a_brake() {
    let exports = Exports::new(&SPLIT);
    let site = exports.site();
    assert_eq!(exports.night(&site).code, 0);
    std::fs::remove_file(site.at("inbox/bills-2026-11-01-2.csv")).unwrap();
    let run = site.cli(&["run", "--json", "--as-of", AS_OF]);
    assert_eq!(run.status.code(), Some(2), "{run:?}");
    assert!(String::from_utf8_lossy(&run.stderr).contains("the export `bills` shrank from 4 to 2 records"), "{run:?}");
}

/// A patron is on legal hold by a card, which stands on a patron's row, and in the note of another patron's loan, too:
/// both are held. All rows are looked through for it before any is decided.
/// Standard input can't be read twice: there the pipeline must not have identifiers on rows.
#[test]
fn a_legal_hold_finds_its_patrons_wherever_the_rows_come_from() {
    let case = |dialect: &Dialect| {
        let mut exports = Exports::new(dialect);
        let name = dialect.name;
        if dialect.from == From::Split {
            let text = String::from_utf8(exports.file(SECOND).clone()).unwrap();
            *exports.file(SECOND) = replaced(&text, CANARY, "29999000000003").into();
        } else {
            let text = String::from_utf8(exports.file("loans").clone()).unwrap();
            *exports.file("loans") = text.replace(CANARY, "29999000000003").into();
        }
        move || {
            let site = exports.site();
            site.edit("state/holds.json", |_| {
                r#"{"format":1,"count":1,"holds":[{"matter":"m","placed":"2026-03-01T09:00:00-05:00","placed_by":"x",
                   "trigger":"y","released":null,"released_by":null,"scope":{"identifiers":["29999000000003"]}}]}"#
                    .into()
            });
            let night = exports.night(&site);
            assert_eq!(worklist(&site), ids([1, 2, 4, 6]), "{name}: {}", night.printed);
            assert_eq!(night.totals("made-up-loans"), Some([12, 4, 7, 1, 0]), "{name}: {}", night.printed);
        }
    };
    failures([CSV, JSON_LINES, TRAILING, SPLIT, COMMAND, COMMAND_JSON].iter().map(case));
}
