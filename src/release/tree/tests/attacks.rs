//! Each rule is missed: weakened in the making, the audit finds it; whole, it finds nothing.

use super::library::{CHILD, Library, PLAIN, months, plain};
use super::random::Random;
use super::{audited, released};
use crate::release::tree::audit::{Broken, Node, tables_alone};
use crate::release::tree::rules::Weakness;
use crate::release::tree::{About, FIRST, Rows, Rules, Span, TreeError, UNKNOWN, release};

const SMALL: Library = Library { borrowers: 300, ..PLAIN };

/// The months of a library.
fn library(library: &Library) -> Vec<(Rows, Span)> {
    months().into_iter().take(4).map(|span| (library.month(span), span)).collect()
}

/// Ninety of a hundred rows of each Monday are of one who asked for no history; ten others have one each.
fn one_unlinked_reader() -> Vec<(Rows, Span)> {
    let span = months()[0];
    let mut rows = Rows { tells_day: true, ..Rows::default() };
    for day in span.first..=span.last {
        let monday = (day + 3).rem_euclid(7) == 0;
        for reader in 0..if monday { 100 } else { 60 } {
            rows.patron.push((!monday || reader < 10).then_some(1 + reader));
            rows.day.push(day);
        }
    }
    vec![(rows, span)]
}

/// Nine readers in one month, and the same nine in the next, under another key: eighteen numbers. Others come on other days.
fn two_months_of_two_keys() -> Vec<(Rows, Span)> {
    let span = Span { first: months()[0].first, last: months()[1].last };
    let mut rows = Rows { tells_day: true, ..Rows::default() };
    for day in 0..59 {
        let few = day % 7 == 0;
        for reader in 0..if few { 9 } else { 30 } {
            rows.patron.push(Some(reader + if day < 31 { 0 } else { 100 }));
            rows.key.push(u8::from(day >= 31));
            rows.day.push(span.first + day);
        }
    }
    // Nine in each month are at a place of their own.
    let few: Vec<u32> = rows.day.iter().map(|day| FIRST + u32::from((day - span.first) % 7 == 0)).collect();
    rows.columns.push(plain("branch", About::Place, FIRST + 2, few));
    vec![(rows, span)]
}

/// A branch whose borrowers are adults of all ages, and a child in twenty.
fn a_branch_of_adults() -> Vec<(Rows, Span)> {
    let (span, mut random) = (months()[0], Random(4));
    let mut rows = Rows { tells_day: true, ..Rows::default() };
    let mut categories = Vec::new();
    let mut ages = Vec::new();
    for row in 0..2_000 {
        let patron = random.below(400);
        rows.patron.push(Some(patron));
        rows.day.push(span.first + row % 28);
        categories.push(if patron < 20 { FIRST } else { FIRST + 1 });
        ages.push(FIRST + if patron < 20 { 0 } else { 1 + (patron % 4) as u32 });
    }
    let mut category = plain("category", About::Patron, FIRST + 2, categories);
    category.groups = vec![None, None, Some(CHILD), Some(0)];
    let mut age = plain("age", About::Patron, FIRST + 5, ages);
    age.ordered = true;
    rows.columns = vec![category, age];
    vec![(rows, span)]
}

/// The second branch opens for one hour a day.
fn an_hour_a_day() -> Vec<(Rows, Span)> {
    let mut months = library(&PLAIN);
    for (rows, _) in &mut months {
        let hours = rows.hour.iter_mut().flatten();
        hours.zip(&rows.columns[0].codes).filter(|(_, branch)| **branch == FIRST + 1).for_each(|(hour, _)| *hour = 16);
    }
    months
}

fn zip_as_use() -> Vec<(Rows, Span)> {
    let mut months = library(&SMALL);
    for (rows, _) in &mut months {
        rows.columns.iter_mut().filter(|column| column.name == "zip").for_each(|zip| zip.about = About::Use);
    }
    months
}

type Maker = fn() -> Vec<(Rows, Span)>;

#[test]
fn each_rule_is_missed() {
    let small: Maker = || library(&SMALL);
    let areas: Maker = || library(&Library { areas: true, bookmobile: true, branches: 3, ..SMALL });
    let attacks: [(Weakness, Maker, Node, Broken); 12] = [
        (Weakness::KeysAreOne, two_months_of_two_keys, Node::Trunk, Broken::DoesNotCover),
        (Weakness::TrueWeekdays, small, Node::Hours, Broken::Separator),
        (Weakness::FirstPlaceAlone, areas, Node::Trunk, Broken::DoesNotCover),
        (Weakness::PatronAsUse, zip_as_use, Node::Trunk, Broken::LeadsToPatron),
        (Weakness::UnlinkedAreNobody, one_unlinked_reader, Node::Trunk, Broken::DoesNotCover),
        (Weakness::OneCellAlone, an_hour_a_day, Node::Hours, Broken::OneCellAlone),
        (Weakness::OpeningHours, small, Node::Hours, Broken::OpeningHours),
        (Weakness::NineTenths, a_branch_of_adults, Node::Community, Broken::NineTenths),
        (Weakness::RareUses, small, Node::Trunk, Broken::RareUse),
        (Weakness::SmallPlaces, areas, Node::Trunk, Broken::DoesNotCover),
        (Weakness::SmallDays, small, Node::Trunk, Broken::DoesNotCover),
        (Weakness::SmallCommunities, small, Node::Community, Broken::DoesNotCover),
    ];
    for (weakness, maker, node, broken) in attacks {
        let found = |rules: &Rules| {
            let each = |(rows, span): (Rows, Span)| audited(&rows, span, &released(&rows, span, rules), 10);
            maker().into_iter().flat_map(each).collect::<Vec<_>>()
        };
        let findings = found(&Rules::without(10, weakness));
        let named = findings.iter().any(|finding| (finding.node, finding.broken) == (node, broken));
        assert!(named, "{weakness:?}: {findings:?}");
        if weakness != Weakness::PatronAsUse {
            assert_eq!(found(&Rules::new(10)), [], "{weakness:?}");
        }
    }
}

/// From published tables alone, anybody finds most of them.
#[test]
fn tables_alone_show_most_weaknesses() {
    let small: Maker = || library(&SMALL);
    let weaknesses = [
        (Weakness::TrueWeekdays, small),
        (Weakness::OneCellAlone, an_hour_a_day),
        (Weakness::NineTenths, a_branch_of_adults),
        (Weakness::RareUses, small),
        (Weakness::SmallDays, small),
        (Weakness::SmallCommunities, small),
    ];
    for (weakness, maker) in weaknesses {
        let each =
            |(rows, span): (Rows, Span)| tables_alone(&released(&rows, span, &Rules::without(10, weakness)).tables, 10);
        assert!(!maker().into_iter().flat_map(each).collect::<Vec<_>>().is_empty(), "{weakness:?}");
    }
}

#[test]
fn what_is_taken_from_a_patron_is_about_the_patron() {
    let (rows, span) = zip_as_use().remove(0);
    let refused = release(&rows, span, &Rules::new(10)).err();
    assert_eq!(refused, Some(TreeError::LeadsToPatron { column: "zip".into() }));
}

/// Whatever is changed in the files after it was decided.
#[test]
fn files_that_say_otherwise_are_found() {
    let (rows, span) = library(&PLAIN).remove(0);
    let rules = Rules::new(10);
    let mutations: [fn(&mut crate::release::tree::Tables); 6] = [
        |tables| tables.trunk.time.swap(0, 500),
        |tables| tables.trunk.uses[1].of_row.swap(0, 500),
        |tables| tables.trunk.measures[0].1[7] += 1,
        |tables| {
            let last = tables.community.as_mut().unwrap().patrons[1].of_row.pop();
            assert!(last.is_some());
        },
        |tables| tables.community = None,
        |tables| tables.hours.as_mut().unwrap()[0].rows += 1,
    ];
    for (place, mutate) in mutations.iter().enumerate() {
        let mut released = released(&rows, span, &rules);
        mutate(&mut released.tables);
        let findings = crate::release::tree::audit::with_patrons(&rows, span, &released.tree, &released.tables, 10);
        assert!(findings.iter().any(|finding| finding.broken == Broken::Files), "{place}: {findings:?}");
    }
}

#[test]
fn what_isnt_true_is_found() {
    let (mut rows, span) = library(&PLAIN).remove(0);
    let released = released(&rows, span, &Rules::new(10));
    rows.columns[0].codes[3] = UNKNOWN;
    rows.day[0] += if rows.day[0] == span.last { -10 } else { 1 };
    let findings = crate::release::tree::audit::with_patrons(&rows, span, &released.tree, &released.tables, 10);
    assert!(findings.iter().filter(|finding| finding.broken == Broken::Untrue).count() >= 2, "{findings:?}");
}
