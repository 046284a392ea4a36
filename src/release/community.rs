//! Rule 2: what kind of patron, within each shared combination.
//!
//! Groups that don't cover lose their last patron column, then the next to last, until they cover; what is left is the
//! combination's `other`, where the rows are that name nobody. Where one group has nearly all of a combination, knowing
//! that somebody is in the combination would tell what they are: there all read `other`.

use super::cells::Cells;
use super::counts::Counts;
use super::rows::Ordered;
use super::shape::{Place, Rules};
use super::shared::Combinations;

/// Cells whose tuples are a shared combination and then the words of the patron columns.
pub(super) fn coarsen(rows: &Ordered, shared: &Combinations, rules: &Rules, counts: &mut Counts) -> Cells {
    let columns = rows.at(Place::Patron);
    let mut cells = shared.cells();
    for &column in &columns {
        let other = rows.words[column].other;
        let hidden = if rules.community { rows.unlinked } else { 0 };
        let words = rows.column(column).enumerate().map(|(row, word)| if row < hidden { other } else { word });
        cells.split(words, rows.words[column].texts.len());
    }
    if columns.is_empty() || !rules.community {
        return cells;
    }
    let others: Vec<u32> = columns.iter().map(|&column| rows.words[column].other).collect();
    let before: Vec<u32> = (0..cells.len()).flat_map(|cell| cells.tuple(cell)[1..].to_vec()).collect();
    for last in (2..=columns.len()).rev() {
        let groups = cells.number_whole();
        let tallies = rows.tally(groups.len(), |row| groups.of_cell[cells.of_row[row] as usize], |_| 1);
        for cell in 0..cells.len() {
            if !tallies[groups.of_cell[cell] as usize].covers(rules.threshold) {
                cells.tuple_mut(cell)[last] = others[last - 1];
            }
        }
    }
    merge_into_other(rows, &mut cells, &others, rules);
    hide_where_alike(rows, &mut cells, &others, shared.tuples.len());
    count(rows, &cells, &before, &others, counts);
    cells.join();
    cells
}

/// What still doesn't cover reads `other` in all columns, which takes in the smallest group until it covers.
fn merge_into_other(rows: &Ordered, cells: &mut Cells, others: &[u32], rules: &Rules) {
    let groups = cells.number_whole();
    let families = cells.number(1, |tuple, at| tuple[at]);
    let family: Vec<u32> = groups.example.iter().map(|&cell| families.of_cell[cell as usize]).collect();
    let pooled = groups.example.iter().map(|&cell| cells.tuple(cell as usize)[1..] == *others).collect();
    let group = |row: usize| groups.of_cell[cells.of_row[row] as usize];
    let pooled = rows.merge(rules.threshold, group, (&family, families.len()), pooled, |_| 1).pooled;
    for cell in 0..cells.len() {
        if pooled[groups.of_cell[cell] as usize] {
            cells.tuple_mut(cell)[1..].copy_from_slice(others);
        }
    }
}

/// Where one group has over nine tenths of the combination's rows, or of its linked rows, all read `other`.
fn hide_where_alike(rows: &Ordered, cells: &mut Cells, others: &[u32], combinations: usize) {
    let groups = cells.number_whole();
    let tallies = rows.tally(groups.len(), |row| groups.of_cell[cells.of_row[row] as usize], |_| 1);
    let combination = |cell: usize| cells.tuple(cell)[0] as usize;
    let (mut totals, mut alike) = (vec![(0, 0); combinations], vec![false; combinations]);
    for (tally, &cell) in tallies.iter().zip(&groups.example) {
        let (total, linked) = &mut totals[combination(cell as usize)];
        *total += tally.total;
        *linked += tally.linked;
    }
    for (tally, &cell) in tallies.iter().zip(&groups.example) {
        let (total, linked) = totals[combination(cell as usize)];
        alike[combination(cell as usize)] |= tally.total * 10 > total * 9 || tally.linked * 10 > linked * 9;
    }
    for cell in 0..cells.len() {
        let tuple = cells.tuple_mut(cell);
        if alike[tuple[0] as usize] {
            tuple[1..].copy_from_slice(others);
        }
    }
}

fn count(rows: &Ordered, cells: &Cells, before: &[u32], others: &[u32], counts: &mut Counts) {
    let mut sizes = vec![0_u64; cells.len()];
    for &cell in &cells.of_row[rows.unlinked..] {
        sizes[cell as usize] += 1;
    }
    for (cell, (size, before)) in sizes.iter().zip(before.chunks_exact(others.len())).enumerate() {
        let now = &cells.tuple(cell)[1..];
        if now == before {
            continue;
        }
        if now == others {
            counts.community_merged += size;
        } else {
            counts.community_coarsened += size;
        }
    }
}
