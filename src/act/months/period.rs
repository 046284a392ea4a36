//! A period whose time has come: it is released, with what was left to it; or is about too few, and is left to the next, waits
//! or is closed.

use super::chain::Turn;
use super::done::{InYear, MonthDone, ReleasedMonth};
use super::error::MonthError;
use super::job::{Job, Standing};
use super::month::{Loaded, work_out};
use super::periods::{Apart, Due};
use super::release::{self, Tried};
use super::rows::rows;
use crate::state::keys::pseudonym_path;
use crate::state::staging;
use crate::words::{LONGEST, Period};

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
            Apart::Nothing if period.length() <= LONGEST => {
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
            let (released, in_year) = release::written(job, settled, &loaded)?;
            done.extend(finished(job, period, loaded, released, in_year)?);
        }
        Tried::Empty => {
            let released = release::closed(period, &loaded, &[], "it has no transactions");
            done.extend(finished(job, period, loaded, released, InYear::Nothing)?);
        }
        Tried::DoesNotCover if period.length() >= LONGEST || job.is_final(period.last.next()) => {
            done.extend(closed(job, period, loaded)?);
        }
        Tried::DoesNotCover if turn.is_last() => done.extend(waiting(job, loaded)?),
        Tried::DoesNotCover => turn.leave(due),
    }
    Ok(done)
}

/// Months that wait for the next period.
fn waiting(job: &Job<'_>, loaded: Vec<Loaded>) -> Result<Vec<MonthDone>, MonthError> {
    let waits = |done: MonthDone| MonthDone { waits: true, ..done };
    loaded.into_iter().map(|loaded| work_out(job, loaded, Standing::Unreleased).map(waits)).collect()
}

/// Months of which nothing is published, ever.
fn closed(job: &Job<'_>, period: Period, loaded: Vec<Loaded>) -> Result<Vec<MonthDone>, MonthError> {
    let days = rows(job, period, &loaded)?.0.day;
    let released = release::closed(period, &loaded, &days, TOO_FEW);
    finished(job, period, loaded, released, InYear::Nothing)
}

/// Why a period is closed that has rows: after a year, or where what follows is final.
const TOO_FEW: &str =
    "too few patrons, or one of them has more than half of the transactions, and nothing to release it with";

/// The months of a period that becomes final tonight.
fn finished(
    job: &Job<'_>,
    period: Period,
    loaded: Vec<Loaded>,
    released: Vec<ReleasedMonth>,
    in_year: InYear,
) -> Result<Vec<MonthDone>, MonthError> {
    let mut all = Vec::with_capacity(loaded.len());
    for (loaded, released) in loaded.into_iter().zip(released) {
        let mut done = work_out(job, loaded, Standing::Releasing)?;
        done.released = Some(released);
        all.push(done);
    }
    if let Some(first) = all.first_mut() {
        first.in_year = in_year;
    }
    // Of a plan nothing is removed.
    if let (Some(first), true) = (all.first_mut(), job.out.is_some()) {
        let kind = job.pipeline.declaration.kind;
        for (home, _) in job.homes(period) {
            first.removals.insert(staging::folder(job.pipeline.name(), home));
            first.removals.insert(pseudonym_path(kind, home));
        }
    }
    Ok(all)
}
