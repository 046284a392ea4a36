//! What the rules changed, and why they may close a month.

use serde::{Deserialize, Serialize};

/// The text that stands for what was merged. A value that is literally this text belongs to what was merged.
pub const OTHER: &str = "other";

/// Why a month can't be published at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClosedBecause {
    /// Fewer patrons than the threshold, or one of them has more than half of the rows.
    TooFewPatrons,
    /// Fewer than nine of ten rows name a patron: patrons can't be counted.
    TooFewLinked,
}

impl std::fmt::Display for ClosedBecause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            ClosedBecause::TooFewPatrons => "too few patrons, or one of them has more than half of the transactions",
            ClosedBecause::TooFewLinked => "fewer than nine of ten transactions name a patron",
        })
    }
}

/// How many rows each rule changed, for the report to staff. Exact: the report protects it like its other breakdowns.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// All rows of the month; each half has as many.
    pub rows: u64,
    pub linked: u64,
    /// Some shared column reads `other`, by rule 1.
    pub shared_merged: u64,
    /// Some patron column was coarsened, not all of them.
    pub community_coarsened: u64,
    /// All patron columns were made to read `other`.
    pub community_merged: u64,
    /// The material columns were made to read `other`.
    pub material_merged: u64,
    /// A duration that was no band.
    pub durations_merged: u64,
    /// The day is published as its week.
    pub to_week: u64,
    /// The day is published as its month.
    pub to_month: u64,
    /// Rows that the weekday table counts under no weekday.
    pub no_weekday: u64,
    /// Rows whose hour the weekday table counts as `other`.
    pub hours_merged: u64,
    /// Table cells whose renewals or sessions are counted in `other`, or not at all.
    pub measure_withheld: u64,
}
