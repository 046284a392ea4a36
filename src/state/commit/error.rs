//! What stops a commit, before or after its instant.

use std::io;
use std::path::PathBuf;

use super::super::disk::DiskError;
use super::super::json::JsonError;
use super::step::Step;

#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The simulated or real failure of a step that has no path of its own.
    #[error("can't {step}: {source}")]
    Step { step: Step, source: io::Error },
    #[error("a run may not write or remove '{path}': {why}. This is a fault of afterloan, please report it")]
    NotOurs { path: String, why: &'static str },
    #[error("the run's entry for the ledger must be one line")]
    NotALine,
    #[error("{} ends in the middle of a line: look at it, and put it back from a backup", .0.display())]
    TornLedger(PathBuf),
    #[error("{} is what a killed run left: it must be finished or discarded first", .0.display())]
    Leftover(PathBuf),
    #[error("{} and {} are both of unfinished runs, and there can be but one: was state/ put together from two backups?",
        .0.display(), .1.display())]
    TwoRuns(PathBuf, PathBuf),
    #[error("{} is neither what it was nor what the unfinished run made of it: somebody changed it since. \
        Move it away, or put it back from a backup, and start again", .0.display())]
    Changed(PathBuf),
    #[error(
        "the run is committed, but its files are not all in place yet: {0}. Mend that; the next run puts them \
        there first"
    )]
    Unfinished(Box<CommitError>),
}
