//! Withdraws the worklist of an earlier night: it counts for one night, and where the next one is refused, nothing takes its
//! place. Carried out late, it could sever what is needed since.
//!
//! `state/withdrawn.json` says what was withdrawn, so that `verify` knows; the next run that commits ends it. It is written before
//! anything goes: killed in between, a list may be called withdrawn that is there still, and the next night removes it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::memory::{self, Memory};
use crate::policy::Policy;
use crate::state::disk;
use crate::state::json::{self, Format};
use crate::state::lock::Lock;
use crate::state::site::Site;
use crate::words::Day;

pub const PATH: &str = "state/withdrawn.json";

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Withdrawn {
    format: Format<1>,
    /// The run that left them.
    run: u64,
    files: Vec<String>,
}

/// The worklists that were withdrawn since the last commit, from the site's folder.
pub fn withdrawn(site: &Site) -> Vec<String> {
    let known: Result<Withdrawn, _> = json::load(&site.at(PATH), 1);
    known.map(|known| known.files).unwrap_or_default()
}

/// Withdraws the worklists that a night before left; says which. Tonight's own stay. What can't be withdrawn stays: its SQL
/// refuses by itself once its day is over.
pub fn withdraw(site: &Site, as_of: Timestamp, now: Timestamp) -> Vec<String> {
    // Whoever holds the lock now decides about them.
    let Ok(_lock) = Lock::take(site) else { return Vec::new() };
    let Ok(memory) = json::load::<Memory>(&site.at(memory::PATH), 1) else { return Vec::new() };
    let Ok(policy) = Policy::load(&site.policy()) else { return Vec::new() };
    let tonight = Day::from_date(policy.timezone.to_datetime(as_of).date());
    if as_of > now || memory.day.is_none_or(|day| day >= tonight) {
        return Vec::new();
    }
    let files: Vec<String> = memory.pipelines.values().flat_map(|known| known.worklists.iter().cloned()).collect();
    let here: Vec<String> =
        files.iter().filter(|path| is_worklist(path) && site.at(path).symlink_metadata().is_ok()).cloned().collect();
    if here.is_empty() {
        return Vec::new();
    }
    let note = site.at(PATH);
    let withdrawn = Withdrawn { format: Format, run: memory.sequence, files };
    let written =
        disk::remove(&note).is_ok() && json::save(&note, &withdrawn).is_ok() && disk::sync(&site.state()).is_ok();
    if !written {
        return Vec::new();
    }
    here.into_iter().filter(|path| disk::remove(&site.at(path)).is_ok()).collect()
}

/// Once a run has committed, the next worklists stand.
pub fn end(site: &Site) {
    // One that stays tells of files that are gone by then anyway.
    let _ = disk::remove(&site.at(PATH));
}

fn is_worklist(path: &str) -> bool {
    path.strip_prefix("worklists/").is_some_and(|name| !name.contains('/') && name != "..")
}
