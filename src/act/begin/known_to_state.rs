//! What `state/` lends to those who check the evidence: keys, what is remembered of the last run, what a killed run left.

use std::io::{self, Read};

use super::memory::{self, Memory};
use super::withdrawing;
use crate::evidence::public_key::{self, PublicKey};
use crate::evidence::verify::{KeyedCheck, LastRun, Unfinished};
use crate::state::commit::leftover;
use crate::state::json;
use crate::state::keys::{self, Keys, load_signing};
use crate::state::site::Site;
use crate::words::Digest;

pub struct KnownToState<'k> {
    keys: &'k Keys,
    last_run: Option<LastRun>,
    unfinished: Option<Unfinished>,
    waiting_signing_key: Option<PublicKey>,
    withdrawn: Vec<String>,
}

impl<'k> KnownToState<'k> {
    /// What can't be read of it isn't known: then less is checked, and other files are found to be wrong.
    pub fn of(site: &Site, keys: &'k Keys) -> KnownToState<'k> {
        let left = leftover(site).ok().flatten();
        let unfinished = left.map(|left| Unfinished {
            sequence: left.sequence,
            line: left.line,
            files: left.files,
            removals: left.removals.into_iter().collect(),
        });
        let waits = unfinished.as_ref().map(|run| run.files.join(keys::SIGNING_PATH));
        let waits = waits.and_then(|path| load_signing(&path).ok());
        KnownToState {
            keys,
            last_run: last_run(site),
            unfinished,
            waiting_signing_key: waits.as_ref().map(public_key::of),
            withdrawn: withdrawing::withdrawn(site),
        }
    }
}

/// A site that had no run remembers run 0; where the memory is lost, an entry's file is missing, which is found by itself.
fn last_run(site: &Site) -> Option<LastRun> {
    let path = site.at(memory::PATH);
    if !path.exists() {
        return Some(LastRun { sequence: 0, previous: None }).filter(|_| !has_worked(site));
    }
    let memory: Memory = json::load(&path, 1).ok()?;
    Some(LastRun { sequence: memory.sequence, previous: memory.previous_head })
}

/// Whether anything in `state/` tells that there was a run.
fn has_worked(site: &Site) -> bool {
    ["state/runs", "state/known"].iter().any(|folder| site.at(folder).exists())
}

impl KeyedCheck for KnownToState<'_> {
    fn digest(&self, label: &str, bytes: &mut dyn Read) -> io::Result<Digest> {
        let mut digest = self.keys.digest(label);
        let mut buffer = vec![0; 1 << 16];
        loop {
            match bytes.read(&mut buffer)? {
                0 => return Ok(digest.finish()),
                count => digest.update(buffer.get(..count).unwrap_or_default()),
            }
        }
    }

    fn signing_key(&self) -> Option<PublicKey> {
        Some(public_key::of(self.keys.signing()))
    }

    fn waiting_signing_key(&self) -> Option<PublicKey> {
        self.waiting_signing_key
    }

    fn last_run(&self) -> Option<LastRun> {
        self.last_run
    }

    fn unfinished(&self) -> Option<&Unfinished> {
        self.unfinished.as_ref()
    }

    fn withdrawn(&self) -> &[String] {
        &self.withdrawn
    }
}
