//! What a pass takes in: a snapshot, or logs. What differs between the two is behind this type.

use super::coded::{CodedRow, Layout};
use super::ids::IdRule;
use super::log::LogRun;
use super::requests::{Requests, counts};
use crate::words::TransactionId;

/// What the exports of transactions are.
pub enum Intake {
    Snapshot(Snapshot),
    Log(Log),
}

/// Every transaction that a system still has. Each has an id, by which it is known from night to night.
pub struct Snapshot {
    /// The column of the id, or those that make one.
    pub(super) id: Vec<usize>,
    pub(super) ids: IdRule,
}

impl Snapshot {
    /// A record's id, and the cell that it comes from; of a made one none. `cell`: a column's, null made empty.
    #[inline]
    pub(super) fn id<'r>(&self, cell: impl Fn(usize) -> &'r [u8]) -> Option<(TransactionId, &'r [u8])> {
        match self.id.as_slice() {
            [one] => {
                let cell = cell(*one);
                self.ids.read(cell).map(|id| (id, cell))
            }
            several => self.ids.make(several.iter().map(|column| cell(*column))).map(|id| (id, &b""[..])),
        }
    }
}

/// Files of finished events, each retired whole. Their rows are known by file and line.
pub struct Log {
    pub(super) run: LogRun,
    /// Which rows count; none: all of them.
    pub(super) requests: Option<Requests>,
    /// The column that says of which sort a row is, by a code of the system's own.
    pub(super) code: Option<usize>,
}

impl Intake {
    /// Whether ids are texts, which stand in run files of their own.
    pub fn has_text_ids(&self) -> bool {
        matches!(self, Intake::Snapshot(snapshot) if snapshot.ids.is_text())
    }

    fn requests(&self) -> Option<&Requests> {
        match self {
            Intake::Snapshot(_) => None,
            Intake::Log(log) => log.requests.as_ref(),
        }
    }

    /// How many marks a row has.
    pub(super) fn marks(&self) -> usize {
        self.requests().map_or(0, Requests::marks)
    }

    /// Once all rows of a month are there: which requests count, and which of them begin a session, among those that leave.
    /// Returns how many don't count after all.
    pub(super) fn settle_requests(
        &self,
        layout: Layout,
        bytes: &mut [u8],
        leaves: impl Fn(CodedRow<'_>) -> bool,
    ) -> u64 {
        self.requests().map_or(0, |requests| requests.settle(layout, bytes, leaves))
    }

    /// Whether a row, its month being settled, is one that is published.
    pub(super) fn counts(&self, row: CodedRow<'_>) -> bool {
        self.requests().is_none() || counts(row)
    }
}
