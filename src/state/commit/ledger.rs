//! The one line that commits a run.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use super::super::disk::{self, At};
use super::error::CommitError;
use super::step::{Moment, Step};
use super::steps::Steps;
use crate::plain_file;

/// What an unfinished run left in the ledger.
pub enum Trace {
    /// Nothing: the run isn't committed.
    None,
    /// Its whole line.
    Line,
    /// A part of its line, from this byte on.
    Torn(u64),
}

/// Appends a line and syncs it. On an error the ledger is as it was, or ends in a part of the line.
pub fn append(path: &Path, line: &str, steps: &Steps<'_>) -> Result<(), CommitError> {
    let bytes = disk::read(path)?;
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        return Err(CommitError::TornLedger(path.to_path_buf()));
    }
    let mut file = plain_file::open_with(path, OpenOptions::new().append(true)).at("open", path)?;
    let appended = steps
        .act(Step::AppendLedger, || file.write_all(format!("{line}\n").as_bytes()).at("append to", path))
        .and_then(|()| {
            // Not through `act`: what the hook says once the line is on the disk can't undo it.
            (steps.0)(Moment::Before(Step::SyncLedger))
                .map_err(|source| CommitError::Step { step: Step::SyncLedger, source })?;
            Ok(file.sync_all().at("sync", path)?)
        });
    if let Err(error) = appended {
        // The disk may be full or gone; if the line can't be taken back now, the next start does it.
        let _ = file.set_len(bytes.len() as u64).and_then(|()| file.sync_all());
        return Err(error);
    }
    (steps.0)(Moment::After(Step::SyncLedger))
        .map_err(|source| CommitError::Unfinished(Box::new(CommitError::Step { step: Step::SyncLedger, source })))
}

/// Looks for a run's line.
pub fn trace(path: &Path, line: Option<&str>) -> Result<Trace, CommitError> {
    let bytes = disk::read(path)?;
    let start = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let (lines, torn) = bytes.split_at(start);
    match line.map(str::as_bytes) {
        Some(line) if !torn.is_empty() && line.starts_with(torn) => Ok(Trace::Torn(start as u64)),
        _ if !torn.is_empty() => Err(CommitError::TornLedger(path.to_path_buf())),
        Some(line) if lines.split(|byte| *byte == b'\n').any(|one| one == line) => Ok(Trace::Line),
        _ => Ok(Trace::None),
    }
}

/// Cuts the ledger off at a byte.
pub fn cut(path: &Path, at: u64) -> Result<(), CommitError> {
    let file = plain_file::open_with(path, OpenOptions::new().write(true)).at("open", path)?;
    file.set_len(at).at("cut", path)?;
    Ok(file.sync_all().at("sync", path)?)
}

/// Makes sure that what was read of the ledger is on the disk.
pub fn sync(path: &Path) -> Result<(), CommitError> {
    Ok(plain_file::open(path).and_then(|file| file.sync_all()).at("sync", path)?)
}
