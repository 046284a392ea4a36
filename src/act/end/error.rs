//! Why a night that was worked out isn't committed.

use std::path::Path;

use crate::release::ReleaseError;
use crate::state::commit::CommitError;
use crate::state::json::JsonError;
use crate::state::rejects::RejectsError;
use crate::words::Digest;

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum EndError {
    #[error("{}", changed_words(.accepted, .now, .changed))]
    OtherPlan { accepted: Digest, now: Digest, changed: Vec<&'static str> },
    /// `why`: a line each. `plan`: what a person may accept.
    #[error("nothing was done:{why}")]
    NothingToCommit { why: String, plan: Option<Digest> },
    #[error(transparent)]
    Rejects(#[from] RejectsError),
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error(transparent)]
    Commit(#[from] CommitError),
    #[error(transparent)]
    Release(#[from] ReleaseError),
    #[error("{0}")]
    Plain(String),
}

impl EndError {
    /// Tonight's plan, where a person could accept it.
    pub fn plan(&self) -> Option<Digest> {
        match self {
            EndError::OtherPlan { now, .. } => Some(*now),
            EndError::NothingToCommit { plan, .. } => *plan,
            _ => None,
        }
    }
}

pub fn cant_write(path: &Path, error: std::io::Error) -> EndError {
    EndError::Plain(format!("{}: {error}; is the disk full? Nothing was done", path.display()))
}

fn changed_words(accepted: &Digest, now: &Digest, changed: &[&str]) -> String {
    format!(
        "the plan that was accepted ({accepted}) is not tonight's: {} changed since.\nTonight's plan is {now}",
        changed.join(", ")
    )
}
