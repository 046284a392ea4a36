//! Why a person should look, in the words of a sentence; and what of that is news.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::night_done::NightDone;
use crate::act::begin::Tonight;
use crate::act::months::{PipelineDone, PipelineOutcome};
use crate::act::read::inventory;
use crate::evidence::figure::grouped;
use crate::policy::AfterRun;
use crate::words::few;

/// Something that a person should look at.
#[derive(Clone, Debug, Serialize)]
pub struct Attention {
    pub pipeline: Option<String>,
    pub what: String,
    /// Of what may be so for many nights: its sort, and how much there is of it. None: it is news whenever it is there.
    #[serde(skip)]
    sort: Option<(String, u64)>,
}

impl Attention {
    /// What is news whenever it is there.
    pub fn news(pipeline: Option<String>, what: String) -> Attention {
        Attention { pipeline, what, sort: None }
    }

    /// Whether the last committed run knew it: no more than a tenth more than it was.
    fn is_known(&self, tonight: &Tonight) -> bool {
        let (Some(pipeline), Some((sort, many))) = (&self.pipeline, &self.sort) else { return false };
        let known = tonight.memory.pipelines.get(pipeline).and_then(|known| known.attention.get(sort));
        known.is_some_and(|before| many.saturating_mul(10) < before.saturating_mul(11))
    }
}

/// What is news, and what still stands.
pub fn parted(tonight: &Tonight, night: &NightDone<'_>) -> (Vec<Attention>, Vec<Attention>) {
    attention(tonight, night).into_iter().partition(|attention| !attention.is_known(tonight))
}

/// What is to be remembered of a pipeline, so that it is no news tomorrow.
pub fn remembered(all: &[Attention], pipeline: &str) -> BTreeMap<String, u64> {
    let of_pipeline = all.iter().filter(|attention| attention.pipeline.as_deref() == Some(pipeline));
    of_pipeline.filter_map(|attention| attention.sort.clone()).collect()
}

/// All of it, of a night.
pub fn attention(tonight: &Tonight, night: &NightDone<'_>) -> Vec<Attention> {
    let mut all = Vec::new();
    if !night.accepted {
        all.extend(night.brakes.iter().map(|brake| {
            let what = format!("it is held until a person accepts the plan: {}", brake.why);
            Attention::news(brake.pipeline.clone(), what)
        }));
    }
    for stopped in &night.stopped {
        all.push(Attention::news(Some(stopped.pipeline.clone()), "it is stopped".into()));
    }
    if !night.unspoken.is_empty() {
        let columns = few(&night.unspoken);
        let what = format!("its database has columns that lead to patrons and that no pipeline speaks of: {columns}");
        all.push(Attention::news(None, what));
    }
    // Every night until somebody does it: where it has ended, nothing is retired.
    all.extend(tonight.policy.authority.on(tonight.day).notice().map(|what| Attention::news(None, what)));
    for done in &night.pipelines {
        let mut what = Vec::new();
        of_exports(tonight, &done.outcome, &mut what);
        of_rows(&done.outcome, &mut what);
        if publishes_nothing(done) && !done.outcome.released.is_empty() {
            let why = "no [[publish]] says what may leave, so of a month its number of transactions is published and nothing \
                       else, for good: what is retired is lost to statistics";
            what.push(sorted("publishes nothing", 1, why.into()));
        }
        let name = &done.outcome.name;
        all.extend(what.into_iter().map(|(sort, what)| Attention { pipeline: Some(name.clone()), what, sort }));
    }
    all
}

/// A sentence, with its sort and how much there is of it, if it may be so for many nights.
type Sorted = (Option<(String, u64)>, String);

fn sorted(sort: impl Into<String>, many: u64, what: String) -> Sorted {
    (Some((sort.into(), many)), what)
}

/// Though it could: nobody has said yet what of it may leave.
fn publishes_nothing(done: &PipelineDone<'_>) -> bool {
    let declaration = &done.pipeline.declaration;
    declaration.side.is_released() && declaration.publish.is_empty()
}

fn of_exports(tonight: &Tonight, outcome: &PipelineOutcome, all: &mut Vec<Sorted>) {
    let files = outcome.exports.files.iter().map(|export| &export.found);
    let known = tonight.memory.pipelines.get(&outcome.name).map_or(&[][..], |known| &known.undeclared);
    if let Some(days) = inventory::days_ahead(files, tonight.options.as_of) {
        let what = format!(
            "its exports are {days} days newer than the as-of, so rows of the days to come are undetermined: is the as-of \
             right?"
        );
        all.push((None, what));
    }
    let copies: BTreeSet<&str> =
        outcome.exports.files.iter().flat_map(|export| export.found.passed_over.iter()).map(String::as_str).collect();
    if !copies.is_empty() {
        let what = format!(
            "by their names these are copies of exports, so they are neither read nor deleted: take away {}",
            few(&copies)
        );
        all.push(sorted("copies of exports", copies.len() as u64, what));
    }
    all.extend(hard_links(tonight, outcome));
    all.extend(outcome.exports.doubts.iter().map(|doubt| {
        // The same sentence about as many rows is no news.
        let sort: String = doubt.chars().filter(|c| !c.is_ascii_digit()).collect();
        let first = doubt.split(|c: char| !c.is_ascii_digit()).find_map(|digits| digits.parse().ok());
        sorted(sort, first.unwrap_or(1), doubt.clone())
    }));
    for column in outcome.publishes.columns.iter().filter(|column| column.is_no_vocabulary) {
        let what = format!(
            "`{}` would be published as it is, and has {} values in {} rows: a vocabulary has few. `check` tells \
             more",
            column.name,
            grouped(column.values),
            grouped(outcome.totals.read)
        );
        all.push(sorted(format!("vocabulary {}", column.name), column.values, what));
    }
    if outcome.publishes.titles.is_some_and(|titles| titles.too_many) {
        let what = "there are more titles than a night can tell apart, so none of tonight's is published by itself";
        all.push(sorted("titles", 1, what.into()));
    }
    if outcome.totals.rejected > 0 {
        let what = match outcome.totals.rejected {
            1 => "1 row can't be read as a transaction".into(),
            rows => format!("{} rows can't be read as transactions", grouped(rows)),
        };
        all.push(sorted("rejected", outcome.totals.rejected, what));
    }
    for file in outcome.log_files().iter().filter(|file| file.waits()) {
        if let Some(why) = file.why() {
            let name = file.found.name();
            all.push(sorted(format!("log {name}"), 1, format!("{name}: {why}")));
        }
    }
    let known: BTreeSet<&String> = known.iter().collect();
    let new: Vec<&str> =
        outcome.exports.undeclared.iter().filter(|name| !known.contains(name)).map(String::as_str).collect();
    if !new.is_empty() {
        all.push((None, format!("new columns, dropped until the pipeline declares them: {}", few(&new))));
    }
}

/// Exports that aren't gone with the name by which they are known here, where the policy has them deleted.
fn hard_links(tonight: &Tonight, outcome: &PipelineOutcome) -> Option<Sorted> {
    let files = outcome.exports.files.iter().map(|export| &export.found);
    let linked: BTreeSet<String> = files
        .filter(|found| found.names > 1)
        .map(|found| format!("{} ({} names)", found.name(), found.names))
        .collect();
    if linked.is_empty() || tonight.policy.exports.after_run == AfterRun::Keep {
        return None;
    }
    let what = format!(
        "these exports have other names on the same disk (hard links), so they wouldn't be gone with the name in inbox/, and a \
         run doesn't delete them: {}. `find DISK -xdev -samefile EXPORT` finds the others",
        linked.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    );
    Some(sorted("hard links", linked.len() as u64, what))
}

fn of_rows(outcome: &PipelineOutcome, all: &mut Vec<Sorted>) {
    if outcome.tally.new_residual > 0 {
        let what = match outcome.tally.new_residual {
            1 => "1 transaction that was on a worklist is still linked: was it carried out?".into(),
            rows => {
                format!("{} transactions that were on a worklist are still linked: was it carried out?", grouped(rows))
            }
        };
        all.push(sorted("residual", outcome.tally.new_residual, what));
    }
    if outcome.tally.review > 0 {
        let what = match outcome.tally.review {
            1 => "1 transaction has been kept for long enough to review: a run lists it in worklists/".into(),
            rows => {
                format!(
                    "{} transactions have been kept for long enough to review: a run lists them in worklists/",
                    grouped(rows)
                )
            }
        };
        all.push(sorted("review", outcome.tally.review, what));
    }
}
