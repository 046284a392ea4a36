//! What a purge came to, by pipeline and trace: exact, and as the ledger may say it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::list::List;
use super::progress::Progressed;
use crate::evidence::figure::{Figure, Sum, protect};
use crate::evidence::ledger::TraceRows;
use crate::pipeline::declaration::Of;

#[derive(Clone, Debug, Serialize)]
pub struct PipelinePurged {
    pub name: String,
    /// Transactions on the list.
    pub asked: u64,
    /// Of them those that were gone through.
    pub done: u64,
    pub batches: u64,
    /// For how long one of them held its locks, at most.
    pub longest_ms: u64,
    pub traces: Vec<TracePurged>,
}

#[derive(Clone, Debug, Serialize)]
pub struct TracePurged {
    pub name: String,
    pub about: String,
    pub link: bool,
    /// None: nothing severs it.
    pub severed: Option<u64>,
    /// Rows that still lead to a patron: of what was asked, or where nothing severs it, of all. None: nothing counts them.
    pub left: Option<u64>,
    pub never: Option<String>,
    pub instead: Option<String>,
}

pub fn of(lists: &[List<'_>], progressed: &BTreeMap<String, Progressed>) -> Vec<PipelinePurged> {
    let nothing = Progressed::default();
    let one = |list: &List<'_>| {
        let kept = progressed.get(list.pipeline.name()).unwrap_or(&nothing);
        let traces = list.pipeline.declaration.traces.iter().map(|trace| {
            let rows = kept.traces.get(&trace.name).copied().unwrap_or_default();
            let severs = !trace.severs(Of::Linked).is_empty() || !trace.severs(Of::Unlinked).is_empty();
            TracePurged {
                name: trace.name.clone(),
                about: trace.about.clone(),
                link: trace.link,
                severed: severs.then_some(rows.severed),
                left: if severs { Some(rows.left) } else { kept.rest.get(&trace.name).copied() },
                never: trace.never.clone(),
                instead: trace.instead.clone(),
            }
        });
        PipelinePurged {
            name: list.pipeline.name().into(),
            asked: list.count(),
            done: kept.done,
            batches: kept.batches,
            longest_ms: kept.longest_ms,
            traces: traces.collect(),
        }
    };
    lists.iter().map(one).collect()
}

/// As the ledger says it, which staff read: small figures are hidden.
pub fn for_ledger(pipelines: &[PipelinePurged], threshold: u32) -> Vec<TraceRows> {
    let rows = |pipeline: &PipelinePurged, trace: &TracePurged| {
        let hidden = |rows: u64| {
            let mut figure = Figure::from(rows);
            protect([&mut figure], threshold, Sum::NotShown);
            figure
        };
        Some(TraceRows {
            pipeline: pipeline.name.clone(),
            trace: trace.name.clone(),
            severed: hidden(trace.severed?),
            left: hidden(trace.left?),
        })
    };
    pipelines.iter().flat_map(|one| one.traces.iter().filter_map(move |trace| rows(one, trace))).collect()
}
