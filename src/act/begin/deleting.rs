//! The exports that the last run left to be deleted: which of them may still go, and deleting them.

use std::fs;
use std::os::unix::fs::MetadataExt;

use super::memory::ToDelete;
use super::tonight::Tonight;
use crate::evidence::ledger::ExportsDeleted;
use crate::policy::AfterRun;
use crate::words::Digest;

/// What the last run left to be deleted and may still go unasked. Since then a legal hold may have been placed, which may
/// cover any of it, or the policy changed.
pub fn left_over(tonight: &Tonight) -> &[ToDelete] {
    let deletes = tonight.policy.exports.after_run == AfterRun::Delete;
    if deletes && tonight.register.in_force(tonight.options.as_of).is_empty() { &tonight.memory.to_delete } else { &[] }
}

/// Of what the last run left to be deleted: those that lie there still, which must not be recorded as deleted, with their
/// digests.
pub fn still_there(tonight: &Tonight) -> Vec<(&ToDelete, Digest)> {
    let memory = &tonight.memory;
    let all = memory.to_delete.iter().zip(memory.exports_deleted.digests.iter().copied());
    all.filter(|(export, _)| is_there(tonight, export)).collect()
}

/// The exports that the last run deleted, as far as they are gone.
pub fn deleted(tonight: &Tonight) -> ExportsDeleted {
    let mut all = tonight.memory.exports_deleted.clone();
    for (_, digest) in still_there(tonight) {
        if let Some(place) = all.digests.iter().position(|known| *known == digest) {
            all.digests.remove(place);
            all.count -= 1;
        }
    }
    all
}

/// Whether it lies there as it was read. Behind a link, too: what was read is then elsewhere, and is not gone with the link.
pub fn is_there(tonight: &Tonight, export: &ToDelete) -> bool {
    let path = tonight.site.inbox().join(&export.name);
    let Ok(meta) = fs::metadata(&path) else { return false };
    let modified = meta.modified().ok().and_then(|modified| jiff::Timestamp::try_from(modified).ok());
    let same = modified.is_some_and(|modified| modified.to_string() == export.modified);
    meta.is_file() && meta.len() == export.bytes && same
}

/// Deletes exports that are still what was read; gives the names of those that stay: on a disk that takes no writes, behind a
/// link, under another name, too. They are tried again by the next run.
#[must_use]
pub fn delete_exports(tonight: &Tonight, to_delete: &[ToDelete]) -> Vec<String> {
    // Nor does any go once a hold was placed that the night didn't know: the next one decides.
    let Some(_still) = Some(to_delete).filter(|all| !all.is_empty()).and_then(|_| tonight.still().ok()) else {
        return Vec::new();
    };
    for export in to_delete {
        let path = tonight.site.inbox().join(&export.name);
        // With one of several names nothing is gone, and nobody would look for it any more.
        let is_all = |meta: fs::Metadata| meta.is_file() && meta.nlink() == 1;
        if is_there(tonight, export) && fs::symlink_metadata(&path).is_ok_and(is_all) {
            // Whether it is gone is looked at afterwards.
            let _ = fs::remove_file(path);
        }
    }
    to_delete.iter().filter(|export| is_there(tonight, export)).map(|export| export.name.clone()).collect()
}
