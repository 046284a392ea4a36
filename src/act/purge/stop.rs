//! Why a purge stops.

use crate::act::refusal::Refusal;
use crate::live::LiveError;

/// Why a purge stops before its end. What was severed stays severed, and is kept.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("{0}")]
    Database(#[from] LiveError),
    #[error("a day has passed since the run: what is left of its list may be needed again. A run makes a new list")]
    TooLate,
    #[error(
        "pipeline {pipeline}: the statement of `{trace}` changed {changed} rows where {gone} rows fewer lead to a patron \
         ({ids} transactions). The batch was taken back, and nothing more of this pipeline was done"
    )]
    Odd { pipeline: String, trace: String, changed: u64, gone: u64, ids: usize },
}
