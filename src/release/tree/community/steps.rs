//! By what a place's rows are split, one step after the other.

use super::super::rows::Column;

/// What one step divides by.
#[derive(Clone, Copy)]
pub enum Step {
    /// The declared groups of a column.
    Groups(usize),
    /// Its values.
    Values(usize),
    /// Runs of its values.
    Runs(usize),
}

/// The steps of a split: child or adult of every column that has such groups first, then column by column.
pub fn steps(columns: &[&Column]) -> Vec<Step> {
    let grouped = (0..columns.len()).filter(|&column| columns[column].groups.iter().any(Option::is_some));
    let by_column = (0..columns.len())
        .map(|column| if columns[column].ordered { Step::Runs(column) } else { Step::Values(column) });
    grouped.map(Step::Groups).chain(by_column).collect()
}
