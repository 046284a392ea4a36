//! Totals of uses, where a system names nobody: all loans are anonymous at return, so patrons can't be counted.
//!
//! Of the whole library and the period, one use column a table. A value stands only with ten times `threshold` rows; the
//! rest is `other`, which takes in the smallest value until it has as many. No place, no day: nothing that says who or when.

use super::rows::{About, Checked};
use super::rules::Rules;
use super::word::{OTHER, Word};

/// How many rows a patron is taken to have at most, where it can't be known.
pub const ROWS_FOR_A_PATRON: u64 = 10;

/// All that is published of such a period.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Totals {
    pub rows: u64,
    /// Sums of the whole period, named.
    pub measures: Vec<(String, i64)>,
    pub tables: Vec<TotalsTable>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TotalsTable {
    /// The use column.
    pub by: String,
    /// In the order of their words.
    pub values: Vec<TotalsValue>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TotalsValue {
    pub word: Word,
    pub rows: u64,
    /// As the period's, in their order.
    pub measures: Vec<i64>,
}

/// `None` where the period has too few rows even for its total.
pub(super) fn totals(rows: &Checked, rules: &Rules) -> Option<Totals> {
    let least = u64::from(rules.threshold()) * ROWS_FOR_A_PATRON;
    if (rows.len() as u64) < least {
        return None;
    }
    let sum = |(name, numbers): &(String, Vec<i64>)| {
        (name.clone(), numbers.iter().fold(0_i64, |sum, number| sum.saturating_add(*number)))
    };
    let tables = rows.about(About::Use).into_iter().map(|column| {
        let values = (0..column.values).map(|code| TotalsValue {
            word: Word::of_code(code),
            rows: 0,
            measures: vec![0; rows.rows.measures.len()],
        });
        let mut values: Vec<TotalsValue> = values.collect();
        for (row, &code) in column.codes.iter().enumerate() {
            let value = &mut values[code as usize];
            value.rows += 1;
            for (sum, (_, numbers)) in value.measures.iter_mut().zip(&rows.rows.measures) {
                *sum = sum.saturating_add(numbers[row]);
            }
        }
        TotalsTable { by: column.name.clone(), values: merged(values, least) }
    });
    Some(Totals {
        rows: rows.len() as u64,
        measures: rows.rows.measures.iter().map(sum).collect(),
        tables: tables.collect(),
    })
}

fn merged(mut values: Vec<TotalsValue>, least: u64) -> Vec<TotalsValue> {
    let mut other = values.swap_remove(OTHER as usize);
    values.retain(|value| value.rows > 0);
    values.sort_by_key(|value| (value.rows, value.word));
    let mut left = Vec::with_capacity(values.len());
    for value in values {
        if value.rows < least || (0 < other.rows && other.rows < least) {
            other.rows += value.rows;
            for (sum, number) in other.measures.iter_mut().zip(&value.measures) {
                *sum = sum.saturating_add(*number);
            }
        } else {
            left.push(value);
        }
    }
    if other.rows > 0 {
        left.push(other);
    }
    left.sort_by_key(|value| value.word);
    left
}
