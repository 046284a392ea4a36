//! What a night came to, as `plan` and `run` show it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::attention::{Attention, parted};
use super::brakes::Brake;
use super::error::EndError;
use super::night_done::NightDone;
use crate::act::begin::Tonight;
use crate::act::months::PipelineOutcome;
use crate::act::read::Stopped;
use crate::propose::doubts::Doubt;
use crate::words::{Day, Digest, Totals};

/// A night, for people and for `--json`. Figures are exact: they are for the operator. A legal hold reads
/// `undetermined`, here as everywhere.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// What `run --accept` takes.
    pub digest: Digest,
    #[serde(flatten)]
    pub when: When,
    /// A figure about fewer patrons than this is never published.
    pub threshold: u32,
    pub totals: Totals,
    pub pipelines: Vec<PipelineOutcome>,
    /// What was braked, or would be.
    pub brakes: Vec<Brake>,
    /// Whether a person had accepted them.
    pub accepted: bool,
    pub stopped: Vec<Stopped>,
    /// Why a person should look: the exit code is 1 when there is any.
    pub attention: Vec<Attention>,
    /// What the last committed run asked a person to look at, and has hardly grown: no news.
    pub still: Vec<Attention>,
    /// For a plan: where the exports don't look like what is declared and that is dangerous, the worst first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
    /// Empty for a plan.
    pub committed: Option<Committed>,
    /// Seconds by stage.
    pub stages: BTreeMap<String, f64>,
}

/// The night that is meant.
#[derive(Debug, Serialize)]
pub struct When {
    pub day: Day,
    pub as_of: String,
}

#[derive(Debug, Serialize)]
pub struct Committed {
    pub sequence: u64,
    /// The ledger's new head: worth noting down elsewhere.
    pub head: Digest,
    pub report: String,
    pub page: String,
}

impl NightDone<'_> {
    /// For a plan: what it came to. For a run that can commit nothing: why.
    pub fn refuse_or_show(
        self,
        tonight: &Tonight,
        commits: bool,
        stages: Vec<(&'static str, f64)>,
    ) -> Result<Outcome, EndError> {
        if commits {
            let mut why: Vec<String> =
                self.stopped.iter().map(|stopped| format!("\n  {}: {}", stopped.pipeline, stopped.why)).collect();
            why.extend(self.brakes.iter().map(|brake| {
                format!("\n  {} is held: {}", brake.pipeline.as_deref().unwrap_or("the site"), brake.why)
            }));
            let plan = (!self.brakes.is_empty() && !self.pipelines.is_empty()).then_some(self.digest);
            return Err(EndError::NothingToCommit { why: why.concat(), plan });
        }
        Ok(self.outcome(tonight, None, stages))
    }

    pub fn outcome(self, tonight: &Tonight, committed: Option<Committed>, stages: Vec<(&'static str, f64)>) -> Outcome {
        let mut totals = Totals::default();
        self.pipelines.iter().for_each(|done| totals += &done.outcome.totals);
        let (attention, still) = parted(tonight, &self);
        Outcome {
            digest: self.digest,
            when: When { day: tonight.day, as_of: tonight.options.as_of.to_string() },
            threshold: tonight.policy.release.threshold,
            totals,
            pipelines: self.pipelines.into_iter().map(|done| done.outcome).collect(),
            brakes: self.brakes,
            accepted: self.accepted,
            stopped: self.stopped,
            attention,
            still,
            doubts: Vec::new(),
            committed,
            stages: stages.into_iter().map(|(stage, seconds)| (stage.to_string(), seconds)).collect(),
        }
    }
}
