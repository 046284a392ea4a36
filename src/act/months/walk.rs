//! What became of each row of a month of a snapshot, what goes on the worklist, what state remembers, and what is staged.
//!
//! Rows and what is known of earlier nights are walked side by side, both sorted by number and opening time: that is
//! what makes a transaction itself.

use super::job::{Job, Standing};
use super::step::{Step, Walked};
use crate::pass::CodedRow;
use crate::state::known::{Known, Traces};
use crate::words::{Day, Month, NeedSet, Outcome, Reason, TransactionId};

/// The rows of a month, sorted, and what is known of them.
pub struct Walk<'a> {
    pub bytes: &'a [u8],
    /// (number, opening, place), sorted.
    pub order: Vec<(TransactionId, i64, u32)>,
    pub known: Vec<Known>,
}

impl<'a> Walk<'a> {
    pub fn row(&self, job: &Job<'_>, place: u32) -> CodedRow<'a> {
        job.read.context.layout().row(self.bytes, place as usize)
    }

    /// Rows with their places, in the order of the exports: workers append them as they come, and what is decided must not
    /// depend on it.
    fn rows(&self, job: &Job<'_>, same: &[(TransactionId, i64, u32)]) -> Vec<(u32, CodedRow<'a>)> {
        let mut rows: Vec<(u32, CodedRow<'_>)> =
            same.iter().map(|(_, _, place)| (*place, self.row(job, *place))).collect();
        if rows.len() > 1 {
            rows.sort_unstable_by_key(|(_, row)| (row.part(), row.line()));
        }
        rows
    }

    /// Decides what became of every row.
    pub fn walk(self, job: &Job<'_>, month: Month, standing: Standing) -> Walked {
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
        step.finish()
    }
}

impl Step<'_> {
    /// A transaction that tonight's snapshot lacks. The snapshot is whole, so its link is gone; but not if a row with
    /// its number is there and can't be read tonight.
    fn absent(&mut self, mut entry: Known) {
        if !self.job.read.passed.unplaced.contains(entry.id.0) {
            self.tally.gone += u64::from(self.confirm(&mut entry));
        }
        self.known.push(entry);
    }

    /// Whether that is news.
    fn confirm(&mut self, entry: &mut Known) -> bool {
        let news = entry.requested.is_some() && !entry.confirmed;
        if news {
            entry.confirmed = true;
            for (place, _) in
                self.job.read.joins.iter().enumerate().filter(|(_, join)| join.before.contains(entry.id.0))
            {
                *self.tally.excused.entry(place).or_default() += 1;
            }
            // What nobody asked for isn't confirmed.
            self.tally.confirmed += u64::from(!self.severs_nothing());
            self.known_changed = true;
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
        let fresh = Known {
            id,
            opened,
            requested: None,
            confirmed: false,
            released: false,
            staged: false,
            late: false,
            traces: Traces::Unasked,
        };
        let was_known = entry.is_some();
        let before = entry.unwrap_or(fresh);
        let mut after = before;
        let mut seen = false;
        let mut linked = false;
        for (place, row) in walk.rows(self.job, same) {
            let Some((needs, reasons)) = self.job.read.settled.needs(row) else {
                self.count_repeat(row);
                continue;
            };
            seen = true;
            linked |= row.is_linked();
            let outcome = outcome(row, needs, before.requested);
            if self.job.read.settled.is_vanished(row) {
                self.tally.vanished.push((id, reasons.contains(Reason::Vanished)));
            }
            self.count(row, outcome, needs, reasons);
            self.note(id, outcome, needs);
            match outcome {
                Outcome::Retired => self.retire(&mut after, place, was_known),
                // Nobody was asked to sever it.
                Outcome::AlreadyRetired if self.severs_nothing() => {}
                Outcome::AlreadyRetired => self.residual(&mut after),
                Outcome::Unlinked if self.job.read.settled.frees_traces(row) => self.ask_for_traces(&mut after),
                Outcome::Kept | Outcome::Unlinked | Outcome::Rejected => {}
            }
            if matches!(outcome, Outcome::Retired | Outcome::AlreadyRetired) && !self.severs_nothing() {
                let height = self.job.read.settled.height(id);
                self.worklist.entry(height).or_default().insert(id.0);
            }
        }
        if seen && !linked {
            self.confirm(&mut after);
        }
        // By another id it was here before, when it named its patron.
        let seen = seen && (linked || !self.job.pipeline.declaration.knows_by_patron());
        if seen && self.standing == Standing::Releasing {
            after.released = true;
        }
        if seen && self.standing == Standing::Final && !before.released && !before.late && before.requested.is_none() {
            if self.is_closed_by_hand() {
                after.released = true;
            } else {
                after.late = true;
                self.tally.late += 1;
            }
        }
        if after != fresh {
            self.known.push(after);
        }
        self.known_changed |= after != before;
    }

    /// A transaction that names nobody, and of which no need is known: its other traces are asked for once.
    fn ask_for_traces(&mut self, after: &mut Known) {
        after.traces = match after.traces {
            Traces::Asked if self.job.traces_carried_out => Traces::Done,
            Traces::Done => Traces::Done,
            Traces::Asked | Traces::Unasked => {
                self.traces.insert(after.id.0);
                Traces::Asked
            }
        };
    }

    fn retire(&mut self, after: &mut Known, place: u32, was_known: bool) {
        after.requested = Some(self.job.tonight.day);
        if self.standing == Standing::Unreleased && !(was_known && after.staged) {
            after.staged = true;
            self.staged.push(place);
        }
    }

    fn residual(&mut self, after: &mut Known) {
        let Some(requested) = after.requested else { return };
        let nights = self.job.tonight.day.0 - requested.0;
        *self.tally.residual_by_nights.entry(nights).or_default() += 1;
        let put_back = after.confirmed;
        after.confirmed = false;
        if put_back || self.job.tonight.memory.day.is_none_or(|last| requested >= last) {
            self.tally.new_residual += 1;
        }
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
