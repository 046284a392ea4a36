//! The exports after a run: which of them go, if the policy says so (`after_run`).

use std::collections::BTreeSet;

use super::night_done::NightDone;
use crate::act::begin::Tonight;
use crate::act::begin::deleting::withheld;
use crate::act::begin::memory::{Memory, ToDelete};
use crate::evidence::ledger::ExportsDeleted;
use crate::policy::AfterRun;

/// The exports of committed pipelines that no other pipeline still waits for. A log that waits is never deleted.
fn exports_to_delete(tonight: &Tonight, night: &NightDone<'_>) -> (Vec<ToDelete>, ExportsDeleted) {
    let mut all = (Vec::new(), ExportsDeleted::default());
    if tonight.policy.exports.after_run == AfterRun::Keep || !night.stopped.is_empty() {
        return all;
    }
    let waits: BTreeSet<String> = night
        .pipelines
        .iter()
        .filter(|one| one.outcome.braked)
        .flat_map(|one| one.outcome.exports.files.iter().map(|export| export.found.name()))
        .chain(night.pipelines.iter().flat_map(|one| one.outcome.waiting_logs()))
        .collect();
    let mut named = BTreeSet::new();
    for export in night.carried_out().flat_map(|one| &one.outcome.exports.files) {
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

/// Remembers what goes tonight, and what only a legal hold keeps from it: once none is in force, that goes, too. A log
/// needs no remembering: it is read, recognised and decided every night.
pub fn remember(tonight: &Tonight, night: &NightDone<'_>, memory: &mut Memory) -> Vec<ToDelete> {
    let (to_delete, deleted) = exports_to_delete(tonight, night);
    memory.to_delete = to_delete.clone();
    memory.exports_deleted = deleted;
    if tonight.policy.exports.after_run == AfterRun::Keep {
        return to_delete;
    }
    let logs = night.pipelines.iter().flat_map(|one| one.outcome.log_files());
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
