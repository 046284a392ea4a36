//! The third floor of a night: the months of a pipeline that was read. A search for what leads to people, then month by
//! month what became of each row, what is staged and what is released. What comes of it is [`PipelineDone`]; what goes wrong
//! here stops everybody.
//!
//! What is made is written below a folder of the run that mirrors the site; whether it is ever moved there is decided
//! when all pipelines are known.

mod all;
mod chain;
mod choices;
pub(super) mod done;
mod error;
mod gather;
mod job;
mod joins;
mod leak_scan;
mod leaks_found;
mod make;
mod month;
mod outcome;
mod period;
mod periods;
mod pipeline;
mod publishes;
mod release;
mod rows;
mod stage;
mod step;
pub(super) mod tally;
pub(super) mod walk;
mod walk_log;
mod worklist_ids;
mod years;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub use choices::{Choices, Shares};
pub use done::ReleasedMonth;
pub use error::MonthError;
pub use job::NewKey;
pub use joins::JoinDone;
pub use leaks_found::LeaksFound;
pub use outcome::{LogsOutcome, PipelineOutcome};
use pipeline::Rejected;
pub use pipeline::{MailingList, PipelineDone};
pub use publishes::{PublishedColumn, PublishedTable, PublishedTitles, Publishes};
pub use worklist_ids::WorklistIds;

use self::done::MonthDone;
use self::job::Job;
use self::leak_scan::LeakScan;
use super::begin::Tonight;
use super::progress::Progress;
use super::read::Read;
use super::stages::Stages;
use crate::pipeline::Pipeline;
use crate::state;
use crate::state::logs::RetiredLog;

/// Where the files of a pipeline's months are made, and who watches.
pub struct Workplace<'w> {
    pub out: PathBuf,
    /// False: a plan, which makes none.
    pub writes: bool,
    /// A plan also says which periods and groups of places would publish more.
    pub proposes: bool,
    pub new_key: &'w NewKey<'w>,
    pub progress: &'w (dyn Fn(Progress<'_>) + Sync),
}

/// Works out all months of a pipeline that was read.
pub fn work_out<'a>(
    tonight: &'a Tonight,
    pipeline: &'a Pipeline,
    read: Read<'a>,
    at: Workplace<'_>,
    clock: &mut Stages,
) -> Result<PipelineDone<'a>, MonthError> {
    clock.begin("leak search");
    let scan = LeakScan::new(&read.identifiers, pipeline, &tonight.policy);
    scan.tonight(&read)?;
    clock.begin("months");
    let out = at.writes.then_some(at.out.as_path());
    let job = Job::new(tonight, pipeline, &read, &scan, out, at.new_key)?;
    let months = all::all(&job, at.progress)?;
    let years = years::written(&job, &months)?;
    let mut choices = None;
    if at.proposes {
        clock.begin("choices");
        choices = choices::choices(&job, &months)?;
    }
    let (mut outcome, logs) = gather::gather(tonight, pipeline, &read, &months, scan.searched())?;
    if at.writes {
        remember(tonight, pipeline, &read, &outcome, logs, &at.out)?;
    }
    let joins = joins::joins(&read, &outcome.tally);
    let mut decisions = Vec::new();
    months.iter().for_each(|month| decisions.extend(month.digest.0));
    let mut removals: BTreeSet<String> = months.iter().flat_map(|month| month.removals.iter().cloned()).collect();
    removals.extend(no_longer_asked(tonight, pipeline));
    removals.extend(years.removals);
    let review = months.iter().flat_map(|month| month.review.iter().copied()).collect();
    let ids = ids(read.context.has_text_ids(), months);
    let dates = read.passed.dates.iter().map(|(name, count)| (name.clone(), (*count).into())).collect();
    // Transactions were read last.
    let of_parts = read.exports.len() - read.sources.len();
    let files = read.exports[of_parts..].iter().map(|export| export.found.name()).collect();
    let lists = tonight.policy.mailing.iter().zip(read.passed.mailed);
    let mailing: Vec<MailingList<'a>> =
        lists.map(|((name, asked), patrons)| MailingList { name, asked, patrons }).collect();
    outcome.choices = choices;
    outcome.lists.mailing = mailing.iter().map(|list| (list.name.to_string(), list.patrons.len() as u64)).collect();
    let (written, rejected) = (read.written, read.passed.rejected);
    Ok(PipelineDone {
        pipeline,
        outcome,
        dates,
        joins,
        written,
        ids,
        review,
        mailing,
        decisions,
        removals,
        years: years.remembered,
        out: at.out,
        rejected: Rejected { rows: rejected, files },
    })
}

/// Writes what later nights must know of logs, joins and patrons who are missing, where that is news.
fn remember(
    tonight: &Tonight,
    pipeline: &Pipeline,
    read: &Read<'_>,
    outcome: &PipelineOutcome,
    logs: Option<Vec<RetiredLog>>,
    out: &Path,
) -> Result<(), MonthError> {
    if let Some(logs) = logs {
        let path = state::logs::path(pipeline.name());
        make::make(out, &path, &state::logs::encode(logs, &tonight.site.at(&path))?)?;
    }
    if let Some(met) = joins::remembered(tonight, read, &outcome.tally) {
        let path = state::met::path(pipeline.name());
        let bytes = state::met::encode(&met);
        let bytes = bytes.map_err(|source| MonthError::Write { path: tonight.site.at(&path), source })?;
        make::make(out, &path, &bytes)?;
    }
    if let Some(absent) = &read.absent {
        let path = state::absent::path(pipeline.name());
        make::make(out, &path, &state::absent::encode(absent, &tonight.site.at(&path))?)?;
    }
    Ok(())
}

/// Who has been missing since when, where the policy doesn't ask any more.
fn no_longer_asked(tonight: &Tonight, pipeline: &Pipeline) -> Option<String> {
    let rules = tonight.policy.rules(pipeline.declaration.kind, pipeline.declaration.side).ok()?;
    let path = state::absent::path(pipeline.name());
    (rules.absent_patron.is_none() && tonight.site.at(&path).exists()).then_some(path)
}

/// The worklist of all months.
fn ids(texts: bool, months: Vec<MonthDone>) -> WorklistIds {
    let mut ids = WorklistIds::new(texts);
    for month in months {
        for (height, list) in month.worklist {
            ids.add(height, list);
        }
        ids.add_unlinked(month.traces);
        ids.add_texts(month.texts);
    }
    ids.sort();
    ids
}
