//! Why a night did nothing: the errors of its floors, as one.

use super::begin::BeginError;
use super::end::EndError;
use super::months::{LeaksFound, MonthError};
use crate::evidence::ledger::LedgerError;
use crate::pass::RunFileError;
use crate::state::commit::CommitError;
use crate::words::Digest;

/// Why a night did nothing. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Begin(#[from] BeginError),
    /// The disk is full: that stops everybody. What else is wrong with what is read stops its pipeline.
    #[error(transparent)]
    RunFile(#[from] RunFileError),
    /// What leads to people is one refusal, whether it was read tonight or staged before.
    #[error(transparent)]
    Leak(LeaksFound),
    #[error(transparent)]
    Month(MonthError),
    #[error(transparent)]
    End(#[from] EndError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Commit(#[from] CommitError),
    #[error("{0}")]
    Plain(String),
}

impl From<MonthError> for Refusal {
    fn from(error: MonthError) -> Refusal {
        match error {
            MonthError::Leak(leaks) => Refusal::Leak(leaks),
            error => Refusal::Month(error),
        }
    }
}

impl Refusal {
    /// Tonight's plan, where a person could accept it.
    pub fn plan(&self) -> Option<Digest> {
        match self {
            Refusal::End(error) => error.plan(),
            _ => None,
        }
    }
}
