//! Brakes: what is out of the ordinary waits until a person accepts that plan.

mod content;
mod months;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::act::begin::Tonight;
use crate::act::begin::memory::{Dates, Memory, PipelineMemory};
use crate::act::months::{PipelineDone, ReleasedMonth};
use crate::pipeline::declaration::Rows;
use crate::words::{Day, Digest, Kind, Need};

/// No brake on retirements below this many rows.
const NEVER_BELOW: u64 = 100;
/// The median of retirements counts from this many runs on.
const FROM_RUN: usize = 7;
/// Longest time between two runs, in days.
const LONGEST_PAUSE: i32 = 31;

/// Something that a person must look at first. Without a pipeline it brakes the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Brake {
    pub pipeline: Option<String>,
    #[serde(skip)]
    pub reason: BrakeReason,
    pub why: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrakeReason {
    FirstRun,
    Declaration,
    Shrunk,
    Retirements,
    Dates,
    Policy,
    Pause,
    FewMeet,
    Vanished,
    Undetermined,
    Late,
    /// What a need kept is kept no longer.
    Needs,
    /// Months would close for good.
    Closing,
    /// A month has far fewer rows than its neighbours.
    Fall,
    /// An export is the last run's.
    Same,
    /// Dates say that the exports are old, or that the clock is wrong.
    Clock,
}

/// What a pipeline's night looks like to the brakes.
pub struct BrakeFigures<'a> {
    pub name: &'a str,
    pub declaration: Digest,
    /// Records by part and by lookup.
    pub parts: Vec<(&'a str, u64)>,
    pub lookups: Vec<(&'a str, u64)>,
    /// Of lookups, how many rows may be missing, since afterloan severed what they were about.
    pub excused: Vec<(&'a str, u64)>,
    pub dates: Vec<(&'a str, Dates)>,
    pub retired: u64,
    /// Rows that were purged away since: they may be missing. One that was emptied is still there.
    pub gone: u64,
    pub kind: Kind,
    pub is_log: bool,
    pub read: u64,
    pub linked: u64,
    pub late: u64,
    /// Kept rows by need, as everybody sees them.
    pub needs: &'a BTreeMap<Need, u64>,
    pub released: &'a [ReleasedMonth],
    pub contents: Vec<Contents<'a>>,
    /// The civil day on which the oldest export was written.
    pub written: Day,
}

/// What an export held tonight.
pub struct Contents<'a> {
    pub source: &'a str,
    pub records: u64,
    /// Of its files, sorted.
    pub digests: Vec<Digest>,
    /// None: transactions. Of a lookup: whether a row that it lacks decides.
    pub decides: Option<bool>,
}

impl<'a> BrakeFigures<'a> {
    pub fn of(done: &'a PipelineDone<'_>) -> BrakeFigures<'a> {
        let declaration = &done.pipeline.declaration;
        let lookups: BTreeSet<&str> = declaration.lookups.iter().map(|lookup| lookup.name.as_str()).collect();
        // A split export counts as one. A log has no size that it should have.
        let counts = |lookup: bool| {
            let exports = done.outcome.exports.files.iter();
            let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
            for export in exports.filter(|export| lookups.contains(export.source.as_str()) == lookup) {
                *counts.entry(&export.source).or_default() += export.records;
            }
            counts.into_iter().collect()
        };
        let totals = &done.outcome.totals;
        BrakeFigures {
            name: &done.outcome.name,
            declaration: done.pipeline.digest,
            parts: if declaration.is_log() { Vec::new() } else { counts(false) },
            lookups: counts(true),
            excused: done.joins.iter().map(|join| (join.lookup.as_str(), join.excused)).collect(),
            dates: done.dates.iter().map(|(name, dates)| (name.as_str(), *dates)).collect(),
            retired: done.outcome.totals.retired,
            gone: done.outcome.tally.gone,
            kind: done.outcome.kind,
            is_log: declaration.is_log(),
            read: done.outcome.totals.read,
            linked: totals.retired + totals.already_retired + totals.kept,
            late: done.outcome.tally.late,
            needs: &done.outcome.totals.kept_by_need,
            released: &done.outcome.released,
            contents: contents(done),
            written: done.written,
        }
    }

    pub fn undetermined(&self) -> u64 {
        self.needs.get(&Need::Undetermined).copied().unwrap_or(0)
    }
}

/// By how many days the newest date is behind the exports; 0 where too few tell.
pub fn days_behind(figures: &BrakeFigures<'_>) -> i32 {
    content::behind(figures).map_or(0, |(days, _)| days)
}

/// Every export with its digests; of a log, whose files come and go, those of lookups alone.
fn contents<'a>(done: &'a PipelineDone<'_>) -> Vec<Contents<'a>> {
    let declaration = &done.pipeline.declaration;
    let mut all: BTreeMap<&str, Contents<'_>> = BTreeMap::new();
    for export in &done.outcome.exports.files {
        let lookup = declaration.lookups.iter().find(|lookup| lookup.name == export.source);
        if lookup.is_none() && declaration.is_log() {
            continue;
        }
        let decides = lookup.map(|lookup| lookup.rows == Rows::Many && !lookup.gather.is_empty());
        let source = export.source.as_str();
        let known = all.entry(source).or_insert_with(|| Contents { source, records: 0, digests: Vec::new(), decides });
        known.records += export.records;
        known.digests.push(export.digest);
    }
    all.values_mut().for_each(|contents| contents.digests.sort_unstable());
    all.into_values().collect()
}

/// Brakes on the whole site.
pub fn on_site(tonight: &Tonight) -> Vec<Brake> {
    let memory = &tonight.memory;
    let mut brakes = Vec::new();
    let brake = |reason, why: String| Brake { pipeline: None, reason, why };
    if memory.policy.is_some_and(|policy| policy != tonight.policy.digest) {
        brakes.push(brake(BrakeReason::Policy, "the policy changed since the last run".into()));
    }
    if let Some(last) = memory.day
        && tonight.day.0 - last.0 > LONGEST_PAUSE
    {
        let days = tonight.day.0 - last.0;
        brakes.push(brake(BrakeReason::Pause, format!("{days} days have passed since the last run")));
    }
    brakes
}

/// Brakes that are known before a row is read.
pub fn beforehand(memory: &Memory, name: &str, declaration: Digest) -> Vec<Brake> {
    let brake = |reason, why: &str| Brake { pipeline: Some(name.into()), reason, why: why.into() };
    match memory.pipelines.get(name) {
        None => vec![brake(BrakeReason::FirstRun, "it is this pipeline's first run")],
        Some(known) if known.declaration != Some(declaration) => {
            vec![brake(BrakeReason::Declaration, "the pipeline's file changed since the last run")]
        }
        Some(_) => Vec::new(),
    }
}

/// Brakes on one pipeline, once everything about it is known.
pub fn on_pipeline(memory: &Memory, figures: &BrakeFigures<'_>, tonight: Day) -> Vec<Brake> {
    let mut brakes = beforehand(memory, figures.name, figures.declaration);
    let known = memory.pipelines.get(figures.name);
    if let Some(known) = known {
        since(known, figures, &mut brakes);
    }
    let finals = memory.released.get(&figures.kind);
    let mut more = rows::why(known, figures);
    more.extend(months::why(known.is_some(), finals, figures.released));
    more.extend(content::why(known, figures, memory.day.is_some_and(|day| day != tonight), tonight));
    let name = figures.name;
    brakes.extend(more.into_iter().map(|(reason, why)| Brake { pipeline: Some(name.into()), reason, why }));
    brakes
}

/// What changed since the last committed run.
fn since(known: &PipelineMemory, figures: &BrakeFigures<'_>, brakes: &mut Vec<Brake>) {
    let mut push = |reason, why| brakes.push(Brake { pipeline: Some(figures.name.into()), reason, why });
    let before: u64 = figures.parts.iter().filter_map(|(part, _)| known.parts.get(*part)).sum();
    let now: u64 = figures.parts.iter().map(|(_, records)| records).sum();
    if shrank(before, now + figures.gone) {
        push(
            BrakeReason::Shrunk,
            format!("its transactions shrank from {before} to {now} records, beyond what was purged"),
        );
    }
    for (lookup, now) in &figures.lookups {
        let excused = figures.excused.iter().find(|(name, _)| name == lookup).map_or(0, |(_, rows)| *rows);
        if let Some(before) = known.lookups.get(*lookup).filter(|before| shrank(**before, *now + excused)) {
            push(BrakeReason::Shrunk, format!("the export `{lookup}` shrank from {before} to {now} records"));
        }
    }
    if let Some(most) = most_retirements(known)
        && figures.retired > most
    {
        let retired = figures.retired;
        push(
            BrakeReason::Retirements,
            format!("it would retire {retired} transactions, more than five times what is usual ({most})"),
        );
    }
    for (column, now) in &figures.dates {
        let Some(before) = known.dates.get(*column) else { continue };
        if newly_unreadable(*before, *now) {
            push(
                BrakeReason::Dates,
                format!(
                    "`{column}`: more than a thousandth of its values can no longer be read ({} of {})",
                    now.unreadable, now.set
                ),
            );
        }
    }
}

/// By more than a tenth.
fn shrank(before: u64, now: u64) -> bool {
    now.saturating_mul(10) < before.saturating_mul(9)
}

fn most_retirements(known: &PipelineMemory) -> Option<u64> {
    if known.retired.len() + 1 < FROM_RUN {
        return None;
    }
    let mut retired = known.retired.clone();
    retired.sort_unstable();
    let middle = retired.len() / 2;
    let median = match retired.len() % 2 {
        1 => retired[middle],
        _ => (retired[middle - 1] + retired[middle]).div_ceil(2),
    };
    Some(median.saturating_mul(5).max(NEVER_BELOW))
}

/// The share of unreadable dates grew by more than a thousandth.
fn newly_unreadable(before: Dates, now: Dates) -> bool {
    let share = |dates: Dates| dates.unreadable as f64 / dates.set.max(1) as f64;
    share(now) - share(before) > 0.001
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_the_ordinary_is_braked() {
        assert!(!shrank(1_000, 900));
        assert!(shrank(1_000, 899));
        let dates = |set, unreadable| Dates { set, unreadable, ..Dates::default() };
        assert!(!newly_unreadable(dates(1_000, 5), dates(2_000, 11)));
        assert!(newly_unreadable(dates(1_000, 0), dates(1_000, 2)));
        assert!(!newly_unreadable(dates(0, 0), dates(0, 0)));
        let runs = |retired: &[u64]| PipelineMemory { retired: retired.to_vec(), ..PipelineMemory::default() };
        assert_eq!(most_retirements(&runs(&[10; 5])), None, "six runs with tonight's");
        assert_eq!(most_retirements(&runs(&[10; 6])), Some(100), "never below 100");
        assert_eq!(most_retirements(&runs(&[40, 1_000, 60, 50, 10, 90, 55])), Some(275));
    }
}
