//! The pass: from chunks of records to decided, treated, coded rows in run files, one file a month of opening.
//!
//! A function of (context, chunk) to mergeable results, so that it can run on as many workers as there are. `context`
//! is everything that was prepared and stays still; `worker` treats one row after the other; `settle` looks once at the
//! few rows that depend on others (chains, repeated numbers, last borrowers). Memory grows with patrons, items and
//! bills, not with rows.

mod coded;
mod columns;
pub mod context;
mod ids;
mod join;
mod log;
mod mailing;
mod rejected;
mod requests;
mod runfiles;
mod scope;
mod settle;
mod worker;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

pub use coded::{CodedRow, Layout};
pub use columns::{Columns, Patrons};
pub use context::{Context, Prepare, PrepareError};
pub use ids::{IdRule, texts};
pub use log::{LogPart, LogRun, MOST_FILES, Uncounted};
pub use mailing::Mailed;
pub use rejected::{RejectedRow, RejectedRows};
pub use runfiles::{RunFileError, RunFiles, UNDATED};
pub use scope::HoldScope;
pub use settle::{Settled, Standing, settle};

use crate::decide::{Chains, Decision};
use crate::export::{Chunks, ExportError};
use crate::leak::Identifiers;
use crate::state::keys::KeyedDigest;
use crate::words::{Digest, Reason, TransactionId};

/// How many line numbers of rejected rows a report names, by reason and part.
const LINES_NAMED: usize = 20;

/// Why a pass stopped. It stops its pipeline.
#[derive(Debug, thiserror::Error)]
pub enum PassError {
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error(transparent)]
    RunFile(#[from] RunFileError),
    #[error(
        "the published column `{column}` has more than 65,000 different values: too many to say anything of groups; \
         give it a coarser treatment"
    )]
    TooManyValues { column: String },
    #[error("more patrons than a run can number (4 thousand million)")]
    TooManyPatrons,
    #[error("a log has more lines (4 thousand million), or the site more runs (65,535), than afterloan can tell apart")]
    TooManyLines,
}

/// What a pass says of one part (one export of transactions).
#[derive(Clone, Debug, Default)]
pub struct PartPassed {
    pub records: u64,
    /// By reason: how many, and on which lines the first of them stand.
    pub rejected: BTreeMap<Reason, (u64, Vec<u64>)>,
    pub digest: Option<Digest>,
    pub bytes: u64,
}

/// How often a date column had a value, and how often that was unreadable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DateCount {
    pub set: u64,
    pub unreadable: u64,
}

/// The transactions whose decisions `explain` asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Watch {
    None,
    One(TransactionId),
    /// Of a log: the line of that number in every file.
    Line(u32),
    All,
}

impl Watch {
    fn covers(self, id: TransactionId) -> bool {
        match self {
            Watch::None => false,
            Watch::One(wanted) => wanted == id,
            Watch::Line(line) => id.0 as u32 == line,
            Watch::All => true,
        }
    }
}

/// A decision that was asked for by `explain`.
#[derive(Clone, Debug)]
pub struct Watched {
    pub part: usize,
    pub line: u64,
    pub linked: bool,
    pub opened: Option<crate::words::Day>,
    pub decision: Decision,
    /// Of a log with `[requests]`: it is one that counts.
    pub counts: bool,
}

/// Everything a pass found, beside the run files.
pub struct Passed {
    pub parts: Vec<PartPassed>,
    pub dates: BTreeMap<String, DateCount>,
    pub identifiers: Identifiers,
    /// Numbers that more than one row has.
    pub repeated: roaring::RoaringTreemap,
    /// Numbers of rows that are there and can't be placed: rejected, or linked without a readable opening.
    pub unplaced: roaring::RoaringTreemap,
    pub chains: Chains,
    /// The newest loans of each item, where the policy keeps them.
    pub newest: std::collections::HashSet<(TransactionId, i64)>,
    pub watched: Vec<Watched>,
    /// Of logs, by part; empty for a snapshot.
    pub logs: Vec<LogPart>,
    /// Of logs: rows that don't count.
    pub uncounted: BTreeMap<Uncounted, u64>,
    /// Who wants to be on each of the policy's mailing lists.
    pub mailed: Vec<Vec<Mailed>>,
    /// None are kept unless the policy names a recipient.
    pub rejected: RejectedRows,
}

/// Runs the pass over all parts with every core.
pub fn pass(
    context: &Context<'_>,
    parts: &[Chunks],
    files: &RunFiles,
    digest: &KeyedDigest,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Passed, PassError> {
    let workers = rayon::current_num_threads().max(1);
    let failed = AtomicU64::new(0);
    let mut results: Vec<Option<Result<worker::Worker<'_>, PassError>>> = (0..workers).map(|_| None).collect();
    rayon::scope(|scope| {
        for result in &mut results {
            let failed = &failed;
            scope.spawn(move |_| {
                let worked = worker::Worker::new(context, files).run(parts, digest, progress, failed);
                if worked.is_err() {
                    failed.store(1, Ordering::Relaxed);
                }
                *result = Some(worked);
            });
        }
    });
    let mut merged = worker::Merged::new(parts.len(), context.keeps_last());
    for result in results.into_iter().flatten() {
        merged.add(result?);
    }
    Ok(merged.finish(parts, digest))
}
