//! The ledger's file: its lines, its head, and the line that comes next.

use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;

use super::entry::{BEFORE_THE_FIRST, Entry};
use super::line::{self, Line, LineError};
use crate::plain_file;
use crate::words::Digest;

#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("{path}: can't be read: {error}")]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{path}, line {line}: {error}; run `afterloan verify` and restore the file from a copy")]
    Line { path: PathBuf, line: usize, error: LineError },
    /// The last line has no newline. `whole` bytes of the file are whole lines.
    #[error("{path}, line {line}: is cut off; the next run mends it when it was killed while writing it")]
    Torn { path: PathBuf, line: usize, whole: u64 },
    #[error("a ledger entry could not be written as JSON: {0}")]
    Encoding(#[from] serde_json::Error),
}

/// The line for an entry, signed, without a newline. It has the newest format, whatever `entry` says.
pub fn seal(entry: Entry, key: &SigningKey) -> Result<String, LedgerError> {
    Ok(line::seal(entry, key)?)
}

/// All lines of a ledger. A file that isn't there has none. Spelling is checked; chain and signatures are not: that
/// is [`crate::evidence::verify`]'s.
pub fn read(path: &Path) -> Result<Vec<Line>, LedgerError> {
    let bytes = match plain_file::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(LedgerError::Unreadable { path: path.into(), error }),
    };
    let (lines, rest) = split(&bytes);
    if !rest.is_empty() {
        let whole = (bytes.len() - rest.len()) as u64;
        return Err(LedgerError::Torn { path: path.into(), line: lines.len() + 1, whole });
    }
    let parse = |(i, text): (usize, &[u8])| {
        Line::parse(text).map_err(|error| LedgerError::Line { path: path.into(), line: i + 1, error })
    };
    lines.into_iter().enumerate().map(parse).collect()
}

/// The lines that end in a newline, without it, and what follows the last newline.
pub fn split(bytes: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let rest = lines.pop().unwrap_or_default();
    (lines, rest)
}

/// The digest that stands for the whole ledger.
pub fn head(lines: &[Line]) -> Digest {
    lines.last().map_or(BEFORE_THE_FIRST, |line| line.digest)
}

/// Whether the ledger ever had this head. What a killed act left of a line doesn't count.
pub fn had(path: &Path, head: Digest) -> Result<bool, LedgerError> {
    let bytes = match plain_file::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(LedgerError::Unreadable { path: path.into(), error }),
    };
    Ok(head == BEFORE_THE_FIRST || split(&bytes).0.into_iter().any(|line| Digest::of(line) == head))
}

/// The number of the act that comes next.
pub fn next_sequence(lines: &[Line]) -> u64 {
    lines.last().map_or(1, |line| line.entry.sequence.saturating_add(1))
}
