//! Why a night did nothing: the errors of its floors, as one.

use super::begin::BeginError;
use super::end::EndError;
use super::months::{LeaksFound, MonthError};
use crate::evidence::ledger::LedgerError;
use crate::pass::RunFileError;
use crate::state::commit::CommitError;
use crate::state::site::SiteError;
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
    /// Whether the worklist of the night before has no night any more. A person who accepted another plan, or gave another
    /// time, is at work on it; and what is committed has a worklist of its own.
    pub(super) fn withdraws(&self) -> bool {
        !matches!(
            self,
            Refusal::Begin(
                BeginError::Lock(_)
                    | BeginError::Site(SiteError::Foreign { .. })
                    | BeginError::AheadOfClock { .. }
                    | BeginError::BeforeLastRun { .. }
                    | BeginError::Commit(CommitError::Unfinished(_))
            ) | Refusal::End(EndError::OtherPlan { .. })
                | Refusal::Commit(CommitError::Unfinished(_))
        )
    }

    /// The same, with one more line where there are lines.
    pub(super) fn with_line(self, line: &str) -> Refusal {
        match self {
            Refusal::End(EndError::NothingToCommit { why, plan }) => {
                EndError::NothingToCommit { why: format!("{why}\n  {line}"), plan }.into()
            }
            Refusal::Begin(BeginError::Plain(why)) => BeginError::Plain(format!("{why}\n{line}")).into(),
            Refusal::Plain(why) => Refusal::Plain(format!("{why}\n{line}")),
            other => other,
        }
    }

    /// Tonight's plan, where a person could accept it.
    pub fn plan(&self) -> Option<Digest> {
        match self {
            Refusal::End(error) => error.plan(),
            _ => None,
        }
    }
}
