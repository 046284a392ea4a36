//! Uses: what was used, not who used it. A value that rows of too few patrons carry in a place reads `other` there.
//!
//! A column at a time: uses are published of uses, so it is enough that no value of a place is one person's. `other` takes
//! in the smallest value until it has as many patrons as a value must.

use super::cells::Cells;
use super::cover::Crowd;
use super::places::Places;
use super::pool::pool;
use super::rows::{About, Checked};
use super::rules::{Rules, Weakness};
use super::word::{Labels, OTHER, Word};

/// The use columns as published, in declared order.
pub fn uses(rows: &Checked, places: &Places, rules: &Rules) -> Vec<Labels> {
    let enough = |crowd: &Crowd| crowd.patrons() >= u64::from(rules.threshold());
    let mut labels = Vec::new();
    for column in rows.about(About::Use) {
        let cells = Cells::one(rows.len()).split(|row| places.of_row[row]).split(|row| column.codes[row]);
        let crowds = Crowd::of_cells(rows, &cells.of_row, cells.len());
        let mut says = Vec::with_capacity(cells.len());
        for values in cells.codes.chunk_by(|a, b| a[0] == b[0]) {
            let siblings = &crowds[says.len()..says.len() + values.len()];
            let pool = pool(siblings, |place| values[place][1] == OTHER, enough);
            let keeps = rules.lacks(Weakness::RareUses);
            let word = |(codes, pooled): (&Vec<u32>, &bool)| {
                if *pooled && !keeps { Word::Other } else { Word::of_code(codes[1]) }
            };
            says.extend(values.iter().zip(&pool.takes).map(word));
        }
        labels.push(Labels::of_cells(&cells.of_row, &says));
    }
    labels
}
