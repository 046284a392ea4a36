//! The files of one pipeline whose work is carried out: what its months made, and its lists.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::{EndError, cant_write};
use super::worklist::BATCHES;
use super::{mailing, worklist};
use crate::act::begin::Tonight;
use crate::act::log_files::{self, LogFile};
use crate::act::months::PipelineDone;
use crate::evidence::report::Quarantine;
use crate::pipeline::Declaration;
use crate::pipeline::declaration::Of;
use crate::state::commit::Pending;
use crate::state::rejects::{self, Heading, Row};

/// Takes what a pipeline's months made into the run.
pub fn adopt(out: &Path, pending: &Pending<'_>) -> Result<(), EndError> {
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

pub fn write_worklists(
    tonight: &Tonight,
    pending: &Pending<'_>,
    one: &PipelineDone<'_>,
) -> Result<Vec<String>, EndError> {
    let logs = one.outcome.log_files();
    if one.ids.is_empty() && logs.iter().all(LogFile::waits) {
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
    if !declaration.severs(Of::Linked) {
        write_csv()?;
        return Ok(paths);
    }
    if declaration.is_live() {
        paths.push(format!("{stem}.{BATCHES}"));
        let batches = pending.file(&paths[1])?;
        worklist::write_batches(&batches, declaration, &one.ids).map_err(|error| cant_write(&batches, error))?;
    }
    paths.push(format!("{stem}.sql"));
    let sql = pending.file(&paths[paths.len() - 1])?;
    let heading = format!(
        "afterloan, run {} of {}, pipeline {name}: it severs the {}",
        tonight.sequence, tonight.day, declaration.side
    );
    let write_sql = || {
        let zone = zone(tonight, declaration);
        worklist::write_sql(&sql, declaration, &one.ids, (&heading, zone), tonight.day)
            .map_err(|error| cant_write(&sql, error))
    };
    let (csv_written, sql_written) = rayon::join(write_csv, write_sql);
    csv_written.and(sql_written)?;
    Ok(paths)
}

/// What sets a client's time zone to the system's.
fn zone(tonight: &Tonight, declaration: &Declaration) -> Option<String> {
    let kind = declaration.database.as_ref()?.kind;
    if let Some(live) = tonight.live.as_ref().filter(|_| declaration.is_live()) {
        let zone = &live.system.database.timezone;
        return (zone != "SYSTEM").then(|| kind.set_timezone(zone));
    }
    let name = tonight.policy.timezone.iana_name()?;
    let from_utc = tonight.policy.timezone.to_offset(tonight.options.now).seconds();
    Some(worklist::zone(kind, name, from_utc))
}

/// Lists what has been kept for long enough to review, if anything has. It stands beside the worklist and goes with it.
pub fn write_review(
    tonight: &Tonight,
    pending: &Pending<'_>,
    one: &PipelineDone<'_>,
) -> Result<Option<String>, EndError> {
    if one.review.is_empty() {
        return Ok(None);
    }
    let path = format!("worklists/{}-run-{:06}-{}-review.csv", tonight.day, tonight.sequence, one.outcome.name);
    let now_at = pending.file(&path)?;
    worklist::write_review(&now_at, &one.ids, &one.review).map_err(|error| cant_write(&now_at, error))?;
    Ok(Some(path))
}

/// Encrypts a pipeline's rejected rows, if the policy names a recipient.
pub fn write_rejected(
    tonight: &Tonight,
    pending: &Pending<'_>,
    one: &PipelineDone<'_>,
) -> Result<Option<Quarantine>, EndError> {
    let Some(policy) = &tonight.policy.rejects else { return Ok(None) };
    let (kept, left_out) = (one.rejected.rows.rows(), one.rejected.rows.left_out());
    if kept.is_empty() {
        return Ok(None);
    }
    let pipeline = one.outcome.name.as_str();
    let heading = Heading { pipeline, run: tonight.sequence, day: tonight.day, rows: kept.len() as u64, left_out };
    let rows = kept.iter().map(|row| Row {
        export: &one.rejected.files[row.part],
        line: row.line,
        reason: row.reason,
        bytes: &row.bytes,
    });
    let until = tonight.day.plus(policy.expire);
    let path = rejects::path(pipeline, tonight.sequence, until);
    let now_at = pending.file(&path)?;
    fs::write(&now_at, rejects::encrypt(&policy.recipient, &heading, rows)?)
        .map_err(|error| cant_write(&now_at, error))?;
    Ok(Some(Quarantine { path, rows: heading.rows.into(), no_room: left_out > 0, until }))
}

pub fn write_mailing(
    tonight: &Tonight,
    pending: &Pending<'_>,
    one: &PipelineDone<'_>,
) -> Result<Vec<String>, EndError> {
    let mut paths = Vec::new();
    for list in &one.mailing {
        let path = format!("state/mailing/{}-run-{:06}-{}.csv", tonight.day, tonight.sequence, list.name);
        let now_at = pending.file(&path)?;
        mailing::write(&now_at, list).map_err(|error| cant_write(&now_at, error.into()))?;
        paths.push(path);
    }
    Ok(paths)
}
