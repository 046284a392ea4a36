//! The months at hand by which choices are compared: those that tonight would release, or that wait.

use std::collections::{BTreeMap, BTreeSet};

use super::shares::{Shares, Sums, gains};
use crate::act::months::done::MonthDone;
use crate::act::months::error::MonthError;
use crate::act::months::job::Job;
use crate::act::months::month::Loaded;
use crate::act::months::rows::rows;
use crate::release::{About, History};
use crate::words::{Calendar, Length, Month, Period};

/// Two years show each season twice.
const MONTHS: usize = 24;
/// More rows lie in memory for no library that is small.
const ROWS: u64 = 2_000_000;

/// Months, and which of them make whole periods of each length that is compared.
pub struct Stretch {
    pub history: History,
    /// As the policy has it, then what is longer; each with the months that make whole periods of it.
    pub lengths: Vec<(Length, BTreeSet<Month>)>,
}

/// Whether a period's time has come for this month tonight.
fn is_due(done: &MonthDone) -> bool {
    done.waits || done.released.is_some()
}

/// Whether so little waits, is closed, leaves with others or lost its place that no choice could gain enough; or whether the
/// system names nobody.
pub fn gains_nothing(job: &Job<'_>, months: &[MonthDone]) -> bool {
    let regular = job.calendar().length.months();
    let shape = job.pipeline.declaration.shape();
    let place = shape.about(About::Place).next().map(|column| &column.name);
    let (mut all, mut lost) = (0, 0);
    for done in months.iter().filter(|done| is_due(done)) {
        let Some(released) = &done.released else {
            all += rows_of(done);
            lost += rows_of(done);
            continue;
        };
        if released.totals_alone {
            return true;
        }
        all += released.rows;
        if released.closed.is_some() || released.period.length() > regular {
            lost += released.rows;
        } else if let Some(counts) = &released.counts {
            let kept = counts.columns.iter().find(|(name, _)| Some(name) == place);
            lost += kept.map_or(0, |(_, kept)| kept.other);
        }
    }
    !gains(lost, 0, all)
}

fn rows_of(done: &MonthDone) -> u64 {
    done.totals.iter().map(|totals| totals.read).sum()
}

impl Stretch {
    /// None: there are no whole periods.
    pub fn at_hand(job: &Job<'_>, done: &[MonthDone]) -> Result<Option<Stretch>, MonthError> {
        let due: BTreeMap<Month, u64> =
            done.iter().filter(|done| is_due(done)).map(|done| (done.month, rows_of(done))).collect();
        let newest = newest(&due);
        let whole = |length: &Length| {
            let calendar = Calendar { length: *length, ..job.calendar() };
            let is_whole = |period: Period| {
                let mut of_period = due.range(period.first..=period.last);
                job.is_over(period) && of_period.all(|(month, _)| newest.contains(month))
            };
            let months: BTreeSet<Month> =
                newest.iter().copied().filter(|month| is_whole(calendar.regular(*month))).collect();
            (!months.is_empty()).then_some((*length, months))
        };
        let lengths = Length::ALL.iter().filter(|length| **length >= job.calendar().length);
        let lengths: Vec<(Length, BTreeSet<Month>)> = lengths.filter_map(whole).collect();
        let months: BTreeSet<Month> = lengths.iter().flat_map(|(_, months)| months).copied().collect();
        let (Some(first), Some(last)) = (months.first().copied(), months.last().copied()) else { return Ok(None) };
        let loaded = months.iter().map(|month| Loaded::new(job, *month)).collect::<Result<Vec<_>, _>>()?;
        let (rows, _) = rows(job, Period { first, last }, &loaded)?;
        let history = History::new(rows, &job.pipeline.declaration.shape());
        Ok(Some(Stretch { history, lengths }))
    }

    pub fn shares(&self, sums: &Sums) -> Shares {
        Shares {
            published: sums.share(sums.published),
            place: self.history.tells_place().then(|| sums.share(sums.place)),
            day: self.history.tells_day().then(|| sums.share(sums.day)),
        }
    }
}

/// The regular periods that months make.
pub fn periods(calendar: Calendar, months: &BTreeSet<Month>) -> Vec<Period> {
    let periods: BTreeSet<Period> = months.iter().map(|month| calendar.regular(*month)).collect();
    periods.into_iter().collect()
}

/// The newest months, as many as are few enough and have few enough rows together.
fn newest(due: &BTreeMap<Month, u64>) -> BTreeSet<Month> {
    let mut rows = 0;
    let few = due.iter().rev().take(MONTHS).take_while(|(_, of_month)| {
        rows += **of_month;
        rows <= ROWS
    });
    few.map(|(month, _)| *month).collect()
}
