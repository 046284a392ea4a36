//! The night: the order of a run. Inventory, lookups, pass, months, brakes, commit, and what follows it.
//!
//! `plan` and `run` take the same way; a plan writes nothing but run files that go with it. What decides a transaction
//! is in `decide`, what may be published in `release`, what is on disk in `state`: here is only what comes after what,
//! and what stops whom. An export that can't be used stops its pipeline; what puts everybody at risk (modes, keys, the
//! hold register, a leak) stops the run.

mod brakes;
mod commit;
mod committing;
mod deleting;
mod explain;
mod foresee;
mod inventory;
mod known_to_state;
mod log_files;
mod log_month;
mod logs;
mod mailing;
mod memory;
mod met;
mod month;
mod months;
mod outcome;
mod plan_digest;
mod publishes;
mod read;
mod reporting;
mod stowaways;
mod tonight;
mod withdrawing;
mod working;
mod worklist;
mod writing;

use std::time::Instant;

use jiff::Timestamp;

pub use brakes::{Brake, BrakeReason};
pub use explain::{Explained, Shown, ShownId, explain, explain_all};
pub use foresee::{Foreseen, foresee, stops_lookup, stops_source};
pub use known_to_state::KnownToState;
pub use log_files::{LogFile, Stands};
pub use memory::Memory;
pub use outcome::{Attention, Committed, Outcome, PipelineOutcome, Stopped};
pub use publishes::{Column as PublishedColumn, Publishes, Table as PublishedTable};
pub use tonight::{Refusal, Tonight, check_together, load_pipelines, look_around};

use crate::state::commit::Hook;
use crate::state::entropy::Entropy;
use crate::state::site::Site;
use crate::words::Digest;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The instant that decides; its civil day counts.
    pub as_of: Timestamp,
    /// The clock.
    pub now: Timestamp,
    /// The plan that a person accepted.
    pub accept: Option<Digest>,
}

/// How far a night has come, for a progress bar.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// A pipeline's transactions are being read: its name, and the bytes of its exports on disk.
    Reading { pipeline: &'a str, bytes: u64 },
    /// So many more records and bytes were read.
    Read { records: u64, bytes: u64 },
    /// So many months are being settled.
    Months { months: u64 },
    /// One of them is done.
    Month,
    /// The run is being committed.
    Committing,
}

/// Where randomness, faults and watchers come in.
pub struct Seams<'a> {
    pub entropy: &'a mut (dyn Entropy + Send),
    pub hook: Hook<'a>,
    pub progress: &'a (dyn Fn(Progress<'_>) + Sync),
}

/// What tonight's run would do, and why. Changes nothing. A future as-of is allowed.
pub fn plan(site: &Site, options: Options, seams: Seams<'_>) -> Result<Outcome, Refusal> {
    night(site, options, seams, false)
}

/// Does it.
pub fn run(site: &Site, options: Options, seams: Seams<'_>) -> Result<Outcome, Refusal> {
    night(site, options, seams, true).map_err(|refusal| {
        let withdrawn =
            if refusal.withdraws() { withdrawing::withdraw(site, options.as_of, options.now) } else { Vec::new() };
        if withdrawn.is_empty() {
            return refusal;
        }
        refusal.with_line(&format!("the worklists of the night before are withdrawn: {}", withdrawn.join(", ")))
    })
}

fn night(site: &Site, options: Options, seams: Seams<'_>, commits: bool) -> Result<Outcome, Refusal> {
    let mut clock = Stages::default();
    let (_lock, tonight) = tonight::begin(site, options, commits, seams.hook)?;
    if commits {
        // A run that was killed after its commit left these to be deleted.
        let _ = deleting::delete_exports(&tonight, deleting::left_over(&tonight));
    }
    let pending = match crate::state::commit::Pending::begin(site, tonight.sequence, seams.hook) {
        Ok(pending) => pending,
        Err(error) => {
            // A part of the run's folder may be there.
            let _ = crate::state::commit::recover(site, &crate::state::commit::no_hook);
            return Err(error.into());
        }
    };
    let worked = working::work(&tonight, &pending, seams.entropy, seams.progress, commits, &mut clock);
    let made = match worked {
        Ok(made) if commits && made.commits => made,
        Ok(made) => {
            pending.discard()?;
            return made.refuse_or_show(&tonight, commits, clock.stages);
        }
        Err(refusal) => {
            pending.discard()?;
            return Err(refusal);
        }
    };
    (seams.progress)(Progress::Committing);
    committing::commit(&tonight, pending, made, clock)
}

/// How long each stage of a run took, in seconds.
#[derive(Default)]
pub(crate) struct Stages {
    stages: Vec<(&'static str, f64)>,
    since: Option<Instant>,
}

impl Stages {
    /// Ends the stage before, if there is one, and begins this one. A stage may come more than once.
    fn begin(&mut self, stage: &'static str) {
        let now = Instant::now();
        if let (Some(since), Some((_, seconds))) = (self.since, self.stages.last_mut()) {
            *seconds += (now - since).as_secs_f64();
        }
        self.since = Some(now);
        if self.stages.last().is_none_or(|(last, _)| *last != stage) {
            self.stages.push((stage, 0.0));
        }
    }

    fn end(&mut self) -> Vec<(&'static str, f64)> {
        self.begin("end");
        self.stages.pop();
        let mut merged: Vec<(&'static str, f64)> = Vec::new();
        for (stage, seconds) in self.stages.drain(..) {
            match merged.iter_mut().find(|(known, _)| *known == stage) {
                Some((_, sum)) => *sum += seconds,
                None => merged.push((stage, seconds)),
            }
        }
        merged
    }
}
