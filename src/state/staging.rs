//! Staging: the treated rows of transactions that were retired in months not yet released.
//!
//! `state/staging/PIPELINE/month=YYYY-MM/run-NNNNNN.parquet`, one file for each run that retired anything of the month;
//! all go when the month is released. A row holds what may be published, a pseudonym, and the transaction's id, so that
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

use std::path::{Path, PathBuf};

use super::disk::{self, DiskError};
use super::json::FormatError;
use super::site::Site;
use crate::treat::pseudonym::Pseudonym;
use crate::words::{Day, Month, TransactionId};

mod file;
mod rows;

pub use file::encode;

/// What a column reads in rows that were staged before it was declared.
pub const UNKNOWN: &str = "unknown";

/// Staged rows, a column each; all are equally long.
#[derive(Clone, PartialEq, Default)]
pub struct Staged {
    pub ids: Vec<TransactionId>,
    /// Seconds from 1970 of the library's own clock face, as if it were UTC.
    pub opened: Vec<i64>,
    pub day: Vec<Day>,
    /// 255 where it isn't known.
    pub hour: Vec<u8>,
    pub measure: Vec<u32>,
    /// None for a row that named nobody.
    pub pseudonyms: Vec<Option<Pseudonym>>,
    pub columns: Vec<StagedColumn>,
}

/// A treated column: `codes[row]` points into `texts`, which may hold more than is used.
#[derive(Clone, PartialEq, Default)]
pub struct StagedColumn {
    pub name: String,
    pub codes: Vec<u32>,
    pub texts: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum StagingError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error(transparent)]
    Format(#[from] FormatError),
    #[error("{} was cut or changed, or isn't staged rows: put it back from a backup of state/", .0.display())]
    Damaged(PathBuf),
    #[error("{} has no place in staging: move it away", .0.display())]
    Stranger(PathBuf),
    #[error("staged rows don't fit together ({0}): this is a fault of afterloan, please report it")]
    Misfit(&'static str),
    #[error("staged rows can't be written as parquet: {0}")]
    Unwritable(#[from] parquet::errors::ParquetError),
}

/// The folder of a month, relative to the site. `pipeline` is its checked name.
pub fn folder(pipeline: &str, month: Month) -> String {
    format!("state/staging/{pipeline}/month={month}")
}

/// Where a run's file lies, relative to the site.
pub fn path(pipeline: &str, month: Month, sequence: u64) -> String {
    format!("{}/run-{sequence:06}.parquet", folder(pipeline, month))
}

/// The months that have staged rows, sorted.
pub fn months(site: &Site, pipeline: &str) -> Result<Vec<Month>, StagingError> {
    let folder = site.at("state/staging").join(pipeline);
    let month = |name: String| {
        let month = name.strip_prefix("month=").and_then(|month| month.parse().ok());
        month.ok_or_else(|| StagingError::Stranger(folder.join(&name)))
    };
    disk::names(&folder)?.into_iter().map(month).collect()
}

/// All staged rows of a month, in the order in which they were staged; none when there are none.
pub fn load_month(site: &Site, pipeline: &str, month: Month) -> Result<Staged, StagingError> {
    let folder = site.at(folder(pipeline, month));
    let mut all = Staged::default();
    for name in disk::names(&folder)? {
        let path = folder.join(&name);
        if !is_run_file(&name) {
            return Err(StagingError::Stranger(path));
        }
        all.append(load(&path)?)?;
    }
    Ok(all)
}

fn is_run_file(name: &str) -> bool {
    let number = name.strip_prefix("run-").and_then(|name| name.strip_suffix(".parquet"));
    number.is_some_and(|digits| digits.len() >= 6 && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

/// One run's rows.
pub fn load(path: &Path) -> Result<Staged, StagingError> {
    file::decode(path)
}

#[cfg(test)]
mod tests;
