//! Distinct patrons: the one figure that isn't a sum of published rows.
//!
//! It stands only for cells of places and patron columns that cover, never by use ("the one who borrowed the record took no
//! book"), and rounded down to the threshold, so that what is subtracted isn't exact.

use std::collections::BTreeMap;

use super::cells::Cells;
use super::cover::Crowd;
use super::error::TreeError;
use super::rows::{About, Checked};
use super::rules::Rules;
use super::said::Tree;
use super::word::{Labels, Word};

/// For each cell of these columns as published, how many patrons it has, rounded down to a multiple of the threshold.
/// No columns: of the whole period. A cell that doesn't cover has none, which happens to no published cell.
///
/// # Errors
/// A column that is about uses, or none of the period's.
pub fn patrons(
    rows: &Checked,
    tree: &Tree,
    by: &[&str],
    rules: &Rules,
) -> Result<BTreeMap<Vec<Word>, Option<u64>>, TreeError> {
    let mut labels: Vec<&Labels> = Vec::with_capacity(by.len());
    for name in by {
        let find = |about, labels: &'_ [Labels]| -> Option<usize> {
            rows.about(about).iter().position(|column| column.name == *name).filter(|place| *place < labels.len())
        };
        let place = find(About::Place, &tree.places).map(|place| &tree.places[place]);
        let patron = find(About::Patron, &tree.community).map(|place| &tree.community[place]);
        labels.push(place.or(patron).ok_or_else(|| TreeError::NotOfPatrons { column: (*name).to_owned() })?);
    }
    let mut cells = Cells::one(rows.len());
    for labels in &labels {
        cells = cells.split(|row| labels.of_row[row]);
    }
    let crowds = Crowd::of_cells(rows, &cells.of_row, cells.len());
    let threshold = u64::from(rules.threshold());
    let figure = |(codes, crowd): (&Vec<u32>, &Crowd)| {
        let words = codes.iter().zip(&labels).map(|(code, labels)| labels.words[*code as usize]).collect();
        (words, crowd.covers(rules).then(|| crowd.patrons() / threshold * threshold))
    };
    Ok(cells.codes.iter().zip(&crowds).map(figure).collect())
}
