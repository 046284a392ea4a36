//! What a pass over logs finds beside its rows: by file, whether all of it is due; and the rows that don't count, which are
//! accounted for by their number alone.

use std::collections::{BTreeMap, BTreeSet};

use super::error::PassError;
use crate::words::{Day, Month, Need, NeedSet, ReasonSet, TransactionId};

/// Files of a log that a run can tell apart.
pub const MOST_FILES: usize = 4_000;

/// What a pass over logs must know before.
#[derive(Clone, Debug, Default)]
pub struct LogRun {
    /// The run's number: with file and line it makes an id that no other run gives.
    pub sequence: u64,
    /// By part: up to which line its rows were retired before.
    pub again: Vec<u64>,
    /// By part: another part that holds all of its rows.
    pub copy_of: Vec<Option<usize>>,
    /// By part: the day on which the file was written.
    pub written: Vec<Day>,
}

impl LogRun {
    /// An id that no other row has, of this run or another: the run in 16 bits, the part in 16, the line in 32.
    #[inline]
    pub(super) fn id(&self, part: usize, line: u64) -> Result<TransactionId, PassError> {
        let fits = self.sequence < 1 << 16 && part < 1 << 16 && line < 1 << 32;
        if !fits {
            return Err(PassError::TooManyLines);
        }
        Ok(TransactionId(self.sequence << 48 | (part as u64) << 32 | line))
    }

    #[inline]
    pub(super) fn is_again(&self, part: usize, line: u64) -> bool {
        line <= self.again[part]
    }
}

/// What was found of one file.
#[derive(Clone, Debug, Default)]
pub struct LogPart {
    /// A row in it has a need.
    pub waits: bool,
    /// When the last of its needs ends, where all have a date.
    pub until: Option<Day>,
    /// A need has no date.
    pub open_ended: bool,
    /// The months of its rows that weren't retired before.
    pub months: BTreeSet<Month>,
    /// Rows that can be read and weren't retired before.
    pub read: u64,
    /// Rows that can't be read.
    pub unread: u64,
    /// Those of them that were retired before.
    pub unread_again: u64,
    /// A legal hold may cover a row that names nobody.
    pub held: bool,
    /// Rows of sorts that the pipeline doesn't list, by their codes where the system has such; nobody knows what they say of
    /// whomever they name. Those that weren't retired before.
    pub unlisted: BTreeMap<String, Unlisted>,
    /// Lines of it stand in another log, too.
    pub repeats: bool,
}

/// Rows of a sort that the pipeline doesn't list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Unlisted {
    pub rows: u64,
    /// The line of the first.
    pub first: u64,
}

impl Unlisted {
    fn merge(&mut self, other: Unlisted) {
        self.first = if self.rows == 0 { other.first } else { self.first.min(other.first) };
        self.rows += other.rows;
    }
}

/// How many sorts are told apart: codes number in the hundreds.
const MOST_SORTS: usize = 1_000;

impl LogPart {
    /// Notes what a row needs. `ends`: when, if it is known.
    #[inline]
    pub fn note(&mut self, needs: NeedSet, ends: Option<Day>) {
        if needs.is_empty() {
            return;
        }
        self.waits = true;
        self.open_ended |= needs.iter().any(|need| need != Need::Grace);
        self.until = self.until.max(ends);
    }

    /// Notes a row of a sort that the pipeline doesn't list. `code`: what the system calls the sort, if its codes are nobody's data.
    pub fn note_unlisted(&mut self, code: &[u8], line: u64) {
        self.open_ended = true;
        let code = String::from_utf8_lossy(code).into_owned();
        let is_one_more = self.unlisted.len() >= MOST_SORTS && !self.unlisted.contains_key(&code);
        let sort = if is_one_more { String::new() } else { code };
        self.unlisted.entry(sort).or_default().merge(Unlisted { rows: 1, first: line });
    }

    pub fn merge(&mut self, other: LogPart) {
        self.waits |= other.waits;
        self.until = self.until.max(other.until);
        self.open_ended |= other.open_ended;
        self.months.extend(other.months);
        self.read += other.read;
        self.unread += other.unread;
        self.unread_again += other.unread_again;
        self.held |= other.held;
        self.repeats |= other.repeats;
        for (code, unlisted) in other.unlisted {
            self.unlisted.entry(code).or_default().merge(unlisted);
        }
    }
}

/// Rows that are no requests, alike in all that the accounting asks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Uncounted {
    pub month: Month,
    pub part: usize,
    pub linked: bool,
    pub again: bool,
    pub needs: NeedSet,
    pub reasons: ReasonSet,
    /// Kept for so long that a person should look, if it is kept.
    pub review: bool,
}

/// How many there are of each. Neighbouring rows are mostly alike.
#[derive(Default)]
pub(super) struct Uncounteds {
    all: BTreeMap<Uncounted, u64>,
    last: Option<(Uncounted, u64)>,
}

impl Uncounteds {
    #[inline]
    pub fn add(&mut self, one: Uncounted) {
        match &mut self.last {
            Some((last, count)) if *last == one => *count += 1,
            _ => {
                let before = self.last.replace((one, 1));
                self.keep(before);
            }
        }
    }

    fn keep(&mut self, counted: Option<(Uncounted, u64)>) {
        if let Some((one, count)) = counted {
            *self.all.entry(one).or_default() += count;
        }
    }

    pub fn finish(mut self) -> BTreeMap<Uncounted, u64> {
        let last = self.last.take();
        self.keep(last);
        self.all
    }
}
