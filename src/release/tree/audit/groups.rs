//! The audit's own counting: rows sorted by what they say and whom they are about, and looked at one group after another.

use hashbrown::HashMap;

use super::super::word::{Labels, When};

/// What rows say in several columns, packed into one number each, first column first.
pub struct Keys {
    of_row: Vec<u128>,
    /// All are below.
    size: u128,
}

impl Keys {
    pub fn new(rows: usize) -> Keys {
        Keys { of_row: vec![0; rows], size: 1 }
    }

    /// Appends a column whose codes are below `size`.
    pub fn with(mut self, size: usize, code: impl Fn(usize) -> u32) -> Keys {
        let size = size.max(1) as u128;
        if self.size.checked_mul(size).is_none() {
            self = Keys { of_row: self.numbers().into_iter().map(u128::from).collect(), size: 1 << 32 };
        }
        self.size = self.size.saturating_mul(size);
        for (row, key) in self.of_row.iter_mut().enumerate() {
            *key = *key * size + u128::from(code(row));
        }
        self
    }

    pub fn with_labels(self, labels: &Labels) -> Keys {
        self.with(labels.words.len(), |row| labels.of_row[row])
    }

    pub fn with_all(self, labels: &[Labels]) -> Keys {
        labels.iter().fold(self, Keys::with_labels)
    }

    /// Appends times, as the places that they have among all distinct ones.
    pub fn with_times(self, time: &[When]) -> Keys {
        let distinct = distinct(time);
        self.with(distinct.len(), |row| place(&distinct, time[row]))
    }

    /// Small numbers in place of keys: equal where they are.
    pub fn numbers(&self) -> Vec<u32> {
        if let Ok(size @ 0..=0xffff) = usize::try_from(self.size) {
            debug_assert!(self.of_row.iter().all(|key| *key < size as u128));
            return self.of_row.iter().map(|key| *key as u32).collect();
        }
        let mut number: HashMap<u128, u32> = HashMap::new();
        let mut of_key = |key: &u128| {
            let next = number.len() as u32;
            *number.entry(*key).or_insert(next)
        };
        self.of_row.iter().map(&mut of_key).collect()
    }

    /// Whether the first half of the rows says what the second half says, in whatever order.
    pub fn halves_are_alike(mut self) -> bool {
        let middle = self.of_row.len() / 2;
        let (first, second) = self.of_row.split_at_mut(middle);
        first.sort_unstable();
        second.sort_unstable();
        first == second
    }
}

/// The distinct ones, in order.
pub fn distinct<T: Copy + Ord>(of_row: &[T]) -> Vec<T> {
    let mut distinct = of_row.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

/// Where one of them stands.
pub fn place<T: Ord>(distinct: &[T], one: T) -> u32 {
    distinct.binary_search(&one).map_or(0, |place| place as u32)
}

/// Rows of one cell of one separator.
pub struct Group {
    separator: u32,
    pub rows: u64,
    /// Distinct patrons with a number: those of the key under which there are most.
    pub patrons: u64,
    /// The rows of the patron who has most, if she is the first of every key; and those of nobody.
    most: u64,
    unlinked: u64,
    /// One of its rows.
    pub example: usize,
}

impl Group {
    /// The one rule's measure of a cell, as the design words it.
    pub fn covers(&self, threshold: u32) -> bool {
        self.patrons >= u64::from(threshold) && 2 * (self.most + self.unlinked) <= self.rows
    }

    /// From a cell's rows, in order of their patrons.
    fn of(rows: &[u128]) -> Group {
        let patron = |row: &u128| (row >> 32) as u32;
        let mut group = Group {
            separator: (rows[0] >> 96) as u32,
            rows: rows.len() as u64,
            patrons: 0,
            most: 0,
            unlinked: 0,
            example: rows[0] as u32 as usize,
        };
        for of_key in rows.chunk_by(|a, b| patron(a) / MOST_PATRONS == patron(b) / MOST_PATRONS) {
            let (mut patrons, mut most) = (0, 0);
            for of_one in of_key.chunk_by(|a, b| patron(a) == patron(b)) {
                if patron(&of_one[0]) == 0 {
                    group.unlinked += of_one.len() as u64;
                } else {
                    patrons += 1;
                    most = most.max(of_one.len() as u64);
                }
            }
            group.patrons = group.patrons.max(patrons);
            group.most += most;
        }
        group
    }
}

/// Patrons of a key are numbered below this, and behind those of the keys before it.
const MOST_PATRONS: u32 = 100_000_000;

/// Whom each row is about: a number in the order of appearance, from 1 on; 0 is nobody. `key`: under which key each was
/// numbered; empty: all under one. `None`: there are more than can be told apart.
pub fn numbered(patron: &[Option<u64>], key: &[u8]) -> Option<Vec<u32>> {
    let mut number: HashMap<u64, u32> = HashMap::new();
    let of_patron = |(row, patron): (usize, &Option<u64>)| {
        let Some(patron) = patron else { return Some(0) };
        let next = number.len() as u32 + 1;
        let number = *number.entry(*patron).or_insert(next);
        let before = u32::from(key.get(row).copied().unwrap_or_default()).checked_mul(MOST_PATRONS)?;
        if number < MOST_PATRONS { before.checked_add(number) } else { None }
    };
    patron.iter().enumerate().map(of_patron).collect()
}

/// Rows in order of whom they are about. `patron`: as [`numbered`].
pub struct ByPatron<'p> {
    patron: &'p [u32],
    rows: Vec<u32>,
}

impl ByPatron<'_> {
    pub fn new(patron: &[u32]) -> ByPatron<'_> {
        let mut rows: Vec<u32> = (0..patron.len() as u32).collect();
        rows.sort_unstable_by_key(|row| patron[*row as usize]);
        ByPatron { patron, rows }
    }
}

/// All cells of all separators; those of one separator side by side.
pub fn groups(separator: &Keys, cell: &Keys, by_patron: &ByPatron<'_>) -> Vec<Group> {
    let (separator, cell) = (separator.numbers(), cell.numbers());
    let cells = cell.iter().max().map_or(1, |most| *most as usize + 1);
    let separators = separator.iter().max().map_or(1, |most| *most as usize + 1);
    let row = |row: u32| {
        let (at, patron) = (row as usize, by_patron.patron[row as usize]);
        u128::from(separator[at]) << 96 | u128::from(cell[at]) << 64 | u128::from(patron) << 32 | u128::from(row)
    };
    let mut rows: Vec<u128> = by_patron.rows.iter().map(|at| row(*at)).collect();
    match separators.checked_mul(cells).filter(|all| *all <= ROOM.max(rows.len())) {
        // They are in order of patrons: laid out by cell, they stay so.
        Some(all) => {
            let place = |row: &u128| (row >> 96) as usize * cells + (row >> 64) as u32 as usize;
            let mut next = vec![0_u32; all + 1];
            rows.iter().for_each(|row| next[place(row) + 1] += 1);
            (0..all).for_each(|at| next[at + 1] += next[at]);
            let mut sorted = vec![0; rows.len()];
            for row in &rows {
                let at = &mut next[place(row)];
                sorted[*at as usize] = *row;
                *at += 1;
            }
            rows = sorted;
        }
        None => rows.sort_unstable(),
    }
    rows.chunk_by(|a, b| a >> 64 == b >> 64).map(Group::of).collect()
}

/// More places than rows are worth while they are few.
const ROOM: usize = 1 << 16;

/// The separators, each with its cells.
pub fn separators(groups: &[Group]) -> impl Iterator<Item = &[Group]> {
    groups.chunk_by(|a, b| a.separator == b.separator)
}
