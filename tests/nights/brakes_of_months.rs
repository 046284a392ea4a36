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
fn a_month_about_too_few_waits_for_the_next_and_brakes_nothing() {
    for (september, released) in [(9, false), (101, true)] {
        let site = loans_site();
        let mut first = august_and(september);
        first.remove([491]);
        let published = site.night(&first, NIGHTS[0]);
        assert!(only(&published).released.iter().all(|month| month.closed.is_none()));
        let run = site.unwatched(&august_and(september), NIGHTS[1]).unwrap();
        assert_eq!(reasons(&run), Vec::new(), "{september} rows: {:?}", run.brakes);
        assert_eq!(!only(&run).released.is_empty(), released);
        site.assert_verifies();
        // With October it is enough.
        let october = august_and(september).loans(402, 60, "2026-10-02", Some("2026-10-20"));
        october.loans(492, 1, "2026-11-30", None).write(&site);
        site.stamp("2026-12-01");
        let run = site.accept_on("2026-12-01");
        let of_october: Vec<String> = only(&run).released.iter().map(|month| month.period.to_string()).collect();
        let together = ["2026-09-to-2026-10", "2026-09-to-2026-10"];
        assert_eq!(of_october, if released { &["2026-10"][..] } else { &together[..] });
        site.assert_verifies();
    }
}

/// Nine loans of the same nine patrons, in each of so many months: however long they wait, they are about nine.
fn nine_a_month(months: u64) -> Library {
    let library = Library::default().loans(490, 1, "2026-10-09", None);
    (0..months).fold(library, |library, month| {
        let day = |day: u64| format!("{}-{:02}-{day:02}", 2025 + (month + 5) / 12, (month + 5) % 12 + 1);
        library.loans(101 + month * 20, 9, &day(4), Some(&day(20)))
    })
}

#[test]
fn a_year_that_would_close_waits_on_the_first_night_too() {
    for (months, expected) in
        [(11, vec![BrakeReason::FirstRun]), (12, vec![BrakeReason::FirstRun, BrakeReason::Closing])]
    {
        let site = loans_site();
        nine_a_month(months).write(&site);
        site.stamp(NIGHTS[0]);
        let plan = site.plan_on(NIGHTS[0]).unwrap();
        assert_eq!(reasons(&plan), expected, "{months} months: {:?}", plan.brakes);
        if let Some(closing) = plan.brakes.get(1) {
            assert!(closing.why.starts_with("12 months would close for good, 2025-06 to 2026-05"), "{}", closing.why);
            assert!(only(&site.accept_on(NIGHTS[0])).released.iter().all(|month| month.closed.is_some()));
            site.assert_verifies();
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
