//! What the board may decide, over several nights.

use std::fs;
use std::path::PathBuf;

use afterloan::words::Need;

use crate::support::inbox::{CliNight, Inbox};
use crate::support::library::{Library, five, is_there, loans_site, only};
use crate::support::{AS_OF, TestSite};

const LEDGER: &str = "reports/ledger.jsonl";

fn with_loans(from: &str, to: &str) -> TestSite {
    let site = loans_site();
    site.edit("policy.toml", |text| {
        assert!(text.contains(from));
        text.replacen(from, to, 1)
    });
    site
}

#[test]
fn the_last_borrower_is_kept_while_no_newer_one_exists() {
    let site = with_loans("last_borrower = 0", "last_borrower = 1");
    let mut library = Library::default().loans(101, 3, "2026-07-01", Some("2026-07-09"));
    let newer = |library: &mut Library, id: u64, item: u64, returned: Option<&str>| {
        let mut loan = Library::default().loans(id, 1, "2026-09-01", returned).loans.remove(0);
        loan.item = item;
        library.loans.push(loan);
    };
    let first = site.night(&library, "2026-10-10");
    assert_eq!(five(&first), [3, 0, 0, 3, 0]);
    assert_eq!(only(&first).totals.kept_by_need[&Need::LastBorrower], 3);
    // Item 101 is out again, item 102 is withdrawn.
    newer(&mut library, 301, 101, None);
    library.withdrawn = vec![102];
    assert_eq!(five(&site.unwatched(&library, "2026-10-11").unwrap()), [4, 2, 0, 2, 0]);
    assert_eq!(site.worklist(), [101, 102]);
    // The newer loan goes away: the older one is the last again, and was asked for already.
    library.remove([301]);
    assert_eq!(five(&site.night(&library, "2026-10-12")), [3, 0, 1, 2, 0]);
    assert_eq!(site.worklist(), [102]);
}

#[test]
fn what_is_kept_for_long_is_listed_for_review() {
    let site = with_loans("review_after = \"2 years\"", "review_after = \"60 days\"");
    let library = Library::default().loans(101, 2, "2026-08-11", None).loans(201, 3, "2026-08-12", None).loans(
        301,
        4,
        "2026-08-01",
        Some("2026-08-02"),
    );
    let outcome = site.night(&library, "2026-10-10");
    assert_eq!(only(&outcome).tally.review, 2, "opened sixty days ago and still kept; what is due needs no review");
    assert!(outcome.attention.iter().any(|one| one.what.contains("2 transactions have been kept")));
    let page = fs::read_to_string(site.at("reports/2026-10-10-run-000001.html")).unwrap();
    assert!(page.contains("review"));
}

#[test]
fn a_history_is_kept_for_those_who_asked_unless_the_board_keeps_none() {
    for (rule, kept) in [("opt-in", 1), ("never", 0)] {
        let site = with_loans("history = \"opt-in\"", &format!("history = \"{rule}\""));
        let mut library = Library::default().loans(101, 3, "2026-07-01", Some("2026-07-09"));
        library.privacy = vec![(501, 0), (502, 2)];
        assert_eq!(five(&site.night(&library, "2026-10-10")), [3, 3 - kept, 0, kept, 0], "{rule}");
    }
}

fn exports(site: &TestSite) -> Vec<PathBuf> {
    crate::support::files(&site.at("inbox"))
}

#[test]
fn exports_are_deleted_once_they_were_read_and_the_next_entry_says_so() {
    let site = with_loans("after_run = \"keep\"", "after_run = \"delete\"").by_hand();
    let library = Library::default().loans(101, 12, "2026-07-01", Some("2026-07-09"));
    library.write(&site);
    site.export("notes.txt", "not an export");
    site.export("issues-0.csv", "an older export that was not read");
    site.stamp("2026-10-10");
    site.plan_on("2026-10-10").unwrap();
    assert_eq!(exports(&site).len(), 8, "a plan deletes nothing");
    site.unwatched(&library, "2026-10-10").unwrap_err();
    assert_eq!(exports(&site).len(), 8, "nor does a run that is held");
    site.night(&library, "2026-10-10");
    assert_eq!(exports(&site), ["issues-0.csv", "notes.txt"].map(PathBuf::from));
    fs::remove_file(site.at("inbox/issues-0.csv")).unwrap();
    site.unwatched(&library, "2026-10-11").unwrap();
    let ledger = fs::read_to_string(site.at(LEDGER)).unwrap();
    let counts: Vec<bool> = ledger.lines().map(|line| line.contains("\"exports_deleted\":{\"count\":6,")).collect();
    assert_eq!(counts, [false, true]);
    site.assert_verifies();
}

/// As if the night's run had been killed before it deleted the exports.
fn left_by_a_killed_run() -> TestSite {
    let site = with_loans("after_run = \"keep\"", "after_run = \"delete\"");
    let library = Library::default().loans(101, 12, "2026-07-01", Some("2026-07-09"));
    library.write(&site);
    site.stamp("2026-10-10");
    let copies: Vec<(PathBuf, Vec<u8>)> = crate::support::snapshot(&site.at("inbox"));
    site.accept_on("2026-10-10");
    assert!(exports(&site).is_empty());
    copies.iter().for_each(|(name, bytes)| site.export(name.to_str().unwrap(), bytes));
    site.stamp("2026-10-10");
    site
}

#[test]
fn exports_that_a_killed_run_left_are_deleted_and_newer_ones_are_not() {
    let site = left_by_a_killed_run();
    // One was written anew since, with as many bytes.
    fs::File::options()
        .append(true)
        .open(site.at("inbox/issues-1.csv"))
        .unwrap()
        .set_modified(std::time::SystemTime::now())
        .unwrap();
    site.run_on("2026-10-11", None, &afterloan::state::commit::no_hook).unwrap_err();
    assert_eq!(exports(&site), ["issues-1.csv"].map(PathBuf::from));
}

/// A hold that was placed meanwhile may cover what stands in them.
#[test]
fn exports_that_a_killed_run_left_stay_while_a_legal_hold_is_in_force() {
    const HOLD: &str = r#"{"format":1,"count":1,"holds":[{"matter":"a matter","placed":"2026-10-10T12:00:00Z",
        "placed_by":"director","trigger":"a letter","released":null,"released_by":null,
        "scope":{"patron_ids":["4711"]}}]}"#;
    let site = left_by_a_killed_run();
    let left = exports(&site).len();
    let register = fs::read_to_string(site.at("state/holds.json")).unwrap();
    fs::write(site.at("state/holds.json"), HOLD).unwrap();
    // They are stale, so that nothing else is done with them.
    site.run_on("2026-10-13", None, &afterloan::state::commit::no_hook).unwrap_err();
    assert_eq!((exports(&site).len(), left), (6, 6));
    fs::write(site.at("state/holds.json"), register).unwrap();
    site.run_on("2026-10-13", None, &afterloan::state::commit::no_hook).unwrap_err();
    assert!(exports(&site).is_empty());
}

#[test]
fn a_stopped_pipeline_keeps_all_exports_and_its_state() {
    let site = TestSite::small_koha();
    site.edit("policy.toml", |text| text.replacen("after_run = \"keep\"", "after_run = \"delete\"", 1));
    site.stamp("2026-11-01");
    fs::remove_file(site.at("inbox/reserves-2026-11-01.csv")).unwrap();
    let count = exports(&site).len();
    let outcome = site.accept_on("2026-11-01");
    assert_eq!(outcome.stopped.len(), 1);
    assert_eq!(exports(&site).len(), count, "the pipeline that stopped still needs them");
    assert!(is_there(&site, "state/known/koha-loans") && !is_there(&site, "state/known/koha-holds"));
}

#[test]
fn a_run_without_an_authorization_or_ahead_of_the_clock_or_back_in_time_is_refused() {
    let site = loans_site();
    let library = Library::default().loans(101, 12, "2026-07-01", Some("2026-07-09"));
    site.night(&library, "2026-10-10");
    site.stamp("2026-10-09");
    for (refused, says) in [
        (site.run_on("2026-10-09", None, &afterloan::state::commit::no_hook), "earlier than the last run"),
        (site.run("2999-01-01T00:00:00Z", None), "later than the clock"),
    ] {
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains(says), "{refused}");
    }
    site.edit("policy.toml", |text| text.replace("RC-075", ""));
    site.stamp("2026-10-11");
    let refused = site.run_on("2026-10-11", None, &afterloan::state::commit::no_hook).unwrap_err();
    assert!(refused.to_string().contains("names no authorization"));
}

#[test]
fn each_way_in_which_a_hold_ended_has_the_end_that_the_board_gave_it() {
    let site = TestSite::init("koha");
    fs::remove_file(site.at("pipelines/koha-loans.toml")).unwrap();
    for (key, period) in [("fulfilled", "1 week"), ("cancelled", "60 days"), ("expired", "90 days")] {
        site.edit("policy.toml", |text| {
            let given = format!("# {key} = \"30 days\"");
            assert!(text.contains(&given), "{text}");
            text.replacen(&given, &format!("{key} = \"{period}\""), 1)
        });
    }
    let mut inbox = Inbox::empty(&site);
    inbox.koha_patron(7001);
    let ended = [("F", "", ""), ("", "2026-10-20", "MINE"), ("W", "2026-10-20", "EXPIRED"), ("F", "2026-10-20", "")];
    for (at, (found, cancelled, reason)) in ended.into_iter().enumerate() {
        let id = (at + 1).to_string();
        let hold = [
            ("reserve_id", id.as_str()),
            ("borrowernumber", "7001"),
            ("reservedate", "2026-08-03"),
            ("timestamp", "2026-10-20 09:00:00"),
            ("found", found),
            ("cancellationdate", cancelled),
            ("cancellation_reason", reason),
        ];
        inbox.add("old_reserves", &hold);
    }
    inbox.put(&site);
    let until = |id: &str| {
        let explained = site.cli(&["explain", id, "--as-of", AS_OF, "--json"]);
        let explained: serde_json::Value = serde_json::from_slice(&explained.stdout).unwrap();
        explained["explained"][0]["needs"][0]["ends"].as_str().map(String::from)
    };
    let ends = ["1", "2", "3", "4"].map(until);
    let both = "fetched and cancelled: the longest";
    let expected = [None, Some("2026-12-19"), Some("2027-01-18"), Some("2027-01-18")];
    assert_eq!(ends, expected.map(|end| end.map(String::from)), "{both}");
    let night = CliNight::of(&site, AS_OF);
    assert_eq!(night.totals("koha-holds"), Some([4, 1, 3, 0, 0]));
    let report = fs::read_to_string(site.at("reports/2026-11-01-run-000001.json")).unwrap();
    assert!(report.contains("30 days after it closed, 7 days where it was fulfilled, 60 days where it was cancelled"));
}

/// An export behind a link is read, and can't be deleted: the ledger doesn't say that it was.
#[test]
fn an_export_that_stays_is_named_and_not_recorded_as_deleted() {
    let site = with_loans("after_run = \"keep\"", "after_run = \"delete\"");
    let library = Library::default().loans(101, 12, "2026-07-01", Some("2026-07-09"));
    library.write(&site);
    site.export("issues-0.csv", "an older export that was not read");
    site.stamp("2026-10-10");
    let elsewhere = site.at("old_issues-elsewhere.csv");
    fs::rename(site.at("inbox/old_issues-1.csv"), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, site.at("inbox/old_issues-1.csv")).unwrap();
    let outcome = site.accept_on("2026-10-10");
    let says =
        |outcome: &afterloan::act::Outcome, what: &str| outcome.attention.iter().any(|one| one.what.contains(what));
    assert!(says(&outcome, "1 export could not be deleted and lie"), "{:?}", outcome.attention);
    assert!(says(&outcome, "old_issues-1.csv") && says(&outcome, "no run reads any more"), "{:?}", outcome.attention);
    assert!(elsewhere.exists() && site.at("inbox/issues-0.csv").exists());

    let counts = || -> Vec<String> {
        let ledger = fs::read_to_string(site.at(LEDGER)).unwrap();
        let count = |line: &str| {
            line.split("\"exports_deleted\":{\"count\":").nth(1).unwrap().split(',').next().map(String::from)
        };
        ledger.lines().filter_map(count).collect()
    };
    fs::remove_file(site.at("inbox/issues-0.csv")).unwrap();
    // A night on new exports; the link is still there, and its file was not read again.
    let kept = fs::read(&elsewhere).unwrap();
    let written = fs::metadata(&elsewhere).unwrap().modified().unwrap();
    library.write(&site);
    fs::remove_file(site.at("inbox/old_issues-1.csv")).unwrap();
    site.export("old_issues-2.csv", &kept);
    site.stamp("2026-10-11");
    fs::write(&elsewhere, &kept).unwrap();
    fs::File::options().append(true).open(&elsewhere).unwrap().set_modified(written).unwrap();
    std::os::unix::fs::symlink(&elsewhere, site.at("inbox/old_issues-1.csv")).unwrap();
    let outcome = site.accept_on("2026-10-11");
    assert!(says(&outcome, "1 export could not be deleted"), "{:?}", outcome.attention);
    assert_eq!(counts(), ["0", "5"], "six were read, and one is still there");
    fs::remove_file(site.at("inbox/old_issues-1.csv")).unwrap();
    fs::remove_file(&elsewhere).unwrap();
    site.night(&library, "2026-10-12");
    assert_eq!(counts().last().unwrap(), "7", "and then it is gone");
    site.assert_verifies();
}

/// What has another name on the disk is not gone with this one, and nobody would look for it any more.
#[test]
fn an_export_with_another_name_stays_and_is_named() {
    let site = with_loans("after_run = \"keep\"", "after_run = \"delete\"");
    let library = Library::default().loans(101, 12, "2026-07-01", Some("2026-07-09"));
    library.write(&site);
    site.stamp("2026-10-10");
    let other = site.at("kept-elsewhere.csv");
    fs::hard_link(site.at("inbox/old_issues-1.csv"), &other).unwrap();
    let says = |outcome: &afterloan::act::Outcome, what: &str| {
        outcome.attention.iter().chain(&outcome.still).any(|one| one.what.contains(what))
    };
    let plan = site.plan_on("2026-10-10").unwrap();
    assert!(says(&plan, "hard links") && says(&plan, "old_issues-1.csv (2 names)"), "{:?}", plan.attention);
    let outcome = site.accept_on("2026-10-10");
    assert!(says(&outcome, "1 export could not be deleted"), "{:?}", outcome.attention);
    assert!(site.at("inbox/old_issues-1.csv").exists() && other.exists());
    // A night on new exports, beside it.
    let set_aside = site.at("old_issues-set-aside.csv");
    fs::rename(site.at("inbox/old_issues-1.csv"), &set_aside).unwrap();
    library.write(&site);
    fs::rename(site.at("inbox/old_issues-1.csv"), site.at("inbox/old_issues-2.csv")).unwrap();
    site.stamp("2026-10-11");
    fs::rename(&set_aside, site.at("inbox/old_issues-1.csv")).unwrap();
    let outcome = site.accept_on("2026-10-11");
    assert!(says(&outcome, "1 export could not be deleted"), "{:?}", outcome.attention);
    let counts = |line: usize| {
        let ledger = fs::read_to_string(site.at(LEDGER)).unwrap();
        let (_, rest) = ledger.lines().nth(line).unwrap().split_once("\"exports_deleted\":{\"count\":").unwrap();
        rest.split(',').next().unwrap().to_string()
    };
    assert_eq!(counts(1), "5", "six were read, and one is not gone");
    fs::remove_file(&other).unwrap();
    site.night(&library, "2026-10-12");
    assert_eq!(counts(2), "7", "with its last name it is gone");
    site.assert_verifies();
}
