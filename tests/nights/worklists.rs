//! From retired to confirmed, and back.

use std::fs;

use afterloan::state::commit::no_hook;
use afterloan::words::Need;

use crate::support::library::{Library, five, is_there, loans_site, only};

/// Twelve loans of August, released on the first night, and twelve of September, staged.
fn library() -> Library {
    Library::default().loans(101, 12, "2026-08-03", Some("2026-08-12")).loans(201, 12, "2026-09-01", Some("2026-09-09"))
}

#[test]
fn a_worklist_is_carried_out_confirmed_and_undone() {
    let site = loans_site();
    let mut library = library();
    let all: Vec<u64> = (101..113).chain(201..213).collect();

    let first = site.night(&library, "2026-10-15");
    assert_eq!(five(&first), [24, 24, 0, 0, 0]);
    assert_eq!(site.worklist(), all);
    let sql = site.at("worklists/2026-10-15-run-000001-koha-loans.sql");
    assert!(fs::read_to_string(&sql).unwrap().contains("UPDATE old_issues"));

    // Nobody carried it out. Nothing is retired twice, and tonight's list takes the place of last night's.
    let second = site.unwatched(&library, "2026-10-16").unwrap();
    assert_eq!(five(&second), [24, 0, 24, 0, 0]);
    assert_eq!(
        (only(&second).tally.residual(), only(&second).tally.new_residual, only(&second).tally.confirmed),
        (24, 24, 0)
    );
    assert_eq!(site.worklist(), all);
    assert!(!sql.exists());
    assert!(second.attention.iter().any(|one| one.what.contains("24 transactions that were on a worklist")));
    let third = site.unwatched(&library, "2026-10-17").unwrap();
    assert_eq!((only(&third).tally.residual(), only(&third).tally.new_residual), (24, 0), "told once");

    // Half of the rows go, half lose their patron.
    library.remove(101..107);
    library.sever((107..113).chain(201..213));
    let fourth = site.unwatched(&library, "2026-10-18").unwrap();
    assert_eq!(five(&fourth), [18, 0, 0, 0, 18]);
    assert_eq!((only(&fourth).tally.confirmed, only(&fourth).tally.residual()), (24, 0));
    assert!(site.worklist().is_empty());
    let fifth = site.unwatched(&library, "2026-10-19").unwrap();
    assert_eq!(only(&fifth).tally.confirmed, 0, "told once");

    // A backup puts two back: one that is published, one that is staged. Neither is retired or counted again.
    library.loan(107).patron = Some(507);
    library.loan(201).patron = Some(501);
    let sixth = site.unwatched(&library, "2026-10-20").unwrap();
    assert_eq!(five(&sixth), [18, 0, 2, 0, 16]);
    assert_eq!((only(&sixth).tally.residual(), only(&sixth).tally.new_residual, only(&sixth).tally.late), (2, 2, 0));
    assert_eq!(site.worklist(), [107, 201]);

    library.sever([107, 201]);
    let seventh = site.unwatched(&library, "2026-10-30").unwrap();
    assert_eq!(only(&seventh).tally.confirmed, 2, "and confirmed anew");
    let released = &only(&seventh).released;
    assert_eq!(
        released.iter().map(|month| (month.month.to_string(), month.rows)).collect::<Vec<_>>(),
        [("2026-09".to_string(), 12)]
    );
    site.assert_verifies();
}

#[test]
fn a_need_that_comes_later_takes_it_off_the_worklist() {
    let site = loans_site().by_hand();
    let mut library = library();
    site.night(&library, "2026-10-15");

    library.bills = vec![(101, "2.50", "2026-10-15 12:00:00")];
    library.claims = vec![(102, "NULL")];
    library.privacy = vec![(503, 0)];
    let hold = r#"{"format":1,"count":1,"holds":[{"matter":"A","placed":"2026-10-15T20:00:00Z","placed_by":"director",
        "trigger":"subpoena","released":null,"released_by":null,"scope":{"patron_ids":["504"]}}]}"#;
    fs::write(site.at("state/holds.json"), hold).unwrap();
    let second = site.unwatched(&library, "2026-10-16").unwrap();
    // Patrons 503 and 504 have a loan in each month.
    assert_eq!(five(&second), [24, 0, 18, 6, 0]);
    let needs = &only(&second).totals.kept_by_need;
    let expected = [(Need::Owing, 1), (Need::Disputed, 1), (Need::History, 2), (Need::Undetermined, 2)];
    assert_eq!(needs.iter().map(|(need, rows)| (*need, *rows)).collect::<Vec<_>>(), expected);
    let kept = [101, 102, 103, 104, 203, 204];
    let on_the_list: Vec<u64> = (101..113).chain(201..213).filter(|id| !kept.contains(id)).collect();
    assert_eq!(site.worklist(), on_the_list);
    let sql = fs::read_to_string(site.at("worklists/2026-10-16-run-000002-koha-loans.sql")).unwrap();
    assert!(sql.contains("105") && !sql.contains("104"));

    // Paid, resolved, released: due again, and retired only once.
    library.bills = vec![(101, "0.00", "2026-10-16 12:00:00")];
    library.claims = vec![(102, "FOUND_IN_LIB")];
    library.privacy = vec![];
    fs::write(site.at("state/holds.json"), r#"{"format":1,"count":0,"holds":[]}"#).unwrap();
    let third = site.unwatched(&library, "2026-10-17").unwrap();
    assert_eq!(five(&third), [24, 0, 23, 1, 0], "paid yesterday: settled");
    let fourth = site.unwatched(&library, "2026-11-15").unwrap();
    assert_eq!(five(&fourth), [24, 0, 24, 0, 0], "thirty days after");
    assert!(!is_there(&site, "state/staging/koha-loans/month=2026-09"));
}

#[test]
fn a_worklist_goes_when_nothing_takes_its_place() {
    let site = loans_site();
    let mut library = library();
    site.night(&library, "2026-10-15");
    // All of them are owing now.
    library.bills = (101..113).chain(201..213).map(|id| (id, "1.00", "2026-10-15 12:00:00")).collect();
    assert_eq!(five(&site.unwatched(&library, "2026-10-16").unwrap()), [24, 0, 0, 24, 0]);
    assert!(site.worklist().is_empty());
}

#[test]
fn a_number_that_is_given_out_again_is_another_loan() {
    let site = loans_site();
    let mut library = library();
    site.night(&library, "2026-10-15");
    library.sever(101..113);
    site.unwatched(&library, "2026-10-16").unwrap();

    // The row is gone, and its number is another loan's, in a month of its own.
    library.remove([105]);
    library.loans.extend(Library::default().loans(105, 1, "2026-10-16", None).loans);
    let third = site.unwatched(&library, "2026-10-17").unwrap();
    assert_eq!(five(&third), [24, 0, 12, 1, 11]);
    assert_eq!(only(&third).tally.residual(), 12, "nothing of the old loan");
    library.loan(105).returned = Some("2026-10-18 12:00:00".into());
    let later = site.unwatched(&library, "2026-11-17").unwrap();
    assert_eq!(five(&later), [24, 1, 12, 0, 11]);
    assert!(site.worklist().contains(&105));

    // Both at once: nobody can say which of them a statement would sever.
    let mut other = library.loan(105).clone();
    other.issued = "2026-10-20 10:00:00".into();
    other.returned = Some("2026-10-21 12:00:00".into());
    library.loans.push(other);
    let both = site.unwatched(&library, "2026-11-21").unwrap();
    assert_eq!(five(&both), [25, 0, 12, 2, 11]);
    assert!(!site.worklist().contains(&105));
}

#[test]
fn a_refused_night_withdraws_the_worklist_of_the_night_before() {
    let site = loans_site();
    let library = library();
    site.night(&library, "2026-10-15");
    let lists = crate::support::files(&site.at("worklists"));
    assert_eq!(lists.len(), 2);
    let sql = fs::read_to_string(site.at("worklists").join(&lists[1])).unwrap();
    assert!(sql.contains("-- It is good on 2026-10-15 and the day after"), "{sql}");
    assert!(sql.contains("WHEN CURRENT_DATE >= DATE '2026-10-17' THEN (SELECT 1 UNION ALL SELECT 2)"), "{sql}");

    // On the same day it stays.
    site.edit("policy.toml", |text| text.replace("RC-075", ""));
    site.run_on("2026-10-15", None, &no_hook).unwrap_err();
    assert_eq!(crate::support::files(&site.at("worklists")), lists);
    site.edit("policy.toml", |text| text.replace("authorization = \"\"", "authorization = \"RC-075\""));
    // A plan changes nothing.
    fs::remove_file(site.at("inbox/old_issues-1.csv")).unwrap();
    site.plan_on("2026-10-16").unwrap();
    assert_eq!(crate::support::files(&site.at("worklists")), lists);
    let refused = site.run_on("2026-10-16", None, &no_hook).unwrap_err().to_string();
    assert!(refused.contains("the worklists of the night before are withdrawn: worklists/2026-10-15-"), "{refused}");
    assert!(crate::support::files(&site.at("worklists")).is_empty());
    site.assert_verifies();

    site.night(&library, "2026-10-17");
    assert!(!site.at("state/withdrawn.json").exists() && !site.worklist().is_empty());
    site.assert_verifies();
}
