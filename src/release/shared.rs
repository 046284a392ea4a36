//! Rule 1: the shared columns are merged once, coarse to fine, for both halves and all statistics.

use super::cells::Cells;
use super::counts::Counts;
use super::rows::Ordered;
use super::shape::{Place, Rules};

/// The shared combinations as they are published. Both halves have equally many rows in each.
pub(super) struct Combinations {
    /// The shape's shared columns.
    pub columns: Vec<usize>,
    /// For each row, its combination.
    pub of_row: Vec<u32>,
    /// For each combination, its words.
    pub tuples: Vec<Vec<u32>>,
    /// For each combination, its place: the number of its first shared value. All one where nothing is shared.
    pub place: Vec<u32>,
    pub places: usize,
}

pub(super) fn combine(rows: &Ordered, rules: &Rules, counts: &mut Counts) -> Combinations {
    let columns = rows.at(Place::Shared);
    let mut cells = Cells::one(rows.len());
    for &column in &columns {
        cells.split(rows.column(column), rows.words[column].texts.len());
    }
    let mut merged = vec![false; cells.len()];
    for (depth, &column) in columns.iter().enumerate().filter(|_| rules.shared) {
        let other = rows.words[column].other;
        let families = cells.number(depth, |tuple, at| tuple[at]);
        let siblings = cells.number(depth + 1, |tuple, at| tuple[at]);
        let family: Vec<u32> = siblings.example.iter().map(|&cell| families.of_cell[cell as usize]).collect();
        let pooled = siblings.example.iter().map(|&cell| cells.tuple(cell as usize)[depth] == other).collect();
        let sibling = |row: usize| siblings.of_cell[cells.of_row[row] as usize];
        let pooled = rows.merge(rules.threshold, sibling, (&family, families.len()), pooled, |_| 1).pooled;
        for cell in 0..cells.len() {
            let word = &mut cells.tuple_mut(cell)[depth];
            if pooled[siblings.of_cell[cell] as usize] && *word != other {
                *word = other;
                merged[cell] = true;
            }
        }
    }
    counts.shared_merged = cells.of_row.iter().filter(|&&cell| merged[cell as usize]).count() as u64;
    let combinations = cells.number_whole();
    let places = cells.number(columns.len().min(1), |tuple, at| tuple[at]);
    let mut of_row = std::mem::take(&mut cells.of_row);
    of_row.iter_mut().for_each(|cell| *cell = combinations.of_cell[*cell as usize]);
    Combinations {
        columns,
        of_row,
        tuples: combinations.example.iter().map(|&cell| cells.tuple(cell as usize).to_vec()).collect(),
        place: combinations.example.iter().map(|&cell| places.of_cell[cell as usize]).collect(),
        places: places.len(),
    }
}

impl Combinations {
    /// Cells of one row each combination, ready to be split further; their tuples start with the combination.
    pub fn cells(&self) -> Cells {
        Cells::numbered(self.of_row.clone(), self.tuples.len())
    }
}
