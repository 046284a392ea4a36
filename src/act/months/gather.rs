//! From a pipeline's months, and the rows that no month has, to its outcome.

use std::collections::BTreeMap;

use super::done::MonthDone;
use super::error::MonthError;
use super::leak_scan::Searched;
use super::outcome::{ExportsOutcome, ListsOutcome, LogsOutcome, PipelineOutcome};
use super::publishes::Publishes;
use super::tally::Tally;
use crate::act::begin::Tonight;
use crate::act::log_files;
use crate::act::read::Read;
use crate::pipeline::{Declaration, Pipeline};
use crate::state::logs::RetiredLog;
use crate::words::{Reason, Totals};

/// `searched`: what the leak search came to. With it comes, of logs, what is to be remembered, where that is news.
pub fn gather(
    tonight: &Tonight,
    pipeline: &Pipeline,
    read: &Read<'_>,
    months: &[MonthDone],
    searched: Searched,
) -> Result<(PipelineOutcome, Option<Vec<RetiredLog>>), MonthError> {
    let (mut parts, mut exports) = rejected(read);
    exports.notes = notes(&pipeline.declaration);
    let (logs, remembered) = logs(tonight, pipeline, read, months, &mut parts).unzip();
    if logs.is_some() {
        exports.files.extend(log_files::empty_exports(read));
    }
    let mut tally = Tally::default();
    for done in months {
        tally += &done.tally;
        for (whence, totals) in read.sources.iter().zip(&done.totals) {
            *parts.entry(whence.part.clone()).or_default() += totals;
        }
        for (part, line) in &done.repeats {
            exports.reject(&read.sources[*part], Reason::Repeat, 1, &[*line]);
        }
    }
    exports.rejected.iter_mut().for_each(|rejected| rejected.lines.sort_unstable());
    balance(pipeline.name(), read, &parts)?;
    let mut totals = Totals::default();
    parts.values().for_each(|part| totals += part);
    let outcome = PipelineOutcome {
        name: pipeline.name().into(),
        kind: pipeline.declaration.kind,
        side: pipeline.declaration.side,
        braked: false,
        exports,
        released: months.iter().filter_map(|done| done.released.clone()).collect(),
        waiting: months.iter().filter(|done| done.waits).map(|done| done.month).collect(),
        publishes: Publishes::of(pipeline, read, searched),
        choices: None,
        lists: lists(pipeline, &totals, &tally, logs),
        totals,
        parts,
        tally,
    };
    Ok((outcome, remembered.flatten()))
}

/// What the pass rejected, and of each part the rows that it counted so far.
fn rejected(read: &Read<'_>) -> (BTreeMap<String, Totals>, ExportsOutcome) {
    let mut parts: BTreeMap<String, Totals> = BTreeMap::new();
    let (files, undeclared) = (read.exports.clone(), read.undeclared.clone());
    let doubts = read.doubts.clone();
    let mut exports = ExportsOutcome { files, undeclared, doubts, ..ExportsOutcome::default() };
    for (whence, passed) in read.sources.iter().zip(&read.passed.parts) {
        let totals = parts.entry(whence.part.clone()).or_default();
        let rejected: u64 = passed.rejected.values().map(|(rows, _)| rows).sum();
        totals.read += rejected;
        totals.rejected += rejected;
        for (reason, (rows, lines)) in &passed.rejected {
            exports.reject(whence, *reason, *rows, lines);
        }
    }
    (parts, exports)
}

/// Of a log, its files; and all that is remembered of logs from tonight on, where that is news.
fn logs(
    tonight: &Tonight,
    pipeline: &Pipeline,
    read: &Read<'_>,
    months: &[MonthDone],
    parts: &mut BTreeMap<String, Totals>,
) -> Option<(LogsOutcome, Option<Vec<RetiredLog>>)> {
    read.settled.logs()?;
    let files = log_files::stand(tonight, pipeline.declaration.kind, read, months, parts);
    let remembered = log_files::remember(&files, read.logs.retired.clone(), tonight.day);
    let known = remembered.as_ref().unwrap_or(&read.logs.retired).len() as u64;
    Some((LogsOutcome { counts: log_files::count(&files), files, known, requests: None }, remembered))
}

fn lists(pipeline: &Pipeline, totals: &Totals, tally: &Tally, logs: Option<LogsOutcome>) -> ListsOutcome {
    let requests = pipeline.declaration.requests.as_ref().map(|_| tally.requests);
    let due = if pipeline.declaration.severs_nothing() { 0 } else { totals.retired + totals.already_retired };
    let listed = |logs: &LogsOutcome| logs.files.iter().filter(|file| !file.waits()).map(|file| file.rows).sum();
    ListsOutcome {
        worklist: logs.as_ref().map_or(due, listed),
        logs: logs.map(|logs| LogsOutcome { requests, ..logs }),
        mailing: BTreeMap::new(),
    }
}

/// Guarantee 2. The records were counted by their ends; the rows by what became of them.
fn balance(name: &str, read: &Read<'_>, parts: &BTreeMap<String, Totals>) -> Result<(), MonthError> {
    for (part, totals) in parts {
        let of_part = read.sources.iter().zip(&read.passed.parts).filter(|(whence, _)| whence.part == *part);
        let records: u64 = of_part.map(|(_, passed)| passed.records).sum();
        if !totals.balance() || totals.read != records {
            let (pipeline, part) = (name.into(), part.clone());
            return Err(MonthError::Unbalanced { pipeline, part, records, rows: totals.read });
        }
    }
    Ok(())
}

/// What of a pipeline a person should know beside its figures.
fn notes(declaration: &Declaration) -> Vec<&'static str> {
    let stays = "Its exports have no id that the library's system knows: nothing is severed by it.";
    if declaration.severs_nothing() { vec![stays] } else { Vec::new() }
}
