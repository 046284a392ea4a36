//! One record, as cells.

use crate::words::Reason;

impl From<Fault> for Reason {
    fn from(fault: Fault) -> Reason {
        match fault {
            Fault::Malformed => Reason::Malformed,
            Fault::Nested => Reason::Nested,
            Fault::Ambiguous => Reason::Ambiguous,
        }
    }
}

/// One record's cells, without quotes and escapes. The same buffers serve record after record.
#[derive(Default)]
pub struct Row {
    pub(super) bytes: Vec<u8>,
    pub(super) ends: Vec<usize>,
    pub(super) len: usize,
    /// Bytes between a cell and the next: 1 where the delimiters stand among the cells.
    pub(super) gap: usize,
    /// Why its cells can't be trusted.
    pub(super) fault: Option<Fault>,
}

/// What may be wrong with a record beyond the number of its cells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Not JSON, a member comes twice, what ends a line is missing, or a log's layout doesn't fit.
    Malformed,
    /// A member that the pipeline names holds an object or a list.
    Nested,
    /// A line of a log that can be read in more than one way.
    Ambiguous,
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
        let start = if index == 0 { 0 } else { self.ends[index - 1] + self.gap };
        &self.bytes[start..self.ends[index]]
    }

    /// The bytes of neighbouring cells, one after the other. Whether delimiters stand between them depends on how the
    /// record is quoted: good for noticing what is the same as before, and for nothing else.
    #[inline]
    pub fn span(&self, first: usize, last: usize) -> &[u8] {
        if last >= self.len || first > last {
            return b"";
        }
        let start = if first == 0 { 0 } else { self.ends[first - 1] + self.gap };
        &self.bytes[start..self.ends[last]]
    }

    pub fn cells(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len).map(|index| self.cell(index))
    }

    pub fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// Begins a row that is put together cell by cell.
    pub(super) fn begin(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        (self.len, self.gap, self.fault) = (0, 0, None);
    }

    /// Appends a cell to a row that was begun.
    pub(super) fn push(&mut self, cell: &[u8]) {
        self.bytes.extend_from_slice(cell);
        self.ends.push(self.bytes.len());
        self.len += 1;
    }

    /// Its cells can't be trusted.
    pub(super) fn fail(&mut self, fault: Fault) {
        self.fault = Some(fault);
    }

    /// A row of empty cells that can't be trusted.
    pub(super) fn reject(&mut self, fault: Fault, cells: usize) {
        self.begin();
        (0..cells).for_each(|_| self.push(b""));
        self.fail(fault);
    }

    /// Takes blanks around its cells away.
    pub(super) fn trim(&mut self) {
        let mut trimmed = Row { fault: self.fault, ..Row::default() };
        self.cells().for_each(|cell| trimmed.push(cell.trim_ascii()));
        *self = trimmed;
    }

    /// A line that is cut at a delimiter; `trailing`: one ends the last cell, too.
    pub(super) fn cut_line(&mut self, line: &[u8], delimiter: u8, trailing: bool) {
        self.begin();
        self.bytes.extend_from_slice(line);
        find_each(delimiter, line, |end| self.ends.push(end));
        // The delimiter that ends the last cell begins no further one.
        let ended = line.last() == Some(&delimiter);
        if !(trailing && ended) {
            self.ends.push(line.len());
        }
        // Without it the last cell may have been cut.
        self.fault = (trailing && !ended).then_some(Fault::Malformed);
        (self.len, self.gap) = (self.ends.len(), 1);
    }
}

#[inline]
pub(super) fn find_each(byte: u8, text: &[u8], mut found: impl FnMut(usize)) {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let wanted = u64::from_le_bytes([byte; 8]);
    let (words, rest) = text.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let differs = u64::from_le_bytes(*word) ^ wanted;
        // The top bit of every byte that doesn't differ: adding 0x7F to the lower bits carries unless all are zero.
        let mut same = !(((differs & LOW) + LOW) | differs | LOW);
        while same != 0 {
            found(index * 8 + same.trailing_zeros() as usize / 8);
            same &= same - 1;
        }
    }
    let start = text.len() - rest.len();
    rest.iter().enumerate().filter(|(_, other)| **other == byte).for_each(|(at, _)| found(start + at));
}
