//! Decisions in tables: what becomes of a few rows.

use std::collections::BTreeMap;

use super::library::plain;
use super::{audited, released};
use crate::release::tree::audit::{Broken, Finding, Node, periods, totals};
use crate::release::tree::cover::Crowd;
use crate::release::tree::{
    About, Checked, Column, FIRST, OTHER, Outcome, Rows, Rules, Span, TreeError, UNKNOWN, When, Word, patrons, release,
};

/// January 2026, which begins on a Thursday.
const SPAN: Span = Span { first: 20_454, last: 20_484 };

/// How many rows each code has, and what it reads.
type Reads<'a> = (&'a [(u32, u64)], &'a [Word]);

/// A row a patron for each of so many, numbered from 1, on so many days from the first.
fn rows(of_day: &[(i32, u64)]) -> Rows {
    let mut rows = Rows { tells_day: true, ..Rows::default() };
    for (day, count) in of_day {
        rows.patron.extend((1..=*count).map(Some));
        rows.day.extend((0..*count).map(|_| SPAN.first + day));
    }
    rows
}

/// One column: so many rows of each code, of one patron each.
fn rows_by(column: &str, about: About, counts: &[(u32, u64)]) -> Rows {
    let mut rows = Rows { tells_day: true, ..Rows::default() };
    let mut codes = Vec::new();
    for (code, count) in counts {
        codes.extend((0..*count).map(|_| *code));
    }
    rows.patron.extend((0..codes.len() as u64).map(Some));
    rows.day.resize(codes.len(), SPAN.first);
    let most = codes.iter().max().copied().unwrap_or_default();
    rows.columns.push(plain(column, about, most.max(FIRST) + 1, codes));
    rows
}

#[test]
fn rows_cover() {
    // Each patron's rows, those of nobody, and whether they cover at a threshold of 3.
    let tables: [(&[u64], u64, bool); 8] = [
        (&[1, 1, 1], 0, true),
        (&[1, 1], 0, false),
        (&[2, 1, 1], 0, true),
        (&[3, 1, 1], 0, false),
        (&[1, 1, 1], 1, true),
        (&[1, 1, 1], 2, false),
        (&[2, 2, 2, 2], 2, true),
        (&[], 5, false),
    ];
    for (of_patrons, unlinked, expected) in tables {
        let mut rows = Rows::default();
        for (patron, count) in of_patrons.iter().enumerate() {
            rows.patron.extend((0..*count).map(|_| Some(patron as u64)));
        }
        rows.patron.extend((0..unlinked).map(|_| None));
        rows.day.resize(rows.patron.len(), SPAN.first);
        let rules = Rules::new(3);
        let checked = Checked::new(&rows, SPAN, &rules).unwrap();
        let crowd = &Crowd::of_cells(&checked, &vec![0; rows.patron.len()], 1)[0];
        assert_eq!(crowd.covers(&rules), expected, "{of_patrons:?} {unlinked}");
    }
}

/// Six of each of two keys may be six people; and the first of each key may be one.
#[test]
fn patrons_of_two_keys_may_be_the_same() {
    let covers = |keys: u64, of_first: u64| {
        let mut rows = Rows::default();
        for patron in 0..12_u64 {
            let count = if patron % 6 == 0 { of_first } else { 1 };
            rows.patron.extend((0..count).map(|_| Some(patron)));
            rows.key.extend((0..count).map(|_| (patron / 6 * (keys - 1)) as u8));
        }
        rows.day.resize(rows.patron.len(), SPAN.first);
        let covers =
            |threshold: u32| !matches!(release(&rows, SPAN, &Rules::new(threshold)).unwrap(), Outcome::DoesNotCover);
        [6, 7, 12].map(covers)
    };
    assert_eq!(covers(1, 1), [true, true, true]);
    assert_eq!(covers(2, 1), [true, false, false]);
    // Twice eight of 26 rows are most.
    assert_eq!(covers(1, 8), [true, true, true]);
    assert_eq!(covers(2, 8), [false, false, false]);
}

#[test]
fn days_join_weeks_and_weeks_the_period() {
    let week = When::Week(SPAN.first);
    let day = |day: i32| When::Day(SPAN.first + day);
    // How many rows some days have, and what each of these days reads at a threshold of 3. Day 4 is a Monday.
    type Days<'a> = (&'a [(i32, u64)], &'a [When]);
    let tables: [Days; 6] = [
        (&[(0, 5), (1, 5)], &[day(0), day(1)]),
        (&[(0, 5), (1, 2)], &[week, week]),
        (&[(0, 9), (1, 2), (2, 5)], &[day(0), week, week]),
        // The same two patrons on both days.
        (&[(0, 2), (1, 2), (2, 5)], &[week, week, week]),
        (&[(0, 2), (4, 5), (5, 9)], &[When::Period, When::Period, day(5)]),
        (&[(0, 2), (4, 2)], &[When::Period, When::Period]),
    ];
    for (of_day, expected) in tables {
        let mut rows = rows(of_day);
        // So that the last case's period covers as a whole.
        rows.patron.iter_mut().enumerate().for_each(|(row, patron)| {
            if of_day.len() == 2 && of_day[1] == (4, 2) {
                *patron = Some(row as u64);
            }
        });
        let released = released(&rows, SPAN, &Rules::new(3));
        let mut told = BTreeMap::new();
        for (day, when) in rows.day.iter().zip(&released.tree.time) {
            assert_eq!(*told.entry(*day).or_insert(*when), *when);
        }
        assert_eq!(told.into_values().collect::<Vec<_>>(), expected, "{of_day:?}");
    }
}

#[test]
fn neighbouring_ages_join_runs_that_cover() {
    let value = |code: u32| Word::Value(FIRST + code);
    let run = |first: u32, last: u32| Word::Run(FIRST + first, FIRST + last);
    // How many patrons some ages have, and what they read at a threshold of 3.
    let tables: [Reads; 6] = [
        (&[(2, 3), (3, 3), (4, 3)], &[value(0), value(1), value(2)]),
        (&[(2, 1), (3, 3), (4, 3)], &[run(0, 1), run(0, 1), value(2)]),
        (&[(2, 3), (3, 1), (4, 3)], &[value(0), run(1, 2), run(1, 2)]),
        (&[(2, 2), (5, 1), (7, 4)], &[run(0, 3), run(0, 3), value(5)]),
        // Whose age isn't known joins the smallest run.
        (&[(UNKNOWN, 1), (2, 4), (3, 3)], &[Word::Other, value(0), Word::Other]),
        // One cell alone.
        (&[(2, 2), (3, 2)], &[Word::Other, Word::Other]),
    ];
    for (of_age, expected) in tables {
        let mut rows = rows_by("age", About::Patron, of_age);
        rows.columns[0].ordered = true;
        let released = released(&rows, SPAN, &Rules::new(3));
        let told: BTreeMap<u32, Word> =
            rows.columns[0].codes.iter().copied().zip(released.tree.community[0].iter()).collect();
        assert_eq!(told.into_values().collect::<Vec<_>>(), expected, "{of_age:?}");
        assert_eq!(audited(&rows, SPAN, &released, 3), [], "{of_age:?}");
    }
}

#[test]
fn child_or_adult_is_kept_longest() {
    let (value, child) = (Word::Value, Word::Group(0));
    // Three categories of children (2 to 4), two of adults (5, 6), and rows whose category isn't known.
    let tables: [Reads; 4] = [
        (&[(2, 5), (3, 1), (4, 4), (5, 9), (6, 3)], &[value(2), child, child, value(5), value(6)]),
        (&[(2, 1), (3, 1), (4, 1), (5, 9), (6, 3)], &[child, child, child, value(5), value(6)]),
        (&[(UNKNOWN, 1), (2, 4), (3, 3), (5, 9), (6, 5)], &[Word::Other, value(2), value(3), value(5), Word::Other]),
        // Two children can't be told from all.
        (&[(2, 2), (5, 9), (6, 5)], &[Word::Other, value(5), Word::Other]),
    ];
    for (of_category, expected) in tables {
        let mut rows = rows_by("category", About::Patron, of_category);
        rows.columns[0].groups = vec![None, None, Some(0), Some(0), Some(0), Some(1), Some(1)];
        let released = released(&rows, SPAN, &Rules::new(3));
        let told: BTreeMap<u32, Word> =
            rows.columns[0].codes.iter().copied().zip(released.tree.community[0].iter()).collect();
        assert_eq!(told.into_values().collect::<Vec<_>>(), expected, "{of_category:?}");
        assert_eq!(audited(&rows, SPAN, &released, 3), [], "{of_category:?}");
    }
}

/// Ages of one category that were joined, and a pool of several categories: both read "0 to 17", which is nine tenths.
#[test]
fn a_run_of_all_ages_of_children_is_what_their_group_is() {
    let (a, b, c) = (FIRST, FIRST + 1, FIRST + 2);
    let of_cells: [(u32, u32, usize); 5] = [(a, 2, 5), (a, 3, 6), (b, 2, 4), (c, 2, 4), (c, 3, 60)];
    let each = |value: fn(&(u32, u32, usize)) -> u32| -> Vec<u32> {
        of_cells.iter().flat_map(|cell| std::iter::repeat_n(value(cell), cell.2)).collect()
    };
    let mut rows = rows(&[(0, 79)]);
    rows.columns.push(plain("category", About::Patron, FIRST + 3, each(|cell| cell.0)));
    rows.columns.push(plain("age", About::Patron, FIRST + 3, each(|cell| cell.1)));
    rows.columns[1].ordered = true;
    rows.columns[1].groups = vec![None, None, Some(0), Some(0), Some(1)];
    let told = released(&rows, SPAN, &Rules::new(5)).tree.community;
    assert_eq!(told[0].words, [Word::Other, Word::Value(a), Word::Value(c)]);
    assert_eq!(told[1].words, [Word::Other], "no age may be told that nearly all have");
}

#[test]
fn places_join_their_smallest_sibling() {
    let value = Word::Value;
    let tables: [Reads; 4] = [
        (&[(2, 5), (3, 4), (4, 3)], &[value(2), value(3), value(4)]),
        (&[(2, 5), (3, 4), (4, 2)], &[value(2), Word::Other, Word::Other]),
        (&[(2, 5), (3, 2), (4, 2)], &[value(2), Word::Other, Word::Other]),
        (&[(OTHER, 1), (UNKNOWN, 4), (2, 5)], &[Word::Other, Word::Other, value(2)]),
    ];
    for (of_place, expected) in tables {
        let rows = rows_by("branch", About::Place, of_place);
        let released = released(&rows, SPAN, &Rules::new(3));
        let told: BTreeMap<u32, Word> =
            rows.columns[0].codes.iter().copied().zip(released.tree.places[0].iter()).collect();
        assert_eq!(told.into_values().collect::<Vec<_>>(), expected, "{of_place:?}");
    }
}

#[test]
fn totals_leave_where_nobody_is_named() {
    // How many rows each value has, and the totals at a threshold of 2: twenty rows a value.
    type Leaves<'a> = (&'a [(u32, u64)], Option<&'a [(Word, u64)]>);
    let tables: [Leaves; 4] = [
        (&[(2, 50), (3, 30)], Some(&[(Word::Value(2), 50), (Word::Value(3), 30)])),
        (&[(2, 50), (3, 30), (4, 5), (5, 3)], Some(&[(Word::Other, 38), (Word::Value(2), 50)])),
        (&[(2, 50), (3, 10), (4, 11)], Some(&[(Word::Other, 21), (Word::Value(2), 50)])),
        (&[(2, 19)], None),
    ];
    for (of_value, expected) in tables {
        let mut rows = rows_by("item_type", About::Use, of_value);
        rows.patron.fill(None);
        rows.measures.push(("renewals".into(), vec![2; rows.patron.len()]));
        let told = match release(&rows, SPAN, &Rules::new(2)).unwrap() {
            Outcome::Tree(_) => panic!("{of_value:?} is about nobody"),
            Outcome::Totals(told) => Some(told),
            Outcome::DoesNotCover => None,
        };
        let values = told
            .as_ref()
            .map(|told| told.tables[0].values.iter().map(|value| (value.word, value.rows)).collect::<Vec<_>>());
        assert_eq!(values.as_deref(), expected, "{of_value:?}");
        if let Some(mut told) = told {
            assert_eq!(totals(&told, 2, 10), []);
            assert_eq!(told.tables[0].values[0].measures, [2 * told.tables[0].values[0].rows as i64]);
            told.tables[0].values[0].rows -= 20;
            let broken: Vec<Broken> = totals(&told, 2, 10).iter().map(|finding| finding.broken).collect();
            assert!(broken.contains(&Broken::Sum), "{broken:?}");
        }
    }
}

#[test]
fn distinct_patrons_are_rounded_and_never_told_by_use() {
    let mut rows = rows_by("branch", About::Place, &[(2, 23), (3, 47)]);
    rows.columns.push(plain("item_type", About::Use, FIRST + 1, vec![FIRST; 70]));
    let rules = Rules::new(10);
    let released = released(&rows, SPAN, &rules);
    let checked = Checked::new(&rows, SPAN, &rules).unwrap();
    let of = |by: &[&str]| patrons(&checked, &released.tree, by, &rules);
    let expected = [(vec![Word::Value(2)], Some(20)), (vec![Word::Value(3)], Some(40))];
    assert_eq!(of(&["branch"]).unwrap(), BTreeMap::from(expected));
    assert_eq!(of(&[]).unwrap(), BTreeMap::from([(Vec::new(), Some(70))]));
    for by in ["item_type", "day"] {
        assert_eq!(of(&["branch", by]).unwrap_err(), TreeError::NotOfPatrons { column: by.into() });
    }
}

/// A calendar year and a fiscal year have months in common: taken from each other, they leave half a year.
#[test]
fn periods_that_overlap_are_found() {
    let half = |number: i32| Span { first: number * 180, last: number * 180 + 179 };
    let year = |from: i32| Span { first: half(from).first, last: half(from + 1).last };
    assert_eq!(periods(&[half(0), half(1), year(2)]), []);
    let overlap = Finding { node: Node::Trunk, broken: Broken::Overlap, count: 1 };
    assert_eq!(periods(&[year(0), year(1)]), [overlap]);
    assert_eq!(periods(&[year(0), half(1)]), [overlap]);
}

#[test]
fn rows_that_arent_what_they_promise_are_refused() {
    let good = || rows_by("branch", About::Place, &[(2, 5)]);
    let branch = || "branch".to_owned();
    let change = |change: fn(&mut Rows)| {
        let mut rows = good();
        change(&mut rows);
        release(&rows, SPAN, &Rules::new(3)).err()
    };
    fn column(rows: &mut Rows) -> &mut Column {
        &mut rows.columns[0]
    }
    assert_eq!(change(|_| ()), None);
    assert_eq!(
        change(|rows| column(rows).codes.truncate(4)),
        Some(TreeError::Unequal { column: branch(), rows: 4, expected: 5 })
    );
    assert_eq!(change(|rows| column(rows).codes[0] = 3), Some(TreeError::NoSuchCode { column: branch() }));
    assert_eq!(change(|rows| column(rows).groups = vec![None; 2]), Some(TreeError::NoGroups { column: branch() }));
    assert_eq!(change(|rows| rows.day[1] = SPAN.last + 1), Some(TreeError::OutsidePeriod { rows: 1 }));
    assert_eq!(change(|rows| column(rows).from_patron = true), Some(TreeError::LeadsToPatron { column: branch() }));
}

#[test]
fn no_rows_at_all_dont_cover() {
    assert!(matches!(release(&Rows::default(), SPAN, &Rules::new(3)).unwrap(), Outcome::DoesNotCover));
}
