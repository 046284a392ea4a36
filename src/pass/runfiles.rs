//! Run files: coded rows by month of opening, on disk for the length of one run.
//!
//! Each batch has files of its own, so that workers wait for nobody. A row's codes mean what its batch says; they are
//! renumbered, and so mean the same in all rows, whenever a month is read. The order of rows within a month means nothing.
//! No writer is held open for a month: a file is opened, appended to and closed.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::coded::{Layout, Renumbering};
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

/// The run files of one batch.
pub(super) struct BatchFiles {
    folder: PathBuf,
    batch: usize,
    months: BTreeSet<Month>,
}

impl BatchFiles {
    /// `folder` exists, and nobody else may read it; no other batch in it has this number.
    pub fn new(folder: &Path, batch: usize) -> BatchFiles {
        BatchFiles { folder: folder.into(), batch, months: BTreeSet::new() }
    }

    fn path(&self, month: Month) -> PathBuf {
        let name = if month == UNDATED { "undated".into() } else { month.to_string() };
        self.folder.join(format!("{name}.{batch}", batch = self.batch))
    }

    fn texts_path(&self, month: Month) -> PathBuf {
        let mut path = self.path(month).into_os_string();
        path.push(".ids");
        path.into()
    }

    /// Appends whole rows to a month.
    pub fn append(&mut self, month: Month, rows: &[u8]) -> Result<(), RunFileError> {
        self.append_to(self.path(month), month, rows)
    }

    /// Appends the texts of ids to a month.
    pub fn append_texts(&mut self, month: Month, texts: &[u8]) -> Result<(), RunFileError> {
        self.append_to(self.texts_path(month), month, texts)
    }

    fn append_to(&mut self, path: PathBuf, month: Month, rows: &[u8]) -> Result<(), RunFileError> {
        self.months.insert(month);
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path);
        file.and_then(|mut file| file.write_all(rows)).map_err(|source| RunFileError { path, source })
    }
}

/// The run files of one pipeline.
pub struct RunFiles {
    layout: Layout,
    batches: Vec<(BatchFiles, Renumbering)>,
}

impl RunFiles {
    pub(super) fn new(layout: Layout) -> RunFiles {
        RunFiles { layout, batches: Vec::new() }
    }

    /// Takes in the files of a batch, and what its numbers are in all.
    pub(super) fn add(&mut self, files: BatchFiles, renumbering: Renumbering) {
        self.batches.push((files, renumbering));
    }

    /// The months that have rows, `UNDATED` first if any.
    pub fn months(&self) -> Vec<Month> {
        let months: BTreeSet<Month> = self.batches.iter().flat_map(|(files, _)| &files.months).copied().collect();
        months.into_iter().collect()
    }

    /// A month's rows; none if it has no file.
    pub fn read(&self, month: Month) -> Result<Vec<u8>, RunFileError> {
        let mut rows = Vec::new();
        for (files, renumbering) in self.of_month(month) {
            let begin = rows.len();
            read_into(&mut rows, files.path(month))?;
            self.layout.renumber(&mut rows[begin..], renumbering);
        }
        Ok(rows)
    }

    /// The texts of a month's ids; none if they are numbers.
    pub fn read_texts(&self, month: Month) -> Result<Vec<u8>, RunFileError> {
        let mut texts = Vec::new();
        self.of_month(month).try_for_each(|(files, _)| read_into(&mut texts, files.texts_path(month)))?;
        Ok(texts)
    }

    fn of_month(&self, month: Month) -> impl Iterator<Item = &(BatchFiles, Renumbering)> {
        self.batches.iter().filter(move |(files, _)| files.months.contains(&month))
    }
}

fn read_into(bytes: &mut Vec<u8>, path: PathBuf) -> Result<(), RunFileError> {
    match File::open(&path).and_then(|mut file| file.read_to_end(bytes)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(RunFileError { path, source }),
    }
}
