//! The end of a run's writing: everything under `files/` gets its mode and its digest, and is synced.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use sha2::{Digest as _, Sha256};

use super::super::disk::{self, At, DiskError};
use super::error::CommitError;
use super::manifest;
use super::pending_file::PendingFile;
use super::step::Step;
use super::steps::Steps;
use crate::words::Digest;

/// Threads that sync at once. A sync mostly waits, and a file system joins those that come together into one write:
/// many more than there are cores.
const SYNCERS: usize = 16;

/// Throws the pass's files away, then sets modes, takes digests and syncs. Gives the files, sorted by path.
pub fn prepare(pass: &Path, root: &Path, steps: &Steps<'_>) -> Result<Vec<PendingFile>, CommitError> {
    // First, so that none of it is written out on the files' account.
    steps.act(Step::ClearPass, || disk::remove(pass))?;
    let mut found = ToSync::default();
    walk(root, "", &mut found)?;
    found.files.sort();
    let files = steps.act(Step::SyncFiles, || -> Result<_, CommitError> {
        in_parallel(&found.files, |path| finish_file(root, path))
    })?;
    steps.act(Step::SyncFolders, || in_parallel(&found.folders, |folder| disk::sync(folder)))?;
    Ok(files)
}

#[derive(Default)]
struct ToSync {
    /// Relative to the site.
    files: Vec<String>,
    /// Where they are now.
    folders: Vec<PathBuf>,
}

fn walk(folder: &Path, relative: &str, found: &mut ToSync) -> Result<(), CommitError> {
    for name in disk::names(folder)? {
        let path = folder.join(&name);
        let relative = if relative.is_empty() { name } else { format!("{relative}/{name}") };
        let kind = fs::symlink_metadata(&path).at("look at", &path)?.file_type();
        if kind.is_dir() {
            walk(&path, &relative, found)?;
        } else if kind.is_file() {
            found.files.push(manifest::placeable(Path::new(&relative))?);
        } else {
            return Err(CommitError::NotOurs { path: relative, why: "it is neither a file nor a folder" });
        }
    }
    found.folders.push(folder.to_path_buf());
    Ok(())
}

fn finish_file(root: &Path, path: &str) -> Result<PendingFile, CommitError> {
    let now_at = root.join(path);
    disk::set_mode(&now_at, manifest::zone_of(path).file_mode())?;
    disk::sync(&now_at)?;
    let (digest, bytes) = digest_of(&now_at)?;
    Ok(PendingFile { path: path.to_owned(), bytes, digest, now_at })
}

/// SHA-256 and length of a file.
pub fn digest_of(path: &Path) -> Result<(Digest, u64), DiskError> {
    let mut file = File::open(path).at("read", path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        match file.read(&mut buffer).at("read", path)? {
            0 => return Ok((Digest(hash.finalize().into()), bytes)),
            read => {
                hash.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
}

/// Does the same for each of many, on threads of its own; the results in order, or the first error.
pub fn in_parallel<T, R, E>(items: &[T], action: impl Fn(&T) -> Result<R, E> + Sync) -> Result<Vec<R>, E>
where
    T: Sync,
    R: Send,
    E: Send,
{
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((at, item)) = items.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((at, action(item)));
        }
        done
    };
    let mut done: Vec<(usize, Result<R, E>)> = thread::scope(|scope| {
        let helpers: Vec<_> = (1..SYNCERS.min(items.len())).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for helper in helpers {
            // A helper's panic is the caller's.
            done.extend(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
