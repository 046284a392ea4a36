//! Who may change the register, and when. A hold doesn't wait for a run: a run, and each batch of a purge, holds this lock only
//! from its last look at the register to the instant from which what it does can't be taken back, and shares it.
//!
//! So once a hold is placed, nothing is retired by a register without it.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;

use super::super::disk::{At, DiskError};
use super::super::site::Site;
use crate::plain_file;

/// Held until it is dropped.
#[derive(Debug)]
pub struct HoldsLock {
    file: File,
}

impl HoldsLock {
    /// For who decides by the register. Waits for who is changing it, which takes no longer than a file.
    pub fn share(site: &Site) -> Result<HoldsLock, DiskError> {
        let (path, file) = (site.holds_lock(), open(site)?);
        file.lock_shared().at("lock", &path)?;
        Ok(HoldsLock { file })
    }

    /// For who changes it. Waits for a commit's last step, or a batch.
    pub fn take(site: &Site) -> Result<HoldsLock, DiskError> {
        let (path, file) = (site.holds_lock(), open(site)?);
        file.lock().at("lock", &path)?;
        Ok(HoldsLock { file })
    }
}

fn open(site: &Site) -> Result<File, DiskError> {
    let path = site.holds_lock();
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    plain_file::open_with(&path, &mut options).at("open the lock", &path)
}

impl Drop for HoldsLock {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}
