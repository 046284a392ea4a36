//! The exports after a run: which of them go, if the policy says so, and deleting them.

use std::collections::BTreeSet;
use std::fs;

use super::memory::{Memory, ToDelete};
use super::outcome::Attention;
use super::tonight::Tonight;
use super::working::Made;
use crate::evidence::ledger::ExportsDeleted;
use crate::export::{self, Found};
use crate::pipeline::{Lookup, Origin, Source};
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
fn still_there(tonight: &Tonight) -> Vec<(&ToDelete, Digest)> {
    let memory = &tonight.memory;
    let all = memory.to_delete.iter().zip(memory.exports_deleted.digests.iter().copied());
    all.filter(|(export, _)| is_there(tonight, export)).collect()
}

/// The exports that the last run deleted, as far as they are gone.
pub(super) fn deleted(tonight: &Tonight) -> ExportsDeleted {
    let mut all = tonight.memory.exports_deleted.clone();
    for (_, digest) in still_there(tonight) {
        if let Some(place) = all.digests.iter().position(|known| *known == digest) {
            all.digests.remove(place);
            all.count -= 1;
        }
    }
    all
}

/// Remembers what goes tonight, and what was to go and is there still, for a legal hold or since it couldn't be deleted: the
/// next run tries again. A log
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

/// Whether it lies there as it was read. Behind a link, too: what was read is then elsewhere, and is not gone with the link.
fn is_there(tonight: &Tonight, export: &ToDelete) -> bool {
    let path = tonight.site.inbox().join(&export.name);
    let Ok(meta) = fs::metadata(&path) else { return false };
    let modified = meta.modified().ok().and_then(|modified| jiff::Timestamp::try_from(modified).ok());
    let same = modified.is_some_and(|modified| modified.to_string() == export.modified);
    meta.is_file() && meta.len() == export.bytes && same
}

/// Deletes exports that are still what was read; gives the names of those that stay: on a disk that takes no writes, behind a
/// link. They are tried again by the next run.
#[must_use]
pub(super) fn delete_exports(tonight: &Tonight, to_delete: &[ToDelete]) -> Vec<String> {
    for export in to_delete {
        let path = tonight.site.inbox().join(&export.name);
        if is_there(tonight, export) && fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_file()) {
            // Whether it is gone is looked at afterwards.
            let _ = fs::remove_file(path);
        }
    }
    to_delete.iter().filter(|export| is_there(tonight, export)).map(|export| export.name.clone()).collect()
}

/// What a person should know of the exports, once the run is committed: which could not be deleted, and which no run will
/// read any more, since newer ones have come. `stayed`: of tonight's.
pub(super) fn attention(tonight: &Tonight, made: &Made<'_>, mut stayed: Vec<String>) -> Vec<Attention> {
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
            "{} could not be deleted and lie in inbox/ still: {}. Is it a link, or can nothing be deleted there? The ledger says \
             only of what is gone that it is",
            if stayed.len() == 1 { "1 export".into() } else { format!("{} exports", stayed.len()) },
            stayed.join(", ")
        ));
    }
    let old = superseded(tonight, made);
    if !old.is_empty() {
        all.push(format!(
            "older exports in inbox/ that no run reads any more, and none deletes: {}. Delete them, as the policy says",
            old.into_iter().collect::<Vec<_>>().join(", ")
        ));
    }
    all.into_iter().map(|what| Attention { pipeline: None, what }).collect()
}

/// Files that a source or lookup would have read, had newer ones not come: of nights that stopped, mostly. Of a log every
/// file is read.
fn superseded(tonight: &Tonight, made: &Made<'_>) -> BTreeSet<String> {
    let read: BTreeSet<String> =
        made.pipelines.iter().flat_map(|one| one.outcome.exports.iter().map(|export| export.found.name())).collect();
    let mut old = BTreeSet::new();
    for one in made.pipelines.iter().filter(|one| !one.pipeline.declaration.is_log()) {
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
