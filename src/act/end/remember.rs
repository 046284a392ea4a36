//! What a run leaves for the next.

use std::collections::BTreeMap;

use super::brakes::{BrakeFigures, Contents, days_behind};
use crate::act::begin::Tonight;
use crate::act::begin::memory::{Content, Final, Memory, PipelineMemory, RUNS_REMEMBERED};
use crate::act::months::PipelineDone;

/// Forgets the lists that stand, of all pipelines, and returns their paths.
pub fn forget_lists(memory: &mut Memory) -> Vec<String> {
    let of_pipeline = |known: &mut PipelineMemory| {
        let (worklists, mailing) = (std::mem::take(&mut known.worklists), std::mem::take(&mut known.mailing));
        worklists.into_iter().chain(mailing)
    };
    memory.pipelines.values_mut().flat_map(of_pipeline).collect()
}

/// Remembers a pipeline whose work is carried out.
pub fn remember(
    memory: &mut Memory,
    tonight: &Tonight,
    done: &PipelineDone<'_>,
    worklists: Vec<String>,
    mailing: Vec<String>,
    attention: BTreeMap<String, u64>,
) {
    let outcome = &done.outcome;
    let figures = BrakeFigures::of(done);
    let owned = |counts: &[(&str, u64)]| counts.iter().map(|(name, count)| (name.to_string(), *count)).collect();
    let known = memory.pipelines.entry(outcome.name.clone()).or_default();
    let mut retired = std::mem::take(&mut known.retired);
    // Most nights no log is due: what is usual is said by the others.
    if !done.pipeline.declaration.is_log() || outcome.totals.retired > 0 {
        retired.push(outcome.totals.retired);
    }
    let contents = contents(tonight, std::mem::take(&mut known.contents), &figures);
    retired.drain(..retired.len().saturating_sub(RUNS_REMEMBERED));
    *known = PipelineMemory {
        side: done.pipeline.declaration.side,
        declaration: Some(done.pipeline.digest),
        parts: owned(&figures.parts),
        lookups: owned(&figures.lookups),
        dates: done.dates.iter().cloned().collect(),
        met: done.joins.iter().map(|join| (join.lookup.clone(), join.transactions)).collect(),
        retired,
        undeclared: outcome.exports.undeclared.clone(),
        worklists,
        purged: false,
        traces: std::mem::take(&mut known.traces),
        mailing,
        logs: outcome.logs().map_or(0, |logs| logs.known),
        undetermined: Some(figures.undetermined()),
        contents,
        behind: days_behind(&figures),
        needs: figures.needs().clone(),
        attention,
    };
    for released in &outcome.released {
        let last =
            Final { sequence: tonight.sequence, rows: released.rows, closed: released.closed.clone(), by_hand: false };
        memory.released.entry(outcome.kind).or_default().insert(released.month, last);
    }
}

/// What each export held. Another run of the same day says nothing of how it changes.
fn contents(
    tonight: &Tonight,
    mut before: BTreeMap<String, Content>,
    figures: &BrakeFigures<'_>,
) -> BTreeMap<String, Content> {
    let later = tonight.memory.day.is_some_and(|day| day != tonight.day);
    let content = |contents: &Contents<'_>| {
        let known = before.remove(contents.source);
        let is_same = known.as_ref().is_some_and(|known| known.digests == contents.digests);
        let Content { changed, repeated, .. } = known.unwrap_or_default();
        let changed = match (later, is_same) {
            (false, _) => changed,
            (true, true) => 0,
            (true, false) => changed.saturating_add(1),
        };
        let now = Content { digests: contents.digests.clone(), changed, repeated: repeated || later && is_same };
        (contents.source.to_string(), now)
    };
    figures.contents.iter().map(content).collect()
}
