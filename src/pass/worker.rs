//! One worker: takes chunks, and turns each record into a coded row of its batch.

mod batch;
mod cache;
mod collected;
mod findings;
mod ids_seen;
mod mailing;
mod newest;
mod published;
mod reader;
mod row;
mod sample;
mod writer;

use std::sync::atomic::{AtomicBool, Ordering};

pub(super) use batch::Batch;
pub(super) use findings::Findings;
use reader::Buffers;
use row::Rows;
pub use sample::sample;

use super::error::PassError;
use super::prepared::Prepared;
use super::runfiles::BatchFiles;
use crate::export::{Chunk, Chunks, ExportError, Row};

/// Takes chunks of all parts until there are none, or another worker has `failed`.
pub(super) fn batch(
    prepared: &Prepared<'_>,
    parts: &[Chunks],
    files: BatchFiles,
    progress: &(dyn Fn(u64, u64) + Sync),
    failed: &AtomicBool,
) -> Result<Batch, PassError> {
    let mut rows = Rows::new(prepared, parts.len(), files);
    let (mut chunk, mut row, mut buffers) = (Chunk::default(), Row::default(), Buffers::new(prepared));
    for (part, chunks) in parts.iter().enumerate() {
        while !failed.load(Ordering::Relaxed) && chunks.next(&mut chunk)? {
            rows.begin_chunk(part, &chunk);
            let parsed = one_chunk(&mut rows, part, chunks, &chunk, (&mut row, &mut buffers))?;
            rows.end_chunk(part, parsed, &chunk);
            progress(chunk.records, chunk.bytes().len() as u64);
        }
    }
    rows.finish()
}

/// Returns how many records it has.
fn one_chunk(
    rows: &mut Rows<'_>,
    part: usize,
    chunks: &Chunks,
    chunk: &Chunk,
    (row, buffers): (&mut Row, &mut Buffers),
) -> Result<u64, PassError> {
    let bytes = chunk.bytes();
    let valid = std::str::from_utf8(bytes).is_ok();
    let without_nul = memchr::memchr(0, bytes).is_none();
    let parsed = row.parse_each(bytes, chunks.dialect(), |row, place| {
        let line = chunk.first_line + place.line;
        let raw = &bytes[place.start..place.end];
        let unreadable = rows.unreadable(part, row, valid, without_nul);
        if let Some(reason) = unreadable {
            rows.unplaced(part, row);
            rows.rejected(part, reason, line, raw);
        } else if let Some(reason) = rows.row((part, line), row, raw, buffers)? {
            rows.rejected(part, reason, line, raw);
        }
        Ok::<(), PassError>(())
    })?;
    if parsed != chunk.records {
        let (path, counted) = (chunks.path().to_path_buf(), chunk.records);
        return Err(ExportError::Unaccounted { path, line: chunk.first_line, counted, parsed }.into());
    }
    Ok(parsed)
}
