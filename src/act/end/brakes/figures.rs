//! What brakes look at, and what they say.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::act::begin::memory::Dates;
use crate::act::months::tally::Tally;
use crate::act::months::{PipelineDone, ReleasedMonth};
use crate::pipeline::Pipeline;
use crate::pipeline::declaration::Rows;
use crate::words::{Day, Digest, Need, Totals};

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
    /// Nobody has gone through what was proposed: no digest lifts it.
    Unfinished,
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
    pub pipeline: &'a Pipeline,
    pub totals: &'a Totals,
    pub tally: &'a Tally,
    pub released: &'a [ReleasedMonth],
    pub dates: Vec<(&'a str, Dates)>,
    /// Records by part and by lookup.
    pub parts: Vec<(&'a str, u64)>,
    pub lookups: Vec<(&'a str, u64)>,
    /// Of lookups, how many rows may be missing, since afterloan severed what they were about.
    pub excused: Vec<(&'a str, u64)>,
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
        BrakeFigures {
            pipeline: done.pipeline,
            totals: &done.outcome.totals,
            tally: &done.outcome.tally,
            released: &done.outcome.released,
            dates: done.dates.iter().map(|(name, dates)| (name.as_str(), *dates)).collect(),
            parts: if declaration.is_log() { Vec::new() } else { counts(false) },
            lookups: counts(true),
            excused: done.joins.iter().map(|join| (join.lookup.as_str(), join.excused)).collect(),
            contents: contents(done),
            written: done.written,
        }
    }

    pub fn name(&self) -> &'a str {
        self.pipeline.name()
    }

    pub fn is_log(&self) -> bool {
        self.pipeline.declaration.is_log()
    }

    /// Rows that name a patron.
    pub fn linked(&self) -> u64 {
        self.totals.retired + self.totals.already_retired + self.totals.kept
    }

    /// Kept rows by need, as everybody sees them.
    pub fn needs(&self) -> &'a BTreeMap<Need, u64> {
        &self.totals.kept_by_need
    }

    pub fn undetermined(&self) -> u64 {
        self.needs().get(&Need::Undetermined).copied().unwrap_or(0)
    }
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
