//! The exports that the last run left to be deleted: which of them may still go, and deleting them.

use std::fs;

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
pub fn withheld(tonight: &Tonight) -> Vec<(&ToDelete, Digest)> {
    if !left_over(tonight).is_empty() {
        return Vec::new();
    }
    let memory = &tonight.memory;
    let all = memory.to_delete.iter().zip(memory.exports_deleted.digests.iter().copied());
    all.filter(|(export, _)| is_there(tonight, export)).collect()
}

/// The exports that the last run deleted, as far as they are gone.
pub fn deleted(tonight: &Tonight) -> ExportsDeleted {
    let mut all = tonight.memory.exports_deleted.clone();
    for (_, digest) in withheld(tonight) {
        if let Some(place) = all.digests.iter().position(|known| *known == digest) {
            all.digests.remove(place);
            all.count -= 1;
        }
    }
    all
}

fn is_there(tonight: &Tonight, export: &ToDelete) -> bool {
    let path = tonight.site.inbox().join(&export.name);
    let Ok(meta) = fs::symlink_metadata(&path) else { return false };
    let modified = meta.modified().ok().and_then(|modified| jiff::Timestamp::try_from(modified).ok());
    let same = modified.is_some_and(|modified| modified.to_string() == export.modified);
    meta.is_file() && meta.len() == export.bytes && same
}

/// Deletes exports that are still what was read. What can't be deleted is tried again by the next run.
pub fn delete_exports(tonight: &Tonight, to_delete: &[ToDelete]) {
    for export in to_delete {
        if is_there(tonight, export) {
            let _ = fs::remove_file(tonight.site.inbox().join(&export.name));
        }
    }
}
