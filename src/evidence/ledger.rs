//! The ledger: `reports/ledger.jsonl`, one line a run, each signed and each holding the digest of the line before it.
//!
//! A line is `{"entry":{…},"signature":"…"}`: the signature is Ed25519 over the exact bytes of the entry's JSON, and a
//! line has exactly one spelling. The *head* is the SHA-256 of the last line, without its newline.
//!
//! **What it proves.** To whoever holds the public key: that each line was written with this site's signing key, that
//! no line was changed, taken out of the middle, exchanged or put in, and that the files it names are, byte for byte,
//! those that the run wrote. So nobody who can write `reports/` or `public/` but not read `state/` can rewrite what
//! happened.
//!
//! **What it doesn't.** Who reads `state/` holds the signing key and can write a new history from the first line on,
//! signed and complete. And anyone who can write `reports/` can cut off the last lines together with their reports:
//! what remains is a true older state. Only a head that was noted somewhere else (printed, mailed, in the minutes)
//! catches these two: `verify --head`. Nor does a line prove that what the run said was so; it proves that it said it.

use std::path::{Path, PathBuf};

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::hex::Hex;
use super::public_key::{self, PublicKey};
use crate::words::Digest;

/// Where the ledger lies, from the site's folder.
pub const PATH: &str = "reports/ledger.jsonl";

/// The head of an empty ledger, and `previous` of the first entry.
pub const BEFORE_THE_FIRST: Digest = Digest([0; 32]);

/// What is signed about one run. The order of the fields is the order in the file: changing it makes another format.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// 1.
    pub format: u32,
    /// The number of the run, from 1 on, without gaps.
    pub sequence: u64,
    /// The head before this entry.
    pub previous: Digest,
    /// The key that signs this entry; [`seal`] sets it.
    pub public_key: PublicKey,
    pub run: RunStamp,
    /// SHA-256 of the JSON report in `reports/`.
    pub report: Digest,
    /// The digest of the plan that was carried out.
    pub plan: Digest,
    /// Every file that the run left, under `public/`, `reports/`, `worklists/` and `state/`; not the ledger itself.
    pub files: Vec<FileEntry>,
    /// Files and folders, from the site's folder, that the run deletes: staging, keys.
    pub removed: Vec<String>,
    /// The exports that the previous run's policy had deleted.
    pub exports_deleted: ExportsDeleted,
}

/// When, and by what.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunStamp {
    /// The time that decided, RFC 3339.
    pub as_of: String,
    /// The clock when the run began, RFC 3339.
    pub at: String,
    /// The version of afterloan.
    pub afterloan: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// From the site's folder, with `/`.
    pub path: String,
    pub bytes: u64,
    pub digest: FileDigest,
}

/// Files that anyone in the house may read have a plain digest; a worklist's would let its ids be guessed, so it and
/// all of `state/` have keyed ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileDigest {
    Sha256(Digest),
    Keyed(Digest),
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportsDeleted {
    pub count: u64,
    /// Keyed, as in the report of the run that read them.
    pub digests: Vec<Digest>,
}

/// A line whose spelling has been checked. Its signature has not: see [`Line::is_signed_by`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub entry: Entry,
    pub signature: Hex<64>,
    /// SHA-256 of the whole line without its newline.
    pub digest: Digest,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<E> {
    entry: E,
    signature: Hex<64>,
}

/// What is wrong with one line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LineError {
    #[error("is not a ledger line (column {column}): it was edited or cut")]
    Syntax { column: usize },
    #[error("is not written as afterloan writes it: it was edited")]
    NotCanonical,
    #[error("has format {0}; this afterloan reads format 1: use a newer one")]
    Format(u32),
}

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

/// The line for an entry, signed, without a newline.
pub fn seal(mut entry: Entry, key: &SigningKey) -> Result<String, LedgerError> {
    entry.public_key = public_key::of(key);
    let signature = Hex(key.sign(&serde_json::to_vec(&entry)?).to_bytes());
    Ok(serde_json::to_string(&Written { entry, signature })?)
}

/// All lines of a ledger. A file that isn't there has none. Spelling is checked; chain and signatures are not: that
/// is [`super::verify`]'s.
pub fn read(path: &Path) -> Result<Vec<Line>, LedgerError> {
    let bytes = match std::fs::read(path) {
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
pub(super) fn split(bytes: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let rest = lines.pop().unwrap_or_default();
    (lines, rest)
}

/// The digest that stands for the whole ledger.
pub fn head(lines: &[Line]) -> Digest {
    lines.last().map_or(BEFORE_THE_FIRST, |line| line.digest)
}

/// The number of the run that comes next.
pub fn next_sequence(lines: &[Line]) -> u64 {
    lines.last().map_or(1, |line| line.entry.sequence.saturating_add(1))
}

impl Line {
    pub fn parse(text: &[u8]) -> Result<Line, LineError> {
        let syntax = |error: serde_json::Error| LineError::Syntax { column: error.column() };
        let written: Written<Entry> = serde_json::from_slice(text).map_err(syntax)?;
        if written.entry.format != 1 {
            return Err(LineError::Format(written.entry.format));
        }
        if serde_json::to_vec(&written).map_err(syntax)? != text {
            return Err(LineError::NotCanonical);
        }
        let Written { entry, signature } = written;
        Ok(Line { entry, signature, digest: Digest::of(text) })
    }

    /// Whether `key` signed this entry. Strict: one signature has one spelling.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(&self.signature.0);
        match (VerifyingKey::from_bytes(&key.0), serde_json::to_vec(&self.entry)) {
            (Ok(key), Ok(bytes)) => key.verify_strict(&bytes, &signature).is_ok(),
            _ => false,
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
