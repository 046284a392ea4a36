//! What one worker's rows came to. Nothing in it depends on what other batches have met.

use std::collections::{HashMap, HashSet};

use roaring::RoaringTreemap;

use super::collected::Collected;
use super::ids_seen::IdsSeen;
use super::newest::Newest;
use crate::pass::log::{LogPart, Uncounteds};
use crate::pass::met::Meeting;
use crate::pass::outcome::{DateCount, Mailed, PartPassed, Watched};
use crate::pass::patrons::PatronsMet;
use crate::pass::prepared::Prepared;
use crate::pass::rejected::RejectedRows;
use crate::pass::runfiles::BatchFiles;
use crate::pass::vocabulary::Columns;
use crate::state::absent::AbsentPatron;
use crate::words::{Digest, TransactionId};

pub struct Batch {
    /// Its rows, by month.
    pub files: BatchFiles,
    /// What their codes mean.
    pub columns: Columns,
    /// And their patrons' numbers.
    pub patrons: PatronsMet,
    pub parts: Vec<PartPassed>,
    /// By part, the digests of its chunks and their places.
    pub digests: Vec<Vec<(u64, Digest)>>,
    pub dates: [DateCount; 2],
    pub collected: Collected,
    pub seen: IdsSeen,
    pub unplaced: RoaringTreemap,
    pub links: Vec<(TransactionId, TransactionId)>,
    pub newest: Newest,
    pub met: Vec<Meeting>,
    /// Patrons of linked rows who are missing from the export of patrons.
    pub absent: HashSet<AbsentPatron>,
    pub watched: Vec<Watched>,
    pub mailed: Vec<Vec<Mailed>>,
    pub rejected: RejectedRows,
    /// Of logs, by part.
    pub logs: Vec<LogPart>,
    pub uncounted: Uncounteds,
}

impl Batch {
    pub fn new(prepared: &Prepared<'_>, parts: usize, files: BatchFiles) -> Batch {
        Batch {
            files,
            columns: prepared.columns.clone(),
            patrons: PatronsMet::default(),
            parts: vec![PartPassed::default(); parts],
            digests: vec![Vec::new(); parts],
            dates: Default::default(),
            collected: Collected::new(),
            seen: IdsSeen::default(),
            unplaced: RoaringTreemap::new(),
            links: Vec::new(),
            newest: Newest { keep: prepared.keeps_last(), items: HashMap::new() },
            met: prepared.nothing_met(),
            absent: HashSet::new(),
            watched: Vec::new(),
            mailed: prepared.mailing.iter().map(|_| Vec::new()).collect(),
            rejected: RejectedRows::default(),
            logs: vec![LogPart::default(); parts],
            uncounted: Uncounteds::default(),
        }
    }
}
