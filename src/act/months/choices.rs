//! Which periods, and which groups of places, would publish more of a small library, as far as the months at hand show it:
//! for a plan to propose. Nothing is decided here, and nothing depends on it.
//!
//! It is asked where a month tonight waits, is closed, leaves with another, or has places merged; and proposes what gains at
//! least five points in a hundred, of rows that are published or of such that keep their place.

mod groups;
mod shares;
mod stretch;
mod weighing;

use std::collections::BTreeMap;

use serde::Serialize;

use self::groups::groups;
pub use self::shares::Shares;
use self::shares::Sums;
use self::stretch::{Stretch, gains_nothing};
use self::weighing::{Weighing, weighing};
use super::done::MonthDone;
use super::error::MonthError;
use super::job::Job;
use crate::release::Rules;
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
struct Tried {
    length: Length,
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
    // What can't be weighed isn't proposed; a release would say why.
    let tried: Result<Vec<Tried>, _> = stretch.lengths.iter().map(|length| tried(job, &stretch, *length)).collect();
    Ok(tried.ok().and_then(|tried| chosen(&stretch, &tried)))
}

fn tried(job: &Job<'_>, stretch: &Stretch, length: Length) -> Result<Tried, MonthError> {
    let declared = &job.tonight.policy.release.places;
    let periods = stretch.periods(Calendar { length, ..job.calendar() });
    let weigh =
        |groups: &_| weighing(&stretch.history, &periods, groups, Rules::new(job.tonight.policy.release.threshold));
    let Weighing { sums: now, released } = weigh(declared)?;
    let groups = groups(&released, declared);
    let grouped = if groups == *declared { now } else { weigh(&groups)?.sums };
    Ok(Tried { length, now, groups, grouped })
}

fn chosen(stretch: &Stretch, tried: &[Tried]) -> Option<Choices> {
    let (as_it_is, longer) = tried.split_first()?;
    let gains = |more: &Sums, than: &Sums| more.gains_published(than) || more.gains_place(than);
    // The shortest with which no longer one gains anything.
    let taken = longer.iter().fold(
        as_it_is,
        |taken, longer| {
            if gains(&longer.grouped, &taken.grouped) { longer } else { taken }
        },
    );
    let by_groups = taken.grouped.gains_place(&taken.now);
    let sums = if by_groups { &taken.grouped } else { &taken.now };
    if !gains(sums, &as_it_is.now) {
        return None;
    }
    Some(Choices {
        first: stretch.first,
        last: stretch.last,
        transactions: as_it_is.now.rows,
        periods: tried.iter().map(|one| Choice { period: one.length, shares: stretch.shares(&one.now) }).collect(),
        proposes: Proposed {
            period: (taken.length != as_it_is.length).then_some(taken.length),
            places: by_groups.then(|| taken.groups.clone()),
            shares: stretch.shares(sums),
        },
    })
}
