//! What a leaf says of a whole separator: one cell alone, and columns that say nearly the same of all.

use std::collections::BTreeMap;

use super::super::word::{Labels, Word};

/// Whether the separator's only cell says something. `cells`: a row of each cell.
pub fn one_cell_says_something(leaf: &[&Labels], cells: &[usize]) -> bool {
    let [only] = cells else { return false };
    leaf.iter().any(|labels| labels.word(*only) != Word::Other)
}

/// How many columns say one thing, that isn't `other`, of more than nine tenths of the rows. `cells`: a row of each cell and
/// how many rows the cell has.
pub fn columns_alike(leaf: &[&Labels], cells: &[(usize, u64)]) -> usize {
    let all: u64 = cells.iter().map(|(_, rows)| rows).sum();
    let alike = |labels: &&&Labels| {
        let mut of_word: BTreeMap<Word, u64> = BTreeMap::new();
        for (example, rows) in cells {
            *of_word.entry(labels.word(*example)).or_default() += rows;
        }
        of_word.remove(&Word::Other);
        of_word.values().any(|rows| 10 * rows > 9 * all)
    };
    leaf.iter().filter(alike).count()
}
