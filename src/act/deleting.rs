//! The exports after a run: which of them go, if the policy says so, and deleting them.

use std::collections::BTreeSet;
use std::fs;

use super::memory::{Memory, ToDelete};
use super::tonight::Tonight;
use super::working::Made;
use crate::evidence::ledger::ExportsDeleted;
use crate::policy::AfterRun;
use crate::words::Digest;

/// The exports of committed pipelines that no other pipeline still waits for. A log that waits is never deleted.
fn exports_to_delete(tonight: &Tonight, made: &Made<'_>) -> (Vec<ToDelete>, ExportsDeleted) {
    let mut all = (Vec::new(), ExportsDeleted::default());
    if tonight.policy.exports.after_run == AfterRun::Keep || !made.stopped.is_empty() {
        return all;
    }
    let waits: BTreeSet<String> = made
        .pipelines
        .iter()
        .filter(|one| one.outcome.held)
        .flat_map(|one| one.outcome.exports.iter().map(|export| export.found.name()))
        .chain(made.pipelines.iter().flat_map(|one| one.outcome.waiting_logs()))
        .collect();
    let mut named = BTreeSet::new();
    for export in made.pipelines.iter().filter(|one| !one.outcome.held).flat_map(|one| &one.outcome.exports) {
        let name = export.found.name();
        let Some(modified) = export.found.modified() else { continue };
        if waits.contains(&name) || !named.insert(name.clone()) {
            continue;
        }
        all.0.push(ToDelete { name, bytes: export.found.bytes, modified: modified.to_string() });
        all.1.count += 1;
        all.1.digests.push(export.digest);
    }
    all
}

/// What the last run left to be deleted and may still go unasked. Since then a legal hold may have been placed, which may
/// cover any of it, or the policy changed.
pub(super) fn left_over(tonight: &Tonight) -> &[ToDelete] {
    let deletes = tonight.policy.exports.after_run == AfterRun::Delete;
    if deletes && tonight.register.in_force(tonight.options.as_of).is_empty() { &tonight.memory.to_delete } else { &[] }
}

/// Of what the last run left to be deleted: those that lie there still, which must not be recorded as deleted, with their
/// digests.
fn withheld(tonight: &Tonight) -> Vec<(&ToDelete, Digest)> {
    if !left_over(tonight).is_empty() {
        return Vec::new();
    }
    let memory = &tonight.memory;
    let all = memory.to_delete.iter().zip(memory.exports_deleted.digests.iter().copied());
    all.filter(|(export, _)| is_there(tonight, export)).collect()
}

/// The exports that the last run deleted, as far as they are gone.
pub(super) fn deleted(tonight: &Tonight) -> ExportsDeleted {
    let mut all = tonight.memory.exports_deleted.clone();
    for (_, digest) in withheld(tonight) {
        if let Some(place) = all.digests.iter().position(|known| *known == digest) {
            all.digests.remove(place);
            all.count -= 1;
        }
    }
    all
}

/// Remembers what goes tonight, and what only a legal hold keeps from it: once none is in force, that goes, too. A log
/// needs no remembering: it is read, recognised and decided every night.
pub(super) fn remember(tonight: &Tonight, made: &Made<'_>, memory: &mut Memory) -> Vec<ToDelete> {
    let (to_delete, deleted) = exports_to_delete(tonight, made);
    memory.to_delete = to_delete.clone();
    memory.exports_deleted = deleted;
    if tonight.policy.exports.after_run == AfterRun::Keep {
        return to_delete;
    }
    let logs = made.pipelines.iter().flat_map(|one| &one.outcome.logs);
    let logs: BTreeSet<String> = logs.map(|file| file.found.name()).collect();
    for (export, digest) in withheld(tonight) {
        let is_known = to_delete.iter().any(|known| known.name == export.name);
        if !is_known && !logs.contains(&export.name) {
            memory.to_delete.push(export.clone());
            memory.exports_deleted.count += 1;
            memory.exports_deleted.digests.push(digest);
        }
    }
    to_delete
}

fn is_there(tonight: &Tonight, export: &ToDelete) -> bool {
    let path = tonight.site.inbox().join(&export.name);
    let Ok(meta) = fs::symlink_metadata(&path) else { return false };
    let modified = meta.modified().ok().and_then(|modified| jiff::Timestamp::try_from(modified).ok());
    let same = modified.is_some_and(|modified| modified.to_string() == export.modified);
    meta.is_file() && meta.len() == export.bytes && same
}

/// Deletes exports that are still what was read. What can't be deleted is tried again by the next run.
pub(super) fn delete_exports(tonight: &Tonight, to_delete: &[ToDelete]) {
    for export in to_delete {
        if is_there(tonight, export) {
            let _ = fs::remove_file(tonight.site.inbox().join(&export.name));
        }
    }
}
