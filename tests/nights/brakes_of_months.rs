//! Months that become final wait for a person where they would close for good, or have far fewer rows than their neighbours.

use afterloan::act::{BrakeReason, Outcome};

use crate::support::library::{Library, loans_site, only};

fn reasons(outcome: &Outcome) -> Vec<BrakeReason> {
    outcome.brakes.iter().map(|brake| brake.reason).collect()
}

/// Two hundred loans of August, so many of September, and somebody who borrows the day before each of the two nights.
fn august_and(september: u64) -> Library {
    let library = Library::default().loans(101, 100, "2026-08-03", Some("2026-08-20")).loans(
        201,
        100,
        "2026-08-04",
        Some("2026-08-21"),
    );
    let library = library.loans(301, september, "2026-09-01", Some("2026-09-09"));
    library.loans(490, 1, "2026-10-09", None).loans(491, 1, "2026-10-30", None)
}

/// August is final on the first of these nights, September on the second.
const NIGHTS: [&str; 2] = ["2026-10-10", "2026-10-31"];

#[test]
fn a_month_that_would_close_where_others_were_published_waits() {
    for (september, expected) in [(9, vec![BrakeReason::Closing]), (101, Vec::new())] {
        let site = loans_site();
        let mut first = august_and(september);
        first.remove([491]);
        let published = site.night(&first, NIGHTS[0]);
        assert!(only(&published).released.iter().all(|month| month.closed.is_none()));
        let second = august_and(september);
        second.write(&site);
        site.stamp(NIGHTS[1]);
        let plan = site.plan_on(NIGHTS[1]).unwrap();
        assert_eq!(reasons(&plan), expected, "{september} rows: {:?}", plan.brakes);
        let run = site.unwatched(&second, NIGHTS[1]);
        assert_eq!(run.is_err(), !expected.is_empty());
        if let Some(brake) = plan.brakes.first() {
            assert!(brake.why.starts_with("2026-09 would close for good"), "{}", brake.why);
            assert!(only(&site.accept_on(NIGHTS[1])).released[0].closed.is_some());
            site.assert_verifies();
        }
    }
}

#[test]
fn two_months_that_would_close_wait_on_the_first_night_too() {
    let may = Library::default().loans(101, 9, "2026-05-04", Some("2026-05-20")).loans(490, 1, "2026-10-09", None);
    let june = may.clone().loans(201, 9, "2026-06-04", Some("2026-06-20"));
    for (library, expected) in
        [(may, vec![BrakeReason::FirstRun]), (june, vec![BrakeReason::FirstRun, BrakeReason::Closing])]
    {
        let site = loans_site();
        library.write(&site);
        site.stamp(NIGHTS[0]);
        let plan = site.plan_on(NIGHTS[0]).unwrap();
        assert_eq!(reasons(&plan), expected, "{:?}", plan.brakes);
        if let Some(closing) = plan.brakes.get(1) {
            assert!(closing.why.starts_with("2 months would close for good, 2026-05 to 2026-06"), "{}", closing.why);
        }
    }
}

#[test]
fn a_month_with_far_fewer_rows_than_its_neighbours_waits() {
    for (september, expected) in [(99, vec![BrakeReason::Fall]), (100, Vec::new())] {
        let site = loans_site();
        let mut first = august_and(september);
        first.remove([491]);
        site.night(&first, NIGHTS[0]);
        august_and(september).write(&site);
        site.stamp(NIGHTS[1]);
        let plan = site.plan_on(NIGHTS[1]).unwrap();
        assert_eq!(reasons(&plan), expected, "{september} rows: {:?}", plan.brakes);
        if let Some(brake) = plan.brakes.first() {
            let says = "2026-09 would be final with 99 rows, less than half of what its neighbours have (200)";
            assert_eq!(brake.why, says);
        }
    }
}
