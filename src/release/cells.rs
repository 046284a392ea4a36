//! Cells: rows that share a tuple of words, numbered in text order of the tuple.
//!
//! Rows only carry their cell's number; what is merged or coarsened is changed in the cells' tuples, of which there are
//! few, and not in the rows.

/// A partition of the rows by tuples. Two cells may come to have the same tuple: [`Cells::join`] joins them.
pub(super) struct Cells {
    /// For each row, its cell.
    pub of_row: Vec<u32>,
    width: usize,
    count: usize,
    /// The cells' tuples, one after another.
    words: Vec<u32>,
}

impl Cells {
    /// One cell with an empty tuple.
    pub fn one(rows: usize) -> Cells {
        Cells { of_row: vec![0; rows], width: 0, count: 1, words: Vec::new() }
    }

    /// Tuples of one number each: `of_row` itself, which is below `count`.
    pub fn numbered(of_row: Vec<u32>, count: usize) -> Cells {
        Cells { of_row, width: 1, count, words: (0..count as u32).collect() }
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn tuple(&self, cell: usize) -> &[u32] {
        &self.words[cell * self.width..][..self.width]
    }

    pub fn tuple_mut(&mut self, cell: usize) -> &mut [u32] {
        &mut self.words[cell * self.width..][..self.width]
    }

    /// Splits each cell by one more column, whose words are below `words`.
    pub fn split(&mut self, column: impl Iterator<Item = u32>, words: usize) {
        let parts = refine(&mut self.of_row, self.count, column, words);
        let mut tuples = Vec::with_capacity(parts.len() * (self.width + 1));
        for &(cell, word) in &parts {
            tuples.extend_from_slice(self.tuple(cell as usize));
            tuples.push(word);
        }
        (self.words, self.width, self.count) = (tuples, self.width + 1, parts.len());
    }

    /// Numbers the cells by `width` words each, in text order: cells with the same words get the same number.
    pub fn number(&self, width: usize, word: impl Fn(&[u32], usize) -> u32) -> Numbered {
        let mut of_cell = vec![0; self.count];
        let mut count = 1;
        for at in 0..width {
            let column = || (0..self.count).map(|cell| word(self.tuple(cell), at));
            let words = column().max().map_or(0, |most| most as usize + 1);
            count = refine(&mut of_cell, count, column(), words).len();
        }
        let mut example = vec![0; count];
        of_cell.iter().zip(0..).for_each(|(&number, cell)| example[number as usize] = cell);
        Numbered { of_cell, example }
    }

    /// Numbers the cells by their whole tuples.
    pub fn number_whole(&self) -> Numbered {
        self.number(self.width, |tuple, at| tuple[at])
    }

    /// Joins cells that have come to have the same tuple.
    pub fn join(&mut self) {
        let joined = self.number_whole();
        self.of_row.iter_mut().for_each(|cell| *cell = joined.of_cell[*cell as usize]);
        self.words = joined.example.iter().flat_map(|&cell| self.tuple(cell as usize)).copied().collect();
        self.count = joined.len();
    }
}

/// Renumbers `of` (numbers below `count`) by number and column, in that order, and tells each new number's old one and
/// word.
fn refine(of: &mut [u32], count: usize, column: impl Iterator<Item = u32>, words: usize) -> Vec<(u32, u32)> {
    let words = words.max(1) as u64;
    let possible = count as u64 * words;
    let mut parts = Vec::new();
    let part = |key: u64| ((key / words) as u32, (key % words) as u32);
    if possible <= 4 * of.len() as u64 + (1 << 16) {
        // Few enough to mark the ones in use in a table.
        let mut number = vec![0_u32; possible as usize];
        for (of, word) in of.iter_mut().zip(column) {
            *of = (u64::from(*of) * words + u64::from(word)) as u32;
            number[*of as usize] = 1;
        }
        for (key, number) in number.iter_mut().enumerate().filter(|(_, used)| **used == 1) {
            *number = parts.len() as u32;
            parts.push(part(key as u64));
        }
        of.iter_mut().for_each(|of| *of = number[*of as usize]);
    } else {
        let keys = of.iter().zip(column).map(|(&of, word)| u64::from(of) * words + u64::from(word));
        let mut keys: Vec<(u64, u32)> = keys.zip(0..).collect();
        keys.sort_unstable();
        let mut last = None;
        for (key, at) in keys {
            if last.replace(key) != Some(key) {
                parts.push(part(key));
            }
            of[at as usize] = parts.len() as u32 - 1;
        }
    }
    parts
}

/// Cells put together by what a part of their tuples says.
pub(super) struct Numbered {
    pub of_cell: Vec<u32>,
    pub example: Vec<u32>,
}

impl Numbered {
    pub fn len(&self) -> usize {
        self.example.len()
    }
}
