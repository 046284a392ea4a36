//! One month of a pipeline: walk its rows as it stands, and stage what was retired of a month whose time hasn't come.
//!
//! What is made is written below a folder of the run that mirrors the site; whether it is ever moved there is decided
//! when all months are known.

use std::collections::BTreeSet;

use super::done::MonthDone;
use super::error::MonthError;
use super::job::{Job, Standing};
use super::make::make;
use super::stage::stage;
use super::step::Walked;
use super::walk::Walk;
use crate::pass::{UNDATED, texts};
use crate::state::known::{self, Known};
use crate::words::{Month, TransactionId};

/// A month's rows, read and in order.
pub struct Loaded {
    pub month: Month,
    pub bytes: Vec<u8>,
    /// (number, opening, place), sorted.
    pub order: Vec<(TransactionId, i64, u32)>,
}

impl Loaded {
    pub fn new(job: &Job<'_>, month: Month) -> Result<Loaded, MonthError> {
        let mut bytes = job.read.files.read(month)?;
        job.read.context.settle_requests(&mut bytes, |row| job.read.settled.leaves(row));
        let layout = job.read.context.layout();
        let mut order: Vec<(TransactionId, i64, u32)> =
            layout.rows(&bytes).enumerate().map(|(place, row)| (row.id(), row.opened(), place as u32)).collect();
        if !order.is_sorted() {
            order.sort_unstable();
        }
        Ok(Loaded { month, bytes, order })
    }
}

pub fn work_out(job: &Job<'_>, loaded: Loaded, standing: Standing) -> Result<MonthDone, MonthError> {
    let name = job.pipeline.name();
    let Loaded { month, bytes, order } = loaded;
    let walk = Walk { bytes: &bytes, order, known: known(job, month)? };
    let Walked { mut done, known, known_changed, staged } =
        if job.is_log() { walk.walk_log(job, month, standing) } else { walk.walk(job, month, standing) };
    if job.read.context.has_text_ids() {
        done.texts = due_texts(job, month, &done)?;
    }
    let Some(out) = &job.out else { return Ok(done) };
    if known_changed && month != UNDATED {
        make(out, &known::path(name, month), &known::encode(&known, month)?)?;
    }
    if standing == Standing::Unreleased && !staged.is_empty() && month != UNDATED {
        done.in_year = stage(job, out, month, &bytes, &staged)?;
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
    let due = |id: TransactionId| done.traces.contains(id.0) || done.worklist.values().any(|ids| ids.contains(id.0));
    Ok(texts(&bytes).filter(|(id, _)| due(*id) || review.contains(id)).map(|(id, text)| (id.0, text.into())).collect())
}
