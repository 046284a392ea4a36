//! The exports after a run: which of them go, if the policy says so, and deleting them.

use std::collections::BTreeSet;
use std::fs;

use super::memory::ToDelete;
use super::tonight::Tonight;
use super::working::Made;
use crate::evidence::ledger::ExportsDeleted;
use crate::policy::AfterRun;

/// The exports of committed pipelines that no other pipeline still waits for. A log that waits is never deleted.
pub(super) fn exports_to_delete(tonight: &Tonight, made: &Made<'_>) -> (Vec<ToDelete>, ExportsDeleted) {
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

/// Deletes exports that are still what was read. What can't be deleted is tried again by the next run.
pub(super) fn delete_exports(tonight: &Tonight, to_delete: &[ToDelete]) {
    for export in to_delete {
        let path = tonight.site.inbox().join(&export.name);
        let Ok(meta) = fs::symlink_metadata(&path) else { continue };
        let modified = meta.modified().ok().and_then(|modified| jiff::Timestamp::try_from(modified).ok());
        let same = modified.is_some_and(|modified| modified.to_string() == export.modified);
        if meta.is_file() && meta.len() == export.bytes && same {
            let _ = fs::remove_file(&path);
        }
    }
}
