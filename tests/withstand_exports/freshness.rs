//! Exports of another night, unfinished ones, and ones that change under our eyes.

use std::fs::{self, File};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use afterloan::act::{self, Progress, Seams};
use afterloan::state::commit::no_hook;
use afterloan::state::entropy::Fixed;

use crate::support::inbox::{AS_OF_LATER, CliNight, Inbox, date, hours_from_as_of, worklist, write_at};
use crate::support::{AS_OF, TestSite, options};

#[test]
fn an_export_of_another_night_stops_its_pipeline() {
    // (table, hours from as-of, what is said; empty: it is read)
    let cases = [
        ("old_issues", -37, "old_issues-2026-11-01.csv: the export is stale: written 37 hours before as-of"),
        ("return_claims", -37, "return_claims-2026-11-01.csv: the export is stale"),
        ("old_issues", -13, "old_issues-2026-11-01.csv: the export is of another night"),
        ("return_claims", -13, "return_claims-2026-11-01.csv: the export is of another night"),
        ("return_claims", -11, ""),
        ("issues", 11, ""),
    ];
    for (table, hours, words) in cases {
        let site = TestSite::init("koha");
        let inbox = Inbox::koha(&site, 12);
        inbox.put(&site);
        date(&site.at("inbox").join(inbox.file(table)), &hours_from_as_of(hours));
        let night = CliNight::of(&site, AS_OF);
        let (code, totals) = if words.is_empty() { (0, Some([12, 12, 0, 0, 0])) } else { (1, None) };
        assert_eq!((night.code, night.totals("koha-loans")), (code, totals), "{table} {hours}: {}", night.printed);
        assert!(night.printed.contains(words), "{table} {hours}: {}", night.printed);
        assert_eq!(night.totals("koha-holds"), Some([2, 2, 0, 0, 0]), "{table} {hours}: the holds go on");
    }
}

#[test]
fn a_missing_export_stops_its_pipeline() {
    for table in ["issues", "old_issues", "return_claims"] {
        let site = TestSite::init("koha");
        let inbox = Inbox::koha(&site, 12);
        inbox.put(&site);
        fs::remove_file(site.at("inbox").join(inbox.file(table))).unwrap();
        let night = CliNight::of(&site, AS_OF);
        assert_eq!((night.code, night.totals("koha-loans")), (1, None), "{table}: {}", night.printed);
        assert!(night.printed.contains(&format!("`{table}-*.csv*`: the export is missing")), "{}", night.printed);
    }
}

/// The newest finished file, never a union: what was gone tonight must not come back from last night's.
#[test]
fn last_nights_file_beside_tonights_is_not_read() {
    let site = TestSite::init("koha");
    Inbox::koha(&site, 12).put(&site);
    let older = Inbox::koha(&site, 20);
    write_at(&site, "old_issues-2026-10-31.csv", older.text("old_issues"), &hours_from_as_of(-24));
    for unfinished in ["old_issues-2026-11-02.csv.part", "old_issues-2026-11-02.csv.tmp", ".old_issues-2026-11-02.csv"]
    {
        write_at(&site, unfinished, older.text("old_issues"), &hours_from_as_of(1));
    }
    let night = CliNight::of(&site, AS_OF);
    assert_eq!((night.code, night.totals("koha-loans")), (0, Some([12, 12, 0, 0, 0])), "{}", night.printed);
    assert_eq!(worklist(&site, "koha-loans"), (1..=12).collect::<Vec<u64>>());
}

/// However new: a backup is no export, and is named; a sum beside one is nothing to look at.
#[test]
fn a_copy_beside_an_export_is_never_tonights() {
    let site = TestSite::init("koha");
    Inbox::koha(&site, 12).put(&site);
    let older = Inbox::koha(&site, 20);
    let copies = ["bak", "old", "orig"].map(|ending| format!("old_issues-2026-11-01.csv.{ending}"));
    for copy in copies.iter().map(String::as_str).chain(["old_issues-2026-11-01.csv~"]) {
        write_at(&site, copy, older.text("old_issues"), &hours_from_as_of(1));
    }
    write_at(&site, "old_issues-2026-11-01.csv.sha256", "00  old_issues-2026-11-01.csv\n", &hours_from_as_of(1));
    let night = CliNight::of(&site, AS_OF);
    assert_eq!((night.code, night.totals("koha-loans")), (1, Some([12, 12, 0, 0, 0])), "{}", night.printed);
    assert_eq!(worklist(&site, "koha-loans"), (1..=12).collect::<Vec<u64>>());
    assert!(copies.iter().all(|copy| night.printed.contains(copy)), "{}", night.printed);
    assert!(!night.printed.contains("sha256"), "{}", night.printed);
}

#[test]
fn a_name_that_moves_the_cursor_is_shown_as_it_is_written() {
    let site = TestSite::init("koha");
    let inbox = Inbox::koha(&site, 12);
    inbox.put(&site);
    write_at(&site, "old_issues-\u{1b}[2J\n.csv", inbox.text("old_issues"), AS_OF);
    let night = CliNight::of(&site, AS_OF);
    assert_eq!((night.code, night.totals("koha-loans")), (1, None), "{}", night.printed);
    assert!(night.printed.contains("u{1b}[2J") && !night.printed.contains('\u{1b}'), "{}", night.printed);
}

#[test]
fn a_file_that_grows_while_it_is_read_stops_its_pipeline() {
    // While the loans are read, something is added to one of their files.
    let site = TestSite::init("koha");
    let inbox = Inbox::koha(&site, 12);
    inbox.put(&site);
    let path = site.at("inbox").join(inbox.file("old_issues"));
    let last = inbox.text("old_issues").lines().last().unwrap().replace(",12,", ",13,") + "\n";
    let grown = AtomicBool::new(false);
    let progress = |progress: Progress<'_>| {
        let reading = matches!(progress, Progress::Reading { pipeline: "koha-loans", .. });
        if reading && !grown.swap(true, Ordering::SeqCst) {
            // From another thread, as another program would.
            let (path, last) = (&path, &last);
            std::thread::scope(|scope| {
                scope.spawn(move || {
                    File::options().append(true).open(path).unwrap().write_all(last.as_bytes()).unwrap()
                });
            });
        }
    };
    let seams = Seams { entropy: &mut Fixed::new(1), hook: &no_hook, progress: &progress };
    let outcome = act::plan(&site.site(), options(AS_OF, None), seams).unwrap();
    assert!(grown.load(Ordering::SeqCst));
    assert_eq!(outcome.stopped.len(), 1, "{outcome:?}");
    assert!(
        outcome.stopped[0].why.contains("old_issues-2026-11-01.csv: the file changed while it was read"),
        "{outcome:?}"
    );
    assert_eq!(outcome.pipelines.len(), 1, "the holds go on");
}

#[test]
fn a_lookup_of_half_its_size_is_a_brake() {
    let site = TestSite::init("koha");
    let mut inbox = Inbox::koha(&site, 12);
    for line in 0..20 {
        inbox.add("accountlines", &[("accountlines_id", &line.to_string()), ("amountoutstanding", "0.00")]);
    }
    inbox.put(&site);
    assert_eq!(CliNight::of(&site, AS_OF).code, 0);
    inbox.retain("accountlines", |row| row < 10).put_at(&site, AS_OF_LATER);
    let run = site.cli(&["run", "--json", "--as-of", AS_OF_LATER]);
    assert_eq!(run.status.code(), Some(2), "{run:?}");
    let said = String::from_utf8_lossy(&run.stderr);
    for pipeline in ["koha-loans", "koha-holds"] {
        assert!(
            said.contains(&format!("{pipeline} is held: the export `bills` shrank from 20 to 10 records")),
            "{said}"
        );
    }
    // A person may accept it.
    let night = CliNight::of(&site, AS_OF_LATER);
    assert_eq!((night.code, &night.json["accepted"]), (1, &true.into()), "residuals: {}", night.printed);
}
