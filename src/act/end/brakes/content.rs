//! Brakes on the age of what the exports hold, whatever time their files bear.

use super::figures::{BrakeFigures, BrakeReason, Contents};
use crate::act::begin::memory::PipelineMemory;
use crate::evidence::figure::grouped;
use crate::words::Day;

/// A table of fewer rows may well be the same for days.
const ROWS: u64 = 20;
/// So many runs in a row must an export of a lookup have changed before one that is the same again is out of the ordinary.
const CHANGES: u32 = 6;
/// The newest of fewer dates may well be some days old.
const DATES: u64 = 100;
/// By so many days the newest date may be behind the export.
const BEHIND: i32 = 3;
/// So many dates ahead of the clock are more than slips.
const AHEAD: u64 = 3;

/// `later`: the last run was on another day.
pub fn why(
    known: Option<&PipelineMemory>,
    figures: &BrakeFigures<'_>,
    later: bool,
    tonight: Day,
) -> Vec<(BrakeReason, String)> {
    let mut all = Vec::new();
    if let Some(known) = known.filter(|_| later) {
        all.extend(same(known, figures));
    }
    // The dates of logs are those of their files, which wait.
    if !figures.is_log() {
        all.extend(clock(known, figures, tonight));
    }
    all
}

fn same(known: &PipelineMemory, figures: &BrakeFigures<'_>) -> Option<(BrakeReason, String)> {
    let before = |contents: &Contents<'_>| known.contents.get(contents.source);
    let is_same = |contents: &Contents<'_>| before(contents).is_some_and(|known| known.digests == contents.digests);
    let transactions = || figures.contents.iter().filter(|contents| contents.decides.is_none() && contents.records > 0);
    let all = transactions().next().is_some() && transactions().all(is_same);
    let minds = |contents: &&Contents<'_>| {
        let Some(before) = before(contents).filter(|_| is_same(contents)) else { return false };
        let usual = before.repeated || contents.records < ROWS;
        match contents.decides {
            // A month that is short is short for ever.
            None => contents.records > 0 && (all || !usual || !figures.released.is_empty()),
            Some(decides) => decides && !usual && before.changed >= CHANGES,
        }
    };
    let found: Vec<&str> = figures.contents.iter().filter(minds).map(|contents| contents.source).collect();
    (!found.is_empty()).then(|| {
        let why = format!(
            "{}: byte for byte what the last run read, of another day. Is it the export of tonight?",
            found.join(", ")
        );
        (BrakeReason::Same, why)
    })
}

fn clock(known: Option<&PipelineMemory>, figures: &BrakeFigures<'_>, tonight: Day) -> Vec<(BrakeReason, String)> {
    let mut all = Vec::new();
    if let Some((behind, newest)) = behind(figures)
        && behind > BEHIND
        && behind >= BEHIND + known.map_or(0, |known| known.behind)
    {
        let why = format!(
            "the newest date in its transactions is {newest}, {behind} days before its exports were written: are they old, or \
             is the clock ahead? (tonight is {tonight})"
        );
        all.push((BrakeReason::Clock, why));
    }
    for (column, dates) in &figures.dates {
        let before = known.and_then(|known| known.dates.get(*column)).map_or(0, |before| before.ahead);
        if dates.ahead >= AHEAD && dates.ahead * 1_000 > dates.set && dates.ahead > before {
            let why = format!(
                "`{column}`: {} of {} dates lie more than a day ahead of {tonight}: is the clock right?",
                grouped(dates.ahead),
                grouped(dates.set)
            );
            all.push((BrakeReason::Clock, why));
        }
    }
    all
}

/// By how many days the newest date is behind the exports, and that date. None: too few to tell.
pub fn behind(figures: &BrakeFigures<'_>) -> Option<(i32, Day)> {
    let set: u64 = figures.dates.iter().map(|(_, dates)| dates.set).sum();
    let newest = figures.dates.iter().filter_map(|(_, dates)| dates.newest).max()?;
    (set >= DATES).then_some((figures.written.0 - newest.0, newest))
}
