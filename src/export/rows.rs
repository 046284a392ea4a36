//! A chunk's records, one at a time, as cells.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use super::borders::Dialect;

/// Where a record lies in its chunk.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub start: usize,
    pub end: usize,
    /// Lines before it in the chunk.
    pub line: u64,
}

/// One record's cells, without quotes and escapes. The same buffers serve record after record.
#[derive(Default)]
pub struct Row {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    len: usize,
}

impl Row {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The nth cell; empty where the row is too short.
    #[inline]
    pub fn cell(&self, index: usize) -> &[u8] {
        if index >= self.len {
            return b"";
        }
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.bytes[start..self.ends[index]]
    }

    /// The bytes of neighbouring cells, one after the other, without a border between them.
    #[inline]
    pub fn span(&self, first: usize, last: usize) -> &[u8] {
        if last >= self.len || first > last {
            return b"";
        }
        let start = if first == 0 { 0 } else { self.ends[first - 1] };
        &self.bytes[start..self.ends[last]]
    }

    pub fn cells(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len).map(|index| self.cell(index))
    }

    /// Parses each record of `chunk` in turn and hands it on with its place. Returns how many there were.
    pub fn parse_each<E>(
        &mut self,
        chunk: &[u8],
        dialect: Dialect,
        mut each: impl FnMut(&Row, Place) -> Result<(), E>,
    ) -> Result<u64, E> {
        let mut count = 0;
        let mut at = 0;
        match dialect {
            Dialect::PsqlText => {
                while at < chunk.len() {
                    let end = memchr::memchr(b'\n', &chunk[at..]).map_or(chunk.len(), |next| at + next);
                    // A line end that a transfer rewrote: CR itself is escaped in this format.
                    self.split_line(chunk[at..end].strip_suffix(b"\r").unwrap_or(&chunk[at..end]));
                    each(self, Place { start: at, end, line: count })?;
                    count += 1;
                    at = end + 1;
                }
            }
            Dialect::Csv { delimiter } => {
                let mut reader = ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::Any(b'\n')).build();
                loop {
                    // Empty lines are no records.
                    while chunk.get(at) == Some(&b'\n') {
                        reader.set_line(reader.line() + 1);
                        at += 1;
                    }
                    let line = reader.line() - 1;
                    let Some(end) = self.read_csv(&mut reader, chunk, at) else { break };
                    each(self, Place { start: at, end, line })?;
                    count += 1;
                    at = end;
                }
            }
        }
        Ok(count)
    }

    /// Reads one CSV record from `at`; says where it ends. None: there is no further record.
    fn read_csv(&mut self, reader: &mut Reader, chunk: &[u8], mut at: usize) -> Option<usize> {
        let (mut written, mut cells) = (0, 0);
        if self.bytes.len() < 4_096 {
            self.bytes.resize(4_096, 0);
            self.ends.resize(64, 0);
        }
        loop {
            let (result, read, out, ends) =
                reader.read_record(&chunk[at..], &mut self.bytes[written..], &mut self.ends[cells..]);
            at += read;
            written += out;
            cells += ends;
            match result {
                ReadRecordResult::OutputFull => self.bytes.resize(self.bytes.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                // With empty input the reader is told that the chunk is over.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::End => return None,
                ReadRecordResult::Record => break,
            }
        }
        self.len = cells;
        // Lines may end in CR LF: the CR is no part of the last cell.
        if let Some(last) = cells.checked_sub(1) {
            let start = if last == 0 { 0 } else { self.ends[last - 1] };
            if self.ends[last] > start && self.bytes[self.ends[last] - 1] == b'\r' {
                self.ends[last] -= 1;
            }
        }
        Some(at)
    }

    fn split_line(&mut self, line: &[u8]) {
        self.bytes.clear();
        self.ends.clear();
        for cell in line.split(|c| *c == b'\t') {
            // `\N` is null, and stays as it is: the pipeline names it.
            if cell == b"\\N" || memchr::memchr(b'\\', cell).is_none() {
                self.bytes.extend_from_slice(cell);
            } else {
                unescape(cell, &mut self.bytes);
            }
            self.ends.push(self.bytes.len());
        }
        self.len = self.ends.len();
    }
}

/// PostgreSQL's backslash escapes: the letters that `COPY` writes; any other character stands for itself.
fn unescape(cell: &[u8], into: &mut Vec<u8>) {
    let mut bytes = cell.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            into.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b'n') => into.push(b'\n'),
            Some(b't') => into.push(b'\t'),
            Some(b'r') => into.push(b'\r'),
            Some(b'b') => into.push(8),
            Some(b'f') => into.push(12),
            Some(b'v') => into.push(11),
            Some(other) => into.push(other),
            None => into.push(b'\\'),
        }
    }
}
