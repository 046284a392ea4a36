//! A folder for what is on its way while somebody only looks at a site: a plan, an explanation. It takes no part in the order of
//! runs, so a run may be at work meanwhile, and whoever looks waits for nobody.
//!
//! `state/look-…` is locked for as long as its owner lives, by a lock on the folder itself. One that nobody holds was left by
//! somebody who was killed: the next to look or to run removes it, since what lies in it is about patrons.

use std::fs::{self, DirBuilder, File};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::disk::{self, At, DiskError};
use super::site::Site;

const PREFIX: &str = "look-";
/// How many names are tried: one process may look several times at once.
const TRIES: u32 = 10_000;

/// Goes when it is dropped.
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
    /// Locked.
    held: File,
}

impl Scratch {
    pub fn make(site: &Site) -> Result<Scratch, DiskError> {
        remove_abandoned(site);
        let mut last = None;
        for number in 1..=TRIES {
            let folder = site.state().join(format!("{PREFIX}{}-{number}", std::process::id()));
            match DirBuilder::new().mode(0o700).create(&folder) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => last = Some(error),
                made => {
                    made.at("create the folder", &folder)?;
                    disk::set_mode(&folder, 0o700)?;
                    if let Some(held) = hold(&folder) {
                        return Ok(Scratch { folder, held });
                    }
                }
            }
        }
        Err(last.unwrap_or_else(|| ErrorKind::AlreadyExists.into()))
            .at("create a folder for this plan in", &site.state())
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = disk::remove(&self.folder);
        let _ = self.held.unlock();
    }
}

/// Removes what was left by those who were killed. What can't be removed now stays for the next.
pub fn remove_abandoned(site: &Site) {
    for name in disk::names(&site.state()).unwrap_or_default() {
        let folder = site.state().join(&name);
        if name.starts_with(PREFIX) && fs::symlink_metadata(&folder).is_ok_and(|found| found.is_dir()) {
            let held = hold(&folder);
            if held.is_some() {
                let _ = disk::remove(&folder);
            }
        }
    }
}

/// Locks a folder. None: somebody else holds it, or it is gone.
fn hold(folder: &Path) -> Option<File> {
    let file = File::open(folder).ok()?;
    file.try_lock().ok()?;
    // Between making and locking it somebody may have taken it for abandoned.
    let is_it = |found: fs::Metadata| file.metadata().is_ok_and(|held| held.ino() == found.ino());
    fs::symlink_metadata(folder).is_ok_and(is_it).then_some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(site: &Site) -> Vec<String> {
        disk::names(&site.state()).unwrap().into_iter().filter(|name| name.starts_with(PREFIX)).collect()
    }

    #[test]
    fn several_look_at_once_and_what_a_killed_one_left_goes() {
        let folder = tempfile::tempdir().unwrap();
        let site = Site::create(folder.path().join("site")).unwrap();
        let one = Scratch::make(&site).unwrap();
        fs::write(one.folder().join("rows"), "rows").unwrap();
        let other = Scratch::make(&site).unwrap();
        assert_ne!(one.folder(), other.folder());
        assert!(one.folder().join("rows").exists(), "who looks is let be");
        let abandoned = site.state().join("look-1-1");
        fs::create_dir(&abandoned).unwrap();
        fs::write(abandoned.join("rows"), "rows").unwrap();
        remove_abandoned(&site);
        assert!(!abandoned.exists() && looks(&site).len() == 2);
        drop(one);
        drop(other);
        assert!(looks(&site).is_empty());
    }
}
