//! Libraries of which little can be told, over fifteen months: one of 150 borrowers publishes something every year, and
//! one whose system names nobody publishes totals by use, with no place and no day, and says why.

use std::fs;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::checker::{Checker, check_all};
use super::exported::Severed;
use super::nameless::totals_are_true;
use super::package;
use super::simulated::{Library, PLAIN};
use super::truth::Layout;
use super::years::{Lived, begun};
use crate::support::{files, snapshot};

const THRESHOLD: usize = 10;
const SMALL: Library = Library { seed: 3, borrowers: 150, branches: 1, ..PLAIN };

/// A night on the second of every so many months, from October 2025 to December 2026; what a night published no later one
/// changes.
fn lives(library: &Library, months: i64) -> Lived {
    let lived = begun(library, library.since(date(2025, 8, 1)), THRESHOLD);
    // Loans are enough to be slow.
    for other in ["koha-holds", "computer-sessions", "ezproxy-access"] {
        fs::remove_file(lived.site.at(&format!("pipelines/{other}.toml"))).unwrap();
    }
    let mut severed = Severed::default();
    let nights = date(2025, 10, 2).series(months.months()).take_while(|night| *night < date(2027, 1, 1));
    let nights: Vec<Date> = nights.collect();
    for night in nights {
        let before = snapshot(&lived.site.at("public"));
        lived.night(&night.to_string(), &mut severed);
        for (path, bytes) in before.iter().filter(|(path, _)| path.to_str().unwrap().contains("month=")) {
            assert!(fs::read(lived.site.at("public").join(path)).unwrap() == *bytes, "{night}: {path:?} was changed");
        }
    }
    lived
}

#[test]
fn a_library_of_150_borrowers_publishes_something_every_year() {
    let lived = lives(&SMALL, 1);
    let public = lived.site.at("public");
    let layout = Layout::koha_loans();
    let published = lived.published(&layout);
    let months: Vec<i32> = published.keys().flat_map(|span| span.first..=span.last).collect();
    let of_year = |year: i32| months.iter().filter(|month| **month / 12 == year).count();
    assert_eq!((of_year(2025), of_year(2026), published.len()), (5, 10, 15), "{months:?}");
    check_all(&public, &layout, &published, |rows, period| {
        Checker { rows, layout: &layout, threshold: THRESHOLD, counts_patrons: true }.check(period)
    });
    package::names_what_is_there(&public);
    lived.site.assert_verifies();
    assert_eq!(lived.site.cli(&["audit"]).status.code(), Some(0));
}

#[test]
fn a_library_whose_system_names_nobody_publishes_totals_every_month_and_says_why() {
    let lived = lives(&Library { names_nobody: true, ..SMALL }, 2);
    let (public, layout) = (lived.site.at("public"), Layout::koha_loans());
    let totals = lived.in_periods_of(&layout, "statistics/loan/total");
    assert_eq!((totals.len(), totals.keys().all(|span| span.months() == 1)), (15, true));
    totals_are_true(&public, &layout, &totals, 10 * THRESHOLD as i64);
    for path in files(&public) {
        let name = path.to_str().unwrap();
        let is_total = name.starts_with("statistics/loan/total/") || name.starts_with("statistics/loan/total-by-");
        assert!(!(name.contains("/loan/") && name.ends_with(".parquet")) || is_total, "{name}: no totals");
        let says =
            |column: &str| name.ends_with(".csv") && fs::read_to_string(public.join(&path)).unwrap().contains(column);
        if name.contains("/loan/") {
            assert!(
                !["branch", "day", "week", "hours", "patron"].into_iter().any(says),
                "{name} tells of who, where or when"
            );
        }
    }
    let index = fs::read_to_string(public.join("index.html")).unwrap();
    assert!(index.contains("no longer names who borrowed"), "the page doesn't say why: {index}");
    package::names_what_is_there(&public);
    lived.site.assert_verifies();
    assert_eq!(lived.site.cli(&["audit"]).status.code(), Some(0));
}
