//! Who was there in a year: what each month adds to it, and what becomes of the year once all months are known.
//!
//! A year's number of distinct patrons is published when all of its twelve months were released, each within the year; where one
//! was closed, or was released together with one of another year, there is none. What was remembered for it goes either way.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::done::{InYear, MonthDone};
use super::error::MonthError;
use super::job::Job;
use super::make::make;
use crate::release::{self, PATRONS_OF_YEAR};
use crate::state::keys::year_path;
use crate::state::years::{self, Patrons, YearSoFar};
use crate::words::{Kind, LONGEST, Length, Month, PatronNumber, Period};

/// Makes the keys of years in their order, before months are worked on as many at a time as there are cores: so that the same
/// randomness makes the same keys. One that isn't used is never written.
pub fn prepare(job: &Job<'_>, months: &BTreeSet<Month>) -> Result<(), MonthError> {
    if job.out.is_none() || !job.pipeline.declaration.side.is_released() {
        return Ok(());
    }
    let open = months.iter().filter(|month| job.standing_alone(**month).is_none());
    let years: BTreeSet<Month> = open.map(|month| job.calendar().year(*month).first).collect();
    for first in years {
        if can_be_published(job, job.calendar().year(first)) {
            job.with_year_key(first, |_| ())?;
        }
    }
    Ok(())
}

/// These patrons under the key of the year that has all these months; nothing where no year does, or theirs can't be published.
pub fn in_year(job: &Job<'_>, months: Period, patrons: &BTreeSet<PatronNumber>) -> Result<Option<Patrons>, MonthError> {
    let year = job.calendar().year(months.first);
    let is_kept = job.out.is_some() && year.contains(months.last) && can_be_published(job, year);
    if !is_kept {
        return Ok(None);
    }
    let pseudonyms = job.with_year_key(year.first, |key| {
        patrons.iter().filter_map(|patron| job.pseudonym(key, *patron)).collect::<Patrons>()
    })?;
    Ok(Some(pseudonyms))
}

/// Whether no month of it is final that isn't remembered, nor its key destroyed; and it is a year of the policy's, of several
/// periods.
fn can_be_published(job: &Job<'_>, year: Period) -> bool {
    let so_far = job.years.get(&year.first);
    let is_remembered = |month: Month| so_far.is_some_and(|so_far| so_far.released.contains(&month));
    let is_untold = |month: Month| job.tonight.memory.is_untold(job.pipeline.declaration.kind, month);
    job.calendar().length != Length::Year
        && !year.months().any(is_untold)
        && job.calendar().year(year.first) == year
        && year.months().all(|month| !job.is_final(month) || is_remembered(month))
}

/// What becomes of years.
#[derive(Default)]
pub struct YearsDone {
    /// What is remembered from tonight on.
    pub remembered: Vec<Period>,
    /// What the run will remove once it is committed.
    pub removals: BTreeSet<String>,
}

/// Writes what is remembered of years from tonight on, and publishes those that are complete.
pub fn written(job: &Job<'_>, months: &[MonthDone]) -> Result<YearsDone, MonthError> {
    let mut all = YearsDone::default();
    let Some(out) = &job.out else { return Ok(all) };
    let kind = job.pipeline.declaration.kind;
    let mut years: BTreeMap<Month, YearSoFar> = job.years.clone();
    for done in months.iter().filter(|done| !matches!(done.in_year, InYear::Nothing)) {
        let year = job.calendar().year(done.month);
        years.entry(year.first).or_insert_with(|| YearSoFar::new(year));
    }
    for (first, mut so_far) in years {
        let year = so_far.year;
        let lives = add(&mut so_far, months) && can_be_published(job, year) && !is_long_over(job, year);
        let is_complete = year.months().all(|month| so_far.released.contains(&month));
        if lives && !is_complete {
            if job.years.get(&first) != Some(&so_far) {
                remember(job, out, &so_far)?;
            }
            all.remembered.push(year);
            continue;
        }
        if lives {
            let threshold = job.tonight.policy.release.threshold;
            let public = (job.tonight.site.at("public"), out.join("public"));
            let patrons = so_far.patrons.len() as u64;
            let taken_down = taken_down(job, kind);
            release::write_patrons_of_year(kind, year, patrons, threshold, (&public.0, &public.1, &taken_down))?;
        }
        if job.years.contains_key(&first) {
            all.removals.insert(years::path(kind, year));
        }
        if job.tonight.keys.year(kind, first).is_some() {
            all.removals.insert(year_path(kind, first));
        }
    }
    Ok(all)
}

/// Years whose number was published once, and withdrawn.
fn taken_down(job: &Job<'_>, kind: Kind) -> Vec<Period> {
    let folder = format!("statistics/{kind}/{PATRONS_OF_YEAR}/month=");
    let all = job.tonight.memory.taken_down.iter();
    all.filter_map(|path| path.strip_prefix(&folder)?.parse().ok()).collect()
}

/// Adds what the months tell; false where one of the year is final without having been published within it.
fn add(so_far: &mut YearSoFar, months: &[MonthDone]) -> bool {
    let year = so_far.year;
    for done in months.iter().filter(|done| year.contains(done.month)) {
        match (&done.in_year, &done.released) {
            (InYear::Staged(patrons), None) => so_far.staged.entry(done.month).or_default().extend(patrons),
            (InYear::Released(patrons), Some(released)) if year.contains(released.period.last) => {
                for month in released.period.months() {
                    so_far.released.insert(month);
                    so_far.patrons.extend(so_far.staged.remove(&month).unwrap_or_default());
                }
                so_far.patrons.extend(patrons);
            }
            (_, Some(released)) if !so_far.released.contains(&released.month) => return false,
            _ => {}
        }
    }
    true
}

/// A year that no month can complete any more: nothing waits longer than a year.
fn is_long_over(job: &Job<'_>, year: Period) -> bool {
    let latest = Month(year.last.0 + LONGEST + 1);
    latest.last_day().plus(job.tonight.policy.release.settle) < job.tonight.day
}

fn remember(job: &Job<'_>, out: &Path, so_far: &YearSoFar) -> Result<(), MonthError> {
    let (kind, year) = (job.pipeline.declaration.kind, so_far.year);
    let path = years::path(kind, year);
    make(out, &path, &years::encode(so_far, &job.tonight.site.at(&path))?)?;
    match job.fresh_year_key(year.first) {
        Some(key) => make(out, &year_path(kind, year.first), &key.to_year_bytes(kind, year.first)),
        None => Ok(()),
    }
}
