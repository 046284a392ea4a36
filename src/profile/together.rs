//! Whether several columns together tell rows apart, where none does alone.

use super::minhash::MinHash;
use super::sniff::FileFormat;
use super::table::{Depth, read_with};
use crate::export::{ExportError, Found};
use crate::leak::hash;

/// Of so many rows it can be told.
const MOST: u64 = 200_000;

/// Which part of the rows each set of columns tells apart, in the order of the sets. 1: every row has its own.
pub fn told_apart(found: &Found, written: &FileFormat, sets: &[Vec<usize>]) -> Result<Vec<f64>, ExportError> {
    let mut seen: Vec<(MinHash, u64)> = sets.iter().map(|_| (MinHash::default(), 0)).collect();
    let mut together = Vec::new();
    read_with(found, written, Depth::Records(MOST), |_, row, _| {
        for (set, (values, rows)) in sets.iter().zip(&mut seen) {
            together.clear();
            for cell in set.iter().map(|column| row.cell(*column)) {
                together.extend_from_slice(&(cell.len() as u64).to_le_bytes());
                together.extend_from_slice(cell);
            }
            values.add(hash(&together));
            *rows += 1;
        }
    })?;
    Ok(seen.iter().map(|(values, rows)| (values.distinct().min(*rows)) as f64 / (*rows).max(1) as f64).collect())
}
