//! The bytes that a file begins with.

use crate::export::{Chunk, Chunks, Dialect, ExportError, Found};

/// How much of a file is looked at.
pub(super) const BEGINNING: usize = 1 << 18;

pub(super) fn beginning(found: &Found) -> Result<Vec<u8>, ExportError> {
    let mut bytes = Vec::new();
    found.open()?.read(&mut bytes, BEGINNING)?;
    if bytes.is_empty() { Err(ExportError::Empty { path: found.path.clone() }) } else { Ok(bytes) }
}

/// The first whole chunk of a file.
pub(super) fn first_chunk(found: &Found, dialect: &Dialect) -> Result<Chunk, ExportError> {
    let chunks = Chunks::new(found.open()?, dialect)?;
    let mut chunk = Chunk::default();
    chunks.next(&mut chunk)?;
    Ok(chunk)
}
