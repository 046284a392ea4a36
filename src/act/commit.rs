//! Commits any act: its files, and one signed entry of the ledger that names them. What the entry says is the act's.
//!
//! The order of the steps on the disk is [`state::commit`]'s.
//!
//! [`state::commit`]: crate::state::commit

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use rayon::prelude::*;

use super::end::cant_write;
use super::refusal::Refusal;
use crate::evidence::ledger::{self, Act, Entry, FileEntry};
use crate::evidence::public_key;
use crate::state::commit::{CommitError, Pending, PendingFile, no_hook, recover};
use crate::state::keys::Keys;
use crate::state::register::HoldsLock;
use crate::state::site::Site;
use crate::words::Digest;

/// Where an act stands in the ledger, and who signs it.
pub(super) struct Place<'a> {
    pub site: &'a Site,
    pub keys: &'a Keys,
    /// Its number.
    pub sequence: u64,
    /// The head before it.
    pub previous: Digest,
    /// The clock when it began.
    pub at: Timestamp,
    /// Asked last of all: whether what the act was decided by still stands. What it returns is held until the act is committed.
    pub still: &'a dyn Fn() -> Result<Option<HoldsLock>, Refusal>,
}

/// Commits an act with the files that were written for it; returns the ledger's new head. `says` is asked once all files
/// have their digests. Where it fails before the instant of commit, the site is as it was.
pub(super) fn commit(
    place: &Place<'_>,
    pending: Pending<'_>,
    says: impl FnOnce(&[FileEntry]) -> Result<Act, Refusal>,
) -> Result<Digest, Refusal> {
    match seal(place, pending, says) {
        Err(refusal @ Refusal::Commit(CommitError::Unfinished(_))) => Err(refusal),
        Err(refusal) => {
            // Not committed: what is left of it goes.
            let _ = recover(place.site, &no_hook);
            Err(refusal)
        }
        sealed => sealed,
    }
}

fn seal(
    place: &Place<'_>,
    pending: Pending<'_>,
    says: impl FnOnce(&[FileEntry]) -> Result<Act, Refusal>,
) -> Result<Digest, Refusal> {
    let prepared = pending.prepare()?;
    let files = prepared.files().par_iter().map(|file| named(place.keys, file)).collect::<Result<Vec<_>, Refusal>>()?;
    let entry = Entry {
        format: ledger::FORMAT,
        sequence: place.sequence,
        previous: place.previous,
        public_key: public_key::of(place.keys.signing()),
        at: place.at.to_string(),
        afterloan: env!("CARGO_PKG_VERSION").into(),
        act: says(&files)?,
        files,
        removed: prepared.removals().map(String::from).collect(),
    };
    let line = ledger::seal(entry, place.keys.signing())?;
    let sealed = prepared.seal(&line)?;
    let still = (place.still)()?;
    let committed = sealed.append()?;
    drop(still);
    committed.finish()?;
    Ok(Digest::of(line.as_bytes()))
}

/// A file as the ledger names it: of what not everybody in the house may read, nothing but a keyed digest.
fn named(keys: &Keys, file: &PendingFile) -> Result<FileEntry, Refusal> {
    if file.path.starts_with("public/") || file.path.starts_with("reports/") {
        return Ok(FileEntry::open(file.path.clone(), file.bytes, file.digest));
    }
    Ok(FileEntry::closed(file.path.clone(), keyed(keys, &file.path, &file.now_at)?))
}

/// The keyed digest of a file, by its path in the site.
fn keyed(keys: &Keys, path: &str, now_at: &Path) -> Result<Digest, Refusal> {
    let bytes = fs::read(now_at).map_err(|error| cant_write(now_at, error))?;
    let mut digest = keys.digest(path);
    digest.update(&bytes);
    Ok(digest.finish())
}
