//! Whether the transactions' own numbers are their own, as far as the rows that were looked at show it.

use crate::export::Row;
use crate::leak::hash;
use crate::pass::check_own_number;
use crate::pipeline::Declaration;

/// The rows of an export: their numbers, and what else they say.
#[derive(Default)]
pub struct OwnNumbers {
    rows: Vec<(u64, u64)>,
}

impl OwnNumbers {
    /// `number`: its cell, null made empty.
    pub fn note(&mut self, number: &[u8], row: &Row) {
        if !number.is_empty() {
            let facts = row.cells().fold(0, |facts: u64, cell| facts.rotate_left(7) ^ hash(cell));
            self.rows.push((hash(number), facts));
        }
    }

    /// Why a night would stop. Of a sample fewer numbers are met again than of all.
    pub fn stops(mut self, declaration: &Declaration) -> Option<String> {
        let records = self.rows.len() as u64;
        self.rows.sort_unstable();
        // What repeats another row exactly is rejected, and does no harm.
        self.rows.dedup();
        let reused = self.rows.chunk_by(|a, b| a.0 == b.0).map(|same| same.len() as u64).filter(|rows| *rows > 1).sum();
        check_own_number(declaration, reused, records).err().map(|error| error.to_string())
    }
}
