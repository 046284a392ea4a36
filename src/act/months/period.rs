//! A period whose time has come: it is released, with what was left to it; or is about too few, and is left to the next, waits
//! or is closed.

use super::chain::Turn;
use super::done::{MonthDone, ReleasedMonth};
use super::error::MonthError;
use super::job::{Job, Standing};
use super::month::{Loaded, work_out};
use super::periods::{Apart, Due};
use super::release::{self, Tried};
use crate::state::keys::pseudonym_path;
use crate::state::staging;
use crate::words::{self, Period};

/// Works out the months of a period; none where they were left to the next.
pub fn work_out_period(job: &Job<'_>, due: Due, turn: Turn<'_>) -> Result<Vec<MonthDone>, MonthError> {
    let load = |due: &Due| due.months.iter().map(|month| Loaded::new(job, *month)).collect::<Result<Vec<_>, _>>();
    let mut due = due;
    let mut loaded = load(&due)?;
    let mut tried = release::tried(job, due.period, &loaded)?;
    let left = turn.before();
    let mut done = Vec::new();
    if let Some(left) = left {
        let period = Period { first: left.period.first, last: due.period.last };
        let mut all = load(&left)?;
        match due.apart {
            Apart::Nothing if period.length() <= words::LONGEST => {
                all.append(&mut loaded);
                let months = left.months.into_iter().chain(due.months).collect();
                (due, loaded) = (Due { period, months, apart: Apart::Nothing }, all);
                tried = release::tried(job, due.period, &loaded)?;
            }
            // There is nothing that it could be released with any more.
            Apart::Nothing | Apart::Final => done = closed(job, left.period, all)?,
            Apart::Unreleased => done = waiting(job, all)?,
        }
    }
    let period = due.period;
    match tried {
        Tried::Settled(settled) => {
            let released = release::written(job, &settled, &loaded)?;
            drop(settled);
            done.extend(finished(job, period, loaded, released)?);
        }
        Tried::Empty => done.extend(finished(job, period, loaded, closed_months(&due, "it has no transactions"))?),
        Tried::DoesNotCover => match period.standing(false) {
            words::Standing::Closed => done.extend(closed(job, period, loaded)?),
            _ if job.is_final(period.last.next()) => done.extend(closed(job, period, loaded)?),
            _ if turn.is_last() => done.extend(waiting(job, loaded)?),
            _ => turn.leave(due),
        },
    }
    Ok(done)
}

/// Months that wait for the next period.
fn waiting(job: &Job<'_>, loaded: Vec<Loaded>) -> Result<Vec<MonthDone>, MonthError> {
    let waits = |done: MonthDone| MonthDone { waits: true, ..done };
    loaded.into_iter().map(|loaded| work_out(job, loaded, Standing::Unreleased).map(waits)).collect()
}

fn closed(job: &Job<'_>, period: Period, loaded: Vec<Loaded>) -> Result<Vec<MonthDone>, MonthError> {
    let months = loaded.iter().map(|loaded| loaded.month).collect();
    finished(job, period, loaded, closed_months(&Due { period, months, apart: Apart::Nothing }, TOO_FEW))
}

/// Why a period is closed that has rows: after a year, or where what follows is final.
const TOO_FEW: &str =
    "too few patrons, or one of them has more than half of the transactions, and nothing to release it with";

fn closed_months(due: &Due, why: &str) -> Vec<ReleasedMonth> {
    let closed = |month: &words::Month| ReleasedMonth {
        month: *month,
        period: due.period,
        rows: 0,
        closed: Some(why.to_owned()),
        totals_alone: false,
        counts: None,
    };
    due.months.iter().map(closed).collect()
}

/// The months of a period that becomes final tonight.
fn finished(
    job: &Job<'_>,
    period: Period,
    loaded: Vec<Loaded>,
    released: Vec<ReleasedMonth>,
) -> Result<Vec<MonthDone>, MonthError> {
    let mut all = Vec::with_capacity(loaded.len());
    for (loaded, mut released) in loaded.into_iter().zip(released) {
        if released.closed.is_some() {
            released.rows = loaded.order.len() as u64;
        }
        let mut done = work_out(job, loaded, Standing::Releasing)?;
        done.released = Some(released);
        all.push(done);
    }
    // Of a plan nothing is removed.
    if let (Some(first), true) = (all.first_mut(), job.out.is_some()) {
        let kind = job.pipeline.declaration.kind;
        for home in job.homes(period) {
            first.removals.insert(staging::folder(job.pipeline.name(), home));
            first.removals.insert(pseudonym_path(kind, home));
        }
    }
    Ok(all)
}
