//! What a sealed run will do, and what no run may.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::super::json::Format;
use super::super::keys::SIGNING_PATH;
use super::super::site::Zone;
use super::error::CommitError;
use super::pending_file::PendingFile;
use crate::words::Digest;

pub const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    format: Format<FORMAT>,
    pub sequence: u64,
    /// For the ledger, without its end.
    pub line: String,
    pub moves: Vec<Move>,
    pub removals: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// Below the run's `files/` and below the site alike.
    pub path: String,
    pub bytes: u64,
    pub sha256: Digest,
}

impl Manifest {
    pub fn new(
        sequence: u64,
        line: &str,
        files: &[PendingFile],
        removals: &BTreeSet<String>,
    ) -> Result<Manifest, CommitError> {
        for removal in removals {
            if let Some(file) = files.iter().find(|file| Path::new(&file.path).starts_with(removal)) {
                return Err(CommitError::NotOurs { path: file.path.clone(), why: "it is made and removed at once" });
            }
        }
        let moves = files.iter().map(|file| Move { path: file.path.clone(), bytes: file.bytes, sha256: file.digest });
        Ok(Manifest {
            format: Format,
            sequence,
            line: line.to_owned(),
            moves: moves.collect(),
            removals: removals.iter().cloned().collect(),
        })
    }

    /// A manifest that was read back may have been tampered with: its paths are checked like a run's own.
    pub fn check(&self) -> Result<(), CommitError> {
        self.moves.iter().try_for_each(|one| placeable(Path::new(&one.path)).map(|_| ()))?;
        self.removals.iter().try_for_each(|path| checked(Path::new(path)).map(|_| ()))
    }
}

/// The zone that a checked path lies in.
pub fn zone_of(path: &str) -> Zone {
    match path.split('/').next() {
        Some("public") => Zone::Public,
        Some("reports") => Zone::Reports,
        Some("worklists") => Zone::Worklists,
        _ => Zone::State,
    }
}

/// The same, or the signing key, which an act may replace ([`super::Pending::signing_key`]), and none removes.
pub fn placeable(path: &Path) -> Result<String, CommitError> {
    if path == Path::new(SIGNING_PATH) { Ok(SIGNING_PATH.to_owned()) } else { checked(path) }
}

/// A path in one of the zones that runs write to, in its one spelling.
pub fn checked(path: &Path) -> Result<String, CommitError> {
    let refuse = |why| Err(CommitError::NotOurs { path: path.display().to_string(), why });
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => match name.to_str() {
                Some(name) => parts.push(name),
                None => return refuse("its name isn't valid text"),
            },
            _ => return refuse("it must be relative to the site, without .."),
        }
    }
    match parts[..] {
        ["public", "index.html" | "datapackage.json"] => {}
        ["public", _, _, ..] | ["worklists", _, ..] => {}
        ["reports", "ledger.jsonl", ..] => return refuse("only a commit adds to the ledger"),
        ["reports", _, ..] => {}
        ["state", "lock" | "holds.json" | "known" | "staging" | "keys"] => return refuse("it isn't a run's"),
        ["state", "keys", "site.key" | "signing.key", ..] => return refuse("it isn't a run's"),
        ["state", first, ..] if !first.starts_with("run-") => {}
        _ => return refuse("it lies in no zone that runs write to"),
    }
    Ok(parts.join("/"))
}
