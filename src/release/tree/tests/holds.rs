//! The audit over simulated libraries: nothing is found.

use super::library::{Library, PLAIN, grouped, joined, months};
use super::{audited, released};
use crate::release::tree::{Outcome, Rows, Rules, Span, release};
use crate::words::{Calendar, Length, Month};

/// Thirty kinds of libraries.
pub fn libraries() -> Vec<Library> {
    let sizes = [(150, 1), (150, 2), (400, 3), (800, 2), (2_500, 5), (8_000, 6)];
    let mut libraries = Vec::new();
    for (place, (borrowers, branches)) in sizes.into_iter().enumerate() {
        for (variant, privacy) in [0.0, 0.04, 0.3, 0.6].into_iter().enumerate() {
            libraries.push(Library {
                seed: (place * 10 + variant) as u64,
                borrowers,
                branches,
                areas: (place + variant) % 2 == 1,
                bookmobile: branches > 1 && variant % 2 == 0,
                school_class: variant != 2,
                privacy,
                hours_change: variant != 3,
            });
        }
    }
    libraries.push(Library { seed: 80, borrowers: 20_000, branches: 12, areas: true, bookmobile: true, ..PLAIN });
    libraries.push(Library { seed: 90, privacy: 1.0, ..PLAIN });
    // Nearly half of the rows name nobody.
    libraries.push(Library { seed: 82, privacy: 0.5, borrowers: 1_500, branches: 4, ..PLAIN });
    libraries.push(Library { seed: 83, areas: true, borrowers: 400, branches: 8, ..PLAIN });
    libraries.push(Library {
        seed: 84,
        hours_change: false,
        borrowers: 3_000,
        branches: 12,
        bookmobile: true,
        ..PLAIN
    });
    libraries.push(Library { seed: 91, borrowers: 8_000, privacy: 1.0, ..PLAIN });
    assert!(libraries.len() >= 30);
    libraries
}

/// A year of a library by its regular periods, of which one that doesn't cover goes with the next. Calls `each` with what is
/// published, and says of each attempt whether it covered.
pub fn year(library: &Library, length: Length, rules: &Rules, mut each: impl FnMut(&Rows, Span, Outcome)) -> Vec<bool> {
    let calendar = Calendar { length, year_begins: 1 };
    let spans = months();
    let (mut first, mut covered) = (0, Vec::new());
    for to in (0..12).filter(|month| calendar.regular(Month(*month)).last == Month(*month)) {
        let span = Span { first: spans[first as usize].first, last: spans[to as usize].last };
        // Of every other library, months were staged under keys of their own.
        let month = |month: i32| {
            let mut rows = library.month(spans[month as usize]);
            rows.key = vec![if library.seed.is_multiple_of(2) { 0 } else { month as u8 }; rows.patron.len()];
            rows
        };
        let rows = (first..=to).map(month).reduce(joined).unwrap();
        let outcome = release(&rows, span, rules).unwrap();
        let covers = !matches!(outcome, Outcome::DoesNotCover);
        covered.push(covers);
        each(&rows, span, outcome);
        if covers {
            first = to + 1;
        }
    }
    covered
}

#[test]
fn nothing_is_found_in_a_year_of_thirty_libraries() {
    let (mut periods, mut published) = (0, 0);
    for library in libraries() {
        // Of the large ones, which rarely are on the edge, a threshold each.
        let thresholds: &[u32] = if library.borrowers < 5_000 { &[5, 10] } else { &[10] };
        for &threshold in thresholds {
            let rules = Rules::new(threshold);
            year(&library, Length::Month, &rules, |rows, span, outcome| {
                periods += 1;
                match outcome {
                    Outcome::Tree(released) => {
                        published += 1;
                        assert_eq!(audited(rows, span, &released, threshold), [], "{library:?}, {threshold}, {span:?}");
                    }
                    Outcome::Totals(totals) => {
                        assert_eq!(crate::release::tree::audit::totals(&totals, threshold, 10), [], "{library:?}");
                    }
                    Outcome::DoesNotCover => {}
                }
            });
        }
    }
    assert!(published > 300, "{published} of {periods}");
}

#[test]
fn every_library_that_names_somebody_publishes_something_every_year() {
    let small = Library { seed: 6, borrowers: 150, branches: 1, privacy: 0.04, ..PLAIN };
    for length in [Length::Month, Length::Quarter, Length::Year] {
        let covered = year(&small, length, &Rules::new(10), |_, _, _| ());
        assert!(covered.contains(&true), "{length:?}: {covered:?}");
    }
}

#[test]
fn declared_groups_of_places_are_published_together() {
    let library = Library { branches: 3, bookmobile: true, ..PLAIN };
    for span in months() {
        let mut rows = library.month(span);
        let bookmobile = crate::release::tree::FIRST + 2;
        grouped(&mut rows, "branch", &[(bookmobile - 1, 0), (bookmobile, 0)]);
        let rules = Rules::new(10);
        let released = released(&rows, span, &rules);
        let words: std::collections::BTreeSet<_> = released.tree.places[0].iter().collect();
        assert!(words.contains(&crate::release::tree::Word::Group(0)), "{words:?}");
        assert!(!words.contains(&crate::release::tree::Word::Value(bookmobile)));
        assert_eq!(audited(&rows, span, &released, 10), []);
    }
}
