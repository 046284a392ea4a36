//! `absent_patron`: what a deleted patron leaves ends once she has been missing for as long as the board says.

use std::fs;

use afterloan::act::Outcome;
use afterloan::words::Need;

use crate::support::TestSite;
use crate::support::library::{Library, loans_site, only};

/// Twelve loans of July, of which the first five are owed for; patrons 501 to 512. The library is asked after 90 days.
fn site() -> (TestSite, Library) {
    let site = loans_site().by_hand();
    site.edit("policy.toml", |text| {
        text.replacen("review_after = \"2 years\"", "absent_patron = \"90 days\"\n# review_after = \"2 years\"", 1)
    });
    let mut library = Library::default().loans(101, 12, "2026-07-01", Some("2026-07-09"));
    library.bills = (101..106).map(|loan| (loan, "4.00", "2026-07-10 09:00:00")).collect();
    (site, library)
}

fn kept(outcome: &Outcome) -> [u64; 3] {
    let by_need = &only(outcome).totals.kept_by_need;
    let of = |need| by_need.get(&need).copied().unwrap_or(0);
    [only(outcome).totals.kept, of(Need::Owing), of(Need::Undetermined)]
}

fn remembered(site: &TestSite) -> usize {
    let text = fs::read_to_string(site.at("state/absent/koha-loans.json")).unwrap_or_default();
    serde_json::from_str::<serde_json::Value>(&text).map_or(0, |file| file["absent"].as_object().unwrap().len())
}

#[test]
fn what_a_deleted_patron_leaves_ends_after_as_long_as_the_board_says() {
    let (site, mut library) = site();
    assert_eq!(kept(&site.night(&library, "2026-10-10")), [5, 5, 0]);
    assert_eq!(remembered(&site), 0);
    // What she owes, and her wish for a history, which nobody knows any more.
    library.deleted = vec![501];
    let first = site.night(&library, "2026-10-11");
    assert_eq!((kept(&first), remembered(&site)), ([5, 5, 1], 1));
    let report = fs::read_to_string(site.at("reports/2026-10-11-run-000002.json")).unwrap();
    assert!(report.contains("has been missing from the export of patrons for 90 days"), "{report}");
    let text = fs::read_to_string(site.at("state/absent/koha-loans.json")).unwrap();
    assert!(!text.contains("501\"") && text.contains("2026-10-11"), "{text}");
    for day in ["2026-11-05", "2026-12-01", "2026-12-28", "2027-01-08"] {
        assert_eq!(kept(&site.night(&library, day)), [5, 5, 1], "{day}");
    }
    let after = site.night(&library, "2027-01-09");
    assert_eq!((kept(&after), only(&after).totals.retired), ([4, 4, 0], 1));
    // It is on the worklist until it is carried out, and then nobody is remembered.
    let next = site.night(&library, "2027-01-10");
    assert_eq!((kept(&next), only(&next).totals.already_retired, remembered(&site)), ([4, 4, 0], 8, 1));
    library.sever([101]);
    site.night(&library, "2027-01-11");
    assert_eq!(remembered(&site), 0);
}

#[test]
fn who_comes_back_has_not_been_missing() {
    let (site, mut library) = site();
    library.deleted = vec![501];
    site.night(&library, "2026-10-10");
    for day in ["2026-11-05", "2026-12-01"] {
        site.night(&library, day);
    }
    library.deleted.clear();
    site.night(&library, "2026-12-28");
    assert_eq!(remembered(&site), 0);
    library.deleted = vec![501];
    for day in ["2026-12-29", "2027-01-20"] {
        assert_eq!(kept(&site.night(&library, day)), [5, 5, 1], "{day}");
    }
    // And where the board thinks otherwise, nobody is remembered.
    site.edit("policy.toml", |text| text.replacen("\nabsent_patron", "\n# absent_patron", 1));
    site.night(&library, "2027-01-21");
    assert!(!site.at("state/absent/koha-loans.json").exists());
}

/// An export that was cut looks like many deleted patrons.
#[test]
fn nobody_is_missing_from_an_export_that_cannot_be_trusted() {
    let (site, mut library) = site();
    library.deleted = vec![501];
    for day in ["2026-10-10", "2026-11-05", "2026-12-01", "2026-12-28"] {
        site.night(&library, day);
    }
    // More than a tenth fewer: nothing ends, and what is remembered stays as it is.
    let mut cut = library.clone();
    cut.deleted = (501..=520).collect();
    let held = site.night(&cut, "2027-01-20");
    assert_eq!((kept(&held)[1], only(&held).totals.retired, remembered(&site)), (5, 0, 1));
    let whole = site.night(&library, "2027-01-21");
    assert_eq!(kept(&whole), [4, 4, 0]);
}

#[test]
fn a_legal_hold_is_not_ended_by_it() {
    let (site, mut library) = site();
    library.deleted = vec![501];
    for day in ["2026-10-10", "2026-11-05", "2026-12-01", "2026-12-28"] {
        site.night(&library, day);
    }
    let hold = r#"{"format":1,"count":1,"holds":[{"matter":"a matter","placed":"2026-09-01T12:00:00Z","placed_by":"director",
        "trigger":"a letter","released":null,"released_by":null,"scope":{"patron_ids":["501"]}}]}"#;
    fs::write(site.at("state/holds.json"), hold).unwrap();
    let outcome = site.night(&library, "2027-01-20");
    assert_eq!(kept(&outcome), [5, 4, 1]);
    // By what stood in her record alone: the hold finds nobody, and so keeps everything.
    fs::write(site.at("state/holds.json"), hold.replace("patron_ids\":[\"501\"", "identifiers\":[\"29990000501\""))
        .unwrap();
    let outcome = site.night(&library, "2027-01-21");
    assert_eq!((only(&outcome).totals.retired, kept(&outcome)[0]), (0, 12));
}

#[test]
fn a_policy_that_cannot_be_kept_is_refused() {
    let site = TestSite::init("koha");
    fs::write(site.at("pipelines/symphony-history.toml"), include_str!("../../pipelines/symphony-history.toml"))
        .unwrap();
    fs::remove_file(site.at("pipelines/koha-loans.toml")).unwrap();
    site.edit("policy.toml", |text| text.replacen("grace = ", "absent_patron = \"90 days\"\ngrace = ", 1));
    let error = site.plan(crate::support::AS_OF).unwrap_err().to_string();
    assert!(error.contains("absent_patron") && error.contains("symphony-history"), "{error}");
}
