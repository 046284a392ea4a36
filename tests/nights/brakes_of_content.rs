//! What exports hold waits for a person where too much of it can't be decided, where needs end by themselves, and where what
//! decides is the same again.

use std::fs;

use afterloan::act::{BrakeReason, Outcome};

use crate::support::TestSite;
use crate::support::library::{Library, loans_site};

fn reasons(outcome: &Outcome) -> Vec<BrakeReason> {
    outcome.brakes.iter().map(|brake| brake.reason).collect()
}

/// Two hundred loans, all but one over.
fn library() -> Library {
    let library = Library::default().loans(101, 100, "2026-08-03", Some("2026-08-20"));
    library.loans(201, 99, "2026-08-04", Some("2026-08-21")).loans(490, 1, "2026-10-09", None)
}

#[test]
fn more_than_five_in_a_hundred_undetermined_wait_on_the_first_night() {
    for (undetermined, waits) in [(10, false), (11, true)] {
        let site = loans_site();
        let mut library = library();
        for id in 101..101 + undetermined {
            // Before it was lent.
            library.loan(id).returned = Some("2026-07-01 10:00:00".into());
        }
        library.write(&site);
        site.stamp("2026-10-10");
        let plan = site.plan_on("2026-10-10").unwrap();
        let expected: &[BrakeReason] =
            if waits { &[BrakeReason::FirstRun, BrakeReason::Undetermined] } else { &[BrakeReason::FirstRun] };
        assert_eq!(reasons(&plan), expected, "{undetermined}: {:?}", plan.brakes);
        if waits {
            let says = "11 of 200 linked rows are undetermined: usual is less than 5 %";
            assert!(plan.brakes[1].why.starts_with(says), "{}", plan.brakes[1].why);
        }
    }
}

#[test]
fn wishes_for_a_history_that_all_end_at_once_wait() {
    let site = loans_site();
    let mut library = library();
    library.privacy = (501..521).map(|patron| (patron, 0)).collect();
    site.night(&library, "2026-10-10");
    let found = |library: &Library| {
        library.write(&site);
        site.stamp("2026-10-11");
        site.plan_on("2026-10-11").unwrap()
    };
    // A few patrons change their minds.
    library.privacy.truncate(15);
    assert_eq!(reasons(&found(&library)), []);
    library.privacy.clear();
    let plan = found(&library);
    assert!(reasons(&plan).contains(&BrakeReason::Needs), "{:?}", plan.brakes);
    assert!(plan.brakes.iter().any(|brake| brake.why.contains("`history` kept 41 rows")), "{:?}", plan.brakes);
    site.unwatched(&library, "2026-10-11").unwrap_err();
}

/// The bills of a day: each day one is of another amount. Somebody borrows every day.
fn bills(library: &mut Library, day: u64) {
    const AMOUNTS: [&str; 9] = ["1.00", "2.00", "3.00", "4.00", "5.00", "6.00", "7.00", "8.00", "9.00"];
    library.bills = (101..131).map(|loan| (loan, "5.50", "2026-09-10 10:00:00")).collect();
    library.bills[0].1 = AMOUNTS[day as usize];
}

#[test]
fn bills_that_are_the_same_again_wait_once_they_have_changed_every_night() {
    let site = loans_site();
    let mut library = library();
    bills(&mut library, 0);
    site.night(&library, "2026-10-10");
    let same_again = |site: &TestSite, library: &Library, day: u64| {
        let site = site.copy();
        let before = fs::read(site.at("inbox/accountlines-1.csv")).unwrap();
        let night = format!("2026-10-{:02}", 11 + day);
        library.clone().loans(470 + day, 1, &night, None).write(&site);
        assert_eq!(fs::read(site.at("inbox/accountlines-1.csv")).unwrap(), before);
        site.stamp(&night);
        site.plan_on(&night).unwrap()
    };
    for day in 0..6 {
        let plan = same_again(&site, &library, day);
        assert_eq!(reasons(&plan), [], "after {day} changes: {:?}", plan.brakes);
        let night = format!("2026-10-{:02}", 11 + day);
        library = library.loans(470 + day, 1, &night, None);
        bills(&mut library, day + 1);
        site.unwatched(&library, &night).unwrap();
    }
    let plan = same_again(&site, &library, 6);
    assert_eq!(reasons(&plan), [BrakeReason::Same], "{:?}", plan.brakes);
    assert!(plan.brakes[0].why.starts_with("bills: byte for byte"), "{}", plan.brakes[0].why);
}
