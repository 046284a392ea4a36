//! What cells must be withstood: what can't be read or contradicts itself keeps the transaction or rejects the row, says
//! why by a code, and never leaves.

mod ids;
mod leaks;

use afterloan::act::{Explained, explain};

use crate::support::inbox::{AS_OF_LATER, CANARY, CliNight, Inbox, assert_unseen, worklist};
use crate::support::{AS_OF, TestSite, options};

/// A loan's decision with its needs and reasons: `due`, or `kept: owing, undetermined (unreadable-amount)`.
pub fn decision(site: &TestSite, pipeline: &str, id: u64) -> Vec<String> {
    let (explained, stopped) = explain(&site.site(), options(AS_OF, None), &id.to_string(), &|_| {}).unwrap();
    assert!(stopped.is_empty(), "{stopped:?}");
    let of = |one: &Explained| {
        let needs: Vec<&str> = one.needs.iter().map(|need| need.need.as_str()).collect();
        let reasons: Vec<&str> = one.reasons.iter().map(|reason| reason.code()).collect();
        let mut text = one.decision.as_str().to_string();
        if !needs.is_empty() {
            text += &format!(": {}", needs.join(", "));
        }
        if !reasons.is_empty() {
            text += &format!(" ({})", reasons.join(", "));
        }
        text
    };
    explained.iter().filter(|one| one.pipeline == pipeline).map(of).collect()
}

/// Cells of a row, by column.
type Cells = &'static [(&'static str, &'static str)];

/// (what, cells of the loan, what is decided). Each is a loan of its own in one export.
const DATES: &[(&str, Cells, &str)] = &[
    (
        "29 February of a leap year",
        &[("issuedate", "2024-02-29 10:00:00"), ("returndate", "2024-03-05 10:00:00")],
        "due",
    ),
    (
        "29 February of another",
        &[("issuedate", "2026-02-29 10:00:00")],
        "kept: undetermined (no-opening, unreadable-date)",
    ),
    ("30 February", &[("returndate", "2026-02-30 10:00:00")], "kept: undetermined (no-closing, unreadable-date)"),
    ("an hour that no clock showed", &[("issuedate", "2026-03-08 02:30:00")], "due"),
    ("an hour that came twice", &[("issuedate", "2025-11-02 01:30:00"), ("returndate", "2025-11-02 01:45:00")], "due"),
    ("midnight as 24:00", &[("returndate", "2026-08-12 24:00:00")], "kept: undetermined (no-closing, unreadable-date)"),
    (
        "zeros for the opening",
        &[("issuedate", "0000-00-00 00:00:00")],
        "kept: undetermined (no-opening, unreadable-date)",
    ),
    ("zeros for the return", &[("returndate", "0000-00-00")], "kept: undetermined (no-closing, unreadable-date)"),
    ("the end of time", &[("returndate", "9999-12-31 23:59:59")], "kept: undetermined (no-closing, future-date)"),
    (
        "the end of time, for the opening",
        &[("issuedate", "9999-12-31")],
        "kept: undetermined (no-opening, future-date)",
    ),
    ("returned tomorrow", &[("returndate", "2026-11-02 00:00:00")], "kept: undetermined (no-closing, future-date)"),
    (
        "lent tomorrow",
        &[("issuedate", "2026-11-02 00:00:00"), ("returndate", "")],
        "kept: open, undetermined (no-opening, future-date)",
    ),
    (
        "before there were computers",
        &[("issuedate", "1899-12-30 00:00:00")],
        "kept: undetermined (no-opening, implausible-date)",
    ),
    (
        "returned before it was lent",
        &[("returndate", "2026-08-02 10:00:00")],
        "kept: undetermined (closed-before-opened)",
    ),
    (
        "month and day swapped",
        &[("returndate", "2026-20-08 10:00:00")],
        "kept: undetermined (no-closing, unreadable-date)",
    ),
    ("day first", &[("returndate", "12/08/2026")], "kept: undetermined (no-closing, unreadable-date)"),
    ("words", &[("returndate", CANARY)], "kept: undetermined (no-closing, unreadable-date)"),
    ("blank", &[("returndate", " ")], "kept: undetermined (no-closing, unreadable-date)"),
    ("never lent", &[("issuedate", "")], "kept: undetermined (no-opening)"),
    ("not returned, though old", &[("returndate", "")], "kept: open"),
    ("a patron who isn't in the export", &[("borrowernumber", "9999")], "kept: undetermined (missing-lookup)"),
    ("nobody", &[("borrowernumber", "0")], "unlinked"),
];

#[test]
fn dates_that_cannot_be_keep_their_loan() {
    let site = TestSite::init("koha");
    let mut inbox = Inbox::koha(&site, DATES.len());
    for (row, (_, cells, _)) in DATES.iter().enumerate() {
        for (column, value) in *cells {
            inbox.set("old_issues", row, column, value);
        }
    }
    inbox.put(&site);
    for (row, (what, _, expected)) in DATES.iter().enumerate() {
        assert_eq!(decision(&site, "koha-loans", row as u64 + 1), [*expected], "{what}");
    }
    let night = CliNight::of(&site, AS_OF);
    let due: Vec<u64> =
        (1u64..).zip(DATES).filter(|(_, (_, _, expected))| *expected == "due").map(|(id, _)| id).collect();
    assert_eq!(worklist(&site, "koha-loans"), due);
    let (read, due) = (DATES.len() as u64, due.len() as u64);
    assert_eq!(night.totals("koha-loans"), Some([read, due, read - due - 1, 1, 0]), "{}", night.printed);
    assert_unseen(&site, &night.printed, &[CANARY, "9999-12-31", "1899-12-30"]);
}

#[test]
fn amounts_and_dates_of_bills() {
    let cases: &[(&str, Cells, &str)] = &[
        ("nothing owed", &[("amountoutstanding", "0.00")], "due"),
        ("less than nothing", &[("amountoutstanding", "-0.00")], "due"),
        ("a credit", &[("amountoutstanding", "-5.000000")], "due"),
        ("a cent", &[("amountoutstanding", "0.01")], "kept: owing"),
        (
            "a thousand's comma",
            &[("amountoutstanding", "1,234.50")],
            "kept: owing, undetermined (unreadable-amount, unreadable-date)",
        ),
        (
            "a decimal comma",
            &[("amountoutstanding", "0,00")],
            "kept: owing, undetermined (unreadable-amount, unreadable-date)",
        ),
        (
            "a currency",
            &[("amountoutstanding", "$0.00")],
            "kept: owing, undetermined (unreadable-amount, unreadable-date)",
        ),
        ("empty", &[("amountoutstanding", "")], "kept: owing, undetermined (unreadable-amount, unreadable-date)"),
        ("words", &[("amountoutstanding", CANARY)], "kept: owing, undetermined (unreadable-amount, unreadable-date)"),
        (
            "paid on a day that isn't",
            &[("amountoutstanding", "0"), ("timestamp", "2026-02-30")],
            "kept: undetermined (unreadable-date)",
        ),
        (
            "paid tomorrow",
            &[("amountoutstanding", "0"), ("timestamp", "2026-11-02")],
            "kept: undetermined (unreadable-date)",
        ),
        ("paid lately", &[("amountoutstanding", "0"), ("timestamp", "2026-10-20")], "kept: settled"),
    ];
    let site = TestSite::init("koha");
    let mut inbox = Inbox::koha(&site, cases.len());
    for (row, (_, cells, _)) in cases.iter().enumerate() {
        let id = (row + 1).to_string();
        inbox.add("accountlines", &[&[("old_issue_id", id.as_str())], *cells].concat());
    }
    inbox.put(&site);
    for (row, (what, _, expected)) in cases.iter().enumerate() {
        assert_eq!(decision(&site, "koha-loans", row as u64 + 1), [*expected], "{what}");
    }
    let night = CliNight::of(&site, AS_OF);
    assert_eq!(worklist(&site, "koha-loans"), [1, 2, 3]);
    assert_unseen(&site, &night.printed, &[CANARY]);
}

#[test]
fn a_status_that_no_rule_knows_keeps() {
    let site = TestSite::init("evergreen");
    let mut inbox = Inbox::empty(&site);
    inbox.add("actor.usr", &[("id", "51"), ("profile", "2"), ("usrname", "login51x")]);
    for (id, stop_fines, checkin) in [("1", "", "2026-08-12 10:00:00-04"), ("2", CANARY, ""), ("3", "LOST", "")] {
        let circulation =
            [("id", id), ("usr", "51"), ("xact_start", "2026-08-03 10:00:00-04"), ("stop_fines", stop_fines)];
        inbox.add(
            "action.circulation",
            &[&circulation[..], &[("checkin_time", checkin), ("xact_finish", checkin)]].concat(),
        );
    }
    inbox.put(&site);
    for (id, expected) in [(1, "due"), (2, "kept: undetermined (unknown-state)"), (3, "kept: lost")] {
        assert_eq!(decision(&site, "evergreen-loans", id), [expected], "{id}");
    }
    let night = CliNight::of(&site, AS_OF);
    assert_eq!(worklist(&site, "evergreen-loans"), [1]);
    assert_unseen(&site, &night.printed, &[CANARY]);
}

/// Where part of a file has month and day swapped, other rows would be read wrongly, too: a person looks first.
#[test]
fn dates_that_can_no_longer_be_read_are_a_brake() {
    let site = TestSite::init("koha");
    let mut inbox = Inbox::koha(&site, 40);
    inbox.put(&site);
    assert_eq!(CliNight::of(&site, AS_OF).code, 0);
    // Another night's holds.
    inbox.set("old_reserves", 0, "priority", "9");
    inbox.set("old_issues", 7, "returndate", "2026-20-08 17:00:00");
    inbox.set("old_issues", 8, "returndate", "2026-21-08 17:00:00").put_at(&site, AS_OF_LATER);
    let run = site.cli(&["run", "--json", "--as-of", AS_OF_LATER]);
    assert_eq!(run.status.code(), Some(1), "the holds go on");
    let json: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(json["pipelines"][1]["held"], true, "{json}");
    assert!(json["brakes"][0]["why"].as_str().unwrap().contains("`returndate`: more than a thousandth"), "{json}");
}
