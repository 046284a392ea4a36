//! What the site remembers of a month's transactions: which were requested, confirmed, released, staged or late.
//!
//! One file for each pipeline and month of opening, `state/known/PIPELINE/YYYY-MM.known`, binary, five to six bytes an
//! entry. No patron is in it, but ids are: they are the library system's own.
//!
//! A file that was cut or changed is an error, never a shorter list: it ends in a SHA-256 of all before. That guards
//! against accidents, not against somebody who may write to `state/`.
//!
//! Format 2, all numbers little-endian: `afterloan known\n`, format (u32), month (i32, counted from the year 0), count
//! of entries (u64); then the entries, sorted by id and opening; then the digest. An entry is a byte of flags (1
//! requested, 2 confirmed, 4 released, 8 staged, 16 late, 32 traces asked for, 64 traces done) and varints (7 bits a byte, low first): the id less the one
//! before; the opening less the one before, zigzag, the first against the month's first second; and where it was
//! requested, that day less the one before, zigzag, the first against the month's first day.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::disk::{self, DiskError};
use super::json::FormatError;
use super::site::Site;
use crate::words::{Day, Month, TransactionId};

mod bytes;
use bytes::{read_varint, unzigzag, write_varint, zigzag};

const FORMAT: u32 = 2;
/// Before traces were known of: the same with fewer flags.
const OLDER: u32 = 1;
const MAGIC: &[u8; 16] = b"afterloan known\n";
const HEADER: usize = 16 + 4 + 4 + 8;
const DIGEST: usize = 32;
/// Flags, id and opening take a byte at least: what a count may promise of a body.
const SMALLEST: usize = 3;

/// What is remembered of one transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Known {
    pub id: TransactionId,
    /// Seconds from 1970 of the library's own clock face, as if it were UTC.
    pub opened: i64,
    /// The day of the run that first put it on a worklist.
    pub requested: Option<Day>,
    /// A later snapshot showed it unlinked or gone.
    pub confirmed: bool,
    /// It was counted in its month's release.
    pub released: bool,
    /// Its treated row is, or until the release was, in staging.
    pub staged: bool,
    /// It turned up after its month was released.
    pub late: bool,
    /// How its other traces stand, once it names nobody.
    pub traces: Traces,
}

/// How the traces of a transaction stand that names nobody in the export.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Traces {
    #[default]
    Unasked,
    /// They were put on a worklist, and nothing is known of that.
    Asked,
    /// They were on a worklist that was carried out.
    Done,
}

#[derive(Debug, thiserror::Error)]
pub enum KnownError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error(transparent)]
    Format(#[from] FormatError),
    #[error("{} was cut or changed: put it back from a backup of state/", .0.display())]
    Damaged(PathBuf),
    #[error("{} is not a list of known transactions, or of another month than its name says", .0.display())]
    NotKnown(PathBuf),
    #[error("{} is not a month's name: this folder holds YYYY-MM.known alone. Move it away", .0.display())]
    Stranger(PathBuf),
    #[error("the known transactions of {0} are out of order: this is a fault of afterloan, please report it")]
    Unsorted(Month),
}

/// Where a month's file lies, relative to the site. `pipeline` is its checked name.
pub fn path(pipeline: &str, month: Month) -> String {
    format!("state/known/{pipeline}/{month}.known")
}

/// The months that have a file, sorted.
pub fn months(site: &Site, pipeline: &str) -> Result<Vec<Month>, KnownError> {
    let folder = site.at("state/known").join(pipeline);
    let month = |name: String| {
        let month = name.strip_suffix(".known").and_then(|month| month.parse().ok());
        month.ok_or_else(|| KnownError::Stranger(folder.join(&name)))
    };
    disk::names(&folder)?.into_iter().map(month).collect()
}

/// A month's file from its entries, which must be sorted by id and opening. Two entries may be alike in both.
pub fn encode(entries: &[Known], month: Month) -> Result<Vec<u8>, KnownError> {
    let mut out = Vec::with_capacity(HEADER + entries.len() * 6 + DIGEST);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&FORMAT.to_le_bytes());
    out.extend_from_slice(&month.0.to_le_bytes());
    out.extend_from_slice(&(entries.len() as u64).to_le_bytes());
    let mut last = Last::start(month);
    for entry in entries {
        if (entry.id, entry.opened) < (last.id, last.opened_of_id(entry.id)) {
            return Err(KnownError::Unsorted(month));
        }
        let flag = |set: bool, bit: u8| u8::from(set) << bit;
        out.push(
            flag(entry.requested.is_some(), 0)
                | flag(entry.confirmed, 1)
                | flag(entry.released, 2)
                | flag(entry.staged, 3)
                | flag(entry.late, 4)
                | flag(entry.traces == Traces::Asked, 5)
                | flag(entry.traces == Traces::Done, 6),
        );
        write_varint(&mut out, entry.id.0 - last.id.0);
        write_varint(&mut out, zigzag(entry.opened.wrapping_sub(last.opened)));
        if let Some(day) = entry.requested {
            write_varint(&mut out, zigzag(i64::from(day.0) - i64::from(last.requested.0)));
            last.requested = day;
        }
        last.follow(entry);
    }
    let digest = Sha256::digest(&out);
    out.extend_from_slice(&digest);
    Ok(out)
}

/// What the entry before had, which the next is written against.
struct Last {
    id: TransactionId,
    opened: i64,
    requested: Day,
    /// None before the first entry.
    any: bool,
}

impl Last {
    fn start(month: Month) -> Last {
        let day = month.first_day();
        Last { id: TransactionId(0), opened: i64::from(day.0) * 86_400, requested: day, any: false }
    }

    /// The least opening that keeps an entry of this id in order.
    fn opened_of_id(&self, id: TransactionId) -> i64 {
        if self.any && id == self.id { self.opened } else { i64::MIN }
    }

    fn follow(&mut self, entry: &Known) {
        (self.id, self.opened, self.any) = (entry.id, entry.opened, true);
    }
}

/// A month's entries, sorted by id and opening. A missing file is an error; see [`load_or_empty`].
pub fn load(path: &Path, month: Month) -> Result<Vec<Known>, KnownError> {
    decode(&disk::read(path)?, path, month)
}

/// As [`load`], but nothing is known where there is no file: for a month that no run has written yet.
pub fn load_or_empty(path: &Path, month: Month) -> Result<Vec<Known>, KnownError> {
    match load(path, month) {
        Err(KnownError::Disk(error)) if error.is_missing() => Ok(Vec::new()),
        other => other,
    }
}

fn decode(bytes: &[u8], path: &Path, month: Month) -> Result<Vec<Known>, KnownError> {
    let damaged = || KnownError::Damaged(path.to_path_buf());
    let (content, digest) = bytes.split_last_chunk::<DIGEST>().ok_or_else(damaged)?;
    let (header, body) = content.split_first_chunk::<HEADER>().ok_or_else(damaged)?;
    let (magic, rest) = header.split_at(MAGIC.len());
    if magic != MAGIC {
        return Err(KnownError::NotKnown(path.to_path_buf()));
    }
    let number = |at: usize| u32::from_le_bytes([rest[at], rest[at + 1], rest[at + 2], rest[at + 3]]);
    let format = number(0);
    if format != FORMAT && format != OLDER {
        Err(FormatError { path: path.to_path_buf(), found: format.into(), readable: FORMAT })?;
    }
    if Sha256::digest(content).as_slice() != digest {
        return Err(damaged());
    }
    if number(4).cast_signed() != month.0 {
        return Err(KnownError::NotKnown(path.to_path_buf()));
    }
    let count = u64::from(number(8)) | u64::from(number(12)) << 32;
    entries(body, count, month).ok_or_else(damaged)
}

/// None if the body holds anything but `count` entries in order.
fn entries(mut body: &[u8], count: u64, month: Month) -> Option<Vec<Known>> {
    let count = usize::try_from(count).ok().filter(|count| *count <= body.len() / SMALLEST)?;
    let mut entries = Vec::with_capacity(count);
    let mut last = Last::start(month);
    for _ in 0..count {
        let (&flags, rest) = body.split_first()?;
        body = rest;
        let id = TransactionId(last.id.0.checked_add(read_varint(&mut body)?)?);
        let opened = last.opened.wrapping_add(unzigzag(read_varint(&mut body)?));
        if flags >= 1 << 7 || opened < last.opened_of_id(id) {
            return None;
        }
        let flag = |bit: u8| flags & (1 << bit) != 0;
        if flag(0) {
            let day = i64::from(last.requested.0).checked_add(unzigzag(read_varint(&mut body)?))?;
            last.requested = Day(i32::try_from(day).ok()?);
        }
        let entry = Known {
            id,
            opened,
            requested: flag(0).then_some(last.requested),
            confirmed: flag(1),
            released: flag(2),
            staged: flag(3),
            late: flag(4),
            traces: match (flag(5), flag(6)) {
                (true, true) => return None,
                (true, false) => Traces::Asked,
                (false, true) => Traces::Done,
                (false, false) => Traces::Unasked,
            },
        };
        last.follow(&entry);
        entries.push(entry);
    }
    body.is_empty().then_some(entries)
}

#[cfg(test)]
mod tests;
