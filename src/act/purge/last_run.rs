//! Which run's worklists are carried out, and whether they are still good.

use std::time::Duration;

use jiff::Timestamp;

use crate::act::begin::{BeginError, Tonight};
use crate::act::refusal::Refusal;
use crate::evidence::ledger::{self, Act, FileEntry, PurgeAct};
use crate::state::register::HoldsLock;

/// A worklist counts for one night.
pub const GOOD_FOR: Duration = Duration::from_secs(24 * 3_600);

/// The last run, as the ledger has it.
pub struct LastRun {
    pub sequence: u64,
    pub begun: Timestamp,
    pub files: Vec<FileEntry>,
}

/// Refuses where the last run's worklist is no longer tonight's.
pub fn last_run(tonight: &Tonight) -> Result<LastRun, Refusal> {
    let lines = ledger::read(&tonight.site.ledger())?;
    let last = lines.iter().rev().find(|line| matches!(line.entry.act, Act::Run(_)));
    let Some(last) = last else { return Err(plain("there was no run yet, so there is no worklist")) };
    let of_run = |act: &Act| matches!(act, Act::Purge(PurgeAct { run, .. }) if *run == last.entry.sequence);
    if lines.iter().any(|line| of_run(&line.entry.act)) {
        return Err(plain(format!("the worklists of run {} were carried out already", last.entry.sequence)));
    }
    let begun: Option<Timestamp> = last.entry.at.parse().ok();
    let young = begun.filter(|begun| tonight.options.now.duration_since(*begun).unsigned_abs() <= GOOD_FOR);
    let Some(begun) = young else {
        return Err(plain(format!(
            "run {} was more than a day ago: what it listed may be needed again. A run tonight makes a new list",
            last.entry.sequence
        )));
    };
    if tonight.memory.policy != Some(tonight.policy.digest) {
        return Err(plain(
            "policy.toml was changed since the last run: what it listed was decided by another. Run again first",
        ));
    }
    drop(check_register(tonight)?);
    Ok(LastRun { sequence: last.entry.sequence, begun, files: last.entry.files.clone() })
}

/// A legal hold that was placed since, or released: what was listed was decided without it. The words say no more than that.
/// Until what is returned is dropped, nobody places another.
pub fn check_register(tonight: &Tonight) -> Result<HoldsLock, Refusal> {
    let lock = HoldsLock::share(&tonight.site).map_err(BeginError::from)?;
    let now = tonight.register_now().map_err(BeginError::from)?;
    if tonight.memory.register == Some(now) {
        return Ok(lock);
    }
    Err(plain("what the worklists were decided by isn't as it was when they were made. Run again first"))
}

fn plain(why: impl Into<String>) -> Refusal {
    Refusal::Plain(why.into())
}
