//! Which months are released together tonight, and which stand by themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::job::{Job, Standing};
use crate::pass::UNDATED;
use crate::words::{Month, Period};

/// What is worked out at once.
pub enum Unit {
    /// A month whose standing is known.
    Month(Month, Standing),
    /// A regular period whose time has come.
    Due(Due),
}

/// A regular period whose time has come.
pub struct Due {
    pub period: Period,
    /// Those of its months that have rows, are remembered or have staged rows, and aren't final.
    pub months: Vec<Month>,
    /// What lies between it and the one before that is due: a period is one run of months, of which none is of another.
    pub apart: Apart,
}

/// What lies between two periods that are due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Apart {
    Nothing,
    /// Months whose time hasn't come: a log waits that has rows in them.
    Unreleased,
    /// Months that are final.
    Final,
}

/// The units of these months, in order.
pub fn units(job: &Job<'_>, months: &BTreeSet<Month>) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut due: BTreeMap<Period, Vec<Month>> = BTreeMap::new();
    for &month in months {
        match job.standing_alone(month) {
            Some(standing) => units.push(Unit::Month(month, standing)),
            None => due.entry(job.calendar().regular(month)).or_default().push(month),
        }
    }
    for (period, months) in joined_by_staging(job, due) {
        if job.is_over(period) {
            units.push(Unit::Due(Due { period, months, apart: Apart::Nothing }));
        } else {
            units.extend(months.into_iter().map(|month| Unit::Month(month, Standing::Unreleased)));
        }
    }
    units.sort_by_key(Unit::first);
    set_apart(job, &mut units);
    units
}

fn set_apart(job: &Job<'_>, units: &mut [Unit]) {
    let mut before: Option<Period> = None;
    let mut unreleased: Option<Month> = None;
    for unit in units {
        match unit {
            Unit::Month(month, Standing::Unreleased) => unreleased = Some(*month),
            Unit::Month(..) => {}
            Unit::Due(due) => {
                if let Some(before) = before {
                    let mut between = (before.last.0 + 1..due.period.first.0).map(Month);
                    due.apart = if between.any(|month| job.is_final(month)) {
                        Apart::Final
                    } else if unreleased.is_some_and(|month| month > before.last) {
                        Apart::Unreleased
                    } else {
                        Apart::Nothing
                    };
                }
                before = Some(due.period);
            }
        }
    }
}

/// Months that were staged under one key leave together, though the policy's periods may be shorter by now: who was there in
/// two of them can't be told otherwise once the key is gone.
fn joined_by_staging(job: &Job<'_>, due: BTreeMap<Period, Vec<Month>>) -> Vec<(Period, Vec<Month>)> {
    let mut joined: Vec<(Period, Vec<Month>)> = Vec::with_capacity(due.len());
    for (period, months) in due {
        match joined.last_mut() {
            Some((before, all)) if job.homes(*before).any(|(_, months)| months.last() >= Some(&period.first)) => {
                before.last = period.last;
                all.extend(&months);
            }
            _ => joined.push((period, months)),
        }
    }
    joined
}

impl Unit {
    pub fn first(&self) -> Month {
        match self {
            Unit::Month(month, _) => *month,
            Unit::Due(due) => due.months.first().copied().unwrap_or(UNDATED),
        }
    }
}
