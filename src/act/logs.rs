//! Which of tonight's logs, or how much of each, was retired before; and what is to be remembered of those that are retired
//! tonight.
//!
//! A log is known by its decompressed bytes, whatever its name: the same bytes again, or a file that begins with them, are
//! recognised before a row is read. Most files differ in their first bytes from every other, and are read once. A file that
//! begins with another of tonight's holds all of its rows: the shorter one is a copy. What two files share otherwise is found by
//! `repeats`.

pub mod repeats;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::export::{ExportError, Found, Opened};
use crate::pass::LogRun;
use crate::state::keys::KeyedDigest;
use crate::state::logs::{Blocks, Cutter, HEAD, RetiredLog};
use crate::words::{Day, Digest};

const BLOCK: usize = 1 << 18;

/// A log as it was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogRead {
    pub bytes: u64,
    pub lines: u64,
    pub head: Digest,
    pub whole: Digest,
    /// Where its lines are records as they stand.
    pub blocks: Option<Blocks>,
}

impl LogRead {
    /// Of a file that holds no byte.
    pub fn empty() -> LogRead {
        let nothing = Digest([0; 32]);
        LogRead { bytes: 0, lines: 0, head: nothing, whole: nothing, blocks: None }
    }

    pub fn retired_on(self, retired: Day) -> RetiredLog {
        let LogRead { bytes, lines, head, whole, blocks } = self;
        RetiredLog { bytes, lines, head, whole, retired, blocks }
    }
}

/// The bytes of one file, digested as they pass.
#[derive(Clone)]
pub struct Passing {
    found: Found,
    digest: KeyedDigest,
    /// Where its lines are records as they stand.
    cutter: Option<Cutter>,
    so_far: Arc<Mutex<SoFar>>,
}

struct SoFar {
    bytes: u64,
    all: KeyedDigest,
    head: Option<Digest>,
    cutter: Option<Cutter>,
}

impl Passing {
    /// `cutter`: for lines that are records as they stand.
    pub fn new(found: &Found, digest: &KeyedDigest, cutter: Option<&Cutter>) -> Passing {
        let so_far = SoFar::new(digest, cutter);
        let so_far = Arc::new(Mutex::new(so_far));
        Passing { found: found.clone(), digest: digest.clone(), cutter: cutter.cloned(), so_far }
    }

    fn so_far(&self) -> MutexGuard<'_, SoFar> {
        self.so_far.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Opens the file, from its beginning.
    pub fn open(&self) -> Result<Opened, ExportError> {
        *self.so_far() = SoFar::new(&self.digest, self.cutter.as_ref());
        let passing = self.clone();
        Ok(self.found.open()?.seen_by(move |bytes| passing.so_far().see(bytes)))
    }

    /// Once all of it has passed.
    pub fn read(&self, lines: u64) -> LogRead {
        let so_far = self.so_far();
        let whole = so_far.all.clone().finish();
        let blocks = so_far.cutter.as_ref().map(Cutter::blocks);
        LogRead { bytes: so_far.bytes, lines, head: so_far.head.unwrap_or(whole), whole, blocks }
    }
}

impl SoFar {
    fn new(digest: &KeyedDigest, cutter: Option<&Cutter>) -> SoFar {
        SoFar { bytes: 0, all: digest.clone(), head: None, cutter: cutter.cloned() }
    }

    fn see(&mut self, mut bytes: &[u8]) {
        if let Some(cutter) = &mut self.cutter {
            cutter.see(bytes);
        }
        if self.head.is_none() {
            let (first, rest) = bytes.split_at(bytes.len().min(HEAD - self.bytes as usize));
            self.take(first);
            if self.bytes == HEAD as u64 {
                self.head = Some(self.all.clone().finish());
            }
            bytes = rest;
        }
        self.take(bytes);
    }

    fn take(&mut self, bytes: &[u8]) {
        self.all.update(bytes);
        self.bytes += bytes.len() as u64;
    }
}

/// The first bytes of a log: fewer than [`HEAD`] are all that it has.
pub fn head(found: &Found) -> Result<Vec<u8>, ExportError> {
    let mut head = Vec::with_capacity(HEAD);
    found.open()?.read(&mut head, HEAD)?;
    Ok(head)
}

/// Looks for what was retired before, and for copies, in tonight's files. None of `heads` is empty.
pub fn recognise(
    files: &[&Found],
    heads: &[Vec<u8>],
    known: &[RetiredLog],
    (sequence, digest): (u64, &KeyedDigest),
    written: impl Fn(&Found) -> Day,
) -> Result<LogRun, ExportError> {
    let written = files.iter().map(|found| written(found)).collect();
    let mut run = LogRun { sequence, again: vec![0; files.len()], copy_of: vec![None; files.len()], written };
    // Of files that share a whole head, length and digest.
    let mut measured: Vec<Option<(u64, Digest)>> = vec![None; files.len()];
    for (place, head) in heads.iter().enumerate().filter(|(_, head)| head.len() == HEAD) {
        if heads.iter().enumerate().any(|(other, its)| other != place && its == head) {
            let mut lengths = Lengths::new(files[place], digest)?;
            measured[place] = Some(lengths.whole()?);
        }
    }
    for (place, head) in heads.iter().enumerate() {
        let mut beginnings = BTreeMap::new();
        let mut candidates: Vec<&RetiredLog> =
            known.iter().filter(|log| begins(head, &mut beginnings, log, digest)).collect();
        candidates.sort_unstable_by_key(|log| log.bytes);
        let shorter = |other: &usize| match (measured[*other], measured[place]) {
            (Some((length, _)), Some((own, _))) => heads[*other] == *head && (length, *other) < (own, place),
            _ => false,
        };
        let mut others: Vec<usize> = (0..files.len()).filter(|other| *other != place).filter(shorter).collect();
        others.sort_unstable_by_key(|other| measured[*other]);
        if !candidates.is_empty() || !others.is_empty() {
            let mut lengths = Lengths::new(files[place], digest)?;
            for log in candidates {
                if lengths.digest_of(log.bytes)? == Some(log.whole) {
                    run.again[place] = run.again[place].max(log.lines);
                }
            }
            let mut lengths = Lengths::new(files[place], digest)?;
            for other in others {
                let Some((bytes, whole)) = measured[other] else { continue };
                if lengths.digest_of(bytes)? == Some(whole) {
                    run.copy_of[other] = Some(place);
                }
            }
        }
        // Of files so short that their heads are all of them.
        for (other, its) in heads.iter().enumerate().filter(|(other, its)| *other != place && its.len() < HEAD) {
            if head.starts_with(its) && (its.len(), other) < (head.len(), place) {
                run.copy_of[other] = Some(place);
            }
        }
    }
    Ok(run)
}

/// Whether a file may begin with a retired log. `beginnings`: digests of its first so many bytes, as far as they were asked
/// for; most logs are longer than a head.
fn begins(head: &[u8], beginnings: &mut BTreeMap<usize, Digest>, log: &RetiredLog, digest: &KeyedDigest) -> bool {
    let length = log.bytes.min(HEAD as u64) as usize;
    if length == 0 || head.len() < length {
        return false;
    }
    let beginning = beginnings.entry(length).or_insert_with(|| {
        let mut digest = digest.clone();
        digest.update(&head[..length]);
        digest.finish()
    });
    *beginning == log.head
}

/// The digests of a file's first so many bytes, asked for in rising order.
struct Lengths {
    opened: Opened,
    block: Vec<u8>,
    /// How much of the block was digested.
    taken: usize,
    bytes: u64,
    digest: KeyedDigest,
}

impl Lengths {
    fn new(found: &Found, digest: &KeyedDigest) -> Result<Lengths, ExportError> {
        Ok(Lengths { opened: found.open()?, block: Vec::new(), taken: 0, bytes: 0, digest: digest.clone() })
    }

    /// None: the file is shorter.
    fn digest_of(&mut self, length: u64) -> Result<Option<Digest>, ExportError> {
        while self.bytes < length {
            if !self.fill()? {
                return Ok(None);
            }
            let most = usize::try_from(length - self.bytes).unwrap_or(usize::MAX);
            self.take(most);
        }
        Ok(Some(self.digest.clone().finish()))
    }

    /// Length and digest of all of it.
    fn whole(&mut self) -> Result<(u64, Digest), ExportError> {
        while self.fill()? {
            self.take(usize::MAX);
        }
        Ok((self.bytes, self.digest.clone().finish()))
    }

    /// False: nothing follows.
    fn fill(&mut self) -> Result<bool, ExportError> {
        if self.taken == self.block.len() {
            self.block.clear();
            self.taken = 0;
            self.opened.read(&mut self.block, BLOCK)?;
        }
        Ok(self.taken < self.block.len())
    }

    fn take(&mut self, most: usize) {
        let rest = &self.block[self.taken..];
        let part = &rest[..rest.len().min(most)];
        self.digest.update(part);
        self.taken += part.len();
        self.bytes += part.len() as u64;
    }
}

#[cfg(test)]
mod tests;
