//! What the rows of run files are read with, once a pass is over: how they were prepared, and what their numbers mean.

use super::coded::{CodedRow, Layout};
use super::prepared::Prepared;
use super::vocabulary::{Columns, Patrons, Vocabulary};

pub struct Context<'a> {
    pub prepared: Prepared<'a>,
    pub columns: Columns,
    pub patrons: Patrons,
}

impl<'a> Context<'a> {
    pub fn new(prepared: Prepared<'a>, vocabulary: Vocabulary) -> Context<'a> {
        Context { prepared, columns: vocabulary.columns, patrons: vocabulary.patrons }
    }

    pub fn layout(&self) -> Layout {
        self.prepared.layout()
    }

    /// Whether ids are texts, which stand in run files of their own.
    pub fn has_text_ids(&self) -> bool {
        self.prepared.intake.has_text_ids()
    }

    /// Once all rows of a month are there: which requests count, and which of them begin a session, among
    /// those that leave with their file tonight. Returns how many don't count after all.
    pub fn settle_requests(&self, bytes: &mut [u8], leaves: impl Fn(CodedRow<'_>) -> bool) -> u64 {
        self.prepared.intake.settle_requests(self.layout(), bytes, leaves)
    }

    /// Whether a row, its month being settled, is one that is published.
    pub fn counts(&self, row: CodedRow<'_>) -> bool {
        self.prepared.intake.counts(row)
    }
}
