//! The release of a period, once and for good.

use std::collections::BTreeSet;

use super::done::{InYear, ReleasedMonth};
use super::error::MonthError;
use super::job::Job;
use super::month::Loaded;
use super::rows::rows;
use super::years::in_year;
use crate::release::{self, Published, Rules, Settled, Shape};
use crate::words::{Day, PatronNumber, Period};

/// What came of trying to release a period.
pub enum Tried {
    Settled(ToRelease),
    /// It is about too few patrons, or one of them has too much of it.
    DoesNotCover,
    /// It has no rows.
    Empty,
}

/// A period that may be released.
pub struct ToRelease {
    published: Box<Published>,
    shape: Shape,
    /// Of all rows, with those that were staged.
    days: Vec<Day>,
    /// Whom the rows of the snapshot name.
    named: BTreeSet<PatronNumber>,
}

/// Tries to release a period: nothing is written.
pub fn tried(job: &Job<'_>, period: Period, loaded: &[Loaded]) -> Result<Tried, MonthError> {
    let (rows, named) = rows(job, period, loaded)?;
    if rows.patron.is_empty() {
        return Ok(Tried::Empty);
    }
    let mut shape = job.pipeline.declaration.shape();
    shape.group_places(&job.tonight.policy.release.places);
    let rules = Rules::new(job.tonight.policy.release.threshold);
    Ok(match release::settle(&rows, period, &shape, &rules)? {
        Settled::DoesNotCover => Tried::DoesNotCover,
        Settled::Open(published) => Tried::Settled(ToRelease { published, shape, days: rows.day, named }),
    })
}

/// Searches what would be published, and writes it; a plan writes nothing. What each month of it came to, and what the period
/// adds to its year.
pub fn written(
    job: &Job<'_>,
    settled: ToRelease,
    loaded: &[Loaded],
) -> Result<(Vec<ReleasedMonth>, InYear), MonthError> {
    let ToRelease { mut published, shape, days, named } = settled;
    job.scan.period(published.period, published.texts())?;
    let left_out = job.scan.titles_of_period(published.titles());
    published.leave_out(&left_out);
    if let Some(out) = &job.out {
        release::write(&published, &shape, &out.join("public"))?;
    }
    let mut months = months(published.period, loaded, &days);
    for month in &mut months {
        month.totals_alone = published.is_totals_alone();
    }
    if let Some(last) = months.last_mut() {
        last.counts = published.counts().cloned();
    }
    let in_year = if published.is_totals_alone() { None } else { in_year(job, published.period, &named)? };
    Ok((months, in_year.map_or(InYear::Nothing, InYear::Released)))
}

/// The months of a period of which nothing is published. `days`: of all of its rows.
pub fn closed(period: Period, loaded: &[Loaded], days: &[Day], why: &str) -> Vec<ReleasedMonth> {
    let months = months(period, loaded, days).into_iter();
    months.map(|month| ReleasedMonth { closed: Some(why.to_owned()), ..month }).collect()
}

fn months(period: Period, loaded: &[Loaded], days: &[Day]) -> Vec<ReleasedMonth> {
    let month = |Loaded { month, .. }: &Loaded| {
        let of_month = month.first_day()..=month.last_day();
        ReleasedMonth {
            month: *month,
            period,
            rows: days.iter().filter(|day| of_month.contains(day)).count() as u64,
            closed: None,
            totals_alone: false,
            counts: None,
        }
    };
    loaded.iter().map(month).collect()
}
