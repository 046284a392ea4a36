//! The next start after a run that was killed: its folder says how far it came, the ledger whether it is committed.

use std::path::{Path, PathBuf};

use super::super::disk;
use super::super::json;
use super::super::site::Site;
use super::error::CommitError;
use super::finish::{self, Sources};
use super::folder::{FILES, MANIFEST, run_folders};
use super::ledger::{self, Trace};
use super::manifest::{self, Manifest};
use super::step::{Hook, Step};
use super::steps::Steps;

/// What a killed run left, and what became of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Recovered {
    pub sequence: u64,
    pub ending: Ending,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// It was committed: its files are in place now.
    Finished,
    /// It was not: the site is as it was before.
    Discarded,
}

/// What a killed act left to be finished, and whether it is committed. Nothing is changed.
pub struct Leftover {
    pub sequence: u64,
    /// Its line for the ledger, without its end.
    pub line: String,
    /// Where its files wait, laid out like the site.
    pub files: PathBuf,
    /// What it removes, relative to the site.
    pub removals: Vec<String>,
    /// Whether its line is in the ledger, whole or in part.
    pub in_ledger: bool,
}

/// Looks for what a killed act left, once it was sealed; what wasn't is of no consequence. Reads, and needs no lock: while
/// an act is at work, that is what it finds.
pub fn leftover(site: &Site) -> Result<Option<Leftover>, CommitError> {
    let Some((sequence, folder)) = run_folders(site)?.into_iter().next() else { return Ok(None) };
    let Some(manifest) = sealed(&folder)? else { return Ok(None) };
    let in_ledger = !matches!(ledger::trace(&site.ledger(), Some(&manifest.line))?, Trace::None);
    let Manifest { line, removals, .. } = manifest;
    Ok(Some(Leftover { sequence, line, files: folder.join(FILES), removals, in_ledger }))
}

/// Finishes or discards what a killed run left; none when there was nothing. Call it with the lock held.
pub fn recover(site: &Site, hook: Hook<'_>) -> Result<Option<Recovered>, CommitError> {
    let steps = Steps(hook);
    let mut folders = run_folders(site)?.into_iter();
    let Some((sequence, folder)) = folders.next() else {
        // No run can have torn it.
        ledger::trace(&site.ledger(), None)?;
        return Ok(None);
    };
    if let Some((_, other)) = folders.next() {
        return Err(CommitError::TwoRuns(folder, other));
    }
    let ending = match sealed(&folder)? {
        Some(manifest) => end_sealed(site, &folder, &manifest, &steps)?,
        None if !folder.join(FILES).exists() => {
            // Its last step, or its very first, was cut short. There is nothing to tell.
            discard(site, &folder, &steps)?;
            ledger::trace(&site.ledger(), None)?;
            return Ok(None);
        }
        None => {
            ledger::trace(&site.ledger(), None)?;
            discard(site, &folder, &steps)?
        }
    };
    Ok(Some(Recovered { sequence, ending }))
}

/// The manifest, if the run came as far. It is moved into place whole: one that can't be read is an error.
fn sealed(folder: &Path) -> Result<Option<Manifest>, CommitError> {
    let path = folder.join(MANIFEST);
    if !path.exists() {
        return Ok(None);
    }
    let manifest: Manifest = json::load(&path, manifest::FORMAT)?;
    manifest.check()?;
    Ok(Some(manifest))
}

fn end_sealed(site: &Site, folder: &Path, manifest: &Manifest, steps: &Steps<'_>) -> Result<Ending, CommitError> {
    let ledger = site.ledger();
    match ledger::trace(&ledger, Some(&manifest.line))? {
        Trace::Line => {
            // The line was read, which doesn't mean that it is on the disk.
            steps.act(Step::SyncLedger, || ledger::sync(&ledger))?;
            finish::finish(site, folder, manifest, Sources::Found, steps)
                .map_err(|error| CommitError::Unfinished(Box::new(error)))?;
            return Ok(Ending::Finished);
        }
        Trace::Torn(at) => steps.act(Step::CutLedger, || ledger::cut(&ledger, at))?,
        Trace::None => {}
    }
    discard(site, folder, steps)
}

fn discard(site: &Site, folder: &Path, steps: &Steps<'_>) -> Result<Ending, CommitError> {
    steps.act(Step::DiscardAct, || disk::remove(folder).and_then(|()| disk::sync(&site.state())))?;
    Ok(Ending::Discarded)
}
