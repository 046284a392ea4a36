//! The commit protocol: a run's files appear together or not at all.
//!
//! A run writes all that it makes below `state/run-NNNNNN/`, nothing elsewhere:
//!
//! ```text
//! state/run-000012/pass/…           run files of the pass: large, never synced, thrown away
//! state/run-000012/files/…          the site as it will be: files/reports/x.json becomes reports/x.json
//! state/run-000012/manifest.json    what moves where, what goes, and the line for the ledger
//! ```
//!
//! [`Pending`] is open for writing. [`Pending::prepare`] syncs every file and says what there is, so that the ledger's
//! entry can be made. [`Prepared::seal`] writes the manifest. [`Sealed::commit`] appends the line to the ledger and
//! syncs it: **the instant of commit**. Only then do files move into place, old ones go, and last the run's folder.
//!
//! Killed at any point before that instant, the site is as it was, and the next start's [`recover`] throws the run's
//! folder away. Killed after it, `recover` finishes. Either way it ends as if nothing had happened. An error (a full
//! disk) before the instant changes nothing; after it, it says that the next run will finish.
//!
//! Doesn't promise: anything while two runs are at work (take the lock first); that a reader sees all files of a run
//! at once, as they move one by one; that what was removed can't be found on the disk, as files are unlinked and not
//! overwritten.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::{self, At, DiskError};
use super::json::{self, JsonError};
use super::site::Site;
use crate::words::Digest;

mod finish;
mod ledger;
mod manifest;
mod prepare;
mod recover;
mod step;

use finish::Sources;
use manifest::Manifest;
pub use recover::{Ending, Recovered, recover};
use step::Steps;
pub use step::{Hook, Moment, Step, no_hook};

const PASS: &str = "pass";
const FILES: &str = "files";
const MANIFEST: &str = "manifest.json";
const HALF_MANIFEST: &str = "manifest.json.part";

#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The simulated or real failure of a step that has no path of its own.
    #[error("can't {step}: {source}")]
    Step { step: Step, source: io::Error },
    #[error("a run may not write or remove '{path}': {why}. This is a fault of afterloan, please report it")]
    NotOurs { path: String, why: &'static str },
    #[error("the run's entry for the ledger must be one line")]
    NotALine,
    #[error("{} ends in the middle of a line: look at it, and put it back from a backup", .0.display())]
    TornLedger(PathBuf),
    #[error("{} is what a killed run left: it must be finished or discarded first", .0.display())]
    Leftover(PathBuf),
    #[error("{} and {} are both of unfinished runs, and there can be but one: was state/ put together from two backups?",
        .0.display(), .1.display())]
    TwoRuns(PathBuf, PathBuf),
    #[error("{} is neither what it was nor what the unfinished run made of it: somebody changed it since. \
        Move it away, or put it back from a backup, and start again", .0.display())]
    Changed(PathBuf),
    #[error(
        "the run is committed, but its files are not all in place yet: {0}. Mend that; the next run puts them \
        there first"
    )]
    Unfinished(Box<CommitError>),
}

/// A run that is being written. May be shared between threads.
pub struct Pending<'h> {
    site: Site,
    sequence: u64,
    folder: PathBuf,
    removals: BTreeSet<String>,
    steps: Steps<'h>,
}

/// A file that a run will put in place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingFile {
    /// Where it will be, relative to the site, with `/`.
    pub path: String,
    pub bytes: u64,
    /// SHA-256 of its content. Not keyed: not for publication where the file isn't public.
    pub digest: Digest,
    /// Where it is now.
    pub now_at: PathBuf,
}

impl<'h> Pending<'h> {
    /// Opens the run with this number in the ledger. [`recover`] must have been called since the last one.
    pub fn begin(site: &Site, sequence: u64, hook: Hook<'h>) -> Result<Pending<'h>, CommitError> {
        let folder = run_folder(site, sequence);
        if let Some((_, leftover)) = run_folders(site)?.into_iter().next() {
            return Err(CommitError::Leftover(leftover));
        }
        let steps = Steps(hook);
        steps.act(Step::BeginRun, || {
            disk::create_folder(&folder, 0o700)?;
            disk::create_folder(&folder.join(FILES), 0o700)?;
            disk::create_folder(&folder.join(PASS), 0o700)
        })?;
        Ok(Pending { site: site.clone(), sequence, folder, removals: BTreeSet::new(), steps })
    }

    /// Where to write a file now that shall be at `path`, relative to the site, once the run is committed. Makes the
    /// folder for it; an existing file at `path` will be replaced. Modes are set by the commit.
    pub fn file(&self, path: impl AsRef<Path>) -> Result<PathBuf, CommitError> {
        let path = manifest::checked(path.as_ref())?;
        let now_at = self.folder.join(FILES).join(&path);
        if let Some(parent) = now_at.parent() {
            self.create(parent)?;
        }
        Ok(now_at)
    }

    /// Where to write files now that shall be below a folder, `public` or deeper, relative to the site. Every file that
    /// is found in it by [`Pending::prepare`] will be moved.
    pub fn folder(&self, path: impl AsRef<Path>) -> Result<PathBuf, CommitError> {
        let path = path.as_ref();
        // Any file in it must have a good path; this one stands for all.
        manifest::checked(&path.join("any").join("file"))?;
        let now_at = self.folder.join(FILES).join(path);
        self.create(&now_at)?;
        Ok(now_at)
    }

    fn create(&self, folder: &Path) -> Result<(), CommitError> {
        match folder.is_dir() {
            true => Ok(()),
            false => self.steps.act(Step::CreateFolder, || fs::create_dir_all(folder).at("create the folder", folder)),
        }
    }

    /// For the pass's run files: never synced, gone before the run is sealed.
    pub fn pass_folder(&self) -> PathBuf {
        self.folder.join(PASS)
    }

    /// A file or folder, relative to the site, to be removed once the run is committed. One that isn't there is fine.
    pub fn remove(&mut self, path: impl AsRef<Path>) -> Result<(), CommitError> {
        self.removals.insert(manifest::checked(path.as_ref())?);
        Ok(())
    }

    /// Ends the writing: throws the pass's files away, sets modes, takes digests and syncs everything.
    pub fn prepare(self) -> Result<Prepared<'h>, CommitError> {
        let files = prepare::prepare(&self)?;
        Ok(Prepared { pending: self, files })
    }

    /// Gives the run up: the site is as it was.
    pub fn discard(self) -> Result<(), CommitError> {
        Ok(disk::remove(&self.folder)?)
    }
}

/// A run whose files are written and synced.
pub struct Prepared<'h> {
    pending: Pending<'h>,
    files: Vec<PendingFile>,
}

impl<'h> Prepared<'h> {
    /// All files that the run will put in place, sorted by path.
    pub fn files(&self) -> &[PendingFile] {
        &self.files
    }

    /// All that it will remove, relative to the site, sorted.
    pub fn removals(&self) -> impl Iterator<Item = &str> {
        self.pending.removals.iter().map(String::as_str)
    }

    /// Writes the manifest, with the line that [`Sealed::commit`] will append; `line` without its end.
    pub fn seal(self, line: &str) -> Result<Sealed<'h>, CommitError> {
        if line.is_empty() || line.contains('\n') {
            return Err(CommitError::NotALine);
        }
        let Prepared { pending, files } = self;
        let manifest = Manifest::new(pending.sequence, line, &files, &pending.removals)?;
        let (half, whole) = (pending.folder.join(HALF_MANIFEST), pending.folder.join(MANIFEST));
        let steps = &pending.steps;
        let bytes = json::to_bytes(&manifest, &whole)?;
        steps.act(Step::WriteManifest, || disk::write_new(&half, &bytes, 0o600))?;
        steps.act(Step::SealManifest, || {
            fs::rename(&half, &whole).at("move into place", &whole)?;
            // The run's own name must last too, or a committed run could come back without its files.
            disk::sync(&pending.folder)?;
            disk::sync(&pending.site.state())
        })?;
        Ok(Sealed { pending, manifest })
    }

    /// Gives the run up: the site is as it was.
    pub fn discard(self) -> Result<(), CommitError> {
        self.pending.discard()
    }
}

/// A run that only the ledger's line separates from being committed.
pub struct Sealed<'h> {
    pending: Pending<'h>,
    manifest: Manifest,
}

impl Sealed<'_> {
    /// Commits, then puts everything in place. On [`CommitError::Unfinished`] the run is committed; on any other
    /// error it is not, and the site is as it was.
    pub fn commit(self) -> Result<(), CommitError> {
        let Sealed { pending, manifest } = self;
        ledger::append(&pending.site.ledger(), &manifest.line, &pending.steps)?;
        finish::finish(&pending.site, &pending.folder, &manifest, Sources::Fresh, &pending.steps)
            .map_err(|error| CommitError::Unfinished(Box::new(error)))
    }

    /// Gives the run up: the site is as it was.
    pub fn discard(self) -> Result<(), CommitError> {
        self.pending.discard()
    }
}

fn run_folder(site: &Site, sequence: u64) -> PathBuf {
    site.state().join(format!("run-{sequence:06}"))
}

/// The folders of runs that didn't end, by number.
fn run_folders(site: &Site) -> Result<Vec<(u64, PathBuf)>, DiskError> {
    let mut found = Vec::new();
    for name in disk::names(&site.state())? {
        if let Some(sequence) = name.strip_prefix("run-").and_then(|digits| digits.parse().ok()) {
            found.push((sequence, site.state().join(name)));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
