//! Brakes on what became of rows: how many are undetermined, unreadable or late, and needs that keep nothing any longer.

use super::figures::{BrakeFigures, BrakeReason};
use crate::act::begin::memory::{Dates, PipelineMemory};
use crate::evidence::figure::grouped;
use crate::words::Need;

/// No brake on a share of rows below this many.
const ROWS: u64 = 10;
/// No brake on a share of unreadable cells below this many.
const CELLS: u64 = 3;
/// Fewer than these many rows less, and a need has not collapsed. One that ends by itself, with time or with a return, may
/// lose more in one night.
const FEWER: u64 = 3;
const FEWER_BY_ITSELF: u64 = 20;

pub fn why(known: Option<&PipelineMemory>, figures: &BrakeFigures<'_>) -> Vec<(BrakeReason, String)> {
    let mut all = Vec::new();
    all.extend(undetermined(known.and_then(|known| known.undetermined), figures));
    for (column, now) in &figures.dates {
        all.extend(unreadable(column, known.and_then(|known| known.dates.get(*column)), *now));
    }
    // Rows of a log that come after their month is final are told where the log is.
    if !figures.is_log() && figures.tally.late >= ROWS && figures.tally.late * 100 > figures.totals.read {
        let (late, read) = (grouped(figures.tally.late), grouped(figures.totals.read));
        let why = format!(
            "{late} of {read} rows belong to months that are final and were in no export before; usual is less than one in a \
             hundred"
        );
        all.push((BrakeReason::Late, why));
    }
    if let Some(known) = known {
        all.extend(needs(known, figures));
    }
    all
}

/// More than five in a hundred, or one in a hundred more than before. What a person once accepted is no news: of the linked,
/// those that can't be decided stay while others go, so their share grows though their number doesn't.
fn undetermined(before: Option<u64>, figures: &BrakeFigures<'_>) -> Option<(BrakeReason, String)> {
    let now = figures.undetermined();
    let more = now.saturating_sub(before.unwrap_or(0));
    let jumped = before.is_some() && more * 100 > figures.linked();
    let many = now * 20 > figures.linked() && more * 10 > before.unwrap_or(0);
    if more < ROWS || !(jumped || many) {
        return None;
    }
    let (now, linked) = (grouped(now), grouped(figures.linked()));
    let usual = match before {
        Some(before) => format!("in the last run it was {}", grouped(before)),
        None => "usual is less than 5 %".into(),
    };
    let why = format!("{now} of {linked} linked rows are undetermined: {usual}. `explain` tells why one is");
    Some((BrakeReason::Undetermined, why))
}

/// More than one in a hundred, unless the last run had as many.
fn unreadable(column: &str, before: Option<&Dates>, now: Dates) -> Option<(BrakeReason, String)> {
    let many = |dates: &Dates| dates.unreadable >= CELLS && dates.unreadable * 100 > dates.set;
    if !many(&now) || before.is_some_and(many) {
        return None;
    }
    let why = format!(
        "`{column}`: {} of {} values can't be read, and this column decides; usual is less than one in a hundred. Are they \
         written as the pipeline says?",
        grouped(now.unreadable),
        grouped(now.set)
    );
    Some((BrakeReason::Dates, why))
}

/// Half or more of what a need kept in the last run is kept for it no longer.
fn needs(known: &PipelineMemory, figures: &BrakeFigures<'_>) -> Vec<(BrakeReason, String)> {
    let collapsed = |(need, before): (&Need, &u64)| {
        let fewer = match need {
            // A legal hold reads so, too, and ends without a word.
            Need::Undetermined | Need::LegalHold => return None,
            Need::Owing | Need::Disputed | Need::Lost | Need::History => FEWER,
            Need::Open | Need::Grace | Need::Settled | Need::Refund | Need::Chain | Need::LastBorrower => {
                FEWER_BY_ITSELF
            }
        };
        let now = figures.needs().get(need).copied().unwrap_or(0);
        if now * 2 > *before || before - now < fewer {
            return None;
        }
        let why = format!(
            "`{need}` kept {} rows in the last run and keeps {} tonight: what says that it is needed may be missing",
            grouped(*before),
            grouped(now)
        );
        Some((BrakeReason::Needs, why))
    };
    known.needs.iter().filter_map(collapsed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_a_hundred_is_many_and_what_was_accepted_is_no_news() {
        let dates = |set, unreadable| Dates { set, unreadable, ..Dates::default() };
        assert!(unreadable("a", None, dates(100, 2)).is_none(), "too few");
        assert!(unreadable("a", None, dates(300, 3)).is_none());
        assert!(unreadable("a", None, dates(299, 3)).is_some());
        assert!(unreadable("a", Some(&dates(299, 3)), dates(299, 3)).is_none());
    }
}
