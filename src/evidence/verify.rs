//! Verify: recomputes a site's evidence from its files alone.
//!
//! It finds an edited, removed, added or reordered ledger line; a file under `public/`, `reports/` or `worklists/`
//! that differs from what its run left, is missing, or was never left by a run; a report without its entry and an
//! entry without its report; a report that doesn't add up, or doesn't agree with what was published.
//!
//! It can't find what leaves no trace in these files. Keyed digests (worklists and `state/`) need the site's key: where
//! it isn't given, those files are named as not checked. A ledger that was cut back to an older state together with
//! its reports, or rewritten by someone who holds `state/`, is found by a noted head alone (see [`super::ledger`]).
//! While a run is committing, its files are not yet in place: verify between runs.

mod chain;
mod files;
mod published;
mod reports;

use std::fmt;
use std::io::{self, Read};
use std::path::Path;

use super::ledger::{self, Line};
use crate::words::Digest;

/// Recomputes keyed digests. Whoever may read `state/` can offer one.
pub trait KeyedCheck {
    /// The keyed digest of all `bytes`. `label` is the file's path from the site's folder, with `/`.
    fn digest(&self, label: &str, bytes: &mut dyn Read) -> io::Result<Digest>;
}

/// What was checked, what is wrong, and what could not be checked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verified {
    pub checked: Checked,
    pub problems: Vec<Problem>,
    /// One sentence for each file, or folder, that could not be checked.
    pub unchecked: Vec<String>,
    /// The ledger's head as it is.
    pub head: Option<Digest>,
    /// With `--head`: how many runs were added since it was noted.
    pub runs_since_head: Option<u64>,
}

impl Verified {
    /// Nothing is wrong. Something may still be unchecked.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

/// How many of each were found to be right.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Checked {
    pub entries: u64,
    pub signatures: u64,
    /// Files by a plain digest.
    pub files: u64,
    /// Files by a keyed digest.
    pub keyed_files: u64,
    pub reports: u64,
    /// Halves of released months whose rows were counted.
    pub halves: u64,
    /// Statistics tables that were added up.
    pub tables: u64,
}

/// What kind of thing is wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fault {
    Edited,
    Removed,
    Reordered,
    Added,
    RolledBack,
    ReportWithoutEntry,
    EntryWithoutReport,
    NotDeleted,
    KeyExchanged,
    Accounting,
    Unreadable,
}

/// One thing that is wrong, with what it means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    pub fault: Fault,
    /// From the site's folder.
    pub file: String,
    /// The line in it, from 1.
    pub line: Option<usize>,
    /// The rest of a sentence that begins with the file.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

/// Checks the site at `site_root`. `head` was noted or printed earlier.
pub fn verify(site_root: &Path, head: Option<Digest>, keys: Option<&dyn KeyedCheck>) -> Verified {
    let mut verified = Verified::default();
    let chain = chain::check(site_root, &mut verified);
    if let Some(head) = head {
        compare_head(head, &chain, &mut verified);
    }
    let files = files::check(site_root, &chain, keys, &mut verified);
    reports::check(site_root, &chain, &files, &mut verified);
    verified
}

/// `head` must be the ledger's, or have been.
fn compare_head(head: Digest, chain: &chain::Chain, verified: &mut Verified) {
    let position = match head == ledger::BEFORE_THE_FIRST {
        true => Some(0),
        false => chain.digests.iter().position(|digest| *digest == head).map(|before| before + 1),
    };
    match position {
        Some(lines) => verified.runs_since_head = Some((chain.digests.len() - lines) as u64),
        None => verified.problem(
            Fault::RolledBack,
            ledger::PATH,
            None,
            "was rolled back or rewritten: no line of it has the head that was noted",
        ),
    }
}

impl Verified {
    fn problem(&mut self, fault: Fault, file: &str, line: Option<usize>, what: impl Into<String>) {
        self.problems.push(Problem { fault, file: file.to_owned(), line, what: what.into() });
    }
}

/// A ledger line and where it stands, from 1.
#[derive(Clone, Debug)]
struct Placed {
    number: usize,
    line: Line,
}

#[cfg(test)]
mod tests;
