//! Subtracts every published table from every other, over the columns that they have in common.
//!
//! Whoever has both can do so: what is left over must be nothing, or cover.

use std::collections::BTreeMap;

use super::checker::{Checker, Counted, Rows};
use super::published::Month;

/// A published table, and which rows each of its figures counts.
pub struct View {
    pub name: String,
    pub columns: Vec<String>,
    pub cells: Vec<Counted>,
}

pub fn all_pairs(checker: &Checker<'_>, views: &[View]) -> Result<(), String> {
    for (at, one) in views.iter().enumerate() {
        for other in &views[at + 1..] {
            pair(checker, one, other)?;
        }
    }
    Ok(())
}

fn pair(checker: &Checker<'_>, one: &View, other: &View) -> Result<(), String> {
    let common: Vec<&String> = one.columns.iter().filter(|column| other.columns.contains(column)).collect();
    let (left, right) = (one.over(&common, rows), other.over(&common, rows));
    for (key, left, right) in both(&left, &right) {
        let difference = left ^ right;
        if !difference.is_empty() && !checker.covers(&difference) {
            return Err(format!(
                "{} less {} at {key:?} is about {} patrons",
                one.name,
                other.name,
                checker.patrons(&difference)
            ));
        }
    }
    // A family (a weekday; else the table) that tells no renewals at all withholds nothing that the collection half
    // doesn't tell: it can't be subtracted.
    let withholds = |view: &View| {
        let mut tells: BTreeMap<&String, bool> = BTreeMap::new();
        view.cells.iter().for_each(|cell| *tells.entry(&cell.labels[0]).or_default() |= cell.renewing.is_some());
        view.columns[0] == "weekday" && !common.contains(&&view.columns[0]) && tells.values().any(|tells| !tells)
    };
    if withholds(one) || withholds(other) {
        return Ok(());
    }
    let (left, right) = (one.over(&common, renewing), other.over(&common, renewing));
    for (key, left) in &left {
        let Some(right) = right.get(key) else { continue };
        if !checker.renewals_cover(&(left ^ right)) {
            return Err(format!("renewals: {} less {} at {key:?} is about few", one.name, other.name));
        }
    }
    Ok(())
}

fn rows(cell: &Counted) -> Option<&Rows> {
    Some(&cell.rows)
}

fn renewing(cell: &Counted) -> Option<&Rows> {
    cell.renewing.as_ref()
}

type Over = BTreeMap<Vec<String>, Rows>;

impl View {
    /// Keys of which no cell tells anything are left out.
    fn over(&self, columns: &[&String], figure: impl Fn(&Counted) -> Option<&Rows>) -> Over {
        let places: Vec<usize> =
            columns.iter().filter_map(|name| self.columns.iter().position(|own| own == *name)).collect();
        let mut over = Over::new();
        for cell in &self.cells {
            if let Some(rows) = figure(cell) {
                let key = places.iter().map(|at| cell.labels[*at].clone()).collect();
                over.entry(key).or_default().extend(rows);
            }
        }
        over
    }
}

fn both<'a>(left: &'a Over, right: &'a Over) -> impl Iterator<Item = (&'a Vec<String>, &'a Rows, &'a Rows)> {
    static NONE: Rows = Rows::new();
    let keys: std::collections::BTreeSet<&Vec<String>> = left.keys().chain(right.keys()).collect();
    keys.into_iter().map(move |key| (key, left.get(key).unwrap_or(&NONE), right.get(key).unwrap_or(&NONE)))
}

/// A table of one cell tells how many patrons there were in all. Less the patrons of another table's cell, it tells how
/// many were never there: none, or enough.
pub fn patrons_left_over(month: &Month, threshold: usize) -> Result<(), String> {
    let patrons = |figures: &BTreeMap<String, Option<u64>>| figures["patrons"];
    for (one, all) in month.tables.iter().filter(|(_, table)| table.cells.len() == 1) {
        let Some(all) = all.cells.values().find_map(patrons) else { continue };
        for (other, table) in &month.tables {
            for (labels, figures) in &table.cells {
                let left = all.saturating_sub(patrons(figures).unwrap_or(all));
                if (1..threshold as u64).contains(&left) {
                    return Err(format!("{one} less {other} {labels:?}: {left} patrons were never there"));
                }
            }
        }
    }
    Ok(())
}
