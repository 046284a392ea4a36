//! Commits what was worked out: writes the run's files, seals them with an entry of the ledger, and deletes the exports if
//! the policy says so.

use std::fs;
use std::path::Path;

use rayon::prelude::*;

use super::begin::Tonight;
use super::begin::deleting::{delete_exports, deleted};
use super::end::{Committed, NightDone as Made, Outcome, cant_write, write_all};
use super::refusal::Refusal;
use super::stages::Stages;
use crate::evidence::ledger::{self, Entry, FileDigest, FileEntry, RunStamp};
use crate::state::commit::{CommitError, Pending, PendingFile};
use crate::words::Digest;

/// Writes and commits the run, then deletes the exports if the policy says so.
pub fn commit(
    tonight: &Tonight,
    mut pending: Pending<'_>,
    made: Made<'_>,
    mut clock: Stages,
) -> Result<Outcome, Refusal> {
    clock.begin("commit");
    let written = write_all(tonight, &mut pending, &made);
    let (to_delete, json_path, page_path) = match written {
        Ok(written) => written,
        Err(refusal) => {
            pending.discard()?;
            return Err(refusal.into());
        }
    };
    let head = match seal(tonight, pending, &made, &json_path) {
        Ok(head) => head,
        Err(refusal @ Refusal::Commit(CommitError::Unfinished(_))) => return Err(refusal),
        Err(refusal) => {
            // Not committed: what is left of the run goes, so that the site is as it was.
            let _ = crate::state::commit::recover(&tonight.site, &crate::state::commit::no_hook);
            return Err(refusal);
        }
    };
    delete_exports(tonight, &to_delete);
    let committed = Committed { sequence: tonight.sequence, head, report: json_path, page: page_path };
    let stages = clock.end();
    Ok(made.outcome(tonight, Some(committed), stages))
}

/// Syncs what was written and commits it; returns the ledger's new head.
fn seal(tonight: &Tonight, pending: Pending<'_>, made: &Made<'_>, json_path: &str) -> Result<Digest, Refusal> {
    let prepared = pending.prepare()?;
    let line = entry(tonight, made, prepared.files(), prepared.removals(), json_path)?;
    prepared.seal(&line)?.commit()?;
    Ok(Digest::of(line.as_bytes()))
}
fn entry<'p>(
    tonight: &Tonight,
    made: &Made<'_>,
    files: &[PendingFile],
    removals: impl Iterator<Item = &'p str>,
    json_path: &str,
) -> Result<String, Refusal> {
    let files = files
        .par_iter()
        .map(|file| {
            let public = file.path.starts_with("public/") || file.path.starts_with("reports/");
            let digest = match public {
                true => FileDigest::Sha256(file.digest),
                false => FileDigest::Keyed(keyed(tonight, &file.path, &file.now_at)?),
            };
            Ok(FileEntry { path: file.path.clone(), bytes: file.bytes, digest })
        })
        .collect::<Result<Vec<_>, Refusal>>()?;
    let report = files.iter().find(|file| file.path == json_path).map(|file| file.digest);
    let Some(FileDigest::Sha256(report)) = report else {
        return Err(Refusal::Plain("the run has no report; please report this fault of afterloan".into()));
    };
    let entry = Entry {
        format: 1,
        sequence: tonight.sequence,
        previous: tonight.head,
        public_key: crate::evidence::public_key::of(tonight.keys.signing()),
        run: RunStamp {
            as_of: tonight.options.as_of.to_string(),
            at: tonight.options.now.to_string(),
            afterloan: env!("CARGO_PKG_VERSION").into(),
        },
        report,
        plan: made.digest,
        files,
        removed: removals.map(String::from).collect(),
        exports_deleted: deleted(tonight),
    };
    Ok(ledger::seal(entry, tonight.keys.signing())?)
}

/// The keyed digest of a file, by its path in the site.
fn keyed(tonight: &Tonight, path: &str, now_at: &Path) -> Result<Digest, Refusal> {
    let bytes = fs::read(now_at).map_err(|error| cant_write(now_at, error))?;
    let mut digest = tonight.keys.digest(path);
    digest.update(&bytes);
    Ok(digest.finish())
}
