//! The way of an act to its commit, as types: each step takes the one before.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::super::disk::{self, At};
use super::super::json;
use super::super::keys::SIGNING_PATH;
use super::super::site::Site;
use super::error::CommitError;
use super::finish::{self, Sources};
use super::folder::{FILES, HALF_MANIFEST, MANIFEST, PASS, run_folder, run_folders};
use super::manifest::{self, Manifest};
use super::pending_file::PendingFile;
use super::step::{Hook, Step};
use super::steps::Steps;
use super::{ledger, prepare};

/// A run that is being written. May be shared between threads.
pub struct Pending<'h> {
    site: Site,
    sequence: u64,
    folder: PathBuf,
    removals: BTreeSet<String>,
    steps: Steps<'h>,
}

impl<'h> Pending<'h> {
    /// Opens the run with this number in the ledger. [`recover`] must have been called since the last one.
    pub fn begin(site: &Site, sequence: u64, hook: Hook<'h>) -> Result<Pending<'h>, CommitError> {
        let folder = run_folder(site, sequence);
        if let Some((_, leftover)) = run_folders(site)?.into_iter().next() {
            return Err(CommitError::Leftover(leftover));
        }
        let steps = Steps(hook);
        steps.act(Step::BeginAct, || {
            disk::create_folder(&folder, 0o700)?;
            disk::create_folder(&folder.join(FILES), 0o700)?;
            disk::create_folder(&folder.join(PASS), 0o700)
        })?;
        Ok(Pending { site: site.clone(), sequence, folder, removals: BTreeSet::new(), steps })
    }

    /// Where to write a file now that shall be at `path`, relative to the site, once the run is committed. Makes the
    /// folder for it; an existing file at `path` will be replaced. Modes are set by the commit.
    pub fn file(&self, path: impl AsRef<Path>) -> Result<PathBuf, CommitError> {
        self.place_for(&manifest::checked(path.as_ref())?)
    }

    /// Where to write a new signing key now: no other act than one that hands over to it in the ledger asks for this.
    pub fn signing_key(&self) -> Result<PathBuf, CommitError> {
        self.place_for(SIGNING_PATH)
    }

    fn place_for(&self, path: &str) -> Result<PathBuf, CommitError> {
        let now_at = self.folder.join(FILES).join(path);
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
        if folder.is_dir() {
            Ok(())
        } else {
            self.steps.act(Step::CreateFolder, || fs::create_dir_all(folder).at("create the folder", folder))
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
        let files = prepare::prepare(&self.pass_folder(), &self.folder.join(FILES), &self.steps)?;
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

impl<'h> Sealed<'h> {
    /// Commits, then puts everything in place. On [`CommitError::Unfinished`] the run is committed; on any other
    /// error it is not, and the site is as it was.
    pub fn commit(self) -> Result<(), CommitError> {
        self.append()?.finish()
    }

    /// The instant of commit, alone.
    pub fn append(self) -> Result<Committed<'h>, CommitError> {
        let Sealed { pending, manifest } = self;
        ledger::append(&pending.site.ledger(), &manifest.line, &pending.steps)?;
        Ok(Committed { pending, manifest })
    }

    /// Gives the run up: the site is as it was.
    pub fn discard(self) -> Result<(), CommitError> {
        self.pending.discard()
    }
}

/// A run that is committed, and whose files are still to be put in place.
#[must_use]
pub struct Committed<'h> {
    pending: Pending<'h>,
    manifest: Manifest,
}

impl Committed<'_> {
    /// Puts everything in place; what fails is [`CommitError::Unfinished`].
    pub fn finish(self) -> Result<(), CommitError> {
        let Committed { pending, manifest } = self;
        finish::finish(&pending.site, &pending.folder, &manifest, Sources::Fresh, &pending.steps)
            .map_err(|error| CommitError::Unfinished(Box::new(error)))
    }
}
