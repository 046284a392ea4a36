//! What a month, and what all months of a pipeline came to.

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringTreemap;
use serde::Serialize;

use super::tally::Tally;
use crate::release::Counts;
use crate::state::years::Patrons;
use crate::words::{Digest, Month, NeedSet, Period, Totals, TransactionId};

/// What a month's decisions come to.
pub struct MonthDone {
    pub month: Month,
    /// By file of transactions.
    pub totals: Vec<Totals>,
    pub tally: Tally,
    /// Exact repeats: part and line.
    pub repeats: Vec<(usize, u64)>,
    /// Due and linked, by their distance from the newest of their chain.
    pub worklist: BTreeMap<u32, RoaringTreemap>,
    /// Of those that name nobody, whose other traces are severed.
    pub traces: RoaringTreemap,
    /// Kept for long enough to review, and what for, as everybody may see it.
    pub review: Vec<(TransactionId, NeedSet)>,
    /// The texts of all three, where ids are texts.
    pub texts: Vec<(u64, Box<str>)>,
    /// Of all decisions.
    pub digest: Digest,
    pub released: Option<ReleasedMonth>,
    /// Its time has come, and it is about too few.
    pub waits: bool,
    /// What it adds to who was there in its year.
    pub in_year: InYear,
    /// What the run will remove once it is committed.
    pub removals: BTreeSet<String>,
}

/// What a month adds to who was there in its year.
#[derive(Default)]
pub enum InYear {
    #[default]
    Nothing,
    /// Of rows that were staged tonight.
    Staged(Patrons),
    /// Of rows that are published tonight and weren't staged; with the first month of a period.
    Released(Patrons),
}

/// A month that becomes final tonight, with all of its period.
#[derive(Clone, Debug, Serialize)]
pub struct ReleasedMonth {
    pub month: Month,
    /// What it is released with.
    #[serde(skip_serializing_if = "is_a_month")]
    pub period: Period,
    pub rows: u64,
    /// Why nothing is published.
    pub closed: Option<String>,
    /// Its system names nobody: only totals of uses are published.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub totals_alone: bool,
    /// Of the whole period, with its last month.
    #[serde(skip)]
    pub counts: Option<Counts>,
}

/// Then the month says it.
fn is_a_month(period: &Period) -> bool {
    period.length() == 1
}
