//! Why the months of a pipeline stop a night.

use std::path::PathBuf;

use super::leak_scan::LeakScanError;
use super::leaks_found::LeaksFound;
use crate::pass::RunFileError;
use crate::release::ReleaseError;
use crate::state::absent::AbsentError;
use crate::state::disk::DiskError;
use crate::state::entropy::EntropyError;
use crate::state::known::KnownError;
use crate::state::logs::LogsError;
use crate::state::staging::StagingError;
use crate::state::years::YearsError;
use crate::words::{Kind, Month};

/// It stops everybody: what is wrong is wrong with the site, or with all that would leave it.
#[derive(Debug, thiserror::Error)]
pub enum MonthError {
    #[error(transparent)]
    RunFile(#[from] RunFileError),
    #[error(transparent)]
    Known(#[from] KnownError),
    #[error(transparent)]
    Staging(#[from] StagingError),
    #[error(transparent)]
    Release(#[from] ReleaseError),
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    #[error(transparent)]
    Logs(#[from] LogsError),
    #[error(transparent)]
    Absent(#[from] AbsentError),
    #[error(transparent)]
    Years(#[from] YearsError),
    #[error("{path}: {source}; is the disk full?", path = path.display())]
    Write { path: PathBuf, source: std::io::Error },
    /// What was read tonight, or staged before.
    #[error(transparent)]
    Leak(#[from] LeaksFound),
    #[error("{kind} {month} has staged rows and no key for their pseudonyms: put state/keys back from a backup")]
    KeyGone { kind: Kind, month: Month },
    #[error("{kind}: the key of the year that begins with {first} is gone: put state/keys back from a backup")]
    YearKeyGone { kind: Kind, first: Month },
    /// Guarantee 2.
    #[error(
        "pipeline {pipeline}, {part}: {records} records were counted and {rows} rows accounted for. Nothing was done; \
         please report this fault of afterloan"
    )]
    Unbalanced { pipeline: String, part: String, records: u64, rows: u64 },
}

impl From<LeakScanError> for MonthError {
    fn from(error: LeakScanError) -> MonthError {
        match error {
            LeakScanError::Found(leaks) => MonthError::Leak(leaks),
            LeakScanError::RunFile(error) => MonthError::RunFile(error),
        }
    }
}
