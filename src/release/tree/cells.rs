//! Numbering what rows have in common: from codes to cells.

/// Which cell each row is in. Cells are numbered in order of the codes that made them, so that numbers depend on
/// nothing but the set of rows.
#[derive(Clone, Debug)]
pub struct Cells {
    pub of_row: Vec<u32>,
    /// For each cell, the codes that made it, in the order of the splits.
    pub codes: Vec<Vec<u32>>,
}

/// So many cells are marked rather than sorted: four megabytes.
const MARKED: usize = 1 << 20;

impl Cells {
    /// All rows in one cell.
    pub fn one(rows: usize) -> Cells {
        Cells { of_row: vec![0; rows], codes: vec![Vec::new()] }
    }

    /// Splits each cell by another code of its rows.
    pub fn split(self, code: impl Fn(usize) -> u32) -> Cells {
        let codes: Vec<u32> = (0..self.of_row.len()).map(code).collect();
        let width = codes.iter().max().map_or(0, |most| *most as usize + 1);
        match self.codes.len().checked_mul(width) {
            Some(possible) if possible <= MARKED => self.split_by_marks(&codes, width, possible),
            _ => self.split_by_sorting(&codes),
        }
    }

    /// Of all cells that there may be, those that there are are marked, and numbered in order.
    fn split_by_marks(mut self, codes: &[u32], width: usize, possible: usize) -> Cells {
        let mut number = vec![u32::MAX; possible];
        for (cell, code) in self.of_row.iter_mut().zip(codes) {
            *cell = *cell * width as u32 + code;
            number[*cell as usize] = 0;
        }
        let mut distinct = Vec::new();
        for (key, number) in number.iter_mut().enumerate().filter(|(_, number)| **number == 0) {
            *number = distinct.len() as u32;
            distinct.push(self.extended(key / width, (key % width) as u32));
        }
        self.of_row.iter_mut().for_each(|cell| *cell = number[*cell as usize]);
        Cells { of_row: self.of_row, codes: distinct }
    }

    fn split_by_sorting(self, codes: &[u32]) -> Cells {
        let keys: Vec<u64> =
            self.of_row.iter().zip(codes).map(|(&cell, &code)| u64::from(cell) << 32 | u64::from(code)).collect();
        let mut distinct = keys.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let place = |key: &u64| distinct.partition_point(|earlier| earlier < key) as u32;
        let extended = distinct.iter().map(|&key| self.extended((key >> 32) as usize, key as u32)).collect();
        Cells { of_row: keys.iter().map(place).collect(), codes: extended }
    }

    fn extended(&self, cell: usize, code: u32) -> Vec<u32> {
        let mut codes = self.codes[cell].clone();
        codes.push(code);
        codes
    }

    /// The same cells, known by their own numbers: to be split further.
    pub fn anew(&self) -> Cells {
        Cells { of_row: self.of_row.clone(), codes: (0..self.codes.len() as u32).map(|cell| vec![cell]).collect() }
    }

    pub fn len(&self) -> usize {
        self.codes.len()
    }
}
