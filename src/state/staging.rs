//! Staging: the treated rows of transactions that were retired in months not yet released.
//!
//! `state/staging/PIPELINE/month=YYYY-MM/run-NNNNNN.parquet`, one file for each run that retired anything of the month; where
//! a regular period is longer, its first month's folder has all of it, other months' files `run-NNNNNN-YYYY-MM.parquet`.
//! All go when the period is released. A row holds what may be published, a pseudonym, and the transaction's id, so that
//! one that the snapshot still shows isn't counted twice. Until the month's key is destroyed, a row can be relinked by
//! whoever has `state/` and a list of patrons.
//!
//! Only values that a row uses are written: a value that was treated away is in no byte of the file. A file that was cut
//! or changed is an error. As everywhere in `state/`, that guards against accidents, not against whoever may write
//! there.
//!
//! Format 1: parquet, zstd. Columns `id` (uint64), `opened` (int64), `day` (date32), `hour` (uint8, 255 unknown),
//! `renewals` (uint32; the measure of the kind: of requests, sessions), `pseudonym` (16 bytes or null), and for each treated column `column.NAME` (text, dictionary).
//! Metadata `afterloan` = `afterloan staging format 1 sha256 DIGEST`: of the file's bytes, with 64 zeros for the digest.

mod file;
mod folder;
mod rows;
mod staged;

pub use file::encode;
pub use folder::{folder, load, load_month, months, months_in, path};
pub use staged::{Staged, StagedColumn, StagingError, UNKNOWN};

#[cfg(test)]
mod tests;
