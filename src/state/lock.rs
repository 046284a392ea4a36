//! One run at a time.
//!
//! The lock is the operating system's, on `state/lock`: it ends with the process that holds it, however that ends, so
//! a lock is never left behind. It doesn't reach over most network file systems.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;

use super::disk::{At, DiskError};
use super::site::Site;
use crate::plain_file;

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("another run is at work in {0}: wait for it to end (`run --wait` does)")]
    Held(String),
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    pub fn take(site: &Site) -> Result<Lock, LockError> {
        let path = site.lock();
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600);
        let file = plain_file::open_with(&path, &mut options).at("open the lock", &path)?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Held(site.root().display().to_string())),
            Err(TryLockError::Error(error)) => Err(error).at("lock", &path)?,
        }
    }
}

impl Drop for Lock {
    /// Closing the file would do, but for a child process that was being started meanwhile: until it runs its program
    /// it has the file open, too.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}
