//! A pipeline, worked out: what it came to, and what is to be written of it if the run commits.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::joins::JoinDone;
use super::outcome::PipelineOutcome;
use super::worklist_ids::WorklistIds;
use crate::act::begin::memory::Dates;
use crate::pass::{Mailed, RejectedRows};
use crate::pipeline::Pipeline;
use crate::policy::Mailing;
use crate::words::{Day, NeedSet, Period, TransactionId};

pub struct PipelineDone<'a> {
    pub pipeline: &'a Pipeline,
    pub outcome: PipelineOutcome,
    /// By column; those of lookups as `lookup.column`.
    pub dates: Vec<(String, Dates)>,
    /// The lookups that decide by having no row.
    pub joins: Vec<JoinDone>,
    /// The civil day on which the oldest of its exports was written.
    pub written: Day,
    pub ids: WorklistIds,
    /// Kept for long enough to review, and what for.
    pub review: Vec<(TransactionId, NeedSet)>,
    pub mailing: Vec<MailingList<'a>>,
    /// Digests of all decisions, month by month.
    pub decisions: Vec<u8>,
    /// What the run will remove once it is committed.
    pub removals: BTreeSet<String>,
    /// The years of which it is remembered who was there, from tonight on.
    pub years: Vec<Period>,
    /// Where its months' files were made.
    pub out: PathBuf,
    pub rejected: Rejected,
}

/// Rejected rows, for whom the policy names, and the files of each part.
pub struct Rejected {
    pub rows: RejectedRows,
    pub files: Vec<String>,
}

/// A mailing list, ready to be written.
pub struct MailingList<'a> {
    pub name: &'a str,
    pub asked: &'a Mailing,
    pub patrons: Vec<Mailed>,
}
