//! One month of one pipeline: what became of each row, what goes on the worklist, what state remembers, and what is
//! staged or released.
//!
//! Rows and what is known of earlier nights are walked side by side, both sorted by number and opening time: that is
//! what makes a transaction itself.

use std::collections::BTreeMap;

use roaring::RoaringTreemap;
use serde::Serialize;

use super::months::{Job, MonthError};
use crate::pass::CodedRow;
use crate::state::known::Known;
use crate::words::{Day, Digest, Month, Need, NeedSet, Outcome, Reason, ReasonSet, Totals, TransactionId};

/// What a month's decisions come to.
#[derive(Default)]
pub struct MonthDone {
    pub month: Option<Month>,
    pub totals: Vec<Totals>,
    /// Why rows are undetermined, and how many a legal hold covers: for the director.
    pub reasons: BTreeMap<Reason, u64>,
    pub under_legal_hold: u64,
    pub review: u64,
    pub review_by_need: BTreeMap<Need, u64>,
    /// Exact repeats: part and line.
    pub repeats: Vec<(usize, u64)>,
    /// Due and linked, by their distance from the newest of their chain.
    pub worklist: BTreeMap<u32, RoaringTreemap>,
    /// Their texts, where ids are texts.
    pub texts: Vec<(u64, Box<str>)>,
    pub confirmed: u64,
    /// Those of them that tonight's snapshot lacks.
    pub gone: u64,
    /// Nights since they were requested → residual rows.
    pub residual: BTreeMap<i32, u64>,
    /// Residuals that are news: requested by the last run, or linked again after they were confirmed.
    pub new_residual: u64,
    pub late: u64,
    pub digest: Option<Digest>,
    pub staged: u64,
    pub released: Option<Released>,
    pub requests: Requests,
}

/// Of the rows of logs that were retired tonight, linked or not: which are requests that count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Requests {
    pub counted: u64,
    /// Another request followed within seconds, and counts.
    pub double_clicks: u64,
    /// Failed, or a page's furniture.
    pub uncounted: u64,
}

impl std::ops::AddAssign for Requests {
    fn add_assign(&mut self, other: Requests) {
        self.counted += other.counted;
        self.double_clicks += other.double_clicks;
        self.uncounted += other.uncounted;
    }
}

/// A month that became final tonight.
pub struct Released {
    pub rows: u64,
    pub closed: Option<String>,
    pub counts: Option<crate::release::Counts>,
}

/// How a month stands tonight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Final since an earlier night.
    Final,
    /// It becomes final tonight.
    Releasing,
    /// Its turn hasn't come: what is retired of it is staged.
    Unreleased,
    /// Nothing is published from the pipeline's side: what is due goes straight onto the worklist, as nothing of use is
    /// lost by it.
    Never,
}

/// The rows of a month, sorted, and what is known of them.
pub struct Walk<'a> {
    pub bytes: &'a [u8],
    /// (number, opening, place), sorted.
    pub order: Vec<(TransactionId, i64, u32)>,
    pub known: Vec<Known>,
}

/// What the walk found: the month's figures, what state will remember, and which rows are staged.
pub struct Walked {
    pub done: MonthDone,
    pub known: Vec<Known>,
    pub known_changed: bool,
    pub stage: Vec<u32>,
}

impl<'a> Walk<'a> {
    pub fn new(job: &Job<'_>, bytes: &'a [u8], known: Vec<Known>) -> Walk<'a> {
        let layout = job.context.layout();
        let mut order: Vec<(TransactionId, i64, u32)> =
            layout.rows(bytes).enumerate().map(|(place, row)| (row.id(), row.opened(), place as u32)).collect();
        if !order.is_sorted() {
            order.sort_unstable();
        }
        Walk { bytes, order, known }
    }

    pub(super) fn row(&self, job: &Job<'_>, place: u32) -> CodedRow<'a> {
        job.context.layout().row(self.bytes, place as usize)
    }

    /// Decides what became of every row.
    pub fn walk(self, job: &Job<'_>, month: Month, standing: Standing) -> Result<Walked, MonthError> {
        let mut step = Step::new(job, month, standing, self.known.len());
        let mut known = self.known.iter().peekable();
        for same in self.order.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let (id, opened, _) = same[0];
            while let Some(gone) = known.next_if(|entry| (entry.id, entry.opened) < (id, opened)) {
                step.absent(*gone);
            }
            let entry = known.next_if(|entry| (entry.id, entry.opened) == (id, opened)).copied();
            step.present(&self, (id, opened), same, entry);
        }
        known.for_each(|gone| step.absent(*gone));
        Ok(step.finish())
    }
}

pub(super) struct Step<'a> {
    job: &'a Job<'a>,
    standing: Standing,
    pub done: MonthDone,
    known: Vec<Known>,
    changed: bool,
    pub stage: Vec<u32>,
    decided: Vec<u8>,
}

impl<'a> Step<'a> {
    pub fn new(job: &'a Job<'a>, month: Month, standing: Standing, known: usize) -> Step<'a> {
        let parts = job.parts;
        Step {
            job,
            standing,
            done: MonthDone { month: Some(month), totals: vec![Totals::default(); parts], ..MonthDone::default() },
            known: Vec::with_capacity(known),
            changed: false,
            stage: Vec::new(),
            decided: Vec::new(),
        }
    }

    /// A transaction that tonight's snapshot lacks. The snapshot is whole, so its link is gone; but not if a row with
    /// its number is there and can't be read tonight.
    fn absent(&mut self, mut entry: Known) {
        if !self.job.unplaced.contains(entry.id.0) {
            self.done.gone += u64::from(self.confirm(&mut entry));
        }
        self.known.push(entry);
    }

    /// Whether that is news.
    fn confirm(&mut self, entry: &mut Known) -> bool {
        let news = entry.requested.is_some() && !entry.confirmed;
        if news {
            entry.confirmed = true;
            self.done.confirmed += 1;
            self.changed = true;
        }
        news
    }

    /// All rows of one transaction: more than one only where its number was given out twice.
    fn present(
        &mut self,
        walk: &Walk<'_>,
        (id, opened): (TransactionId, i64),
        same: &[(TransactionId, i64, u32)],
        entry: Option<Known>,
    ) {
        let fresh =
            Known { id, opened, requested: None, confirmed: false, released: false, staged: false, late: false };
        let was_known = entry.is_some();
        let before = entry.unwrap_or(fresh);
        let mut after = before;
        let mut seen = false;
        let mut linked = false;
        // Workers append rows as they come: what is decided must not depend on it.
        let mut rows: Vec<(u32, CodedRow<'_>)> =
            same.iter().map(|(_, _, place)| (*place, walk.row(self.job, *place))).collect();
        if rows.len() > 1 {
            rows.sort_unstable_by_key(|(_, row)| (row.part(), row.line()));
        }
        for (place, row) in &rows {
            let row = *row;
            let Some((needs, reasons)) = self.job.settled.needs(row) else {
                self.done.totals[row.part()].count(Outcome::Rejected, NeedSet::NONE);
                self.done.repeats.push((row.part(), u64::from(row.line())));
                self.note(id, Outcome::Rejected, NeedSet::NONE);
                continue;
            };
            seen = true;
            linked |= row.is_linked();
            let outcome = outcome(row, needs, before.requested);
            self.count(row, outcome, needs, reasons);
            self.note(id, outcome, needs);
            match outcome {
                Outcome::Retired => self.retire(&mut after, *place, was_known),
                Outcome::AlreadyRetired => self.residual(&mut after),
                Outcome::Kept | Outcome::Unlinked | Outcome::Rejected => {}
            }
            if matches!(outcome, Outcome::Retired | Outcome::AlreadyRetired) {
                let height = self.job.settled.height(id);
                self.done.worklist.entry(height).or_default().insert(id.0);
            }
        }
        if seen && !linked {
            self.confirm(&mut after);
        }
        if seen && self.standing == Standing::Releasing {
            after.released = true;
        }
        if seen && self.standing == Standing::Final && !before.released && !before.late && before.requested.is_none() {
            after.late = true;
            self.done.late += 1;
        }
        if after != fresh {
            self.known.push(after);
        }
        self.changed |= after != before;
    }

    fn retire(&mut self, after: &mut Known, place: u32, was_known: bool) {
        after.requested = Some(self.job.day);
        if self.standing == Standing::Unreleased && !(was_known && after.staged) {
            after.staged = true;
            self.stage.push(place);
        }
    }

    fn residual(&mut self, after: &mut Known) {
        let Some(requested) = after.requested else { return };
        let nights = self.job.day.0 - requested.0;
        *self.done.residual.entry(nights).or_default() += 1;
        let put_back = after.confirmed;
        after.confirmed = false;
        if put_back || self.job.last_day.is_none_or(|last| requested >= last) {
            self.done.new_residual += 1;
        }
    }

    pub fn count(&mut self, row: CodedRow<'_>, outcome: Outcome, needs: NeedSet, reasons: ReasonSet) {
        let review_from = self.job.review_after.map(|days| row.day().plus(days));
        let review = review_from.is_some_and(|from: Day| from <= self.job.day);
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
        self.done.totals[part].count_many(outcome, needs.without_secrets(), rows);
        if outcome != Outcome::Kept {
            return;
        }
        if needs.contains(Need::LegalHold) {
            self.done.under_legal_hold += rows;
        }
        for reason in reasons.iter() {
            *self.done.reasons.entry(reason).or_default() += rows;
        }
        if review {
            self.done.review += rows;
            for need in needs.without_secrets().iter() {
                *self.done.review_by_need.entry(need).or_default() += rows;
            }
        }
    }

    /// Takes a decision down for the plan's digest.
    pub fn note(&mut self, id: TransactionId, outcome: Outcome, needs: NeedSet) {
        self.decided.extend_from_slice(&id.0.to_le_bytes());
        self.decided.push(outcome as u8);
        self.decided.extend_from_slice(&needs.0.to_le_bytes());
    }

    pub fn finish(mut self) -> Walked {
        let mut digest = self.job.decisions.clone();
        digest.update(&self.decided);
        self.done.digest = Some(digest.finish());
        self.done.staged = self.stage.len() as u64;
        Walked { done: self.done, known: self.known, known_changed: self.changed, stage: self.stage }
    }
}

/// What became of a row: the first that fits.
pub fn outcome(row: CodedRow<'_>, needs: NeedSet, requested: Option<Day>) -> Outcome {
    if !row.is_linked() {
        Outcome::Unlinked
    } else if !needs.is_empty() {
        Outcome::Kept
    } else if requested.is_some() {
        Outcome::AlreadyRetired
    } else {
        Outcome::Retired
    }
}
