//! Run files: coded rows by month of opening, on disk for the length of one run.
//!
//! Workers append whole buffers; the order of rows within a month means nothing. No writer is held open for a month:
//! a file is opened, appended to and closed.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::words::Month;

/// Rows without a readable opening.
pub const UNDATED: Month = Month(i32::MIN);

/// A run file can't be written or read.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}; is the disk full?", path = path.display())]
pub struct RunFileError {
    pub path: PathBuf,
    pub source: io::Error,
}

/// The run files of one pipeline.
pub struct RunFiles {
    folder: PathBuf,
    months: Mutex<BTreeSet<Month>>,
}

impl RunFiles {
    /// `folder` exists, is empty, and nobody else may read it.
    pub fn new(folder: &Path) -> RunFiles {
        RunFiles { folder: folder.into(), months: Mutex::default() }
    }

    fn path(&self, month: Month) -> PathBuf {
        match month {
            UNDATED => self.folder.join("undated"),
            month => self.folder.join(month.to_string()),
        }
    }

    /// Appends whole rows to a month.
    pub fn append(&self, month: Month, rows: &[u8]) -> Result<(), RunFileError> {
        self.append_to(self.path(month), month, rows)
    }

    /// Appends the texts of ids to a month.
    pub fn append_texts(&self, month: Month, texts: &[u8]) -> Result<(), RunFileError> {
        self.append_to(self.path(month).with_extension("ids"), month, texts)
    }

    fn append_to(&self, path: PathBuf, month: Month, rows: &[u8]) -> Result<(), RunFileError> {
        // Appending under the lock keeps each buffer whole.
        let mut months = self.months.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        months.insert(month);
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path);
        file.and_then(|mut file| file.write_all(rows)).map_err(|source| RunFileError { path, source })
    }

    /// The months that have rows, `UNDATED` first if any.
    pub fn months(&self) -> Vec<Month> {
        self.months.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).iter().copied().collect()
    }

    /// A month's rows; none if it has no file.
    pub fn read(&self, month: Month) -> Result<Vec<u8>, RunFileError> {
        RunFiles::read_from(self.path(month))
    }

    /// The texts of a month's ids; none if they are numbers.
    pub fn read_texts(&self, month: Month) -> Result<Vec<u8>, RunFileError> {
        RunFiles::read_from(self.path(month).with_extension("ids"))
    }

    fn read_from(path: PathBuf) -> Result<Vec<u8>, RunFileError> {
        match std::fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            read => read.map_err(|source| RunFileError { path, source }),
        }
    }
}
