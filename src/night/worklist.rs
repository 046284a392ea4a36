//! Worklists: the transaction ids that the library system must now sever, as CSV, and as SQL from the pipeline's
//! `[[purge]]`. They hold no patron.
//!
//! The newest of a chain of renewals comes first: some systems refuse to delete a loan that was renewed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use roaring::RoaringTreemap;

use crate::pipeline::Declaration;

/// Ids in one SQL statement.
const BATCH: usize = 1_000;

/// Ids by their distance from the newest of their chain.
pub type Ids = BTreeMap<u32, RoaringTreemap>;

pub fn count(ids: &Ids) -> u64 {
    ids.values().map(RoaringTreemap::len).sum()
}

/// Writes one id a line, under a header.
pub fn write_csv(path: &Path, ids: &Ids) -> io::Result<()> {
    let mut csv = BufWriter::with_capacity(1 << 18, File::create(path)?);
    let mut digits = itoa::Buffer::new();
    csv.write_all(b"transaction\n")?;
    for id in ids.values().flatten() {
        // Digits alone: nothing in them needs a quote.
        csv.write_all(digits.format(id).as_bytes())?;
        csv.write_all(b"\n")?;
    }
    csv.flush()
}

/// Writes the pipeline's statements for each thousand ids, each thousand in one transaction: what a broken connection
/// leaves undone is done again by the next worklist.
pub fn write_sql(path: &Path, declaration: &Declaration, ids: &Ids, heading: &str) -> io::Result<()> {
    let mut sql = BufWriter::with_capacity(1 << 18, File::create(path)?);
    writeln!(sql, "-- {heading}")?;
    for ids in ids.values() {
        let mut ids = ids.iter().peekable();
        while ids.peek().is_some() {
            let list = list(ids.by_ref().take(BATCH));
            writeln!(sql, "BEGIN;")?;
            for purge in &declaration.purge {
                let mut pieces = purge.sql.trim().trim_end_matches(';').split("{ids}");
                sql.write_all(pieces.next().unwrap_or_default().as_bytes())?;
                for piece in pieces {
                    sql.write_all(&list)?;
                    sql.write_all(piece.as_bytes())?;
                }
                sql.write_all(b";\n")?;
            }
            writeln!(sql, "COMMIT;")?;
        }
    }
    sql.flush()
}

fn list(ids: impl Iterator<Item = u64>) -> Vec<u8> {
    let mut list = Vec::with_capacity(BATCH * 9);
    let mut digits = itoa::Buffer::new();
    for id in ids {
        if !list.is_empty() {
            list.push(b',');
        }
        // Digits alone: an id is a number since it was read.
        list.extend_from_slice(digits.format(id).as_bytes());
    }
    list
}
