//! Whether what is published is true of the rows that it is published of.

use super::super::calendar::Span;
use super::super::rows::Column;
use super::super::word::{FIRST, Labels, OTHER, UNKNOWN, When, Word};

/// How many rows a column says an untruth of.
pub fn untrue(column: &Column, labels: &Labels) -> usize {
    let is_true = |word: Word, code: u32| match word {
        Word::Other => true,
        Word::Unknown => code == UNKNOWN,
        Word::Value(value) => code == value && code >= FIRST,
        Word::Run(first, last) => column.ordered && code >= FIRST && first <= code && code <= last,
        Word::Group(group) => {
            code != OTHER && code != UNKNOWN && column.groups.get(code as usize).copied().flatten() == Some(group)
        }
    };
    labels.iter().zip(&column.codes).filter(|(word, code)| !is_true(*word, **code)).count()
}

/// How many rows are dated by what they didn't happen in.
pub fn untimely(time: &[When], day: &[i32], span: Span) -> usize {
    let is_true = |when: When, day: i32| match when {
        When::Day(told) => told == day,
        When::Week(first) => {
            // Either a Monday (day 4 was one), or where the period begins.
            let begins = (first - 4).rem_euclid(7) == 0 || first == span.first;
            let monday = first - (first - 4).rem_euclid(7);
            begins && first <= day && day < monday + 7
        }
        When::Period => span.first <= day && day <= span.last,
    };
    time.iter().zip(day).filter(|(when, day)| !is_true(**when, **day)).count()
}

/// How many rows are in a range of hours that they don't belong to.
pub fn out_of_range(range: &Labels, hour: &[u8]) -> usize {
    let is_true = |word: Word, hour: u8| match word {
        Word::Other => true,
        Word::Unknown => hour > 23,
        Word::Value(value) => u32::from(hour) == value && hour < 24,
        Word::Run(first, last) => (first..=last).contains(&u32::from(hour)) && hour < 24,
        Word::Group(_) => false,
    };
    range.iter().zip(hour).filter(|(word, hour)| !is_true(*word, **hour)).count()
}
