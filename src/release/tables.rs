//! Rule 5: the cells of the statistics, which count what the halves publish; only distinct patrons are added.
//!
//! Renewals stand in the collection half. A table over patrons adds them itself, and a sum over few renewing patrons
//! could be matched with the collection half's rows: so renewals have a cover of their own there. What doesn't cover is
//! counted in the table's `other`. They merge within the table's shared columns, for which the collection half tells
//! the sum; where even all of it doesn't cover, none is given. Sessions stand in no half: they are covered so in every
//! table.

use super::cells::Cells;
use super::counts::Counts;
use super::error::ReleaseError;
use super::rows::Ordered;
use super::shape::tells_measure;
use super::shape::{Measure, Place, Rules, Shape, TableShape};
use super::shared::Combinations;

/// What one table will say.
#[derive(Debug)]
pub(super) struct StatisticsTable {
    pub name: String,
    pub by: Vec<String>,
    pub from: From,
    /// What it tells beside rows and patrons: renewals (and circulation), or sessions.
    pub measure: Option<Measure>,
    /// In order of their labels.
    pub cells: Vec<Cell>,
}

/// Where a table's rows are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum From {
    Collection,
    Community,
    /// The hour is in neither half.
    Hours,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Cell {
    pub labels: Vec<String>,
    /// Transactions. None in a row that is there for withheld renewals alone.
    pub rows: u64,
    /// Distinct patrons of those; in a row of renewals alone, of the renewals.
    pub patrons: u64,
    /// `None` where they are withheld: counted in `other`, or nowhere.
    pub measure: Option<u64>,
}

/// What the tables are counted from.
pub(super) struct Halves<'a> {
    pub rows: &'a Ordered<'a>,
    pub shared: &'a Combinations,
    pub community: &'a Cells,
    pub material: &'a Cells,
}

/// Renewals by group, protected.
pub(super) struct Measured {
    /// For each group, its sum; that of its family's pool where the group is the pool's own.
    pub of_group: Vec<Option<u64>>,
    /// For each family, sum and patrons of the pool, if it may be told.
    pub of_pool: Vec<Option<(u64, u64)>>,
}

impl Measured {
    /// What no half tells is told of all families or of none: another table's sum, less those that are told, would be that
    /// of the family that doesn't cover.
    pub fn all_or_none(&mut self) {
        if self.of_pool.iter().any(Option::is_none) {
            self.of_group.fill(None);
            self.of_pool.fill(None);
        }
    }
}

/// A table over columns of one half.
pub(super) fn table(
    halves: &Halves,
    shape: &Shape,
    table: &TableShape,
    rules: &Rules,
    counts: &mut Counts,
) -> Result<StatisticsTable, ReleaseError> {
    let rows = halves.rows;
    let columns: Vec<usize> =
        table.by.iter().filter_map(|name| shape.columns.iter().position(|column| column.name == *name)).collect();
    let from = if columns.iter().any(|&column| shape.columns[column].place == Place::Patron) {
        From::Community
    } else {
        From::Collection
    };
    let (cells, own) = match from {
        From::Community => (halves.community, rows.at(Place::Patron)),
        _ => (halves.material, rows.at(Place::Material)),
    };
    // Where a column's word stands: in the combination's tuple, or in the cell's own behind the combination.
    let mut places = Vec::with_capacity(columns.len());
    for column in &columns {
        let shared = halves.shared.columns.iter().position(|c| c == column).map(|at| (true, at));
        let place = shared.or_else(|| own.iter().position(|c| c == column).map(|at| (false, at + 1)));
        places.push(place.ok_or_else(|| {
            ReleaseError::Shape(format!("table \"{}\" can't be counted from one half alone", table.name))
        })?);
    }
    let word = |tuple: &[u32], (shared, at): (bool, usize)| {
        if shared { halves.shared.tuples[tuple[0] as usize][at] } else { tuple[at] }
    };
    let labels = |tuple: &[u32]| places.iter().map(|&place| word(tuple, place)).collect::<Vec<u32>>();
    let groups = cells.number(places.len(), |tuple, at| word(tuple, places[at]));
    let group = |row: usize| groups.of_cell[cells.of_row[row] as usize];
    let tallies = rows.tally(groups.len(), group, |_| 1);
    let mut found: Vec<(Vec<u32>, u64, u64, Option<u64>)> = groups
        .example
        .iter()
        .zip(&tallies)
        .map(|(&cell, tally)| (labels(cells.tuple(cell as usize)), tally.total, tally.patrons.into(), None))
        .collect();

    let measure = tells_measure(shape).filter(|_| table.sums);
    let told_by_half = from == From::Collection && measure.is_some_and(Measure::is_told_by_row);
    if measure.is_some() && (told_by_half || !rules.statistics) {
        let sums = rows.tally(groups.len(), group, |row| rows.measure(row));
        found.iter_mut().zip(&sums).for_each(|(cell, sum)| cell.3 = Some(sum.total));
    } else if measure.is_some() {
        // The pool of a family: its shared words, and `other` in all others.
        let pool_of = |labels: &[u32]| -> Vec<u32> {
            let shared_or_other = |((&label, &(shared, _)), &column): ((&u32, &(bool, usize)), &usize)| {
                if shared { label } else { rows.words[column].other }
            };
            labels.iter().zip(&places).zip(&columns).map(shared_or_other).collect()
        };
        let mut pools: Vec<Vec<u32>> = found.iter().map(|cell| pool_of(&cell.0)).collect();
        let is_pool: Vec<bool> = found.iter().zip(&pools).map(|(cell, pool)| cell.0 == *pool).collect();
        let of_group = pools.clone();
        pools.sort_unstable();
        pools.dedup();
        let family: Vec<u32> =
            of_group.iter().map(|pool| pools.binary_search(pool).unwrap_or_default() as u32).collect();
        let mut sums = protect_measure(rows, rules.threshold, group, (&family, pools.len()), &is_pool, counts);
        if !measure.is_some_and(Measure::is_told_by_row) {
            sums.all_or_none();
        }
        found.iter_mut().zip(&sums.of_group).for_each(|(cell, sum)| cell.3 = *sum);
        let mut has_pool = vec![false; pools.len()];
        family.iter().zip(&is_pool).for_each(|(&family, is_pool)| has_pool[family as usize] |= is_pool);
        for ((pool, sum), _) in pools.into_iter().zip(sums.of_pool).zip(has_pool).filter(|(_, has_pool)| !has_pool) {
            if let Some((sum, patrons)) = sum.filter(|(sum, _)| *sum > 0) {
                found.push((pool, 0, patrons, Some(sum)));
            }
        }
        found.sort_unstable();
    }
    let text = |(&word, &column): (&u32, &usize)| rows.words[column].texts[word as usize].to_owned();
    let cells = found
        .into_iter()
        .map(|(labels, total, patrons, measure)| Cell {
            labels: labels.iter().zip(&columns).map(text).collect(),
            rows: total,
            patrons,
            measure,
        })
        .collect();
    Ok(StatisticsTable { name: table.name.clone(), by: table.by.clone(), from, measure, cells })
}

/// Merges the groups' renewals within families. `is_pool` marks a family's own `other`.
pub(super) fn protect_measure(
    rows: &Ordered,
    threshold: u32,
    group: impl Fn(usize) -> u32,
    (family, families): (&[u32], usize),
    is_pool: &[bool],
    counts: &mut Counts,
) -> Measured {
    let weight = |row: usize| rows.measure(row);
    let merged = rows.merge(threshold, &group, (family, families), is_pool.to_vec(), weight);
    let of_pool: Vec<Option<(u64, u64)>> = merged
        .pools
        .iter()
        .map(|pool| (pool.total == 0 || pool.covers(threshold)).then_some((pool.total, pool.patrons.into())))
        .collect();
    let sums = rows.tally(family.len(), &group, weight);
    let mut of_group = Vec::with_capacity(family.len());
    for (at, sum) in sums.iter().enumerate() {
        let pool = of_pool[family[at] as usize];
        of_group.push(match pool {
            // All of the family together doesn't cover.
            None => None,
            Some((pool, _)) if is_pool[at] => Some(pool),
            Some(_) if merged.pooled[at] => None,
            Some(_) => Some(sum.total),
        });
        counts.measure_withheld += u64::from(of_group[at].is_none() && sum.total > 0);
    }
    Measured { of_group, of_pool }
}
