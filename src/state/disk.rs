//! The few things done to a disk, each with the path in its error.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::plain_file;
use crate::words::shown_path;

/// Something that the disk refused.
#[derive(Debug, thiserror::Error)]
#[error("can't {doing} {}: {source}", shown_path(path))]
pub struct DiskError {
    doing: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl DiskError {
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn is_missing(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }
}

/// Says what was being done, and to what, when it failed.
pub trait At<T> {
    fn at(self, doing: &'static str, path: &Path) -> Result<T, DiskError>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, doing: &'static str, path: &Path) -> Result<T, DiskError> {
        self.map_err(|source| DiskError { doing, path: path.to_path_buf(), source })
    }
}

pub fn read(path: &Path) -> Result<Vec<u8>, DiskError> {
    plain_file::read(path).at("read", path)
}

/// Makes one folder with exactly this mode, whatever the process's mask.
pub fn create_folder(path: &Path, mode: u32) -> Result<(), DiskError> {
    DirBuilder::new().mode(mode).create(path).at("create the folder", path)?;
    set_mode(path, mode)
}

pub fn set_mode(path: &Path, mode: u32) -> Result<(), DiskError> {
    fs::set_permissions(path, Permissions::from_mode(mode)).at("set the mode of", path)
}

/// Writes a file that must not exist yet and syncs it; the folder is not synced.
pub fn write_new(path: &Path, bytes: &[u8], mode: u32) -> Result<(), DiskError> {
    write_unsynced(path, bytes, mode)?;
    sync(path)
}

/// Writes a file that must not exist yet, in a run's folder: what prepares the commit syncs all of them together.
pub fn write_unsynced(path: &Path, bytes: &[u8], mode: u32) -> Result<(), DiskError> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path).at("create", path)?;
    file.write_all(bytes).at("write", path)?;
    set_mode(path, mode)
}

/// Syncs a file's bytes, or a folder's names.
pub fn sync(path: &Path) -> Result<(), DiskError> {
    File::open(path).and_then(|file| file.sync_all()).at("sync", path)
}

/// Puts a file in another's place, within one folder or device.
pub fn rename(from: &Path, to: &Path) -> Result<(), DiskError> {
    fs::rename(from, to).at("move into place", to)
}

/// Removes a file or a folder with all that it holds; one that is gone already is fine. Follows no links.
pub fn remove(path: &Path) -> Result<(), DiskError> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.at("remove", path),
    }
}

/// The names in a folder, sorted; none when it doesn't exist. A name that isn't UTF-8 is an error.
pub fn names(folder: &Path) -> Result<Vec<String>, DiskError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.at("list", folder)?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.at("list", folder)?;
        let name = entry.file_name().into_string();
        names.push(name.map_err(|_| io::Error::other("a name in it isn't valid text")).at("list", folder)?);
    }
    names.sort();
    Ok(names)
}
