//! After the instant of commit: files move into place, old ones go, and last the run's folder.
//!
//! Every step may have been done before: a run that was killed here is finished by doing all of it again.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::super::disk::{self, At};
use super::super::site::Site;
use super::error::CommitError;
use super::folder::{FILES, MANIFEST, PASS};
use super::manifest::{Manifest, Move, zone_of};
use super::prepare::{digest_of, in_parallel};
use super::step::Step;
use super::steps::Steps;

/// Whether the run's files can be taken for what its manifest says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sources {
    /// This process took their digests just now.
    Fresh,
    /// They lay there while nobody watched.
    Found,
}

pub fn finish(
    site: &Site,
    run: &Path,
    manifest: &Manifest,
    sources: Sources,
    steps: &Steps<'_>,
) -> Result<(), CommitError> {
    let mut touched = BTreeSet::new();
    for one in &manifest.moves {
        place(site, &run.join(FILES), one, sources, steps)?;
        touched.extend(folders_of(site, &one.path));
    }
    sync_all(touched, Step::SyncPlaced, steps)?;
    let mut touched = BTreeSet::new();
    for path in &manifest.removals {
        steps.act(Step::RemoveOld, || disk::remove(&site.at(path)))?;
        touched.extend(folders_of(site, path).into_iter().take(1));
    }
    sync_all(touched, Step::SyncRemoved, steps)?;
    // The manifest goes after the files: a folder without one is of a run that was never sealed.
    steps.act(Step::ClearFiles, || disk::remove(&run.join(FILES)).and_then(|()| disk::remove(&run.join(PASS))))?;
    steps.act(Step::RemoveManifest, || disk::remove(&run.join(MANIFEST)))?;
    steps.act(Step::RemoveAct, || disk::remove(run).and_then(|()| disk::sync(&site.state())))
}

/// Moves one file, unless it was moved before.
fn place(site: &Site, files: &Path, one: &Move, sources: Sources, steps: &Steps<'_>) -> Result<(), CommitError> {
    let (from, to) = (files.join(&one.path), site.at(&one.path));
    if fs::symlink_metadata(&from).is_err() {
        return if is_what_was_made(&to, one)? { Ok(()) } else { Err(CommitError::Changed(to)) };
    }
    if sources == Sources::Found && !is_what_was_made(&from, one)? {
        return Err(CommitError::Changed(from));
    }
    create_folders(site, &one.path, steps)?;
    steps.act(Step::PlaceFile, || fs::rename(&from, &to).at("move into place", &to))
}

fn is_what_was_made(path: &Path, one: &Move) -> Result<bool, CommitError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() && found.len() == one.bytes => Ok(digest_of(path)?.0 == one.sha256),
        _ => Ok(false),
    }
}

/// Makes the folders above a path, with the modes of its zone.
fn create_folders(site: &Site, path: &str, steps: &Steps<'_>) -> Result<(), CommitError> {
    let mode = zone_of(path).folder_mode();
    for folder in folders_of(site, path).into_iter().rev().filter(|folder| !folder.is_dir()) {
        steps.act(Step::PlaceFolder, || disk::create_folder(&folder, mode))?;
    }
    Ok(())
}

/// The folders from a path's own up to its zone.
fn folders_of(site: &Site, path: &str) -> Vec<PathBuf> {
    let above = Path::new(path).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    above.map(|folder| site.at(folder)).collect()
}

/// Syncs those of the folders that exist: one that was to be removed may have gone with its parent.
fn sync_all(folders: BTreeSet<PathBuf>, step: Step, steps: &Steps<'_>) -> Result<(), CommitError> {
    let folders: Vec<PathBuf> = folders.into_iter().filter(|folder| folder.is_dir()).collect();
    if !folders.is_empty() {
        steps.act(step, || in_parallel(&folders, |folder| disk::sync(folder)))?;
    }
    Ok(())
}
