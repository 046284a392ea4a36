//! Brakes on months that become final: those that would close for good, and those that have far fewer rows than their neighbours.

use std::collections::BTreeMap;

use super::figures::BrakeReason;
use crate::act::begin::memory::Final;
use crate::act::months::ReleasedMonth;
use crate::evidence::figure::grouped;
use crate::words::Month;

/// Neighbours that had fewer rows say nothing, and so do fewer that are missing.
const ROWS: u64 = 100;
/// How many final months before it a month is compared with.
const BEFORE: usize = 3;

/// `is_known`: the pipeline has been run before. On its first night the oldest months have whatever is left of them.
pub fn why(
    is_known: bool,
    finals: Option<&BTreeMap<Month, Final>>,
    released: &[ReleasedMonth],
) -> Vec<(BrakeReason, String)> {
    let mut all = Vec::new();
    all.extend(closing(finals, released));
    if is_known {
        all.extend(released.iter().filter_map(|month| fall(month, finals, released)));
    } else {
        all.extend(hole(released));
    }
    all
}

fn closing(finals: Option<&BTreeMap<Month, Final>>, released: &[ReleasedMonth]) -> Option<(BrakeReason, String)> {
    let closed: Vec<&ReleasedMonth> = released.iter().filter(|month| month.closed.is_some()).collect();
    let publishes = finals.is_some_and(|finals| finals.values().any(|month| month.closed.is_none()));
    let (first, last) = (closed.first()?, closed.last()?);
    if closed.len() < 2 && !publishes {
        return None;
    }
    let why = match closed.len() {
        1 => format!(
            "{} would close for good, and nothing of it be published ever ({}): months before it were published",
            first.month,
            first.closed.as_deref().unwrap_or_default()
        ),
        months => format!(
            "{months} months would close for good, {} to {}, and nothing of them be published ever; usual is none",
            first.month, last.month
        ),
    };
    Some((BrakeReason::Closing, why))
}

/// The first month that has less than half of the rows of the one before and of the one after, or none: of its rows some went
/// missing, since time alone takes the oldest first.
fn hole(released: &[ReleasedMonth]) -> Option<(BrakeReason, String)> {
    let rows: BTreeMap<Month, u64> = released.iter().map(|month| (month.month, month.rows)).collect();
    let between = rows.iter().find_map(|(month, before)| {
        let here = month.next();
        let after = rows.get(&here.next())?;
        let (had, least) = (rows.get(&here).copied().unwrap_or_default(), *before.min(after));
        (had * 2 < least && least - had >= ROWS).then_some((here, had, least))
    });
    let (month, had, least) = between?;
    let why = format!(
        "{month} would be final with {} rows, less than half of what the months beside it have ({})",
        grouped(had),
        grouped(least)
    );
    Some((BrakeReason::Fall, why))
}

/// Less than half of what is usual in the published months before it, and in those that are released with it.
fn fall(
    month: &ReleasedMonth,
    finals: Option<&BTreeMap<Month, Final>>,
    released: &[ReleasedMonth],
) -> Option<(BrakeReason, String)> {
    let before = finals.into_iter().flat_map(|finals| finals.range(..month.month).rev());
    let before = before.filter(|(_, known)| known.closed.is_none()).take(BEFORE).map(|(_, known)| known.rows);
    let beside = released.iter().filter(|other| other.month != month.month && other.closed.is_none());
    let mut neighbours: Vec<u64> = before.chain(beside.map(|other| other.rows)).collect();
    neighbours.sort_unstable();
    let usual = *neighbours.get(neighbours.len() / 2)?;
    if month.closed.is_some() || month.rows * 2 >= usual || usual - month.rows < ROWS {
        return None;
    }
    let why = format!(
        "{} would be final with {} rows, less than half of what its neighbours have ({})",
        month.month,
        grouped(month.rows),
        grouped(usual)
    );
    Some((BrakeReason::Fall, why))
}
