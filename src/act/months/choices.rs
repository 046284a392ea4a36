//! Which periods, and which groups of places, would publish more of a small library, as far as the months at hand show it:
//! for a plan to propose. Nothing is decided here, and nothing depends on it.
//!
//! It is asked where a month tonight waits, is closed, leaves with another, or has places merged; and proposes what gains at
//! least five points in a hundred, of rows that are published or of such that keep their place.

mod groups;
mod shares;
mod stretch;
mod weighing;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use self::groups::groups;
pub use self::shares::Shares;
use self::shares::Sums;
use self::stretch::{Stretch, gains_nothing, periods};
use self::weighing::{Weighing, weighing};
use super::done::MonthDone;
use super::error::MonthError;
use super::job::Job;
use crate::release::{ReleaseError, Rules};
use crate::words::{Calendar, Length, Month};

/// What each choice would publish of the months at hand, and what is proposed.
#[derive(Clone, Debug, Serialize)]
pub struct Choices {
    pub first: Month,
    pub last: Month,
    pub transactions: u64,
    /// As the policy has it, then what is longer.
    pub periods: Vec<Choice>,
    pub proposes: Proposed,
}

/// What is published with regular periods of this length, and the policy's groups of places.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Choice {
    pub period: Length,
    /// That make whole periods of it.
    pub months: usize,
    #[serde(flatten)]
    pub shares: Shares,
}

/// Lines for `[release]`, and what they would publish.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Proposed {
    /// None: it stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Length>,
    /// All groups of places, the policy's own too; none: they stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub places: Option<BTreeMap<String, Vec<String>>>,
    #[serde(flatten)]
    pub shares: Shares,
}

/// A length of periods, weighed with the policy's groups and with such as would let every place stand.
struct Tried<'s> {
    length: Length,
    months: &'s BTreeSet<Month>,
    now: Sums,
    groups: BTreeMap<String, Vec<String>>,
    grouped: Sums,
}

/// What is proposed; none where nothing gains enough.
pub fn choices(job: &Job<'_>, months: &[MonthDone]) -> Result<Option<Choices>, MonthError> {
    if gains_nothing(job, months) {
        return Ok(None);
    }
    let Some(stretch) = Stretch::at_hand(job, months)? else { return Ok(None) };
    let asked = Asked { job, stretch: &stretch };
    // What can't be weighed isn't proposed; a release would say why.
    Ok(asked.chosen().ok().flatten())
}

/// What is asked of which months.
struct Asked<'a> {
    job: &'a Job<'a>,
    stretch: &'a Stretch,
}

impl<'a> Asked<'a> {
    fn weighing(
        &self,
        length: Length,
        months: &BTreeSet<Month>,
        groups: &BTreeMap<String, Vec<String>>,
    ) -> Result<Weighing, ReleaseError> {
        let periods = periods(Calendar { length, ..self.job.calendar() }, months);
        let rules = Rules::new(self.job.tonight.policy.release.threshold);
        weighing(&self.stretch.history, &periods, groups, rules)
    }

    fn tried(&self, length: Length, months: &'a BTreeSet<Month>) -> Result<Tried<'a>, ReleaseError> {
        let declared = &self.job.tonight.policy.release.places;
        let Weighing { sums: now, released } = self.weighing(length, months, declared)?;
        let groups = groups(&released, declared);
        let grouped = if groups == *declared { now } else { self.weighing(length, months, &groups)?.sums };
        Ok(Tried { length, months, now, groups, grouped })
    }

    /// Whether a longer period gains enough, with its own groups, over the same months.
    fn gains(&self, longer: &Tried<'_>, taken: &Tried<'_>) -> Result<bool, ReleaseError> {
        let is_same = longer.months == taken.months;
        let than =
            if is_same { taken.grouped } else { self.weighing(taken.length, longer.months, &taken.groups)?.sums };
        Ok(gains(&longer.grouped, &than))
    }

    fn chosen(&self) -> Result<Option<Choices>, ReleaseError> {
        let tried = self.stretch.lengths.iter().map(|(length, months)| self.tried(*length, months));
        let tried = tried.collect::<Result<Vec<_>, _>>()?;
        let Some((as_it_is, longer)) = tried.split_first() else { return Ok(None) };
        // The shortest with which no longer one gains anything.
        let mut taken = as_it_is;
        for longer in longer {
            if self.gains(longer, taken)? {
                taken = longer;
            }
        }
        let by_groups = taken.grouped.gains_place(&taken.now);
        let is_longer = taken.length != as_it_is.length;
        let (Some(first), Some(last), true) = (as_it_is.months.first(), as_it_is.months.last(), is_longer || by_groups)
        else {
            return Ok(None);
        };
        let shares = |sums: &Sums| self.stretch.shares(sums);
        let choice =
            |one: &Tried<'_>| Choice { period: one.length, months: one.months.len(), shares: shares(&one.now) };
        Ok(Some(Choices {
            first: *first,
            last: *last,
            transactions: as_it_is.now.rows,
            periods: tried.iter().map(choice).collect(),
            proposes: Proposed {
                period: is_longer.then_some(taken.length),
                places: by_groups.then(|| taken.groups.clone()),
                shares: shares(if by_groups { &taken.grouped } else { &taken.now }),
            },
        }))
    }
}

fn gains(more: &Sums, than: &Sums) -> bool {
    more.gains_published(than) || more.gains_place(than)
}
