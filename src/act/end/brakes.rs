//! Brakes: what is out of the ordinary waits until a person accepts that plan.

mod content;
mod figures;
mod months;
mod rows;

pub use figures::{Brake, BrakeFigures, BrakeReason, Contents};

use crate::act::begin::Tonight;
use crate::act::begin::memory::{Dates, Memory, PipelineMemory};
use crate::words::{Day, Digest};

/// No brake on retirements below this many rows.
const NEVER_BELOW: u64 = 100;
/// The median of retirements counts from this many runs on.
const FROM_RUN: usize = 7;
/// Longest time between two runs, in days.
const LONGEST_PAUSE: i32 = 31;

/// By how many days the newest date is behind the exports; 0 where too few tell.
pub fn days_behind(figures: &BrakeFigures<'_>) -> i32 {
    content::behind(figures).map_or(0, |(days, _)| days)
}

/// Brakes on the whole site.
pub fn on_site(tonight: &Tonight) -> Vec<Brake> {
    let memory = &tonight.memory;
    let mut brakes = Vec::new();
    let brake = |reason, why: String| Brake { pipeline: None, reason, why };
    if memory.policy.is_some_and(|policy| policy != tonight.policy.digest) {
        brakes.push(brake(BrakeReason::Policy, "the policy changed since the last run".into()));
    }
    if let Some(last) = memory.day
        && tonight.day.0 - last.0 > LONGEST_PAUSE
    {
        let days = tonight.day.0 - last.0;
        brakes.push(brake(BrakeReason::Pause, format!("{days} days have passed since the last run")));
    }
    brakes
}

/// Brakes that are known before a row is read.
pub fn beforehand(memory: &Memory, name: &str, declaration: Digest) -> Vec<Brake> {
    let brake = |reason, why: &str| Brake { pipeline: Some(name.into()), reason, why: why.into() };
    match memory.pipelines.get(name) {
        None => vec![brake(BrakeReason::FirstRun, "it is this pipeline's first run")],
        Some(known) if known.declaration != Some(declaration) => {
            vec![brake(BrakeReason::Declaration, "the pipeline's file changed since the last run")]
        }
        Some(_) => Vec::new(),
    }
}

/// Brakes on one pipeline, once everything about it is known.
pub fn on_pipeline(memory: &Memory, figures: &BrakeFigures<'_>, tonight: Day) -> Vec<Brake> {
    let mut brakes = beforehand(memory, figures.name(), figures.pipeline.digest);
    if figures.pipeline.declaration.unfinished {
        let why =
            "it is unfinished: answer what stands at its beginning, and take `unfinished` out; nothing else lifts this";
        let pipeline = Some(figures.name().into());
        brakes.push(Brake { pipeline, reason: BrakeReason::Unfinished, why: why.into() });
    }
    let known = memory.pipelines.get(figures.name());
    if let Some(known) = known {
        since(known, figures, &mut brakes);
    }
    let finals = memory.released.get(&figures.pipeline.declaration.kind);
    let mut more = rows::why(known, figures);
    more.extend(months::why(known.is_some(), finals, figures.released));
    more.extend(content::why(known, figures, memory.day.is_some_and(|day| day != tonight), tonight));
    let name = figures.name();
    brakes.extend(more.into_iter().map(|(reason, why)| Brake { pipeline: Some(name.into()), reason, why }));
    brakes
}

/// What changed since the last committed run.
fn since(known: &PipelineMemory, figures: &BrakeFigures<'_>, brakes: &mut Vec<Brake>) {
    let mut push = |reason, why| brakes.push(Brake { pipeline: Some(figures.name().into()), reason, why });
    let before: u64 = figures.parts.iter().filter_map(|(part, _)| known.parts.get(*part)).sum();
    let now: u64 = figures.parts.iter().map(|(_, records)| records).sum();
    if shrank(before, now + figures.tally.gone) {
        push(
            BrakeReason::Shrunk,
            format!("its transactions shrank from {before} to {now} records, beyond what was purged"),
        );
    }
    for (lookup, now) in &figures.lookups {
        let excused = figures.excused.iter().find(|(name, _)| name == lookup).map_or(0, |(_, rows)| *rows);
        if let Some(before) = known.lookups.get(*lookup).filter(|before| shrank(**before, *now + excused)) {
            push(BrakeReason::Shrunk, format!("the export `{lookup}` shrank from {before} to {now} records"));
        }
    }
    if let Some(most) = most_retirements(known)
        && figures.totals.retired > most
    {
        let retired = figures.totals.retired;
        push(
            BrakeReason::Retirements,
            format!("it would retire {retired} transactions, more than five times what is usual ({most})"),
        );
    }
    for (column, now) in &figures.dates {
        let Some(before) = known.dates.get(*column) else { continue };
        if newly_unreadable(*before, *now) {
            push(
                BrakeReason::Dates,
                format!(
                    "`{column}`: more than a thousandth of its values can no longer be read ({} of {})",
                    now.unreadable, now.set
                ),
            );
        }
    }
}

/// By more than a tenth.
fn shrank(before: u64, now: u64) -> bool {
    now.saturating_mul(10) < before.saturating_mul(9)
}

fn most_retirements(known: &PipelineMemory) -> Option<u64> {
    if known.retired.len() + 1 < FROM_RUN {
        return None;
    }
    let mut retired = known.retired.clone();
    retired.sort_unstable();
    let middle = retired.len() / 2;
    let median = match retired.len() % 2 {
        1 => retired[middle],
        _ => (retired[middle - 1] + retired[middle]).div_ceil(2),
    };
    Some(median.saturating_mul(5).max(NEVER_BELOW))
}

/// The share of unreadable dates grew by more than a thousandth.
fn newly_unreadable(before: Dates, now: Dates) -> bool {
    let share = |dates: Dates| dates.unreadable as f64 / dates.set.max(1) as f64;
    share(now) - share(before) > 0.001
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_the_ordinary_is_braked() {
        assert!(!shrank(1_000, 900));
        assert!(shrank(1_000, 899));
        let dates = |set, unreadable| Dates { set, unreadable, ..Dates::default() };
        assert!(!newly_unreadable(dates(1_000, 5), dates(2_000, 11)));
        assert!(newly_unreadable(dates(1_000, 0), dates(1_000, 2)));
        assert!(!newly_unreadable(dates(0, 0), dates(0, 0)));
        let runs = |retired: &[u64]| PipelineMemory { retired: retired.to_vec(), ..PipelineMemory::default() };
        assert_eq!(most_retirements(&runs(&[10; 5])), None, "six runs with tonight's");
        assert_eq!(most_retirements(&runs(&[10; 6])), Some(100), "never below 100");
        assert_eq!(most_retirements(&runs(&[40, 1_000, 60, 50, 10, 90, 55])), Some(275));
    }
}
