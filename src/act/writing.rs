//! Writes what a run leaves: months' files, worklists, reports, memory. All of it below the run's folder: nothing is in
//! place before the commit.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::deleting;
use super::log_files::{self, LogFile};
use super::memory::{self, Final, Memory, PipelineMemory, RUNS_REMEMBERED, ToDelete};
use super::outcome::PipelineOutcome;
use super::tonight::{Refusal, Tonight};
use super::working::{Made, PipelineMade};
use super::{mailing, reporting, worklist};
use crate::evidence::report::Quarantine;
use crate::state::commit::Pending;
use crate::state::json;
use crate::state::rejects::{self, Heading, Row};
use crate::words::{Kind, Month};

pub(super) type Written = (Vec<ToDelete>, String, String);

pub(super) fn write_all(tonight: &Tonight, pending: &mut Pending<'_>, made: &Made<'_>) -> Result<Written, Refusal> {
    let mut memory = tonight.memory.clone();
    memory.sequence = tonight.sequence;
    memory.previous_head = Some(tonight.head);
    memory.as_of = Some(tonight.options.as_of.to_string());
    memory.day = Some(tonight.day);
    memory.policy = Some(tonight.policy.digest);
    // A worklist that stands from an earlier night could sever what is needed since: the new one replaces it, and where
    // there is no new one there is none.
    for known in memory.pipelines.values_mut() {
        for path in known.worklists.drain(..).chain(known.mailing.drain(..)) {
            pending.remove(&path)?;
        }
    }
    let mut quarantines = BTreeMap::new();
    let expired = rejects::expired(&tonight.site, tonight.day)?;
    for path in &expired {
        pending.remove(path)?;
    }
    let mut worklists = Vec::new();
    for one in &made.pipelines {
        if one.outcome.held {
            continue;
        }
        adopt(&one.out, pending)?;
        for path in &one.removals {
            pending.remove(path)?;
        }
        let paths = write_worklists(tonight, pending, one)?;
        let mailing = write_mailing(tonight, pending, one)?;
        remember(&mut memory, tonight, one, &paths, mailing);
        if let Some(quarantine) = write_rejected(tonight, pending, one)? {
            quarantines.insert(one.outcome.name.clone(), quarantine);
        }
        worklists.push((one.outcome.name.clone(), paths));
    }
    let to_delete = deleting::remember(tonight, made, &mut memory);
    let pipelines: Vec<&PipelineOutcome> = made.pipelines.iter().map(|one| &one.outcome).collect();
    let exact = reporting::report(&reporting::Night {
        tonight,
        digest: made.digest,
        pipelines: &pipelines,
        stopped: &made.stopped,
        brakes: &made.brakes,
        accepted: made.accepted,
        worklists: &worklists,
        to_delete: &to_delete,
        expired: &expired,
        quarantines: &quarantines,
        staged: &staged_months(tonight, made)?,
    });
    let wrong = exact.imbalances();
    if !wrong.is_empty() {
        return Err(Refusal::Plain(format!("the report doesn't add up: {}", wrong.join("; "))));
    }
    let staff = exact.for_staff(tonight.policy.release.threshold);
    let plain = |error: serde_json::Error| Refusal::Plain(format!("the report can't be written: {error}"));
    let director = reporting::director(tonight, &pipelines);
    let files = [
        (exact.exact_path(), exact.to_json().map_err(plain)?),
        (staff.json_path(), staff.to_json().map_err(plain)?),
        (staff.page_path(), crate::evidence::page::page(&staff)),
        (format!("state/runs/{:06}-director.json", tonight.sequence), director),
    ];
    for (path, text) in files {
        write(pending, &path, text.as_bytes())?;
    }
    let bytes = json::to_bytes(&memory, &tonight.site.at(memory::PATH))?;
    write(pending, memory::PATH, &bytes)?;
    Ok((to_delete, staff.json_path(), staff.page_path()))
}

fn write(pending: &Pending<'_>, path: &str, bytes: &[u8]) -> Result<(), Refusal> {
    let now_at = pending.file(path)?;
    fs::write(&now_at, bytes).map_err(|error| cant_write(&now_at, error))
}

pub(super) fn cant_write(path: &Path, error: io::Error) -> Refusal {
    Refusal::Plain(format!("{}: {error}; is the disk full? Nothing was done", path.display()))
}

/// Takes what a pipeline's months made into the run.
fn adopt(out: &Path, pending: &Pending<'_>) -> Result<(), Refusal> {
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let here = out.join(&folder);
        for entry in fs::read_dir(&here).map_err(|error| cant_write(&here, error))? {
            let entry = entry.map_err(|error| cant_write(&here, error))?;
            let relative = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(relative);
                continue;
            }
            let target = pending.file(&relative)?;
            fs::rename(entry.path(), &target).map_err(|error| cant_write(&target, error))?;
        }
    }
    Ok(())
}

fn write_worklists(tonight: &Tonight, pending: &Pending<'_>, one: &PipelineMade<'_>) -> Result<Vec<String>, Refusal> {
    let logs = &one.outcome.logs;
    if one.ids.count() == 0 && logs.iter().all(LogFile::waits) {
        return Ok(Vec::new());
    }
    let name = &one.outcome.name;
    let stem = format!("worklists/{}-run-{:06}-{name}", tonight.day, tonight.sequence);
    let mut paths = vec![format!("{stem}.csv")];
    let csv = pending.file(&paths[0])?;
    let declaration = &one.pipeline.declaration;
    if declaration.is_log() {
        log_files::write_worklist(&csv, logs).map_err(|error| cant_write(&csv, error))?;
        return Ok(paths);
    }
    let write_csv = || worklist::write_csv(&csv, declaration, &one.ids).map_err(|error| cant_write(&csv, error));
    if one.pipeline.declaration.purge.is_empty() {
        write_csv()?;
        return Ok(paths);
    }
    paths.push(format!("{stem}.sql"));
    let sql = pending.file(&paths[1])?;
    let heading = format!(
        "afterloan, run {} of {}, pipeline {name}: it severs the {}",
        tonight.sequence, tonight.day, declaration.side
    );
    let write_sql = || {
        worklist::write_sql(&sql, declaration, &one.ids, &heading, tonight.day).map_err(|error| cant_write(&sql, error))
    };
    let (csv_written, sql_written) = rayon::join(write_csv, write_sql);
    csv_written.and(sql_written)?;
    Ok(paths)
}

/// Encrypts a pipeline's rejected rows, if the policy names a recipient.
fn write_rejected(
    tonight: &Tonight,
    pending: &Pending<'_>,
    one: &PipelineMade<'_>,
) -> Result<Option<Quarantine>, Refusal> {
    let Some(policy) = &tonight.policy.rejects else { return Ok(None) };
    let (kept, left_out) = (one.rejected.rows(), one.rejected.left_out());
    if kept.is_empty() {
        return Ok(None);
    }
    let pipeline = one.outcome.name.as_str();
    let heading = Heading { pipeline, run: tonight.sequence, day: tonight.day, rows: kept.len() as u64, left_out };
    let rows = kept.iter().map(|row| Row {
        export: &one.files[row.part],
        line: row.line,
        reason: row.reason,
        bytes: &row.bytes,
    });
    let until = tonight.day.plus(policy.expire);
    let path = rejects::path(pipeline, tonight.sequence, until);
    write(pending, &path, &rejects::encrypt(&policy.recipient, &heading, rows)?)?;
    Ok(Some(Quarantine { path, rows: heading.rows.into(), no_room: left_out > 0, until }))
}

fn write_mailing(tonight: &Tonight, pending: &Pending<'_>, one: &PipelineMade<'_>) -> Result<Vec<String>, Refusal> {
    let mut paths = Vec::new();
    for list in &one.mailing {
        let path = format!("state/mailing/{}-run-{:06}-{}.csv", tonight.day, tonight.sequence, list.name);
        let now_at = pending.file(&path)?;
        mailing::write(&now_at, list).map_err(|error| cant_write(&now_at, error.into()))?;
        paths.push(path);
    }
    Ok(paths)
}

fn remember(
    memory: &mut Memory,
    tonight: &Tonight,
    one: &PipelineMade<'_>,
    worklists: &[String],
    mailing: Vec<String>,
) {
    let outcome = &one.outcome;
    let seen = one.seen();
    let owned = |counts: &[(&str, u64)]| counts.iter().map(|(name, count)| (name.to_string(), *count)).collect();
    let known = memory.pipelines.entry(outcome.name.clone()).or_default();
    let mut retired = std::mem::take(&mut known.retired);
    // Most nights no log is due: what is usual is said by the others.
    if !one.pipeline.declaration.is_log() || outcome.totals.retired > 0 {
        retired.push(outcome.totals.retired);
    }
    retired.drain(..retired.len().saturating_sub(RUNS_REMEMBERED));
    *known = PipelineMemory {
        side: one.pipeline.declaration.side,
        declaration: Some(one.pipeline.digest),
        parts: owned(&seen.parts),
        lookups: owned(&seen.lookups),
        dates: one.dates.iter().cloned().collect(),
        retired,
        undeclared: outcome.undeclared.clone(),
        worklists: worklists.to_vec(),
        mailing,
        logs: outcome.known_logs,
    };
    for released in &outcome.released {
        let last = Final { sequence: tonight.sequence, rows: released.rows, closed: released.closed.clone() };
        memory.released.entry(outcome.kind).or_default().insert(released.month, last);
    }
}

/// Kinds and months that have staged rows once the run is committed.
fn staged_months(tonight: &Tonight, made: &Made<'_>) -> Result<Vec<(Kind, Month)>, Refusal> {
    let mut staged: BTreeSet<_> = tonight.keys.pseudonym_months().collect();
    let stages = |one: &&PipelineMade<'_>| !one.outcome.held && one.outcome.side.is_released();
    for one in made.pipelines.iter().filter(stages) {
        for month in one.outcome.retired_by_month.keys() {
            let kind = one.outcome.kind;
            let released = one.outcome.released.iter().any(|released| released.month == *month);
            if !released && !tonight.memory.is_final(kind, *month) {
                staged.insert((kind, *month));
            }
        }
        for released in &one.outcome.released {
            staged.remove(&(one.outcome.kind, released.month));
        }
    }
    Ok(staged.into_iter().collect())
}
