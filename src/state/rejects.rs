//! Rejected rows, encrypted to the recipient whom the policy names: `state/rejects/PIPELINE/run-NNNNNN-until-DAY.age`.
//!
//! The machine that runs afterloan can't read them: only whoever has the recipient's private key can (`age --decrypt`).
//! Nothing plain ever lies on the disk; the name of a file says the run and the day from which a run removes it, and
//! nothing else. Encryption draws its own randomness, so the same night gives other bytes. Where the system
//! has no randomness the crate stops the process, before anything is in place; no input can bring that about.
//!
//! In the ciphertext are JSON lines. The first: `format` (1), `pipeline`, `run`, `day`, `rows`, `left_out` (for which there
//! was no room). Then one a row: `export`, `line`, `reason`, and `row` (its text) or, where that is no text, `hex`.

use std::io::ErrorKind;
use std::path::Path;

use serde::Serialize;

use super::disk::DiskError;
use super::site::Site;
use crate::words::{Day, Reason};

const FOLDER: &str = "state/rejects";

/// Rejected rows can't be encrypted, or those of earlier runs not be found.
#[derive(Debug, thiserror::Error)]
pub enum RejectsError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("{path}: {source}", path = path.display())]
    Folder { path: std::path::PathBuf, source: std::io::Error },
    #[error("the rejected rows can't be encrypted: {0}. Nothing was done")]
    Encrypt(String),
}

/// The first line.
#[derive(Serialize)]
pub struct Heading<'a> {
    pub pipeline: &'a str,
    pub run: u64,
    pub day: Day,
    pub rows: u64,
    pub left_out: u64,
}

/// A rejected row.
pub struct Row<'a> {
    pub export: &'a str,
    pub line: u64,
    pub reason: Reason,
    pub bytes: &'a [u8],
}

#[derive(Serialize)]
struct First<'a> {
    format: u32,
    #[serde(flatten)]
    heading: &'a Heading<'a>,
}

#[derive(Serialize)]
struct Line<'a> {
    export: &'a str,
    line: u64,
    reason: Reason,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hex: Option<String>,
}

/// The bytes of a file, for `recipient` alone.
pub fn encrypt<'a>(
    recipient: &str,
    heading: &Heading<'_>,
    rows: impl Iterator<Item = Row<'a>>,
) -> Result<Vec<u8>, RejectsError> {
    let wrong = |error: &dyn std::fmt::Display| RejectsError::Encrypt(error.to_string());
    let recipient: age::x25519::Recipient = recipient.parse().map_err(|error: &str| wrong(&error))?;
    let mut plain = zeroize::Zeroizing::new(Vec::new());
    serde_json::to_writer(&mut *plain, &First { format: 1, heading }).map_err(|error| wrong(&error))?;
    plain.push(b'\n');
    for row in rows {
        let text = std::str::from_utf8(row.bytes).ok();
        let hex = || row.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let line =
            Line { export: row.export, line: row.line, reason: row.reason, row: text, hex: text.is_none().then(hex) };
        serde_json::to_writer(&mut *plain, &line).map_err(|error| wrong(&error))?;
        plain.push(b'\n');
    }
    age::encrypt(&recipient, &plain).map_err(|error| wrong(&error))
}

/// Where a run's rejected rows go, from the site's folder.
pub fn path(pipeline: &str, sequence: u64, until: Day) -> String {
    format!("{FOLDER}/{pipeline}/run-{sequence:06}-until-{until}.age")
}

/// The files whose day has come, from the site's folder.
pub fn expired(site: &Site, day: Day) -> Result<Vec<String>, RejectsError> {
    let due = all(site)?.into_iter().filter(|(_, until)| *until <= day);
    Ok(due.map(|(path, _)| path).collect())
}

/// All files, from the site's folder, and the day from which a run removes them.
pub fn all(site: &Site) -> Result<Vec<(String, Day)>, RejectsError> {
    let mut found = Vec::new();
    for pipeline in names(&site.at(FOLDER))? {
        let folder = format!("{FOLDER}/{pipeline}");
        for name in names(&site.at(&folder))? {
            let until = name.strip_suffix(".age").and_then(|name| name.rsplit_once("-until-"));
            if let Some(until) = until.and_then(|(_, until)| until.parse::<Day>().ok()) {
                found.push((format!("{folder}/{name}"), until));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn names(folder: &Path) -> Result<Vec<String>, RejectsError> {
    let wrong = |source| RejectsError::Folder { path: folder.into(), source };
    match std::fs::read_dir(folder) {
        // A file that somebody put there is none of ours.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(wrong(error)),
        Ok(entries) => entries
            .filter_map(|entry| entry.map(|entry| entry.file_name().into_string().ok()).map_err(wrong).transpose())
            .collect(),
    }
}
