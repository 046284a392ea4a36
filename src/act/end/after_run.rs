//! The exports after a run: which of them go, if the policy says so (`after_run`).

use std::collections::BTreeSet;

use super::attention::Attention;
use super::night_done::NightDone;
use crate::act::begin::Tonight;
use crate::act::begin::deleting::{is_there, left_over, still_there};
use crate::act::begin::memory::{Memory, ToDelete};
use crate::evidence::ledger::ExportsDeleted;
use crate::export::{self, Found};
use crate::pipeline::{Lookup, Origin, Source};
use crate::policy::AfterRun;
use crate::words::few;

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

/// Remembers what goes tonight, and what was to go and is there still, for a legal hold or since it couldn't be deleted: the
/// next run tries again. A log needs no remembering: it is read, recognised and decided every night.
pub fn remember(tonight: &Tonight, night: &NightDone<'_>, memory: &mut Memory) -> Vec<ToDelete> {
    let (to_delete, deleted) = exports_to_delete(tonight, night);
    memory.to_delete = to_delete.clone();
    memory.exports_deleted = deleted;
    if tonight.policy.exports.after_run == AfterRun::Keep {
        return to_delete;
    }
    let logs = night.pipelines.iter().flat_map(|one| one.outcome.log_files());
    let logs: BTreeSet<String> = logs.map(|file| file.found.name()).collect();
    for (export, digest) in still_there(tonight) {
        let is_known = to_delete.iter().any(|known| known.name == export.name);
        if !is_known && !logs.contains(&export.name) {
            memory.to_delete.push(export.clone());
            memory.exports_deleted.count += 1;
            memory.exports_deleted.digests.push(digest);
        }
    }
    to_delete
}

/// What a person should know of the exports, once the run is committed: which could not be deleted, and which no run will
/// read any more, since newer ones have come. `stayed`: of tonight's.
pub fn exports_that_stayed(tonight: &Tonight, night: &NightDone<'_>, mut stayed: Vec<String>) -> Vec<Attention> {
    if tonight.policy.exports.after_run == AfterRun::Keep {
        return Vec::new();
    }
    // Nothing that only a legal hold keeps: that is nobody's business.
    let left = left_over(tonight).iter().filter(|export| is_there(tonight, export));
    stayed.extend(left.map(|export| export.name.clone()));
    stayed.sort();
    stayed.dedup();
    let mut all = Vec::new();
    if !stayed.is_empty() {
        all.push(format!(
            "{} could not be deleted and lie in inbox/ still: {}. Is it a link, has it another name on the same disk (a hard \
             link), or can nothing be deleted there? The ledger says only of what is gone that it is",
            if stayed.len() == 1 { "1 export".into() } else { format!("{} exports", stayed.len()) },
            few(&stayed)
        ));
    }
    let old = superseded(tonight, night);
    if !old.is_empty() {
        all.push(format!(
            "older exports in inbox/ that no run reads any more, and none deletes: {}. Delete them, as the policy says",
            few(&old)
        ));
    }
    all.into_iter().map(|what| Attention::news(None, what)).collect()
}

/// Files that a source or lookup would have read, had newer ones not come: of nights that stopped, mostly. Of a log every
/// file is read.
fn superseded(tonight: &Tonight, night: &NightDone<'_>) -> BTreeSet<String> {
    let exports = night.pipelines.iter().flat_map(|one| &one.outcome.exports.files);
    let read: BTreeSet<String> = exports.map(|export| export.found.name()).collect();
    let mut old = BTreeSet::new();
    for one in night.pipelines.iter().filter(|one| !one.pipeline.declaration.is_log()) {
        let declaration = &one.pipeline.declaration;
        let sources = declaration.sources.iter().map(Source::origin);
        for origin in sources.chain(declaration.lookups.iter().map(Lookup::origin)) {
            let Origin::Files { pattern, .. } = origin else { continue };
            let found = export::all(&tonight.site.inbox(), pattern).unwrap_or_default();
            old.extend(found.iter().map(Found::name).filter(|name| !read.contains(name)));
        }
    }
    old
}
