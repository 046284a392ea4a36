//! Release: one settled month of one kind becomes two halves that can't be joined, and statistics counted from them.
//!
//! What it promises: every figure about who, where or when that can be computed from what is published is about at
//! least `threshold` patrons, none of whom has more than half of it; no row is withheld, both halves hold every row,
//! equally many in each shared combination; nothing is published but values that rows carry (after coarsening), their
//! counts, and numbers of distinct patrons; the same rows in any order give the same bytes.
//!
//! What it doesn't: it knows no export, no clock and no key. That the columns are declared rightly (what is shared, what
//! is about a patron), that durations are banded, and that no text names a person, others see to.
//!
//! The flow: [`rows`] puts a month in order of patrons and compact words; [`shared`], [`community`] and [`collection`]
//! decide what each row will say, all by means of [`cover`]; [`tables`] and [`weekday`] decide the statistics' cells;
//! [`layout`] sorts; [`write`] writes, and has Polars count what was written ([`count`]).

mod cells;
mod collection;
mod community;
mod count;
mod cover;
mod layout;
mod page;
mod parquet_file;
mod rows;
mod shape;
mod shared;
mod tables;
mod weekday;
mod write;

use serde::{Deserialize, Serialize};

pub use layout::Published;
pub use rows::{Coded, MonthRows};
pub use shape::{Measure, Place, Rules, SECOND_SUM, Shape, ShapeColumn, TableShape};
pub use write::{WrittenFile, write};

/// The text that stands for what was merged. A value that is literally this text belongs to what was merged.
pub const OTHER: &str = "other";

/// What becomes of a month.
#[derive(Debug)]
pub enum Settled {
    /// Nothing of it is ever published; this is final.
    Closed(ClosedBecause),
    Open(Box<Published>),
}

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

/// What stopped a release. Nothing that is already written counts: the caller discards the folder.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    #[error("the month's rows are malformed: {0}; this is a fault in afterloan, please report it")]
    Malformed(&'static str),
    #[error("the pipeline's columns can't be published: {0}")]
    Shape(String),
    #[error("can't write {path}: {source}")]
    Write { path: std::path::PathBuf, source: std::io::Error },
    #[error("can't write {path} as parquet: {source}")]
    Parquet { path: std::path::PathBuf, source: parquet::errors::ParquetError },
    #[error("can't read {path} again to count it: {source}")]
    Again { path: std::path::PathBuf, source: parquet::errors::ParquetError },
    #[error("can't count {path}: {source}")]
    Polars { path: std::path::PathBuf, source: polars::error::PolarsError },
    #[error("{path}: what was written doesn't count up to what was to be published ({what}); nothing may be released")]
    Disagrees { path: std::path::PathBuf, what: &'static str },
}

/// Decides what of a month may be published, and how coarse. Pure.
///
/// # Errors
/// When `rows` doesn't fit `shape`, a day lies in another month than the first, or a table can't be counted from one
/// half alone.
pub fn settle(rows: &MonthRows, shape: &Shape, rules: &Rules) -> Result<Settled, ReleaseError> {
    Ok(match decide(rows, shape, rules)? {
        Err(because) => Settled::Closed(because),
        Ok(decided) => Settled::Open(Box::new(layout::lay_out(decided, shape))),
    })
}

/// What every row will say, before it is laid out: the tests look in here, where rows still have patrons.
struct Decided<'a> {
    month: crate::words::Month,
    rows: rows::Ordered<'a>,
    shared: shared::Combinations,
    community: cells::Cells,
    material: cells::Cells,
    time: Option<collection::Time>,
    durations: collection::Durations,
    tables: Vec<tables::Table>,
    counts: Counts,
}

fn decide<'a>(
    rows: &'a MonthRows,
    shape: &'a Shape,
    rules: &Rules,
) -> Result<Result<Decided<'a>, ClosedBecause>, ReleaseError> {
    shape.check()?;
    let rows = rows::Ordered::new(rows, shape)?;
    let mut counts = Counts { rows: rows.len() as u64, linked: rows.linked() as u64, ..Counts::default() };
    let Some(month) = rows.month()? else { return Ok(Err(ClosedBecause::TooFewPatrons)) };
    if rules.closing {
        let all = rows.tally(1, |_| 0, |_| 1);
        if !all[0].covers(rules.threshold) {
            return Ok(Err(ClosedBecause::TooFewPatrons));
        }
        if counts.linked * 10 < counts.rows * 9 {
            return Ok(Err(ClosedBecause::TooFewLinked));
        }
    }
    let shared = shared::combine(&rows, rules, &mut counts);
    let community = community::coarsen(&rows, &shared, rules, &mut counts);
    let material = collection::material(&rows, &shared, rules, &mut counts);
    let time = shape.day.then(|| collection::time(&rows, &shared, month, rules, &mut counts));
    let durations = collection::durations(&rows, rules, &mut counts);
    let halves = tables::Halves { rows: &rows, shared: &shared, community: &community, material: &material };
    let mut tables = Vec::with_capacity(shape.tables.len());
    for table in &shape.tables {
        tables.push(match table.is_weekday_by_hour() {
            true => weekday::table(&rows, time.as_ref(), shape, table, rules, &mut counts),
            false => tables::table(&halves, shape, table, rules, &mut counts)?,
        });
    }
    Ok(Ok(Decided { month, rows, shared, community, material, time, durations, tables, counts }))
}

#[cfg(test)]
mod tests;
