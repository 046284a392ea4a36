//! What one worker's rows came to. Nothing in it depends on what other batches have met.

use super::collected::Collected;
use super::findings::Findings;
use crate::pass::log::Uncounteds;
use crate::pass::patrons::PatronsMet;
use crate::pass::prepared::Prepared;
use crate::pass::rejected::RejectedRows;
use crate::pass::runfiles::BatchFiles;
use crate::pass::vocabulary::Columns;
use crate::words::Digest;

pub struct Batch {
    /// Its rows, by month.
    pub files: BatchFiles,
    /// What their codes mean.
    pub columns: Columns,
    /// And their patrons' numbers.
    pub patrons: PatronsMet,
    /// By part, the digests of its chunks and their places.
    pub digests: Vec<Vec<(u64, Digest)>>,
    pub collected: Collected,
    pub findings: Findings,
    pub uncounted: Uncounteds,
    pub rejected: RejectedRows,
}

impl Batch {
    pub fn new(prepared: &Prepared<'_>, parts: usize, files: BatchFiles) -> Batch {
        Batch {
            files,
            columns: prepared.columns.clone(),
            patrons: PatronsMet::default(),
            digests: vec![Vec::new(); parts],
            collected: Collected::new(),
            findings: Findings::new(prepared, parts),
            uncounted: Uncounteds::default(),
            rejected: RejectedRows::default(),
        }
    }
}
