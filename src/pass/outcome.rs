//! What a pass found, beside the rows in its run files.

use std::collections::{BTreeMap, HashSet};

use roaring::RoaringTreemap;

use super::log::{LogPart, Uncounted};
use super::met::Meeting;
use super::rejected::RejectedRows;
use crate::decide::{Chains, Decision};
use crate::leak::Identifiers;
use crate::state::absent::AbsentPatron;
use crate::words::{Day, Digest, Reason, TransactionId};

/// How many line numbers of rejected rows a report names, by reason and part.
pub(super) const LINES_NAMED: usize = 20;

/// What a pass says of one part (one export of transactions).
#[derive(Clone, Debug, Default)]
pub struct PartPassed {
    pub records: u64,
    /// By reason: how many, and on which lines the first of them stand.
    pub rejected: BTreeMap<Reason, (u64, Vec<u64>)>,
    pub digest: Option<Digest>,
    pub bytes: u64,
}

impl PartPassed {
    pub(super) fn merge(&mut self, other: PartPassed) {
        self.records += other.records;
        self.bytes += other.bytes;
        for (reason, (count, lines)) in other.rejected {
            let (all_count, all_lines) = self.rejected.entry(reason).or_default();
            *all_count += count;
            all_lines.extend(lines);
        }
    }
}

/// How often a column had a value, and how often that was unreadable; of dates, also what they say of the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DateCount {
    pub set: u64,
    pub unreadable: u64,
    /// The newest that doesn't lie ahead.
    pub newest: Option<Day>,
    /// Those that lie more than a day ahead, where none may.
    pub ahead: u64,
}

impl DateCount {
    /// Counts a date that was read, if it was. `until`: the last day that one may name.
    #[inline]
    pub(super) fn note(&mut self, day: Option<Day>, until: Day) {
        self.set += 1;
        let Some(day) = day else {
            self.unreadable += 1;
            return;
        };
        if day <= until {
            self.newest = self.newest.max(Some(day));
        }
        self.ahead += u64::from(day > until.plus(1));
    }

    pub(super) fn add(&mut self, other: DateCount) {
        self.set += other.set;
        self.unreadable += other.unreadable;
        self.newest = self.newest.max(other.newest);
        self.ahead += other.ahead;
    }
}

/// The transactions whose decisions `explain` asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Watch {
    None,
    One(TransactionId),
    /// Of a log: the line of that number in every file.
    Line(u32),
    All,
}

impl Watch {
    #[inline]
    pub(super) fn covers(self, id: TransactionId) -> bool {
        match self {
            Watch::None => false,
            Watch::One(wanted) => wanted == id,
            Watch::Line(line) => id.0 as u32 == line,
            Watch::All => true,
        }
    }
}

/// A decision that was asked for by `explain`.
#[derive(Clone, Debug)]
pub struct Watched {
    pub part: usize,
    pub line: u64,
    pub linked: bool,
    pub opened: Option<Day>,
    pub decision: Decision,
    /// Of a log with `[requests]`: it is one that counts.
    pub counts: bool,
}

/// A patron on a mailing list. Prints as `[patron]`.
pub struct Mailed {
    pub id: TransactionId,
    pub cells: Vec<Box<str>>,
}

impl std::fmt::Debug for Mailed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[patron]")
    }
}

/// What a pass found of logs; nothing of a snapshot.
pub struct LogsPassed {
    pub parts: Vec<LogPart>,
    /// Rows that don't count.
    pub uncounted: BTreeMap<Uncounted, u64>,
}

/// Everything a pass found, beside the run files and what their codes mean.
pub struct Passed {
    pub parts: Vec<PartPassed>,
    pub dates: BTreeMap<String, DateCount>,
    pub identifiers: Identifiers,
    /// Numbers that more than one row has.
    pub repeated: RoaringTreemap,
    /// Numbers of rows that are there and can't be placed: rejected, or linked without a readable opening.
    pub unplaced: RoaringTreemap,
    pub chains: Chains,
    /// The newest loans of each item, where the policy keeps them.
    pub newest: HashSet<(TransactionId, i64)>,
    /// Of each lookup that decides by having no row, in order.
    pub met: Vec<Meeting>,
    /// Patrons of linked rows who are missing from the export of patrons, where the policy asks.
    pub absent: HashSet<AbsentPatron>,
    pub watched: Vec<Watched>,
    pub logs: LogsPassed,
    /// Who wants to be on each of the policy's mailing lists.
    pub mailed: Vec<Vec<Mailed>>,
    /// None are kept unless the policy names a recipient.
    pub rejected: RejectedRows,
}
