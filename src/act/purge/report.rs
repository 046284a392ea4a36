//! What a purge leaves: its report for staff, the exact figures, and what the next night remembers.

use serde::Serialize;

use super::summed::{PipelinePurged, for_ledger};
use crate::act::begin::{Tonight, memory};
use crate::act::end::{ThisAct, exposure, last_report, write_index};
use crate::act::refusal::Refusal;
use crate::evidence::exposure::Point;
use crate::evidence::ledger::TraceRows;
use crate::state::commit::Pending;
use crate::state::json::{self, Format};

#[derive(Serialize)]
struct PurgeReport<'a> {
    format: Format<1>,
    /// Its number in the ledger.
    sequence: u64,
    /// The run whose worklists were carried out.
    run: u64,
    at: String,
    by: &'a str,
    /// By trace that is severed: rows, small figures hidden.
    traces: Vec<TraceRows>,
    /// What isn't severed, and what does it instead.
    never: Vec<Never<'a>>,
}

#[derive(Serialize)]
struct Never<'a> {
    pipeline: &'a str,
    trace: &'a str,
    why: &'a str,
    instead: &'a str,
    /// Rows of all patrons; null where they can't be counted.
    left: Option<u64>,
}

/// Writes it; returns its path. The exact figures lie in `state/`, and the memory says which lists are done.
pub fn write(
    tonight: &Tonight,
    run: u64,
    by: &str,
    pipelines: &[PipelinePurged],
    pending: &mut Pending<'_>,
) -> Result<String, Refusal> {
    let never = pipelines.iter().flat_map(|one| {
        one.traces.iter().filter_map(move |trace| {
            Some(Never {
                pipeline: &one.name,
                trace: &trace.name,
                why: trace.never.as_deref()?,
                instead: trace.instead.as_deref().unwrap_or_default(),
                left: trace.left,
            })
        })
    });
    let report = PurgeReport {
        format: Format,
        sequence: tonight.sequence,
        run,
        at: tonight.options.now.to_string(),
        by,
        traces: for_ledger(pipelines, tonight.policy.release.threshold),
        never: never.collect(),
    };
    let path = format!("reports/{}-purge-{:06}.json", tonight.day, tonight.sequence);
    save(pending, &path, &report)?;
    let mut memory = tonight.memory.clone();
    memory.sequence = tonight.sequence;
    memory.previous_head = Some(tonight.head);
    for one in pipelines {
        if let Some(known) = memory.pipelines.get_mut(&one.name) {
            // A pipeline that was held has no list: what was asked for before still waits.
            known.purged |= one.asked > 0 && one.done == one.asked;
            known.traces = one.traces.iter().filter_map(|trace| Some((trace.name.clone(), trace.left?))).collect();
        }
        let link = one.traces.iter().find(|trace| trace.link).and_then(|trace| trace.left);
        if let (Some(counted), Some(left), true) =
            (memory.exposure.get_mut(&one.name), link, one.asked > 0 && one.done == one.asked)
        {
            counted.purged(left);
        }
    }
    if !memory.history.is_empty() {
        memory.history.add(Point::of(tonight.day, &exposure(tonight, &memory)));
    }
    save(pending, memory::PATH, &memory)?;
    if let Some(last) = last_report(&tonight.site) {
        let this = ThisAct {
            site: &tonight.site,
            policy: &tonight.policy,
            sequence: tonight.sequence,
            at: tonight.options.now,
            day: tonight.day,
            what: format!("purge of what run {run} listed"),
            files: std::slice::from_ref(&path),
            signs: None,
        };
        write_index(pending, &memory, &last, &this)?;
    }
    Ok(path)
}

fn save(pending: &Pending<'_>, path: &str, value: &impl Serialize) -> Result<(), Refusal> {
    let at = pending.file(path)?;
    json::save(&at, value).map_err(|error| Refusal::Plain(error.to_string()))
}
