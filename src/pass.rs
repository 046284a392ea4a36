//! The pass: from chunks of records to decided, treated, coded rows in run files, one file a month of opening and batch.
//!
//! A function of (prepared, chunks) to batches that merge, so that it can run on as many workers as there are, or elsewhere.
//! `prepare` makes everything that stays still; `worker` treats one row after the other, and numbers the texts and patrons
//! that it meets for itself; `merged` renumbers; `settle` looks once at the few rows that depend on others (chains, repeated
//! numbers, last borrowers). Memory grows with patrons, items and bills, not with rows.

mod absent;
mod coded;
mod context;
mod error;
mod ids;
mod intake;
mod join;
mod log;
mod maker;
mod merged;
mod met;
mod outcome;
mod own_number;
mod patrons;
mod prepare;
mod prepared;
mod rejected;
mod requests;
mod rules;
mod run;
mod runfiles;
mod scope;
mod settle;
mod vocabulary;
mod worker;

pub use absent::AbsentAsked;
pub use coded::{CodedRow, Layout};
pub use context::Context;
pub use error::{PassError, PrepareError};
pub use ids::{IdRule, texts};
pub use intake::Intake;
pub use log::{LogPart, LogRun, MOST_FILES, Uncounted, Unlisted};
pub use met::Meeting;
pub use outcome::{DateCount, Mailed, PartPassed, Passed, Watch, Watched};
pub use own_number::{NoOwnNumber, check_own_number};
pub use prepare::{Digests, Exports, Part, Prepare, Ready};
pub use prepared::Prepared;
pub use rejected::{RejectedRow, RejectedRows};
pub use run::pass;
pub use runfiles::{RunFileError, RunFiles, UNDATED};
pub use scope::HoldScope;
pub use settle::{Settled, SettledLogs, SettledSnapshot, Standing, settle};
pub use vocabulary::{Columns, Patrons, Vocabulary};
pub use worker::sample;
