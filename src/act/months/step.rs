//! What is counted and noted of a month, row by row, whichever way its rows are walked.

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringTreemap;

use super::done::{InYear, MonthDone};
use super::job::{Job, Standing};
use super::tally::{Inventory, Tally};
use crate::pass::CodedRow;
use crate::state::known::Known;
use crate::words::{Day, Month, Need, NeedSet, Outcome, ReasonSet, Totals, TransactionId};

pub struct Step<'a> {
    pub job: &'a Job<'a>,
    pub standing: Standing,
    month: Month,
    totals: Vec<Totals>,
    pub tally: Tally,
    /// Exact repeats: part and line.
    pub repeats: Vec<(usize, u64)>,
    /// Due and linked, by their distance from the newest of their chain.
    pub worklist: BTreeMap<u32, RoaringTreemap>,
    /// Of those that name nobody, whose other traces are severed.
    pub traces: RoaringTreemap,
    pub known: Vec<Known>,
    pub known_changed: bool,
    /// Kept for long enough to review, and what for.
    review: Vec<(TransactionId, NeedSet)>,
    /// Places of rows.
    pub staged: Vec<u32>,
    decided: Vec<u8>,
}

/// What a walk found: the month's figures, what state will remember, and which rows are staged.
pub struct Walked {
    pub done: MonthDone,
    pub known: Vec<Known>,
    pub known_changed: bool,
    pub staged: Vec<u32>,
}

impl Step<'_> {
    /// Whether what is due stays linked: its id means nothing to the system.
    pub fn severs_nothing(&self) -> bool {
        self.job.pipeline.declaration.severs_nothing()
    }

    /// Whether a person closed the month before its time.
    pub fn is_closed_by_hand(&self) -> bool {
        self.job.tonight.memory.is_closed_by_hand(self.job.pipeline.declaration.kind, self.month)
    }
}

impl<'a> Step<'a> {
    pub fn new(job: &'a Job<'a>, month: Month, standing: Standing, known: usize) -> Step<'a> {
        Step {
            job,
            standing,
            month,
            totals: vec![Totals::default(); job.read.sources.len()],
            tally: Tally::default(),
            repeats: Vec::new(),
            worklist: BTreeMap::new(),
            traces: RoaringTreemap::new(),
            known: Vec::with_capacity(known),
            known_changed: false,
            review: Vec::new(),
            staged: Vec::new(),
            decided: Vec::new(),
        }
    }

    /// Counts a row that repeats another exactly.
    pub fn count_repeat(&mut self, row: CodedRow<'_>) {
        self.totals[row.part()].count(Outcome::Rejected, NeedSet::NONE);
        self.repeats.push((row.part(), u64::from(row.line())));
        self.note(row.id(), Outcome::Rejected, NeedSet::NONE);
    }

    pub fn count(&mut self, row: CodedRow<'_>, outcome: Outcome, needs: NeedSet, reasons: ReasonSet) {
        let review_from = self.job.review_after.map(|days| row.day().plus(days));
        let review = review_from.is_some_and(|from: Day| from <= self.job.tonight.day);
        if review && outcome == Outcome::Kept && !self.severs_nothing() {
            self.review.push((row.id(), needs.without_secrets()));
        }
        self.count_many(row.part(), outcome, (needs, reasons), review, 1);
    }

    /// Counts rows of one part that are alike. `review`: if they are kept, a person should look.
    pub fn count_many(
        &mut self,
        part: usize,
        outcome: Outcome,
        (needs, reasons): (NeedSet, ReasonSet),
        review: bool,
        rows: u64,
    ) {
        self.totals[part].count_many(outcome, needs.without_secrets(), rows);
        if outcome != Outcome::Kept {
            return;
        }
        if needs.contains(Need::LegalHold) {
            self.tally.director.under_legal_hold += rows;
        }
        for reason in reasons.iter() {
            *self.tally.director.reasons.entry(reason).or_default() += rows;
        }
        if review {
            self.tally.review += rows;
            for need in needs.without_secrets().iter() {
                *self.tally.review_by_need.entry(need).or_default() += rows;
            }
        }
    }

    /// Takes a decision down for the plan's digest.
    pub fn note(&mut self, id: TransactionId, outcome: Outcome, needs: NeedSet) {
        self.decided.extend_from_slice(&id.0.to_le_bytes());
        self.decided.push(outcome as u8);
        self.decided.extend_from_slice(&needs.0.to_le_bytes());
    }

    fn inventory(&self) -> Inventory {
        let linked = |totals: &Totals| totals.kept + totals.retired + totals.already_retired;
        let linked: u64 = self.totals.iter().map(linked).sum();
        let asked = self.known.iter().filter(|entry| entry.requested.is_some() && !self.severs_nothing());
        Inventory {
            linked_by_month: (linked > 0).then_some((self.month, linked)).into_iter().collect(),
            traced: self.traces.len(),
            asked: asked.clone().count() as u64,
            severed: asked.filter(|entry| entry.confirmed).count() as u64,
        }
    }

    pub fn finish(mut self) -> Walked {
        let mut digest = self.job.tonight.keys.digest("decisions");
        digest.update(&self.decided);
        let retired: u64 = self.totals.iter().map(|totals| totals.retired).sum();
        if retired > 0 {
            self.tally.retired_by_month.insert(self.month, retired);
        }
        self.tally.inventory = self.inventory();
        let done = MonthDone {
            month: self.month,
            totals: self.totals,
            tally: self.tally,
            repeats: self.repeats,
            worklist: self.worklist,
            traces: self.traces,
            review: self.review,
            texts: Vec::new(),
            digest: digest.finish(),
            released: None,
            waits: false,
            in_year: InYear::Nothing,
            removals: BTreeSet::new(),
        };
        Walked { done, known: self.known, known_changed: self.known_changed, staged: self.staged }
    }
}
