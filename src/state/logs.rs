//! Which logs were retired, so that none is counted twice: not under another name, not compressed anew, and not its rows
//! in a file that begins with them.
//!
//! `state/logs/PIPELINE.json`, JSON. Of each log the length of its decompressed bytes, its last line, keyed digests of
//! all of them and of the first [`HEAD`] (or all, if they are fewer), and the day of the run that retired it. No row, no
//! patron, no file name. For a hundred days also keyed numbers of blocks of its lines (`blocks`), which tell that a part comes again.
//!
//! A file that is gone or older than the last run is an error: `state/memory.json` says how many logs that run knew.
//! A file that was cut or changed is one, too, never fewer logs: `sha256` is that of the list as compact JSON. As everywhere
//! in `state/`, that guards against accidents, not against whoever may write there.

mod blocks;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::DiskError;
use super::json::{self, Format, JsonError};
use super::site::Site;
use crate::words::{Day, Digest};

pub use blocks::{Block, Blocks, Cutter};

const FORMAT: u32 = 1;

/// What tells two logs apart without reading them whole. A power of two, and short: many heads lie in memory at once.
pub const HEAD: usize = 4096;

/// A log that was retired whole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetiredLog {
    /// Decompressed.
    pub bytes: u64,
    /// Its last line. The header's is 1.
    pub lines: u64,
    /// Keyed, of its first bytes.
    pub head: Digest,
    /// Keyed, of all its bytes.
    pub whole: Digest,
    pub retired: Day,
    /// Where its lines are records as they stand, and it was retired not long ago.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Blocks>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: Format<FORMAT>,
    logs: Vec<RetiredLog>,
    sha256: Digest,
}

#[derive(Debug, thiserror::Error)]
pub enum LogsError {
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error("{} was changed: put it back from a backup of state/", .0.display())]
    Damaged(PathBuf),
    #[error(
        "{} names {found} retired logs, and the last run knew {known}: the others would be counted twice. Put state/logs back \
         from a backup, with the rest of state/ of the same night", path.display()
    )]
    Fewer { path: PathBuf, found: u64, known: u64 },
}

/// Where a pipeline's file lies, relative to the site. `pipeline` is its checked name.
pub fn path(pipeline: &str) -> String {
    format!("state/logs/{pipeline}.json")
}

/// The logs of a pipeline that were retired, the oldest run's first; none before the first. `known`: how many the last run
/// knew. Fewer are an error, and so is no file where there was one.
pub fn load(site: &Site, pipeline: &str, known: u64) -> Result<Vec<RetiredLog>, LogsError> {
    let path = site.at(path(pipeline));
    let logs = match json::load::<File>(&path, FORMAT) {
        Err(JsonError::Disk(error)) if error.is_missing() => Vec::new(),
        file => {
            let file = file?;
            if file.sha256 != sum(&file.logs, &path)? {
                return Err(LogsError::Damaged(path));
            }
            file.logs
        }
    };
    match logs.len() as u64 {
        found if found < known => Err(LogsError::Fewer { path, found, known }),
        _ => Ok(logs),
    }
}

/// The bytes of a file.
pub fn encode(logs: Vec<RetiredLog>, path: &Path) -> Result<Vec<u8>, LogsError> {
    let sha256 = sum(&logs, path)?;
    Ok(json::to_bytes(&File { format: Format, logs, sha256 }, path)?)
}

fn sum(logs: &[RetiredLog], path: &Path) -> Result<Digest, LogsError> {
    let bytes = serde_json::to_vec(logs).map_err(|_| JsonError::Unwritable(path.into()))?;
    Ok(Digest::of(&bytes))
}

impl From<DiskError> for LogsError {
    fn from(error: DiskError) -> LogsError {
        LogsError::Json(error.into())
    }
}
