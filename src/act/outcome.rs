//! What a night came to, as `plan` and `run` show it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use super::brakes::Brake;
use super::inventory;
use super::log_files::LogFile;
use super::month::{MonthDone, Requests};
use super::publishes::Publishes;
use super::read::{ExportRead, Whence};
use crate::leak::Pattern;
use crate::words::{Day, Digest, Kind, Month, Need, Reason, Side, Totals};

/// A night, for people and for `--json`. Figures are exact: they are for the operator. A legal hold reads
/// `undetermined`, here as everywhere.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// What `run --accept` takes.
    pub digest: Digest,
    pub day: Day,
    pub as_of: String,
    /// A figure about fewer patrons than this is never published.
    pub threshold: u32,
    pub totals: Totals,
    pub pipelines: Vec<PipelineOutcome>,
    /// What was held, or would be.
    pub brakes: Vec<Brake>,
    /// Whether a person had accepted them.
    pub accepted: bool,
    pub stopped: Vec<Stopped>,
    /// Why a person should look: the exit code is 1 when there is any.
    pub attention: Vec<Attention>,
    /// Empty for a plan.
    pub committed: Option<Committed>,
    /// Seconds by stage.
    pub stages: BTreeMap<String, f64>,
}

#[derive(Debug, Serialize)]
pub struct Committed {
    pub sequence: u64,
    /// The ledger's new head: worth noting down elsewhere.
    pub head: Digest,
    pub report: String,
    pub page: String,
}

/// A pipeline whose exports can't be used tonight.
#[derive(Clone, Debug, Serialize)]
pub struct Stopped {
    pub pipeline: String,
    pub why: String,
}

/// Something that a person should look at.
#[derive(Clone, Debug, Serialize)]
pub struct Attention {
    pub pipeline: Option<String>,
    pub what: String,
}

#[derive(Debug, Serialize)]
pub struct PipelineOutcome {
    pub name: String,
    pub kind: Kind,
    /// What its worklist severs.
    pub side: Side,
    pub totals: Totals,
    pub parts: BTreeMap<String, Totals>,
    /// A brake holds it, and nobody accepted that.
    pub held: bool,
    pub rejected: Vec<RejectedRows>,
    pub undeclared: Vec<String>,
    /// Kept for longer than the policy's `review_after`.
    pub review: u64,
    pub review_by_need: BTreeMap<Need, u64>,
    pub retired_by_month: BTreeMap<Month, u64>,
    pub confirmed: u64,
    pub residual: u64,
    pub new_residual: u64,
    pub late: u64,
    pub released: Vec<ReleasedMonth>,
    /// What may leave of each month that isn't closed.
    pub publishes: Publishes,
    pub worklist: u64,
    /// Of logs: files by what becomes of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_files: Option<LogFiles>,
    #[serde(skip)]
    pub logs: Vec<LogFile>,
    /// How many logs are known to be retired, once the run is committed.
    #[serde(skip)]
    pub known_logs: u64,
    /// Of logs that say which rows count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<Requests>,
    /// Patrons on each mailing list that it makes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub mailing: BTreeMap<String, u64>,
    /// Of the confirmed, those that are no longer in the snapshot: it may have shrunk by as much.
    #[serde(skip)]
    pub gone: u64,
    #[serde(skip)]
    pub residual_by_nights: BTreeMap<i32, u64>,
    #[serde(skip)]
    pub exports: Vec<ExportRead>,
    #[serde(skip)]
    pub reasons: BTreeMap<Reason, u64>,
    #[serde(skip)]
    pub under_legal_hold: u64,
    /// Columns and patterns that the leak search passed by, since the policy accepts them.
    #[serde(skip)]
    pub accepted_patterns: BTreeSet<(String, Pattern)>,
}

/// How many files of a log there are, by what becomes of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct LogFiles {
    /// Retired whole, tonight.
    pub retired: u64,
    /// Retired by an earlier run, or copies of others.
    pub again: u64,
    /// Not all of them is due.
    pub waiting: u64,
}

#[derive(Clone, Debug, Serialize)]
pub struct RejectedRows {
    pub part: String,
    /// Which of the files that the part is split into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    pub reason: Reason,
    pub rows: u64,
    /// The first lines.
    pub lines: Vec<u64>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ReleasedMonth {
    pub month: Month,
    pub rows: u64,
    pub closed: Option<String>,
    #[serde(skip)]
    pub counts: Option<crate::release::Counts>,
}

impl PipelineOutcome {
    /// Adds what the months came to.
    pub fn add_months(&mut self, sources: &[Whence], months: &[MonthDone]) {
        for done in months {
            for (whence, totals) in sources.iter().zip(&done.totals) {
                *self.parts.entry(whence.part.clone()).or_default() += totals;
            }
            for (reason, count) in &done.reasons {
                *self.reasons.entry(*reason).or_default() += count;
            }
            self.under_legal_hold += done.under_legal_hold;
            self.review += done.review;
            for (need, count) in &done.review_by_need {
                *self.review_by_need.entry(*need).or_default() += count;
            }
            for (part, line) in &done.repeats {
                self.reject(&sources[*part], Reason::Repeat, 1, &[*line]);
            }
            self.confirmed += done.confirmed;
            self.gone += done.gone;
            self.new_residual += done.new_residual;
            for (nights, rows) in &done.residual {
                *self.residual_by_nights.entry(*nights).or_default() += rows;
                self.residual += rows;
            }
            self.late += done.late;
            if let Some(requests) = &mut self.requests {
                *requests += done.requests;
            }
            let retired: u64 = done.totals.iter().map(|totals| totals.retired).sum();
            if let Some(month) = done.month {
                if retired > 0 {
                    *self.retired_by_month.entry(month).or_default() += retired;
                }
                if let Some(released) = &done.released {
                    self.released.push(ReleasedMonth {
                        month,
                        rows: released.rows,
                        closed: released.closed.clone(),
                        counts: released.counts,
                    });
                }
            }
        }
        self.rejected.iter_mut().for_each(|rejected| rejected.lines.sort_unstable());
        self.totals = Totals::default();
        for totals in self.parts.values() {
            self.totals += totals;
        }
        self.worklist = self.totals.retired + self.totals.already_retired;
    }

    /// The names of the files of a log that aren't retired.
    pub fn waiting_logs(&self) -> impl Iterator<Item = String> {
        self.logs.iter().filter(|file| file.waits()).map(|file| file.found.name())
    }

    /// Adds rejected rows of a reason; the lines are the first of them.
    pub fn reject(&mut self, whence: &Whence, reason: Reason, rows: u64, lines: &[u64]) {
        let is_this =
            |known: &RejectedRows| (&known.part, &known.file, known.reason) == (&whence.part, &whence.file, reason);
        let place = match self.rejected.iter().position(is_this) {
            Some(place) => place,
            None => {
                let Whence { part, file } = whence.clone();
                self.rejected.push(RejectedRows { part, file, reason, rows: 0, lines: Vec::new() });
                self.rejected.len() - 1
            }
        };
        let known = &mut self.rejected[place];
        known.rows += rows;
        let room = crate::evidence::report::Rejects::SHOWN.saturating_sub(known.lines.len());
        known.lines.extend(lines.iter().take(room));
    }

    /// What a person should look at, in the words of a sentence.
    pub fn attention(&self, known_columns: &[String], as_of: Timestamp) -> Vec<Attention> {
        let say = |what: String| Attention { pipeline: Some(self.name.clone()), what };
        let mut all = Vec::new();
        let grouped = crate::evidence::figure::grouped;
        if let Some(days) = inventory::days_ahead(self.exports.iter().map(|export| &export.found), as_of) {
            all.push(say(format!(
                "its exports are {days} days newer than the as-of, so rows of the days to come are undetermined: is the as-of \
                 right?"
            )));
        }
        let copies: BTreeSet<&str> =
            self.exports.iter().flat_map(|export| export.found.passed_over.iter()).map(String::as_str).collect();
        if !copies.is_empty() {
            let copies: Vec<&str> = copies.into_iter().collect();
            all.push(say(format!(
                "by their names these are copies of exports, so they are neither read nor deleted: take away {}",
                copies.join(", ")
            )));
        }
        for column in self.publishes.columns.iter().filter(|column| column.is_no_vocabulary) {
            all.push(say(format!(
                "`{}` would be published as it is, and has {} values in {} rows: a vocabulary has few. `check` tells \
                 more",
                column.name,
                grouped(column.values),
                grouped(self.totals.read)
            )));
        }
        if self.totals.rejected > 0 {
            all.push(say(match self.totals.rejected {
                1 => "1 row can't be read as a transaction".into(),
                rows => format!("{} rows can't be read as transactions", grouped(rows)),
            }));
        }
        for file in self.logs.iter().filter(|file| file.unreadable) {
            all.push(say(format!(
                "{}: fewer than half of its rows can be read, so it waits, whatever the day. Has the log's format changed? \
                 Mend the pipeline, or take the file away",
                file.found.name()
            )));
        }
        let known: BTreeSet<&String> = known_columns.iter().collect();
        let new: Vec<&str> = self.undeclared.iter().filter(|name| !known.contains(name)).map(String::as_str).collect();
        if !new.is_empty() {
            all.push(say(format!("new columns, dropped until the pipeline declares them: {}", new.join(", "))));
        }
        if self.new_residual > 0 {
            all.push(say(match self.new_residual {
                1 => "1 transaction that was on a worklist is still linked: was it carried out?".into(),
                rows => format!(
                    "{} transactions that were on a worklist are still linked: was it carried out?",
                    grouped(rows)
                ),
            }));
        }
        if self.review > 0 {
            all.push(say(match self.review {
                1 => "1 transaction has been kept for long enough to review".into(),
                rows => format!("{} transactions have been kept for long enough to review", grouped(rows)),
            }));
        }
        all
    }
}
