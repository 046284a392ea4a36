//! One month of a log: what became of each row.
//!
//! A file is retired whole, once, so nothing is known of single rows: whether a row was retired before is said by its file
//! and line. All rows of a file that is retired tonight, linked or not, are staged or released tonight: afterwards there is
//! no file. Rows that don't count come as numbers of rows that are alike.

use super::job::{Job, Standing};
use super::step::{Step, Walked};
use super::walk::Walk;
use crate::pass::{UNDATED, Uncounted};
use crate::words::{Month, NeedSet, Outcome, TransactionId};

/// What became of rows: the first that fits.
fn outcome(linked: bool, needs: NeedSet, again: bool) -> Outcome {
    match (linked, needs.is_empty(), again) {
        (false, _, _) => Outcome::Unlinked,
        (true, false, _) => Outcome::Kept,
        (true, true, true) => Outcome::AlreadyRetired,
        (true, true, false) => Outcome::Retired,
    }
}

impl Walk<'_> {
    pub fn walk_log(self, job: &Job<'_>, month: Month, standing: Standing) -> Walked {
        let mut step = Step::new(job, month, standing, 0);
        for (id, _, place) in &self.order {
            let row = self.row(job, *place);
            let (needs, reasons) = job.read.settled.needs(row).unwrap_or_default();
            let again = job.read.settled.is_again(row);
            let outcome = outcome(row.is_linked(), needs, again);
            step.count(row, outcome, needs, reasons);
            step.note(*id, outcome, needs);
            if again || outcome == Outcome::Kept || job.read.settled.file_waits(row.part()) {
                continue;
            }
            if !job.read.context.counts(row) {
                step.tally.requests.double_clicks += 1;
                continue;
            }
            step.tally.requests.counted += 1;
            match standing {
                Standing::Unreleased if month != UNDATED => step.staged.push(*place),
                Standing::Final if step.is_closed_by_hand() => {}
                Standing::Final => step.tally.late += 1,
                Standing::Unreleased | Standing::Releasing | Standing::Never => {}
            }
        }
        let of_month = |one: &Uncounted| one.month == month;
        for (one, rows) in job.read.passed.logs.uncounted.iter().filter(|(one, _)| of_month(one)) {
            uncounted(&mut step, job, one, *rows);
        }
        step.finish()
    }
}

fn uncounted(step: &mut Step<'_>, job: &Job<'_>, one: &Uncounted, rows: u64) {
    let again = one.again || job.read.settled.is_copy(one.part);
    let (needs, reasons) = job.read.settled.needs_in_log(one.part, again, one.linked, (one.needs, one.reasons));
    let outcome = outcome(one.linked, needs, again);
    step.count_many(one.part, outcome, (needs, reasons), one.review, rows);
    step.note(TransactionId(one.part as u64), outcome, needs);
    step.note(TransactionId(rows), outcome, one.needs);
    if !again && outcome != Outcome::Kept && !job.read.settled.file_waits(one.part) {
        step.tally.requests.uncounted += rows;
    }
}
