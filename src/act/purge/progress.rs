//! How far a purge has come: `state/purge.json`, written anew and synced after each batch.

use std::collections::BTreeMap;
use std::fs;

use serde::{Deserialize, Serialize};

use super::batch::Carried;
use crate::act::refusal::Refusal;
use crate::state::disk;
use crate::state::json::{self, Format, JsonError};
use crate::state::site::Site;

pub const PATH: &str = "state/purge.json";
const NEXT: &str = "state/purge.json.next";

/// What was carried out of a run's worklists, and isn't in the ledger yet.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InProgress {
    format: Format<1>,
    /// The run whose worklists they are.
    pub run: u64,
    pub progressed: BTreeMap<String, Progressed>,
}

/// Of one pipeline.
#[derive(Default, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progressed {
    /// How many ids of the list are done.
    pub done: u64,
    /// By trace.
    pub traces: BTreeMap<String, Rows>,
    pub batches: u64,
    /// For how long one of them held its locks, at most.
    pub longest_ms: u64,
    /// What is counted of all patrons, by trace that isn't severed.
    pub rest: BTreeMap<String, u64>,
    /// A batch that was about to be committed.
    pub pending: Option<Carried>,
}

#[derive(Clone, Copy, Default, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    pub severed: u64,
    pub left: u64,
}

impl InProgress {
    /// What an earlier call came to, if it was of the same run.
    pub fn load(site: &Site, run: u64) -> Result<InProgress, Refusal> {
        let path = site.at(PATH);
        if path.exists() {
            let kept: InProgress = json::load(&path, 1).map_err(|error| Refusal::Plain(error.to_string()))?;
            if kept.run == run {
                return Ok(kept);
            }
        }
        Ok(InProgress { format: Format, run, progressed: BTreeMap::new() })
    }

    /// What an earlier call came to, of whatever run.
    pub fn any(site: &Site) -> Option<InProgress> {
        json::load(&site.at(PATH), 1).ok()
    }

    pub fn of(&mut self, pipeline: &str) -> &mut Progressed {
        self.progressed.entry(pipeline.to_string()).or_default()
    }

    /// Replaces the file: whoever is killed leaves the one or the other.
    pub fn save(&self, site: &Site) -> Result<(), JsonError> {
        let next = site.at(NEXT);
        let _ = fs::remove_file(&next);
        json::save(&next, self)?;
        disk::sync(&next)?;
        disk::rename(&next, &site.at(PATH))?;
        Ok(disk::sync(&site.state())?)
    }

    pub fn forget(site: &Site) -> Result<(), Refusal> {
        let gone = |error: disk::DiskError| Refusal::Plain(error.to_string());
        if site.at(PATH).exists() {
            disk::remove(&site.at(PATH)).map_err(gone)?;
        }
        Ok(())
    }
}

impl Progressed {
    pub fn add(&mut self, made: &Carried, ids: u64) {
        self.done += ids;
        self.batches += 1;
        self.longest_ms = self.longest_ms.max(made.held_ms);
        for trace in &made.traces {
            let rows = self.traces.entry(trace.trace.clone()).or_default();
            rows.severed += trace.severed;
            rows.left += trace.left;
        }
    }
}
