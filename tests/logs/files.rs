//! What becomes of a file: it waits, it is retired whole, it is deleted or stays.

use std::fs;

use afterloan::words::Need;

use super::site::*;
use crate::support::TestSite;
use crate::support::library::only;

#[test]
fn a_log_waits_until_all_of_it_is_due_and_is_then_retired_whole() {
    let site = site();
    let text = log(&[day("2026-08-03", 24), day("2026-08-20", 2)]);
    put(&site, "proxy-08.csv", &text, "2026-09-01");
    let waits = night(&site, "2026-09-18");
    assert_eq!((stand(&waits), rows(&waits)), ([0, 1, 0], [26, 0, 0, 26, 0]));
    let kept = &only(&waits).totals.kept_by_need;
    assert_eq!((kept.get(&Need::Chain), kept.get(&Need::Grace)), (Some(&24), Some(&2)));
    assert!(has(&site, "proxy-08.csv") && worklist(&site).is_empty());
    let retired = night(&site, "2026-09-19");
    assert_eq!((stand(&retired), rows(&retired)), ([1, 0, 0], [26, 26, 0, 0, 0]));
    assert_eq!(worklist(&site), [format!("proxy-08.csv,{},27", text.len())]);
    assert!(!has(&site, "proxy-08.csv"));
    let nothing = night(&site, "2026-09-20");
    assert_eq!((stand(&nothing), rows(&nothing)), ([0, 0, 0], [0; 5]));
    assert!(worklist(&site).is_empty());
}

#[test]
fn an_undetermined_row_makes_its_file_wait() {
    let site = site();
    put(
        &site,
        "proxy-1.csv",
        log(&[day("2026-08-03", 4), "31 August,reader501x,https://a.org/,200\n".into()]),
        "2026-09-01",
    );
    put(&site, "proxy-2.csv", log(&[day("2026-08-04", 4)]), "2026-09-01");
    let outcome = night(&site, "2026-10-20");
    assert_eq!((stand(&outcome), rows(&outcome)), ([1, 1, 0], [9, 4, 0, 5, 0]));
    assert_eq!(only(&outcome).totals.kept_by_need[&Need::Undetermined], 1);
    assert!(has(&site, "proxy-1.csv") && !has(&site, "proxy-2.csv"));
}

#[test]
fn rows_that_cant_be_read_are_named_by_file_and_line_and_keep_nothing() {
    let site = site();
    put(&site, "proxy-1.csv", log(&[day("2026-08-03", 4), "too,short\n".into()]), "2026-09-01");
    let outcome = night(&site, "2026-10-20");
    assert_eq!((stand(&outcome), rows(&outcome)), ([1, 0, 0], [5, 4, 0, 0, 1]));
    let rejected = &only(&outcome).exports.rejected[0];
    assert_eq!((rejected.file.as_deref(), rejected.lines.as_slice()), (Some("proxy-1.csv"), &[6][..]));
    assert!(outcome.attention.iter().any(|one| one.what.contains("can't be read")));
}

/// What can't be read may be as young as the file.
#[test]
fn a_log_with_rows_that_cant_be_read_waits_until_they_must_be_due() {
    let site = site();
    put(&site, "proxy-1.csv", log(&[day("2026-08-03", 4), "too,short\n".into()]), "2026-09-20");
    let early = night(&site, "2026-10-19");
    assert_eq!((stand(&early), rows(&early)), ([0, 1, 0], [5, 0, 0, 4, 1]));
    assert_eq!(only(&early).totals.kept_by_need[&Need::Chain], 4);
    assert!(has(&site, "proxy-1.csv") && worklist(&site).is_empty());
    let page = report(&site, 1);
    assert!(page.contains("2026-10-20"), "{page}");
    assert_eq!(stand(&night(&site, "2026-10-20")), [1, 0, 0]);
    assert!(!has(&site, "proxy-1.csv"));
}

/// The proxy's format was changed: whatever the day, a person looks first.
#[test]
fn a_log_of_which_hardly_a_row_can_be_read_is_never_retired_by_itself() {
    let torn = |rows: u32| "2026-08-03 10:00:00|reader501x\n".repeat(rows as usize);
    for (whole, unread, waits) in [(0, 4, true), (3, 4, true), (4, 4, false)] {
        let site = site();
        put(&site, "proxy-1.csv", log(&[day("2026-08-03", whole), torn(unread)]), "2026-08-04");
        let outcome = night(&site, "2027-10-19");
        assert_eq!(stand(&outcome)[1] == 1, waits, "{whole} and {unread}");
        assert_eq!(has(&site, "proxy-1.csv"), waits);
        assert_eq!(site.at("state/logs/proxy.json").exists(), !waits);
        let named = |what: &str| what.contains("proxy-1.csv") && what.contains("waits");
        assert_eq!(outcome.attention.iter().any(|one| named(&one.what)), waits);
    }
}

/// A log that grew by rows that can't be read is no less unreadable for those that were retired before.
#[test]
fn what_a_retired_log_grew_by_is_judged_alone() {
    let site = site();
    let text = log(&[day("2026-08-03", 24)]);
    put(&site, "proxy-1.csv", &text, "2026-08-04");
    assert_eq!(stand(&night(&site, "2026-10-10")), [1, 0, 0]);
    put(&site, "proxy-1.csv", text + "torn\n", "2026-08-05");
    let outcome = night(&site, "2026-10-11");
    assert_eq!((stand(&outcome), rows(&outcome)), ([0, 1, 0], [25, 0, 24, 0, 1]));
    assert!(has(&site, "proxy-1.csv"));
}

/// A copy goes with the whole, however young it is: else it would be a log of its own the night after.
#[test]
fn a_copy_with_rows_that_cant_be_read_goes_with_the_whole() {
    let site = site();
    let text = log(&[day("2026-08-03", 2), "torn\n".into()]);
    put(&site, "proxy-1.csv", &text, "2026-10-09");
    put(&site, "proxy-2.csv", text + &day("2026-08-04", 2), "2026-08-05");
    let outcome = night(&site, "2026-10-10");
    assert_eq!((stand(&outcome), rows(&outcome)), ([1, 0, 1], [8, 4, 2, 0, 2]));
    assert!(inbox(&site).is_empty());
}

#[test]
fn rows_that_name_nobody_wait_with_the_rest() {
    let site = site();
    let late = "2026-08-20 10:00:00,-,https://a.org/,200\n".to_string();
    put(&site, "proxy-1.csv", log(&[day("2026-08-03", 4), late]), "2026-09-01");
    assert_eq!(stand(&night(&site, "2026-09-10")), [0, 1, 0]);
    let outcome = night(&site, "2026-09-20");
    assert_eq!((stand(&outcome), only(&outcome).totals.unlinked), ([1, 0, 0], 1));
}

#[test]
fn a_policy_that_keeps_exports_keeps_logs_and_counts_them_once() {
    let site = site();
    after_run(&site, "keep");
    let text = log(&[day("2026-08-03", 24)]);
    put(&site, "proxy-08.csv", &text, "2026-09-01");
    assert_eq!(rows(&night(&site, "2026-09-10")), [24, 24, 0, 0, 0]);
    assert!(has(&site, "proxy-08.csv"));
    for day in ["2026-09-11", "2026-09-12"] {
        let again = night(&site, day);
        assert_eq!((stand(&again), rows(&again)), ([0, 0, 1], [24, 0, 24, 0, 0]));
        assert_eq!(worklist(&site).len(), 1);
    }
    assert_eq!(released(only(&night(&site, "2026-09-30"))), [("2026-08".to_string(), 24)]);
    assert_eq!(released(only(&night(&site, "2026-10-01"))), []);
}

#[test]
fn empty_logs_are_due_like_a_row_of_the_day_on_which_they_were_written() {
    let site = site();
    put(&site, "proxy-0.csv", "", "2026-09-01");
    put(&site, "proxy-1.csv", HEADER, "2026-09-05");
    let early = night(&site, "2026-09-10");
    assert_eq!((stand(&early), rows(&early)), ([0, 2, 0], [0; 5]));
    assert_eq!(stand(&night(&site, "2026-10-02")), [1, 1, 0]);
    assert!(!has(&site, "proxy-0.csv") && has(&site, "proxy-1.csv"));
    put(&site, "proxy-2.csv", "", "2026-10-02");
    put(&site, "proxy-3.csv", log(&[day("2026-08-03", 3)]), "2026-10-02");
    let later = night(&site, "2026-10-20");
    assert_eq!((stand(&later), rows(&later)), ([2, 1, 0], [3, 3, 0, 0, 0]));
    assert!(has(&site, "proxy-2.csv") && inbox(&site).len() == 1);
}

#[test]
fn a_log_that_is_cut_in_a_line_or_is_still_being_written() {
    let site = site();
    let text = log(&[day("2026-08-03", 4)]);
    put(&site, "proxy-1.csv.part", &text, "2026-09-01");
    assert_eq!(stand(&night(&site, "2026-10-01")), [0, 0, 0]);
    put(&site, "proxy-1.csv", &text[..text.len() - 3], "2026-09-01");
    let plan = site.plan_on("2026-10-01").unwrap();
    assert!(plan.stopped[0].why.contains("proxy-1.csv:5: the file ends without a line end"), "{}", plan.stopped[0].why);
    assert!(has(&site, "proxy-1.csv"));
}

#[test]
fn a_legal_hold_on_one_line_keeps_the_whole_file() {
    let site = site();
    put(&site, "proxy-1.csv", log(&[day("2026-08-03", 6)]), "2026-09-01");
    put(&site, "proxy-2.csv", log(&[day("2026-08-04", 2)]), "2026-09-01");
    put(&site, "proxy-3.csv", log(&[day("2026-08-05", 2), "torn\n".into()]), "2026-09-01");
    hold(&site, r#"{"patron_ids":["reader506x"]}"#);
    let outcome = night(&site, "2026-10-10");
    // A torn line may be about anybody.
    assert_eq!((stand(&outcome), rows(&outcome)), ([1, 2, 0], [11, 2, 0, 8, 1]));
    let kept = &only(&outcome).totals.kept_by_need;
    assert_eq!((kept.get(&Need::LegalHold), kept.get(&Need::Undetermined)), (None, Some(&3)));
    assert_eq!(kept.get(&Need::Chain), Some(&5));
    assert!(has(&site, "proxy-1.csv") && !has(&site, "proxy-2.csv") && has(&site, "proxy-3.csv"));
    let later = night(&site, "2026-11-10");
    assert_eq!(stand(&later), [0, 2, 0]);
}

/// A log that was retired, and comes again under a hold, stays where it is.
#[test]
fn a_legal_hold_keeps_a_log_that_comes_again() {
    let site = site();
    let text = log(&[day("2026-08-03", 6)]);
    put(&site, "proxy-1.csv", &text, "2026-09-01");
    assert_eq!(stand(&night(&site, "2026-10-10")), [1, 0, 0]);
    put(&site, "proxy-2.csv", &text, "2026-09-01");
    hold(&site, r#"{"patron_ids":["reader503x"]}"#);
    let outcome = night(&site, "2026-10-11");
    assert_eq!((stand(&outcome), rows(&outcome)), ([0, 1, 0], [6, 0, 5, 1, 0]));
    assert!(has(&site, "proxy-2.csv") && worklist(&site).is_empty());
}

/// A run that was killed before it could delete a log leaves it to the next, which asks anew.
#[test]
fn a_log_that_a_killed_run_left_is_deleted_only_if_nothing_forbids_it_meanwhile() {
    let site = site();
    let text = log(&[day("2026-08-03", 6)]);
    put(&site, "proxy-1.csv", &text, "2026-09-01");
    assert_eq!(stand(&night(&site, "2026-10-10")), [1, 0, 0]);
    put(&site, "proxy-1.csv", &text, "2026-09-01");
    let killed = site;

    let site = killed.copy();
    assert_eq!(stand(&night(&site, "2026-10-11")), [0, 0, 0]);
    assert!(!has(&site, "proxy-1.csv") && deleted_by(&site, 2) == 1);

    let site = killed.copy();
    after_run(&site, "keep");
    assert_eq!(stand(&night(&site, "2026-10-11")), [0, 0, 1]);
    assert!(has(&site, "proxy-1.csv") && deleted_by(&site, 2) == 0);

    for (scope, stands) in [(r#"{"patron_ids":["reader503x"]}"#, [0, 1, 0]), (r#"{"kinds":["loan"]}"#, [0, 0, 1])] {
        let site = killed.copy();
        hold(&site, scope);
        assert_eq!(stand(&site.plan_on("2026-10-11").unwrap()), stands);
        let outcome = night(&site, "2026-10-11");
        assert_eq!((stand(&outcome), deleted_by(&site, 2)), (stands, 0));
        // The second hold covers no log: the file was asked, and goes.
        let waits = stands[1] == 1;
        assert_eq!(has(&site, "proxy-1.csv"), waits);
        fs::write(site.at("state/holds.json"), r#"{"format":1,"count":0,"holds":[]}"#).unwrap();
        assert_eq!(stand(&night(&site, "2026-10-12")), [0, 0, u64::from(waits)]);
        assert!(!has(&site, "proxy-1.csv"));
        night(&site, "2026-10-13");
        assert_eq!(deleted_by(&site, 3) + deleted_by(&site, 4), 1);
    }
}

/// How many exports an entry of the ledger says were deleted.
fn deleted_by(site: &TestSite, run: usize) -> u64 {
    let ledger = fs::read_to_string(site.at("reports/ledger.jsonl")).unwrap();
    let line = ledger.lines().nth(run - 1).unwrap();
    let (_, rest) = line.split_once(r#""exports_deleted":{"count":"#).unwrap();
    rest[..rest.find(|char: char| !char.is_ascii_digit()).unwrap()].parse().unwrap()
}

fn hold(site: &TestSite, scope: &str) {
    let hold = format!(
        r#"{{"format":1,"count":1,"holds":[{{"matter":"a matter","placed":"2026-09-01T12:00:00Z","placed_by":"director",
            "trigger":"a letter","released":null,"released_by":null,"scope":{scope}}}]}}"#
    );
    fs::write(site.at("state/holds.json"), hold).unwrap();
}

/// The library system's numbers are often not what a proxy writes: a hold that then meets nobody keeps every log.
#[test]
fn a_legal_hold_by_a_number_that_no_row_names_keeps_all() {
    let cases = [
        (r#"{"patron_ids":["4711"]}"#, 2),
        (r#"{"patron_ids":["reader502x","4711"]}"#, 2),
        (r#"{"patron_ids":[" reader502x "]}"#, 1),
        (r#"{"patron_ids":["4711"],"kinds":["loan"]}"#, 0),
        (r#"{"patron_ids":["4711"],"opened_from":"2026-08-04"}"#, 1),
    ];
    for (scope, waits) in cases {
        let site = site();
        put(&site, "proxy-1.csv", log(&[day("2026-08-03", 1)]), "2026-09-01");
        put(&site, "proxy-2.csv", log(&[day("2026-08-04", 2)]), "2026-09-01");
        hold(&site, scope);
        let outcome = night(&site, "2026-10-10");
        assert_eq!(stand(&outcome), [2 - waits, waits, 0], "{scope}");
        assert_eq!(inbox(&site).len() as u64, waits, "{scope}");
        assert_eq!(only(&outcome).totals.kept_by_need.get(&Need::LegalHold), None);
    }
}

/// What names nobody and is held shows no more than a torn line does.
#[test]
fn a_file_that_waits_for_a_held_row_that_names_nobody_reads_undetermined() {
    let site = site();
    let nobody = "2026-08-03 11:00:00,-,https://a.org/,200\n".to_string();
    put(&site, "proxy-1.csv", log(&[day("2026-08-03", 3), nobody]), "2026-09-01");
    put(&site, "proxy-2.csv", log(&[row("2026-08-04 10:00:00", &patron(40), 1)]), "2026-09-01");
    hold(&site, &format!(r#"{{"patron_ids":["{}"]}}"#, patron(40)));
    let outcome = night(&site, "2026-10-10");
    assert_eq!((stand(&outcome), rows(&outcome)), ([0, 2, 0], [5, 0, 0, 4, 0]));
    assert_eq!(only(&outcome).totals.kept_by_need, [(Need::Undetermined, 4)].into());
}

/// A row that names nobody goes with its file, and may be about anybody.
#[test]
fn a_legal_hold_covers_rows_that_name_nobody() {
    let cases = [
        (r#"{"everything":true}"#, 1),
        (r#"{"patron_ids":["x"]}"#, 1),
        (r#"{"opened_to":"2026-08-02"}"#, 0),
        (r#"{"patron_ids":["x"],"opened_from":"2026-08-04"}"#, 0),
    ];
    for (scope, waits) in cases {
        let site = site();
        put(&site, "proxy-1.csv", log(&["2026-08-03 10:00:00,-,https://a.org/,200\n".into()]), "2026-09-01");
        hold(&site, scope);
        assert_eq!(stand(&night(&site, "2026-10-10")), [1 - waits, waits, 0], "{scope}");
    }
}
