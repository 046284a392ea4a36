//! The leaf of who: what kinds of patrons, within each combination of places.
//!
//! Its cells cover (`split`). No column says the same of more than nine tenths of a place's rows, since whoever was there
//! would be known to be that; and where one cell alone would be left, all columns read `other`.

mod split;
mod steps;

use std::collections::BTreeMap;

use super::cells::Cells;
use super::cover::{Crowd, Growing};
use super::places::Places;
use super::rows::{About, Checked};
use super::rules::{Rules, Weakness};
use super::word::{Labels, Word};
use split::Splitting;

/// The patron columns as published, in declared order. It hangs by the combinations of places in `places`, which may be
/// those of several periods of the trunk.
pub fn community(rows: &Checked, places: &Places, rules: &Rules) -> Vec<Labels> {
    let columns = rows.about(About::Patron);
    let mut cells = Cells::one(rows.len()).split(|row| places.of_row[row]);
    for column in &columns {
        cells = cells.split(|row| column.codes[row]);
    }
    let crowds = Crowd::of_cells(rows, &cells.of_row, cells.len());
    let mut growing = Growing::new(&rows.patrons);
    let mut says: Vec<Vec<Word>> = Vec::with_capacity(cells.len());
    for place in cells.codes.chunk_by(|a, b| a[0] == b[0]) {
        let crowds = &crowds[says.len()..says.len() + place.len()];
        let codes: Vec<&[u32]> = place.iter().map(|codes| &codes[1..]).collect();
        let mut words = if rules.lacks(Weakness::SmallCommunities) {
            codes.iter().map(|codes| codes.iter().map(|&code| Word::of_code(code)).collect()).collect()
        } else {
            Splitting::new(&columns, &codes, crowds, rules, &mut growing).words()
        };
        if !rules.lacks(Weakness::NineTenths) {
            hide_what_is_alike(&mut words, crowds);
        }
        if !rules.lacks(Weakness::OneCellAlone) {
            hide_one_alone(&mut words);
        }
        says.append(&mut words);
    }
    (0..columns.len()).map(|column| labels(&cells, &says, column)).collect()
}

fn labels(cells: &Cells, says: &[Vec<Word>], column: usize) -> Labels {
    let of_cell: Vec<Word> = says.iter().map(|words| words[column]).collect();
    Labels::of_cells(&cells.of_row, &of_cell)
}

/// A column that says the same of more than nine tenths of the rows reads `other`.
fn hide_what_is_alike(words: &mut [Vec<Word>], crowds: &[Crowd]) {
    let all: u64 = crowds.iter().map(|crowd| crowd.rows).sum();
    let columns = words.first().map_or(0, Vec::len);
    for column in 0..columns {
        let mut rows_of: BTreeMap<Word, u64> = BTreeMap::new();
        for (words, crowd) in words.iter().zip(crowds) {
            *rows_of.entry(words[column]).or_default() += crowd.rows;
        }
        let alike =
            |(word, rows): (&Word, &u64)| *word != Word::Other && rows.saturating_mul(10) > all.saturating_mul(9);
        if rows_of.iter().any(alike) {
            words.iter_mut().for_each(|words| words[column] = Word::Other);
        }
    }
}

fn hide_one_alone(words: &mut [Vec<Word>]) {
    if words.windows(2).all(|two| two[0] == two[1]) {
        words.iter_mut().flatten().for_each(|word| *word = Word::Other);
    }
}
