//! The commit protocol: the files of an act appear together or not at all. It knows files and one line for the ledger; what
//! the act is, and what its line says, is the act's. The first act was the run, whose name its folders have.
//!
//! An act writes all that it makes below `state/run-NNNNNN/`, nothing elsewhere:
//!
//! ```text
//! state/run-000012/pass/…           run files of the pass: large, never synced, thrown away
//! state/run-000012/files/…          the site as it will be: files/reports/x.json becomes reports/x.json
//! state/run-000012/manifest.json    what moves where, what goes, and the line for the ledger
//! ```
//!
//! [`Pending`] is open for writing. [`Pending::prepare`] syncs every file and says what there is, so that the ledger's
//! entry can be made. [`Prepared::seal`] writes the manifest. [`Sealed::commit`] appends the line to the ledger and
//! syncs it: **the instant of commit**. Only then do files move into place, old ones go, and last the run's folder.
//!
//! Killed at any point before that instant, the site is as it was, and the next start's [`recover`] throws the run's
//! folder away. Killed after it, `recover` finishes. Either way it ends as if nothing had happened. An error (a full
//! disk) before the instant changes nothing; after it, it says that the next run will finish.
//!
//! Doesn't promise: anything while two runs are at work (take the lock first); that a reader sees all files of a run
//! at once, as they move one by one; that what was removed can't be found on the disk, as files are unlinked and not
//! overwritten.

mod error;
mod finish;
mod folder;
mod ledger;
mod manifest;
mod pending;
mod pending_file;
mod prepare;
mod recover;
mod step;
mod steps;

pub use error::CommitError;
pub use pending::{Committed, Pending, Prepared, Sealed};
pub use pending_file::PendingFile;
pub use recover::{Ending, Leftover, Recovered, leftover, recover};
pub use step::{Hook, Moment, Step, no_hook};

#[cfg(test)]
mod tests;
