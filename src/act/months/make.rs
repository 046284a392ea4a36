//! Making a file of the run, below the folder that mirrors the site.

use std::path::Path;

use super::error::MonthError;
use crate::state::disk;

pub fn make(out: &Path, relative: &str, bytes: &[u8]) -> Result<(), MonthError> {
    let path = out.join(relative);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|source| MonthError::Write { path: folder.into(), source })?;
    }
    disk::write_unsynced(&path, bytes, 0o600)?;
    Ok(())
}
