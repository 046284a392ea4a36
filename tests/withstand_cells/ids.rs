//! Transactions' numbers: what isn't one never reaches SQL, and one that comes again is told apart or kept.

use crate::support::inbox::{AS_OF_LATER, CliNight, Inbox, assert_unseen, hours_from_as_of, worklist};
use crate::support::{AS_OF, TestSite, files};
use crate::withstand_cells::decision;

#[test]
fn what_is_no_number_never_reaches_sql() {
    let ids = [
        "1); DROP TABLE old_issues; --",
        "1 OR 1=1",
        "-5",
        "+5",
        "007",
        "1e3",
        "0x1F",
        " 5",
        "5 ",
        "5.0",
        "٥",
        "",
        "99999999999999999999",
    ];
    let site = TestSite::init("koha");
    let mut inbox = Inbox::koha(&site, ids.len() + 2);
    for (row, id) in ids.iter().enumerate() {
        inbox.set("old_issues", row, "issue_id", id);
    }
    inbox.put(&site);
    let night = CliNight::of(&site, AS_OF);
    let bad = ids.len() as u64;
    assert_eq!((night.code, night.totals("koha-loans")), (1, Some([bad + 2, 2, 0, 0, bad])), "{}", night.printed);
    let rejected = &night.json["pipelines"][1]["rejected"][0];
    assert_eq!((rejected["reason"].as_str(), rejected["rows"].as_u64()), (Some("bad-id"), Some(bad)));
    assert_eq!(rejected["lines"], serde_json::json!((2..bad + 2).collect::<Vec<u64>>()));
    assert_eq!(worklist(&site, "koha-loans"), [bad + 1, bad + 2]);
    assert_unseen(&site, &night.printed, &["DROP TABLE", "1=1", "0x1F", "99999999999999999999"]);
    let list = files(&site.at("worklists"));
    assert!(list.iter().any(|path| path.to_string_lossy().ends_with("-koha-loans.sql")), "{list:?}");
}

#[test]
fn doubled_numbers_are_rejected_or_kept() {
    let site = TestSite::init("koha");
    let mut inbox = Inbox::koha(&site, 6);
    let loan = |id: &'static str, patron: &'static str, opened: &'static str| {
        [
            ("issue_id", id),
            ("borrowernumber", patron),
            ("itemnumber", "300001"),
            ("issuedate", opened),
            ("branchcode", "MAIN"),
        ]
    };
    let returned = [("returndate", "2026-08-12 17:00:00")];
    // Loan 1 again, as it is; loan 2 with another patron; loan 3 with another day; loan 4 once more as it is out.
    inbox.add("old_issues", &[&loan("1", "7001", "2026-08-03 10:30:00")[..], &returned].concat());
    inbox.add("old_issues", &[&loan("2", "7001", "2026-08-03 10:30:00")[..], &returned].concat());
    inbox.add("old_issues", &[&loan("3", "7003", "2026-07-03 10:30:00")[..], &returned].concat());
    inbox.add("issues", &loan("4", "7001", "2026-10-20 10:30:00"));
    inbox.put(&site);
    let repeated = "kept: undetermined (repeated-id)";
    let cases: [(u64, &[&str]); 5] = [
        (1, &["due", "rejected"]),
        (2, &[repeated, repeated]),
        (3, &[repeated, repeated]),
        (4, &["kept: open, undetermined (repeated-id)", repeated]),
        (5, &["due"]),
    ];
    for (id, expected) in cases {
        assert_eq!(decision(&site, "koha-loans", id), expected, "{id}");
    }
    let night = CliNight::of(&site, AS_OF);
    assert_eq!(night.totals("koha-loans"), Some([10, 3, 6, 0, 1]), "{}", night.printed);
    assert_eq!(worklist(&site, "koha-loans"), [1, 5, 6]);
}

/// A number that the system gave out again, after the link of its first loan was severed.
#[test]
fn a_number_used_again_is_another_loan() {
    let site = TestSite::init("koha");
    let mut inbox = Inbox::koha(&site, 20);
    inbox.put(&site);
    assert_eq!(CliNight::of(&site, AS_OF).totals("koha-loans"), Some([20, 20, 0, 0, 0]));
    // Loan 5 is gone, and its number is out with somebody else.
    inbox.retain("old_issues", |row| row != 4);
    let loan =
        [("issue_id", "5"), ("borrowernumber", "7009"), ("itemnumber", "300009"), ("issuedate", "2026-09-01 09:00:00")];
    inbox.add("issues", &loan).put_at(&site, AS_OF_LATER);
    let night = CliNight::of(&site, AS_OF_LATER);
    let loans = &night.json["pipelines"][1];
    assert_eq!((&loans["confirmed"], &loans["totals"]["kept"]), (&1.into(), &1.into()), "{}", night.printed);
    assert!(!worklist(&site, "koha-loans").contains(&5), "the list would sever a loan that is out");
    // It came back long enough ago to be due in its own right: retired, not "already retired".
    inbox.retain("issues", |_| false);
    let back = [&loan[..], &[("returndate", "2026-09-10 09:00:00"), ("branchcode", "MAIN")]].concat();
    let third = hours_from_as_of(49);
    inbox.add("old_issues", &back).put_at(&site, &third);
    let night = CliNight::of(&site, &third);
    assert_eq!(night.json["pipelines"][1]["totals"]["retired"], 1, "{}", night.printed);
    assert!(worklist(&site, "koha-loans").contains(&5));
}

/// A row on a worklist whose opening can't be read tonight is still there: nothing says that its link is gone.
#[test]
fn a_row_that_can_no_longer_be_read_is_not_confirmed() {
    for (what, column, value) in [("its opening", "issuedate", "0000-00-00"), ("the row", "note", "a NUL:\0")] {
        let site = TestSite::init("koha");
        let mut inbox = Inbox::koha(&site, 20);
        inbox.put(&site);
        assert_eq!(CliNight::of(&site, AS_OF).totals("koha-loans"), Some([20, 20, 0, 0, 0]));
        inbox.set("old_issues", 4, column, value).put_at(&site, AS_OF_LATER);
        let night = CliNight::of(&site, AS_OF_LATER);
        assert_eq!(night.json["pipelines"][1]["confirmed"], 0, "{what}: {}", night.printed);
    }
}
