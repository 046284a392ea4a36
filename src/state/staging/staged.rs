//! Staged rows in memory, and what may be wrong with them.

use std::path::PathBuf;

use super::super::disk::DiskError;
use super::super::json::FormatError;
use crate::treat::pseudonym::Pseudonym;
use crate::words::{Day, TransactionId};

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
