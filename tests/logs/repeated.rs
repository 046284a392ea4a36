//! Lines that stand in two logs, of which neither begins with the other: a rotation that sends a part twice.

use afterloan::act::Outcome;

use super::site::*;
use crate::support::library::only;

/// A request each by another patron, so many a day, in August 2026 from a day on.
fn august(days: std::ops::RangeInclusive<u32>, patrons: u32) -> String {
    days.map(|of| day(&format!("2026-08-{of:02}"), patrons)).collect()
}

fn told(outcome: &Outcome) -> Vec<&str> {
    let all = outcome.attention.iter().chain(&outcome.still).map(|one| one.what.as_str());
    all.filter(|what| what.contains("counted twice")).collect()
}

/// 1,120 requests, and 200 of them again: sent with what was new.
#[test]
fn a_part_that_is_sent_twice_waits_for_a_person_and_is_counted_once() {
    for pipeline in [PIPELINE.to_string(), counting()] {
        let site = site_with(&pipeline);
        put(&site, "proxy-1.csv", log(&[august(1..=20, 40)]), "2026-08-21");
        assert_eq!(rows(&night(&site, "2026-09-20"))[1], 800);
        let second = log(&[august(16..=28, 40)]);
        put(&site, "proxy-2.csv", &second, "2026-09-01");
        let outcome = night(&site, "2026-09-29");
        assert_eq!((stand(&outcome), rows(&outcome)), ([0, 1, 0], [520, 0, 0, 520, 0]));
        let told = told(&outcome);
        assert_eq!(told.len(), 1, "{:?}", outcome.attention);
        // Where blocks of lines end, the site's own key decides: how many of the 200 are known differs from site to site.
        let known = told[0].strip_prefix("proxy-2.csv: at least ");
        let known: u64 = known.and_then(|rest| rest.split(' ').next()?.parse().ok()).expect(told[0]);
        assert!((1..=200).contains(&known), "{}", told[0]);
        for words in [" near line ", "a log that was retired on 2026-09-20", "Take those lines out"] {
            assert!(told[0].contains(words), "{words}: {}", told[0]);
        }
        assert!(has(&site, "proxy-2.csv") && worklist(&site).is_empty());
        // It isn't news for ever, and no month is released meanwhile.
        let later = night(&site, "2026-10-05");
        assert!(later.still.iter().any(|one| one.what.contains("counted twice")), "{:?}", later.attention);
        assert_eq!(released(only(&later)), [] as [(String, u64); 0]);
        // A person takes the lines out.
        put(&site, "proxy-2.csv", log(&[august(21..=28, 40)]), "2026-10-05");
        let mended = night(&site, "2026-10-06");
        assert_eq!((stand(&mended), rows(&mended)[1]), ([1, 0, 0], 320));
        assert_eq!(released(only(&mended)), [("2026-08".to_string(), 1_120)]);
    }
}

#[test]
fn of_two_files_of_one_night_the_later_waits() {
    let site = site_with(PIPELINE);
    put(&site, "proxy-1.csv", log(&[august(1..=20, 40)]), "2026-08-21");
    put(&site, "proxy-2.csv", log(&[august(16..=28, 40)]), "2026-09-01");
    put(&site, "proxy-3.csv", log(&[day("2026-08-29", 30)]), "2026-09-01");
    let outcome = night(&site, "2026-10-02");
    assert_eq!((stand(&outcome), rows(&outcome)), ([2, 1, 0], [1_350, 830, 0, 520, 0]));
    assert!(told(&outcome)[0].starts_with("proxy-2.csv: "), "{:?}", outcome.attention);
    assert!(told(&outcome)[0].contains("stand in proxy-1.csv, too"), "{:?}", outcome.attention);
    assert!(has(&site, "proxy-2.csv") && inbox(&site).len() == 1);
}

/// A log that grew is known otherwise, and what is like nothing else is new.
#[test]
fn a_log_that_grew_and_one_that_is_new_repeat_nothing() {
    let site = site_with(PIPELINE);
    let first = august(1..=20, 40);
    put(&site, "proxy-1.csv", log(std::slice::from_ref(&first)), "2026-08-21");
    night(&site, "2026-09-20");
    put(&site, "proxy-1.csv", log(&[first, august(21..=28, 40)]), "2026-09-01");
    put(&site, "proxy-2.csv", log(&[day("2026-08-29", 50)]), "2026-09-01");
    let outcome = night(&site, "2026-10-01");
    assert_eq!((stand(&outcome), rows(&outcome)), ([2, 0, 0], [1_170, 370, 800, 0, 0]));
    assert!(told(&outcome).is_empty());
}
