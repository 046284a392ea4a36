//! One month of a pipeline: walk its rows, then stage what was retired, or release a month whose time has come.
//!
//! What is made is written below a folder of the run that mirrors the site; whether it is ever moved there is decided
//! when all months are known.

use std::collections::BTreeSet;

use super::done::MonthDone;
use super::error::MonthError;
use super::job::{Job, Standing};
use super::make::make;
use super::release::release;
use super::stage::stage;
use super::step::Walked;
use super::walk::Walk;
use crate::pass::{UNDATED, texts};
use crate::state::keys::pseudonym_path;
use crate::state::known::{self, Known};
use crate::state::staging;
use crate::words::{Month, TransactionId};

pub fn work_out(job: &Job<'_>, month: Month) -> Result<MonthDone, MonthError> {
    let name = job.pipeline.name();
    let mut bytes = job.read.files.read(month)?;
    job.read.context.settle_requests(&mut bytes, |row| job.read.settled.leaves(row));
    let bytes = bytes;
    let standing = job.standing(month);
    let walk = Walk::new(job, &bytes, known(job, month)?);
    let order = if standing == Standing::Releasing { walk.order.clone() } else { Vec::new() };
    let Walked { mut done, known, known_changed, staged } =
        if job.is_log() { walk.walk_log(job, month, standing) } else { walk.walk(job, month, standing) };
    if job.read.context.has_text_ids() {
        done.texts = due_texts(job, month, &done)?;
    }
    if let Some(out) = &job.out
        && known_changed
        && month != UNDATED
    {
        make(out, &known::path(name, month), &known::encode(&known, month)?)?;
    }
    // A release needs the room.
    drop(known);
    match (standing, &job.out) {
        // Of a plan, too: a person who accepts it accepts what becomes final.
        (Standing::Releasing, out) => {
            done.released = Some(release(job, month, &bytes, &order)?);
            if out.is_some() {
                done.removals.insert(staging::folder(name, month));
                done.removals.insert(pseudonym_path(job.pipeline.declaration.kind, month));
            }
        }
        (Standing::Unreleased, Some(out)) if !staged.is_empty() && month != UNDATED => {
            stage(job, out, month, &bytes, &staged)?;
        }
        (Standing::Final | Standing::Unreleased | Standing::Never, _) => {}
    }
    Ok(done)
}

/// What is known of a month's transactions from earlier nights; of logs nothing.
fn known(job: &Job<'_>, month: Month) -> Result<Vec<Known>, MonthError> {
    if month == UNDATED || job.is_log() {
        return Ok(Vec::new());
    }
    let path = job.tonight.site.at(known::path(job.pipeline.name(), month));
    Ok(known::load_or_empty(&path, month)?)
}

/// The texts of those ids that are due or to be reviewed.
fn due_texts(job: &Job<'_>, month: Month, done: &MonthDone) -> Result<Vec<(u64, Box<str>)>, MonthError> {
    let bytes = job.read.files.read_texts(month)?;
    let review: BTreeSet<TransactionId> = done.review.iter().map(|(id, _)| *id).collect();
    let due = |id: TransactionId| done.worklist.values().any(|ids| ids.contains(id.0));
    Ok(texts(&bytes).filter(|(id, _)| due(*id) || review.contains(id)).map(|(id, text)| (id.0, text.into())).collect())
}
