//! Which transactions had a row in a lookup that decides, when they were last read: so that a row which was there and is
//! missing tonight is noticed, transaction by transaction.
//!
//! *Absence decides*: no bill means that nothing is owed. A join that is dead, an export that was cut and a row that a quote
//! swallowed all look like absence; what tells them apart is that the row was there the night before.
//!
//! `state/met/PIPELINE.met`, binary, one file for each pipeline: `afterloan met   \n`, format (u32), how many lookups
//! (u32); for each, sorted by name, the length of its name (u32), the name, the length of its ids (u64), and the ids as a
//! portable Roaring treemap; last a SHA-256 of all before. Numbers are little-endian. No patron is in it; ids are the library
//! system's own, or stand for its texts. As everywhere in `state/`, the digest guards against accidents.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use roaring::RoaringTreemap;
use sha2::{Digest as _, Sha256};

use super::disk::{self, DiskError};

const MAGIC: &[u8; 16] = b"afterloan met  \n";
const FORMAT: u32 = 1;
const DIGEST: usize = 32;

/// By the name of the lookup, the ids of the transactions that met a row of it.
pub type Met = BTreeMap<String, RoaringTreemap>;

#[derive(Debug, thiserror::Error)]
pub enum MetError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("{} was cut or changed: put it back from a backup of state/", .0.display())]
    Damaged(PathBuf),
    #[error("{} has format {}; this afterloan reads format 1: use a newer one", .0.display(), .1)]
    Newer(PathBuf, u32),
}

/// Where a pipeline's file lies, relative to the site.
pub fn path(pipeline: &str) -> String {
    format!("state/met/{pipeline}.met")
}

/// The file's bytes.
///
/// # Errors
/// None that a disk could make: the bytes are put together in memory.
pub fn encode(met: &Met) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&FORMAT.to_le_bytes());
    out.extend_from_slice(&(met.len() as u32).to_le_bytes());
    for (name, ids) in met {
        out.extend_from_slice(&(name.len() as u32).to_le_bytes());
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(&(ids.serialized_size() as u64).to_le_bytes());
        ids.serialize_into(&mut out)?;
    }
    let digest = Sha256::digest(&out);
    out.extend_from_slice(&digest);
    Ok(out)
}

/// What was met; nothing where no run has written it yet.
pub fn load(path: &Path) -> Result<Met, MetError> {
    let bytes = match disk::read(path) {
        Err(error) if error.is_missing() => return Ok(Met::new()),
        read => read?,
    };
    let damaged = || MetError::Damaged(path.to_path_buf());
    let body = bytes.len().checked_sub(DIGEST).ok_or_else(damaged)?;
    let (body, digest) = bytes.split_at(body);
    if Sha256::digest(body).as_slice() != digest {
        return Err(damaged());
    }
    let mut rest = body.strip_prefix(MAGIC.as_slice()).ok_or_else(damaged)?;
    let format = take_u32(&mut rest).ok_or_else(damaged)?;
    if format != FORMAT {
        return Err(MetError::Newer(path.to_path_buf(), format));
    }
    decode(rest).ok_or_else(damaged)
}

fn decode(mut rest: &[u8]) -> Option<Met> {
    let lookups = take_u32(&mut rest)?;
    let mut met = Met::new();
    for _ in 0..lookups {
        let length = take_u32(&mut rest)? as usize;
        let name = std::str::from_utf8(take(&mut rest, length)?).ok()?;
        let length = u64::from_le_bytes(take(&mut rest, 8)?.try_into().ok()?);
        let ids = take(&mut rest, usize::try_from(length).ok()?)?;
        met.insert(name.to_owned(), RoaringTreemap::deserialize_from(ids).ok()?);
    }
    rest.is_empty().then_some(met)
}

fn take<'b>(rest: &mut &'b [u8], length: usize) -> Option<&'b [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

fn take_u32(rest: &mut &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(take(rest, 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_met_is_read_as_it_was_written_and_no_changed_file_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("koha-loans.met");
        assert!(load(&path).unwrap().is_empty(), "before the first run");
        let met = Met::from([
            ("bills".to_string(), [4, 5, 1 << 40].into_iter().collect()),
            ("claims".to_string(), RoaringTreemap::new()),
        ]);
        let bytes = encode(&met).unwrap();
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(load(&path).unwrap(), met);
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            std::fs::write(&path, &changed).unwrap();
            assert!(load(&path).is_err(), "byte {at}");
            std::fs::write(&path, &bytes[..at]).unwrap();
            assert!(load(&path).is_err(), "cut at {at}");
        }
    }
}
