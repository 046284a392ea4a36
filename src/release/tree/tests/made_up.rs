//! Rows that no library has: whatever comes in, what comes out covers, is true, and tells nothing of how it came in.

use proptest::prelude::*;

use super::audited;
use super::library::plain;
use super::random::Random;
use crate::release::tree::{About, FIRST, OTHER, Outcome, Rows, Rules, Span, release};

pub const SPAN: Span = Span { first: 20_454, last: 20_454 + 40 };

/// Rows of a few patrons, places, days and kinds, skewed by a seed: reserved codes, hours that aren't known, rows of nobody.
pub fn rows(count: usize, seed: u64, patrons: u64, unlinked: f64) -> Rows {
    let mut random = Random(seed);
    let skewed = |random: &mut Random, end: u64| random.below(end).min(random.below(end));
    let mut rows = Rows { tells_day: !seed.is_multiple_of(7), hour: Some(Vec::new()), ..Rows::default() };
    let mut codes: [Vec<u32>; 6] = Default::default();
    let mut renewals = Vec::new();
    for _ in 0..count {
        let patron = skewed(&mut random, patrons);
        rows.patron.push((!random.chance(unlinked)).then_some(patron << 40 | 5));
        rows.key.push(if seed.is_multiple_of(2) { 0 } else { random.below(3) as u8 });
        rows.day.push(SPAN.first + skewed(&mut random, 41) as i32);
        rows.hour.get_or_insert_default().push(if random.chance(0.03) {
            255
        } else {
            8 + skewed(&mut random, 12) as u8
        });
        renewals.push(random.below(3) as i64);
        let of_row = [
            skewed(&mut random, 6),
            skewed(&mut random, 4),
            skewed(&mut random, 9),
            patron % 6,
            2 + (patron / 3) % 9,
            if random.chance(0.05) { 1 } else { patron % 5 },
        ];
        codes.iter_mut().zip(of_row).for_each(|(codes, code)| codes.push(code as u32));
    }
    let [branch, area, item_type, category, age, zip] = codes;
    let mut category = plain("category", About::Patron, FIRST + 4, category);
    category.groups = vec![None, None, Some(0), Some(0), Some(1), None];
    let mut age = plain("age", About::Patron, FIRST + 9, age);
    age.ordered = true;
    let mut branch = plain("branch", About::Place, FIRST + 4, branch);
    if seed.is_multiple_of(3) {
        branch.groups = vec![None, None, None, Some(4), Some(4), None];
    }
    rows.columns = vec![
        branch,
        plain("area", About::Place, FIRST + 2, area),
        plain("item_type", About::Use, FIRST + 7, item_type),
        category,
        age,
        plain("zip", About::Patron, FIRST + 3, zip),
    ];
    rows.measures.push(("renewals".into(), renewals));
    rows
}

/// The same rows in another order, under other numbers.
fn shuffled(rows: &Rows, seed: u64) -> Rows {
    let mut random = Random(seed);
    let mut order: Vec<usize> = (0..rows.patron.len()).collect();
    for last in (1..order.len()).rev() {
        order.swap(last, random.below(last as u64 + 1) as usize);
    }
    let mut other = rows.clone();
    for (to, &from) in order.iter().enumerate() {
        other.patron[to] = rows.patron[from].map(|patron| u64::MAX - patron);
        other.day[to] = rows.day[from];
        other.key[to] = rows.key[from];
        if let (Some(hours), Some(all)) = (&mut other.hour, &rows.hour) {
            hours[to] = all[from];
        }
        other.measures[0].1[to] = rows.measures[0].1[from];
        for (column, all) in other.columns.iter_mut().zip(&rows.columns) {
            column.codes[to] = all.codes[from];
        }
    }
    other
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_comes_in_what_comes_out_holds(
        count in 0_usize..1_500, seed: u64, patrons in 1_u64..120, unlinked in prop_oneof![Just(0.0), Just(0.05), Just(0.3)],
        threshold in 2_u32..12,
    ) {
        let rows = rows(count, seed, patrons, unlinked);
        let rules = Rules::new(threshold);
        match (release(&rows, SPAN, &rules).unwrap(), release(&shuffled(&rows, seed), SPAN, &rules).unwrap()) {
            (Outcome::Tree(released), Outcome::Tree(again)) => {
                prop_assert_eq!(audited(&rows, SPAN, &released, threshold), []);
                prop_assert_eq!(&released.tables, &again.tables);
                prop_assert_eq!(released.counts, again.counts);
            }
            (Outcome::Totals(totals), Outcome::Totals(again)) => {
                prop_assert_eq!(crate::release::tree::audit::totals(&totals, threshold, 10), []);
                prop_assert_eq!(totals, again);
            }
            (Outcome::DoesNotCover, Outcome::DoesNotCover) => {}
            _ => prop_assert!(false, "the order of rows decides"),
        }
    }
}

#[test]
fn declared_other_stays_other() {
    let mut rows = rows(1_200, 5, 100, 0.0);
    rows.columns[2].codes.fill(OTHER);
    let Outcome::Tree(released) = release(&rows, SPAN, &Rules::new(5)).unwrap() else { panic!("it doesn't cover") };
    assert_eq!(released.tree.uses[0].words, [crate::release::tree::Word::Other]);
}
