//! What rows of a sample would publish: coded like a night's, and neither decided nor written anywhere.

use super::cache::ColumnCache;
use super::published::code;
use super::reader::{Buffers, Reader};
use crate::export::{Chunk, Chunks, Row};
use crate::pass::error::PassError;
use crate::pass::prepared::Prepared;
use crate::pass::vocabulary::Columns;
use crate::profile::is_looked_at;

/// Shows `see` the codes of each row that is looked at, and returns what they mean. Rows that can't be read are passed over.
pub fn sample(prepared: &Prepared<'_>, parts: &[Chunks], mut see: impl FnMut(&[u32])) -> Result<Columns, PassError> {
    let mut columns = prepared.columns.clone();
    let mut caches: Vec<ColumnCache> = (0..columns.len()).map(|_| ColumnCache::default()).collect();
    let mut codes = vec![0; columns.len()];
    let (mut chunk, mut row, mut buffers) = (Chunk::default(), Row::default(), Buffers::new(prepared));
    for (part, chunks) in parts.iter().enumerate() {
        let width = prepared.rules.bound[part].width;
        while chunks.next(&mut chunk)? {
            if !is_looked_at(chunk.index) {
                continue;
            }
            row.parse_each(chunk.bytes(), chunks.dialect(), |row, _| {
                if row.len() != width || row.fault().is_some() {
                    return Ok(());
                }
                let reader = Reader::new(prepared, part, row, &mut buffers);
                let opened = prepared.cells.times.read(reader.column(prepared.rules.roles.opened));
                for (column, treated) in prepared.rules.treated.iter().enumerate() {
                    let of_column = (&mut columns, column);
                    codes[column] = code(treated, &reader, opened, prepared, of_column, &mut caches[column])?;
                }
                see(&codes);
                Ok::<(), PassError>(())
            })?;
        }
    }
    Ok(columns)
}
