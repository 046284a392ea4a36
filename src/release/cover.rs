//! Covering and merging: the two ideas that all rules are made of.
//!
//! A set of rows *covers* when it is about enough patrons, none of whom has more than half of it. To *merge* siblings is
//! to pool those that don't cover, and to let the pool take in its smallest sibling until it covers. Sets that cover
//! make, joined, a set that covers: so it is enough to protect the finest cells.

use super::rows::Ordered;

/// What is known about a set of rows.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Tally {
    /// Rows (or renewals), unlinked ones included.
    pub total: u64,
    /// Those that name a patron.
    pub linked: u64,
    /// Distinct patrons.
    pub patrons: u32,
    /// The most that one patron has.
    most: u64,
    run: u64,
    last: u32,
}

impl Tally {
    pub fn covers(&self, threshold: u32) -> bool {
        self.patrons >= threshold && self.most.saturating_mul(2) <= self.linked
    }
}

/// What a merge decided.
pub(super) struct Merged {
    /// For each cell: it became part of its family's pool.
    pub pooled: Vec<bool>,
    /// For each family: its pool, which covers, is empty, or has taken in all and still doesn't cover.
    pub pools: Vec<Tally>,
}

impl Ordered<'_> {
    /// Counts rows by set in one pass. Rows lie in order of patrons, so a patron's rows in a set are counted by
    /// remembering whom the set saw last. A row whose weight is 0 isn't there.
    pub fn tally(&self, sets: usize, set: impl Fn(usize) -> u32, weight: impl Fn(usize) -> u64) -> Vec<Tally> {
        let mut tallies = vec![Tally::default(); sets];
        for row in 0..self.unlinked {
            tallies[set(row) as usize].total += weight(row);
        }
        for row in self.unlinked..self.len() {
            let (tally, weight, patron) = (&mut tallies[set(row) as usize], weight(row), self.patron[row]);
            if weight == 0 {
                continue;
            }
            if tally.last != patron {
                (tally.last, tally.run) = (patron, 0);
                tally.patrons += 1;
            }
            tally.run += weight;
            tally.most = tally.most.max(tally.run);
            tally.total += weight;
            tally.linked += weight;
        }
        tallies
    }

    /// Merges cells within families. `cell` gives a row's cell, `family` a cell's family, `pooled` the cells that are in
    /// the pool from the start. Cells are numbered in text order, which breaks ties, so the result depends on nothing
    /// but the set of rows. All families take a step at a time together: one pass over the rows counts for all.
    pub fn merge(
        &self,
        threshold: u32,
        cell: impl Fn(usize) -> u32,
        (family, families): (&[u32], usize),
        mut pooled: Vec<bool>,
        weight: impl Fn(usize) -> u64 + Copy,
    ) -> Merged {
        let cells = family.len();
        let count = |pooled: &[bool]| {
            // A pool is a set of its own, numbered behind the cells.
            let set: Vec<u32> =
                (0..cells).map(|c| if pooled[c] { cells as u32 + family[c] } else { c as u32 }).collect();
            self.tally(cells + families, |row| set[cell(row) as usize], weight)
        };
        let mut tallies = count(&pooled);
        let mut changed = false;
        for (pooled, tally) in pooled.iter_mut().zip(&tallies) {
            if !*pooled && tally.total > 0 && !tally.covers(threshold) {
                (*pooled, changed) = (true, true);
            }
        }
        loop {
            if changed {
                tallies = count(&pooled);
            }
            let pools = &tallies[cells..];
            let mut smallest: Vec<Option<(u32, u64, usize)>> = vec![None; families];
            for (cell, tally) in tallies[..cells].iter().enumerate() {
                let pool = &pools[family[cell] as usize];
                if pool.total > 0 && !pool.covers(threshold) && tally.total > 0 && !pooled[cell] {
                    let smallest = &mut smallest[family[cell] as usize];
                    let this = (tally.patrons, tally.total, cell);
                    if smallest.is_none_or(|smallest| this < smallest) {
                        *smallest = Some(this);
                    }
                }
            }
            changed = false;
            for (_, _, cell) in smallest.into_iter().flatten() {
                (pooled[cell], changed) = (true, true);
            }
            if !changed {
                return Merged { pooled, pools: tallies.split_off(cells) };
            }
        }
    }
}
