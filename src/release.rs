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
mod counts;
mod cover;
mod decided;
mod error;
mod figures;
mod layout;
mod page;
mod parquet_file;
mod rows;
mod settle;
mod shape;
mod shared;
mod tables;
mod weekday;
mod write;

pub use counts::{ClosedBecause, Counts, OTHER};
pub use error::ReleaseError;
pub use layout::Published;
pub use rows::{Coded, MonthRows};
pub use settle::{Settled, settle};
pub use shape::{Measure, Place, Rules, SECOND_SUM, Shape, ShapeColumn, TableShape};
pub use write::{WrittenFile, write};

#[cfg(test)]
mod tests;
