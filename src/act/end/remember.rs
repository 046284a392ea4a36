//! What a run leaves for the next.

use super::brakes::BrakeFigures;
use crate::act::begin::Tonight;
use crate::act::begin::memory::{Final, Memory, PipelineMemory, RUNS_REMEMBERED};
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
    worklists: &[String],
    mailing: Vec<String>,
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
        worklists: worklists.to_vec(),
        mailing,
        logs: outcome.logs().map_or(0, |logs| logs.known),
    };
    for released in &outcome.released {
        let last = Final { sequence: tonight.sequence, rows: released.rows, closed: released.closed.clone() };
        memory.released.entry(outcome.kind).or_default().insert(released.month, last);
    }
}
