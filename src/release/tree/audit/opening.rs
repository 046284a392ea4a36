//! Opening hours, as everybody knows them: every range of hours must be possible on every day and place of its separator.

use std::collections::HashMap;

use super::super::rows::{About, Rows};
use super::super::word::{Labels, Word};
use super::groups::Keys;

/// The hours that a range may be about, as bits: 0 to 23, and 24 for hours that aren't known. `other` may be about the hull
/// of those that it has.
fn possible(word: Word, hours: u32) -> u32 {
    match word {
        Word::Value(hour) => 1 << (hour & 31),
        Word::Run(first, last) => (first..=last).fold(0, |bits, hour| bits | 1 << (hour & 31)),
        Word::Unknown => 1 << 24,
        Word::Other | Word::Group(_) => hull(hours),
    }
}

/// How many ranges miss the span from first to last loan of a day and place of their separator.
///
/// `separator`: the number of each row's; `range`: what each row's range is.
pub fn ranges_that_miss(rows: &Rows, separator: &[u32], range: &Labels) -> usize {
    let Some(hours) = &rows.hour else { return 0 };
    let hour = |row: usize| 1_u32 << u32::from(hours[row]).min(24);
    let places = rows.columns.iter().filter(|column| column.about == About::Place);
    let place = places
        .fold(Keys::new(separator.len()), |keys, column| keys.with(column.values as usize, |row| column.codes[row]))
        .numbers();
    // The hours of each day and place, the words of each separator, and the hours of its `other`.
    let mut spans: HashMap<(u32, u32, i32), u32> = HashMap::new();
    let mut told: HashMap<(u32, u32), u32> = HashMap::new();
    for row in 0..separator.len() {
        *spans.entry((separator[row], place[row], rows.day[row])).or_default() |= hour(row);
        *told.entry((separator[row], range.of_row[row])).or_default() |= hour(row);
    }
    let mut of_separator: HashMap<u32, Vec<u32>> = HashMap::new();
    for ((separator, ..), span) in &spans {
        of_separator.entry(*separator).or_default().push(hull(*span));
    }
    let misses = |((separator, word), hours): &(&(u32, u32), &u32)| {
        let possible = possible(range.words[*word as usize], **hours);
        of_separator.get(separator).is_some_and(|spans| spans.iter().any(|span| span & possible == 0))
    };
    told.iter().filter(misses).count()
}

/// All hours from the first to the last that is known; hours that aren't known stay as they are.
fn hull(hours: u32) -> u32 {
    let (known, unknown) = (hours & 0xff_ffff, hours & 1 << 24);
    if known == 0 {
        return unknown;
    }
    let (first, last) = (known.trailing_zeros(), 31 - known.leading_zeros());
    (first..=last).fold(unknown, |bits, hour| bits | 1 << hour)
}
