//! Covering: the one idea that all rules are made of.
//!
//! Rows *cover* when they are about at least `threshold` distinct linked patrons, and twice the rows of the one who has most
//! together with all unlinked rows are no more than all rows: whoever asked for no history may be the one who has most, her
//! open loans being linked and the others not. Where patrons were numbered under several keys, one of each may be the same
//! person: there are as many patrons as the key has that has most, and who has most has what the first of each key has. Sets that cover make, joined, a set that covers: so it is enough that the
//! finest cells do.

use super::rows::{Checked, KEY_SHIFT};
use super::rules::{Rules, Weakness};

/// Whom a set of rows is about.
#[derive(Clone, Default, Debug)]
pub struct Crowd {
    /// All rows, unlinked ones included.
    pub rows: u64,
    pub unlinked: u64,
    /// The rows of each patron, in order of their numbers.
    linked: Vec<(u32, u64)>,
}

impl Crowd {
    /// For each of `cells` cells, whom its rows are about.
    pub fn of_cells(rows: &Checked, of_row: &[u32], cells: usize) -> Vec<Crowd> {
        let mut crowds = vec![Crowd::default(); cells];
        for &row in &rows.by_patron {
            crowds[of_row[row as usize] as usize].push(rows.patron[row as usize]);
        }
        crowds
    }

    /// Patrons come in order of their numbers, unlinked rows (0) first.
    fn push(&mut self, patron: u32) {
        self.rows += 1;
        match self.linked.last_mut() {
            _ if patron == 0 => self.unlinked += 1,
            Some((last, rows)) if *last == patron => *rows += 1,
            _ => self.linked.push((patron, 1)),
        }
    }

    /// Whom several sets of rows are about that have no row in common.
    pub fn union<'a>(crowds: impl IntoIterator<Item = &'a Crowd>) -> Crowd {
        let mut all = Crowd::default();
        for crowd in crowds {
            all.rows += crowd.rows;
            all.unlinked += crowd.unlinked;
            all.linked.extend_from_slice(&crowd.linked);
        }
        all.linked.sort_unstable();
        all.linked.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        all
    }

    /// Distinct linked patrons: at least so many.
    pub fn patrons(&self) -> u64 {
        self.of_keys().map(|patrons| patrons.len() as u64).max().unwrap_or_default()
    }

    /// The rows of the patron who has most: at most so many.
    pub fn most(&self) -> u64 {
        self.of_keys().filter_map(|patrons| patrons.iter().map(|(_, rows)| *rows).max()).sum()
    }

    fn of_keys(&self) -> impl Iterator<Item = &[(u32, u64)]> {
        self.linked.chunk_by(|(a, _), (b, _)| a >> KEY_SHIFT == b >> KEY_SHIFT)
    }

    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    pub fn covers(&self, rules: &Rules) -> bool {
        covers(self.rows, self.unlinked, self.patrons(), self.most(), rules)
    }
}

fn covers(rows: u64, unlinked: u64, patrons: u64, most: u64, rules: &Rules) -> bool {
    let (rows, unlinked) =
        if rules.lacks(Weakness::UnlinkedAreNobody) { (rows - unlinked, 0) } else { (rows, unlinked) };
    patrons >= u64::from(rules.threshold()) && most.saturating_add(unlinked).saturating_mul(2) <= rows
}

/// A crowd that others join one by one, counted without making it: for trying all runs of a line.
pub struct Growing {
    keys: Vec<OfKey>,
    rows: u64,
    unlinked: u64,
}

/// The patrons of one key.
struct OfKey {
    /// By patron; those of `met` alone aren't 0.
    rows_of: Vec<u64>,
    met: Vec<u32>,
    most: u64,
}

impl Growing {
    /// `patrons`: how many each key has that may come.
    pub fn new(patrons: &[u32]) -> Growing {
        let of_key = |patrons: &u32| OfKey { rows_of: vec![0; *patrons as usize], met: Vec::new(), most: 0 };
        Growing { keys: patrons.iter().map(of_key).collect(), rows: 0, unlinked: 0 }
    }

    pub fn clear(&mut self) {
        for key in &mut self.keys {
            for patron in key.met.drain(..) {
                key.rows_of[patron as usize] = 0;
            }
            key.most = 0;
        }
        (self.rows, self.unlinked) = (0, 0);
    }

    pub fn join(&mut self, crowd: &Crowd) {
        self.rows += crowd.rows;
        self.unlinked += crowd.unlinked;
        for (patron, rows) in &crowd.linked {
            let key = &mut self.keys[(patron >> KEY_SHIFT) as usize];
            // Numbers go from 1 on.
            let patron = (patron & ((1 << KEY_SHIFT) - 1)) - 1;
            let of_patron = &mut key.rows_of[patron as usize];
            if *of_patron == 0 {
                key.met.push(patron);
            }
            *of_patron += rows;
            key.most = key.most.max(*of_patron);
        }
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    pub fn covers(&self, rules: &Rules) -> bool {
        let patrons = self.keys.iter().map(|key| key.met.len() as u64).max().unwrap_or_default();
        covers(self.rows, self.unlinked, patrons, self.keys.iter().map(|key| key.most).sum(), rules)
    }
}
