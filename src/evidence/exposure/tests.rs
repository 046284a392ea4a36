use std::collections::BTreeMap;

use super::*;
use crate::words::{Age, Day, Need};

fn counted(needed: u64, waiting: u64, new: u64, asked: u64, severed: u64) -> Counted {
    Counted {
        run: 7,
        day: "2026-11-01".parse().unwrap(),
        needed,
        waiting,
        new,
        unread: 1,
        traced: 2,
        asked,
        severed,
        by_need: BTreeMap::from([(Need::Open, Figure::from(needed))]),
        by_age: BTreeMap::from([(Age::UpToOneYear, Figure::from(needed)), (Age::OverTenYears, Figure::from(waiting))]),
    }
}

fn of(name: &str, side: Side, counted: Option<Counted>) -> PipelineExposure {
    PipelineExposure { name: name.into(), kind: Kind::Loan, side, counted }
}

#[test]
fn transactions_count_from_the_patrons_side_and_tonights_requests_not_as_asked_before() {
    let exposure = Exposure::of(vec![
        of("loans", Side::Patron, Some(counted(8, 50, 20, 100, 60))),
        of("holds", Side::Patron, Some(counted(3, 0, 0, 9, 9))),
        of("material", Side::Material, Some(counted(1_000, 1_000, 0, 1_000, 0))),
        of("bills", Side::Patron, None),
    ]);
    assert_eq!((exposure.linked, exposure.needed, exposure.waiting), (61, 11, 50));
    assert_eq!((exposure.asked, exposure.severed, exposure.unread, exposure.traced), (89, 69, 2, 4));
    assert_eq!(exposure.never_counted().collect::<Vec<_>>(), ["bills"]);
    assert!(exposure.adds_up());
    assert_eq!(exposure.by_age()[1], (Age::OverTenYears, Figure::from(50)));
    assert_eq!(
        handed_over(&exposure),
        "61 transactions still lead to a patron and could be handed over tomorrow: 11 are needed, 50 are not and wait to be \
         severed; the library's systems have severed 69 of the 89 that were asked for before."
    );
    let mut staff = exposure.clone();
    staff.protect(10);
    assert!(staff.adds_up(), "hidden figures can be what they hide");
    assert_eq!(staff.pipelines[0].counted.as_ref().unwrap().by_need[&Need::Open], Figure::HIDDEN);
    let mut wrong = exposure.clone();
    wrong.needed += 1;
    assert!(!wrong.adds_up());
    let mut wrong = exposure;
    wrong.pipelines[1].counted.as_mut().unwrap().by_age.insert(Age::Unknown, Figure::from(1));
    assert!(!wrong.adds_up());
}

#[test]
fn sentences_agree_with_none_one_and_all() {
    let one = |needed, waiting, asked, severed| {
        handed_over(&Exposure::of(vec![of("loans", Side::Patron, Some(counted(needed, waiting, 0, asked, severed)))]))
    };
    for (sentence, words) in [
        (one(0, 0, 0, 0), "No transaction leads to a patron any more; nothing was asked to be severed before."),
        (
            one(1, 0, 5, 5),
            "1 transaction still leads to a patron and could be handed over tomorrow: somebody still needs to know who, of every one of them; the library's systems have severed all 5 that were asked for before.",
        ),
        (
            one(0, 2, 5, 3),
            "2 transactions still lead to a patron and could be handed over tomorrow: nobody needs to know who any more, and they wait to be severed; the library's systems have severed 3 of the 5 that were asked for before.",
        ),
        (
            one(1, 1, 5, 4),
            "2 transactions still lead to a patron and could be handed over tomorrow: 1 is needed, 1 is not and waits to be severed; the library's systems have severed 4 of the 5 that were asked for before.",
        ),
    ] {
        assert_eq!(sentence, words);
    }
}

#[test]
fn what_a_purge_severed_is_taken_off_and_no_more() {
    let mut loans = counted(8, 50, 20, 100, 50);
    loans.purged(3);
    assert_eq!((loans.needed, loans.waiting, loans.new, loans.traced, loans.severed), (8, 3, 0, 0, 97));
    assert!(loans.by_age.is_empty() && loans.could_add_up());
    loans.purged(60);
    assert_eq!((loans.waiting, loans.severed), (3, 97), "a trace of more rows than were listed takes nothing back");
}

#[test]
fn every_night_of_a_year_and_a_point_a_month_before_that() {
    let mut history = History::default();
    let first: Day = "2024-01-01".parse().unwrap();
    for night in 0..1_000 {
        let linked = 10_000 - night as u64;
        history.add(Point { day: first.plus(night), needed: 10, waiting: linked, asked: 0, severed: night as u64 });
    }
    let points = history.points();
    assert_eq!(points.iter().filter(|point| point.day >= first.plus(599)).count(), 401);
    let old: Vec<String> = points.iter().take(3).map(|point| point.day.to_string()).collect();
    assert_eq!(old, ["2024-01-31", "2024-02-29", "2024-03-31"]);
    assert!(points.is_sorted_by_key(|point| point.day));
    // The same day again replaces its point, and a day that was taken back goes.
    let last = *points.last().unwrap();
    history.add(Point { needed: 11, ..last });
    assert_eq!(history.points().iter().filter(|point| point.day == last.day).count(), 1);
    assert_eq!(
        how_it_changed(&history).unwrap(),
        "Since 1 January 2026 the number of transactions that lead to a patron has fallen from 9,279 to 9,012; 268 were severed."
    );
    let mut young = History::default();
    assert_eq!(how_it_changed(&young), None);
    young.add(last);
    assert_eq!(how_it_changed(&young), None, "one night has nothing to be compared with");
}
