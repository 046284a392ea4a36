//! The accounting: every row is one of five things.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::{Need, NeedSet};

/// What became of a row. A row is the first of these that fits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Outcome {
    /// Unreadable, or an exact repeat.
    Rejected,
    /// It names nobody (any more).
    Unlinked,
    /// It has a need, also when it was requested before.
    Kept,
    /// Due, linked, on an earlier worklist.
    AlreadyRetired,
    /// Due, linked, on tonight's worklist for the first time.
    Retired,
}

/// How many rows became what. `read` is the sum of the five others, `kept_by_need` counts a row under each of its
/// needs.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    pub read: u64,
    pub retired: u64,
    pub already_retired: u64,
    pub kept: u64,
    pub unlinked: u64,
    pub rejected: u64,
    pub kept_by_need: BTreeMap<Need, u64>,
}

impl Totals {
    /// Counts one row; `needs` matter only for a kept one.
    pub fn count(&mut self, outcome: Outcome, needs: NeedSet) {
        self.count_many(outcome, needs, 1);
    }

    /// Counts rows that are alike.
    pub fn count_many(&mut self, outcome: Outcome, needs: NeedSet, rows: u64) {
        self.read += rows;
        match outcome {
            Outcome::Rejected => self.rejected += rows,
            Outcome::Unlinked => self.unlinked += rows,
            Outcome::Kept => {
                self.kept += rows;
                for need in needs.iter() {
                    *self.kept_by_need.entry(need).or_default() += rows;
                }
            }
            Outcome::AlreadyRetired => self.already_retired += rows,
            Outcome::Retired => self.retired += rows,
        }
    }

    /// Guarantee 2: every row is accounted for.
    pub fn balance(&self) -> bool {
        self.read == self.rejected + self.unlinked + self.kept + self.already_retired + self.retired
    }
}

impl AddAssign<&Totals> for Totals {
    fn add_assign(&mut self, other: &Totals) {
        self.read += other.read;
        self.retired += other.retired;
        self.already_retired += other.already_retired;
        self.kept += other.kept;
        self.unlinked += other.unlinked;
        self.rejected += other.rejected;
        for (need, count) in &other.kept_by_need {
            *self.kept_by_need.entry(*need).or_default() += count;
        }
    }
}
