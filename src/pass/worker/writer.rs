//! A worker's way to the run files of its batch: rows are gathered by month, and appended a buffer at a time.

use std::collections::BTreeMap;

use crate::pass::coded::{Head, Layout};
use crate::pass::ids::push_text;
use crate::pass::requests::Marks;
use crate::pass::runfiles::{BatchFiles, RunFileError};
use crate::words::{Month, TransactionId};

/// Rows of one month that are gathered before they are appended to the month's file.
const BUFFER: usize = 1 << 16;

pub struct Writer {
    layout: Layout,
    rows: BTreeMap<Month, Vec<u8>>,
    /// Ids that are texts, of rows that may be due.
    texts: BTreeMap<Month, Vec<u8>>,
}

impl Writer {
    pub fn new(layout: Layout) -> Writer {
        Writer { layout, rows: BTreeMap::new(), texts: BTreeMap::new() }
    }

    pub fn row(
        &mut self,
        files: &mut BatchFiles,
        month: Month,
        head: &Head,
        codes: &[u32],
        marks: &Marks,
    ) -> Result<(), RunFileError> {
        let buffer = self.rows.entry(month).or_insert_with(|| Vec::with_capacity(BUFFER + 256));
        self.layout.push(buffer, head, codes, marks.as_slice());
        if buffer.len() >= BUFFER {
            files.append(month, buffer)?;
            buffer.clear();
        }
        Ok(())
    }

    pub fn text(
        &mut self,
        files: &mut BatchFiles,
        month: Month,
        id: TransactionId,
        text: &[u8],
    ) -> Result<(), RunFileError> {
        let buffer = self.texts.entry(month).or_default();
        push_text(buffer, id, text);
        if buffer.len() >= BUFFER {
            files.append_texts(month, buffer)?;
            buffer.clear();
        }
        Ok(())
    }

    /// Appends what is left.
    pub fn finish(self, files: &mut BatchFiles) -> Result<(), RunFileError> {
        self.rows.into_iter().try_for_each(|(month, rows)| files.append(month, &rows))?;
        self.texts.into_iter().try_for_each(|(month, texts)| files.append_texts(month, &texts))
    }
}
