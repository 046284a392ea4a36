//! Cells: rows that share a tuple of words, numbered in text order of the tuple.
//!
//! Rows only carry their cell's number; what is merged or coarsened is changed in the cells' tuples, of which there are
//! few, and not in the rows.

/// A partition of the rows by tuples. Two cells may come to have the same tuple: [`Cells::number`] joins them.
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
        let words = words.max(1) as u64;
        let possible = self.count as u64 * words;
        let keys: Vec<u64>;
        if possible <= 4 * self.of_row.len() as u64 + (1 << 16) {
            // Few enough to mark the ones in use in a table.
            let mut number = vec![0_u32; possible as usize];
            for (cell, word) in self.of_row.iter_mut().zip(column) {
                *cell = (u64::from(*cell) * words + u64::from(word)) as u32;
                number[*cell as usize] = 1;
            }
            keys = (0..possible).filter(|&key| number[key as usize] == 1).collect();
            keys.iter().zip(0..).for_each(|(&key, cell)| number[key as usize] = cell);
            self.of_row.iter_mut().for_each(|cell| *cell = number[*cell as usize]);
        } else {
            let of_row = self.of_row.iter().zip(column);
            let of_row: Vec<u64> = of_row.map(|(&cell, word)| u64::from(cell) * words + u64::from(word)).collect();
            let mut sorted = of_row.clone();
            sorted.sort_unstable();
            sorted.dedup();
            keys = sorted;
            self.of_row = of_row.iter().map(|key| keys.binary_search(key).unwrap_or_default() as u32).collect();
        }
        let mut tuples = Vec::with_capacity(keys.len() * (self.width + 1));
        for key in &keys {
            tuples.extend_from_slice(self.tuple((key / words) as usize));
            tuples.push((key % words) as u32);
        }
        (self.words, self.width, self.count) = (tuples, self.width + 1, keys.len());
    }

    /// Numbers the distinct results of `part` of the tuples in their order: for each cell its number, and for each
    /// number one of its cells.
    pub fn number<'s, K: Ord>(&'s self, part: impl Fn(&'s [u32]) -> K) -> Numbered {
        let mut cells: Vec<(K, u32)> = (0..self.count).map(|cell| (part(self.tuple(cell)), cell as u32)).collect();
        cells.sort_unstable();
        let (mut of_cell, mut example) = (vec![0; self.count], Vec::new());
        for (at, (key, cell)) in cells.iter().enumerate() {
            if at == 0 || cells[at - 1].0 != *key {
                example.push(*cell);
            }
            of_cell[*cell as usize] = example.len() as u32 - 1;
        }
        Numbered { of_cell, example }
    }
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
