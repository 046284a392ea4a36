//! What verifying found: what was checked, what is wrong, what could not be checked.

use std::fmt;

use crate::words::Digest;

/// What was checked, what is wrong, and what could not be checked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verified {
    pub checked: Checked,
    pub problems: Vec<Problem>,
    /// One sentence for each file, or folder, that could not be checked.
    pub unchecked: Vec<String>,
    /// A run that was killed while it committed: its number, and whether it is committed. Nothing that follows from that is
    /// a problem; the next run finishes it, or throws it away.
    pub unfinished: Option<(u64, bool)>,
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

impl Verified {
    pub(super) fn problem(&mut self, fault: Fault, file: &str, line: Option<usize>, what: impl Into<String>) {
        self.problems.push(Problem { fault, file: file.to_owned(), line, what: what.into() });
    }
}
