//! Places: declared groups first, then what doesn't cover even so is merged with its smallest sibling.
//!
//! The combinations of places that come out are what every leaf hangs by: each of them covers.

use super::cells::Cells;
use super::cover::Crowd;
use super::pool::pool;
use super::rows::{About, Checked, Column};
use super::rules::{Rules, Weakness};
use super::word::{FIRST, Labels, OTHER, Word};

/// Where rows are published.
pub struct Places {
    /// The place columns as published, coarse to fine.
    pub labels: Vec<Labels>,
    /// For each row, its combination of published places.
    pub of_row: Vec<u32>,
    pub combinations: usize,
    /// For each combination, the number of its first place.
    pub first: Vec<u32>,
    /// For each row, its combination of places as they came in: what has opening hours.
    pub raw: Vec<u32>,
}

impl Places {
    /// Places as they were published before: of a leaf that hangs on several periods of the trunk.
    pub fn published(labels: Vec<Labels>) -> Places {
        let rows = labels.first().map_or(0, |labels| labels.of_row.len());
        let mut cells = Cells::one(rows);
        for labels in &labels {
            cells = cells.split(|row| labels.of_row[row]);
        }
        let first = numbered(cells.codes.iter().map(|codes| codes.first().copied().unwrap_or_default()).collect());
        Places { labels, combinations: cells.len(), raw: cells.of_row.clone(), of_row: cells.of_row, first }
    }
}

/// Rows whose period doesn't cover must not come here: then nothing would.
pub fn places(rows: &Checked, rules: &Rules) -> Places {
    let columns = rows.about(About::Place);
    let mut raw = Cells::one(rows.len());
    let mut published = Cells::one(rows.len());
    let mut labels = Vec::with_capacity(columns.len());
    let mut first: Vec<u32> = Vec::new();
    for (depth, column) in columns.iter().enumerate() {
        raw = raw.split(|row| column.codes[row]);
        let words = words_within(rows, rules, column, &published);
        let of_row = words.iter().map(|word| coded(*word, column));
        let codes: Vec<u32> = of_row.collect();
        published = published.split(|row| codes[row]);
        let cells = Cells::one(rows.len()).split(|row| codes[row]);
        let says: Vec<Word> = cells.codes.iter().map(|codes| decoded(codes[0], column)).collect();
        labels.push(Labels::of_cells(&cells.of_row, &says));
        if depth == 0 {
            first = (0..published.len() as u32).collect();
        } else {
            let parents = published.codes.iter().map(|codes| codes[0]);
            first = numbered(parents.collect());
        }
    }
    if first.is_empty() {
        first.push(0);
    }
    Places { labels, combinations: published.len(), of_row: published.of_row, first, raw: raw.of_row }
}

/// What a column says of each row, where it merges within the combinations so far.
fn words_within(rows: &Checked, rules: &Rules, column: &Column, within: &Cells) -> Vec<Word> {
    let grouped = |code: u32| column.group(code).map_or_else(|| Word::of_code(code), Word::Group);
    let by_code: Vec<Word> = (0..column.values).map(grouped).collect();
    let cells = within.anew().split(|row| coded(by_code[column.codes[row] as usize], column));
    let crowds = Crowd::of_cells(rows, &cells.of_row, cells.len());
    let mut merged = vec![false; cells.len()];
    // Cells of one parent lie side by side.
    let mut start = 0;
    for family in cells.codes.chunk_by(|a, b| a[0] == b[0]) {
        let siblings = start..start + family.len();
        if !rules.lacks(Weakness::SmallPlaces) {
            let pool = pool(&crowds[siblings.clone()], |place| family[place][1] == OTHER, |crowd| crowd.covers(rules));
            merged[siblings].copy_from_slice(&pool.takes);
        }
        start += family.len();
    }
    let word = |cell: &u32| {
        let cell = *cell as usize;
        if merged[cell] { Word::Other } else { decoded(cells.codes[cell][1], column) }
    };
    cells.of_row.iter().map(word).collect()
}

/// A word as a code: groups behind the values.
fn coded(word: Word, column: &Column) -> u32 {
    match word {
        Word::Other => OTHER,
        Word::Unknown => super::word::UNKNOWN,
        Word::Value(value) | Word::Run(value, _) => value,
        Word::Group(group) => column.values.max(FIRST) + group,
    }
}

fn decoded(code: u32, column: &Column) -> Word {
    if code >= column.values { Word::Group(code - column.values) } else { Word::of_code(code) }
}

/// Numbers in place of codes, in their order.
fn numbered(codes: Vec<u32>) -> Vec<u32> {
    let mut distinct = codes.clone();
    distinct.sort_unstable();
    distinct.dedup();
    codes.iter().map(|code| distinct.partition_point(|earlier| earlier < code) as u32).collect()
}
