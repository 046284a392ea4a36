//! A decided and treated row, in a fixed number of bytes.
//!
//! Run files live for one run of one program on one machine: their layout has no format number.

use crate::words::{Day, NeedSet, PatronNumber, ReasonSet, TransactionId};

const HEAD: usize = 44;
/// Where in it the patron's number stands.
const PATRON: usize = 24;
/// A hash that a request is marked with.
const MARK: usize = 8;
/// The hour of a time that has none.
pub const NO_HOUR: u8 = 255;

/// How rows of one pipeline are laid out: a head, then two bytes a published column, two more of a title, then eight a mark.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    pub columns: usize,
    /// The place of the column of titles, if there is one: they are so many that a code of them has 32 bits.
    pub title: Option<usize>,
    /// Of a log with `[requests]`: the session's mark, if it has one, and last the URL's.
    pub marks: usize,
}

/// What a row's head holds.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    pub id: TransactionId,
    /// Seconds since 1970 on the library's clocks; `i64::MIN` where no opening could be read.
    pub opened: i64,
    /// A hash of the row as exported: tells repeats from rows that have a number in common.
    pub facts: u64,
    pub patron: PatronNumber,
    pub linked: bool,
    /// It isn't linked, and nothing that is known of it is a need: what other traces there are of it are due.
    pub traces_due: bool,
    pub line: u32,
    pub needs: NeedSet,
    pub reasons: ReasonSet,
    pub part: u16,
    pub hour: u8,
    pub measure: u16,
}

/// What the numbers of one batch's rows are in all. What isn't named is the same in both.
#[derive(Default)]
pub(super) struct Renumbering {
    /// By number in the batch, from 1 on.
    pub patrons: Option<Vec<u32>>,
    /// Columns, and by code in the batch the code in all.
    pub columns: Vec<(usize, Vec<u32>)>,
}

macro_rules! little_endian {
    ($bytes:expr, $at:expr, $type:ty) => {{
        let mut buffer = [0u8; size_of::<$type>()];
        buffer.copy_from_slice(&$bytes[$at..$at + size_of::<$type>()]);
        <$type>::from_le_bytes(buffer)
    }};
}

impl Layout {
    pub fn width(self) -> usize {
        self.high() + if self.title.is_some() { 2 } else { 0 } + MARK * self.marks
    }

    /// Where the higher half of a title's code stands.
    fn high(self) -> usize {
        HEAD + 2 * self.columns
    }

    #[inline]
    pub fn push(self, into: &mut Vec<u8>, head: &Head, codes: &[u32], marks: &[u64]) {
        let mut bytes = [0u8; HEAD];
        bytes[0..8].copy_from_slice(&head.id.0.to_le_bytes());
        bytes[8..16].copy_from_slice(&head.opened.to_le_bytes());
        bytes[16..24].copy_from_slice(&head.facts.to_le_bytes());
        bytes[PATRON..PATRON + 4].copy_from_slice(&head.patron.0.to_le_bytes());
        bytes[28..32].copy_from_slice(&head.line.to_le_bytes());
        bytes[32..34].copy_from_slice(&head.needs.0.to_le_bytes());
        bytes[34..38].copy_from_slice(&head.reasons.0.to_le_bytes());
        bytes[38..40].copy_from_slice(&head.part.to_le_bytes());
        bytes[40] = head.hour;
        bytes[41..43].copy_from_slice(&head.measure.to_le_bytes());
        bytes[43] = u8::from(head.linked) | u8::from(head.traces_due) << 1;
        into.extend_from_slice(&bytes);
        codes.iter().for_each(|code| into.extend_from_slice(&(*code as u16).to_le_bytes()));
        if let Some(title) = self.title {
            into.extend_from_slice(&((codes[title] >> 16) as u16).to_le_bytes());
        }
        marks.iter().for_each(|mark| into.extend_from_slice(&mark.to_le_bytes()));
    }

    /// The rows of a run file's bytes.
    pub fn rows(self, bytes: &[u8]) -> impl ExactSizeIterator<Item = CodedRow<'_>> {
        bytes.chunks_exact(self.width()).map(CodedRow)
    }

    #[inline]
    pub fn row(self, bytes: &[u8], index: usize) -> CodedRow<'_> {
        CodedRow(&bytes[index * self.width()..][..self.width()])
    }

    /// What a row says in a column.
    #[inline]
    pub fn code(self, row: CodedRow<'_>, column: usize) -> u32 {
        let low = u32::from(little_endian!(row.0, HEAD + 2 * column, u16));
        if self.title == Some(column) { u32::from(little_endian!(row.0, self.high(), u16)) << 16 | low } else { low }
    }

    fn set_code(self, row: &mut [u8], column: usize, code: u32) {
        let (at, high) = (HEAD + 2 * column, self.high());
        row[at..at + 2].copy_from_slice(&(code as u16).to_le_bytes());
        if self.title == Some(column) {
            row[high..high + 2].copy_from_slice(&((code >> 16) as u16).to_le_bytes());
        }
    }

    /// Writes what the numbers of a batch's rows are in all.
    pub(super) fn renumber(self, rows: &mut [u8], renumbering: &Renumbering) {
        for row in rows.chunks_exact_mut(self.width()) {
            if let Some(patrons) = &renumbering.patrons {
                let number = &mut row[PATRON..PATRON + 4];
                let of_batch = u32::from_le_bytes([number[0], number[1], number[2], number[3]]);
                // 0 is nobody, in a batch and in all.
                if let Some(place) = of_batch.checked_sub(1) {
                    number.copy_from_slice(&patrons[place as usize].to_le_bytes());
                }
            }
            for (column, codes) in &renumbering.columns {
                let of_batch = self.code(CodedRow(row), *column);
                self.set_code(row, *column, codes[of_batch as usize]);
            }
        }
    }

    pub(super) fn set_measure(self, bytes: &mut [u8], index: usize, measure: u16) {
        bytes[index * self.width()..][41..43].copy_from_slice(&measure.to_le_bytes());
    }

    pub(super) fn set_url(self, bytes: &mut [u8], index: usize, mark: u64) {
        let end = (index + 1) * self.width();
        bytes[end - MARK..end].copy_from_slice(&mark.to_le_bytes());
    }
}

/// A row of a run file.
#[derive(Clone, Copy)]
pub struct CodedRow<'a>(&'a [u8]);

impl CodedRow<'_> {
    #[inline]
    pub fn id(self) -> TransactionId {
        TransactionId(little_endian!(self.0, 0, u64))
    }

    #[inline]
    pub fn opened(self) -> i64 {
        little_endian!(self.0, 8, i64)
    }

    pub fn day(self) -> Day {
        Day(i32::try_from(self.opened().div_euclid(86_400)).unwrap_or(i32::MIN))
    }

    pub fn facts(self) -> u64 {
        little_endian!(self.0, 16, u64)
    }

    #[inline]
    pub fn patron(self) -> PatronNumber {
        PatronNumber(little_endian!(self.0, PATRON, u32))
    }

    /// Whether it says what its pipeline severs: the patron, or whatever belongs to another side.
    #[inline]
    pub fn is_linked(self) -> bool {
        self.0[43] & 1 != 0
    }

    /// Whether it names nobody, and what other traces there are of it are due.
    #[inline]
    pub fn has_traces_due(self) -> bool {
        self.0[43] & 2 != 0
    }

    pub fn line(self) -> u32 {
        little_endian!(self.0, 28, u32)
    }

    #[inline]
    pub fn needs(self) -> NeedSet {
        NeedSet(little_endian!(self.0, 32, u16))
    }

    pub fn reasons(self) -> ReasonSet {
        ReasonSet(little_endian!(self.0, 34, u32))
    }

    pub fn part(self) -> usize {
        usize::from(little_endian!(self.0, 38, u16))
    }

    pub fn hour(self) -> u8 {
        self.0[40]
    }

    pub fn measure(self) -> u16 {
        little_endian!(self.0, 41, u16)
    }

    /// The nth mark from the end; the last is the URL's. Of a layout that has so many.
    #[inline]
    pub(super) fn mark_from_end(self, nth: usize) -> u64 {
        little_endian!(self.0, self.0.len() - MARK * nth, u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_back_as_it_went_in() {
        let head = Head {
            id: TransactionId(u64::MAX - 1),
            opened: -5,
            facts: 7,
            patron: PatronNumber(9),
            linked: true,
            traces_due: false,
            line: 11,
            needs: NeedSet(0x0801),
            reasons: ReasonSet(0x8001_0000),
            part: 600,
            hour: 23,
            measure: 65_535,
        };
        let layout = Layout { columns: 3, title: Some(1), marks: 1 };
        let mut bytes = Vec::new();
        layout.push(&mut bytes, &head, &[1, 70_000, 65_535], &[77]);
        assert_eq!(bytes.len(), layout.width());
        let row = layout.row(&bytes, 0);
        let codes = |row: CodedRow<'_>| [0, 1, 2].map(|column| layout.code(row, column));
        assert_eq!((row.id(), row.opened(), row.facts()), (head.id, -5, 7));
        assert!(row.is_linked());
        assert_eq!((row.patron(), row.line(), row.needs(), row.reasons()), (head.patron, 11, head.needs, head.reasons));
        assert_eq!((row.part(), row.hour(), row.measure(), codes(row)), (600, 23, 65_535, [1, 70_000, 65_535]));
        assert_eq!(row.mark_from_end(1), 77);
        let nobody = Head { patron: PatronNumber::NOBODY, ..head };
        layout.push(&mut bytes, &nobody, &[0, 3, 3], &[77]);
        let mut titles: Vec<u32> = (0..=70_000).collect();
        titles[3] = 4_000_000;
        titles[70_000] = 65_536;
        let columns = vec![(0, vec![8, 7]), (1, titles)];
        let renumbering = Renumbering { patrons: Some((101..110).collect()), columns };
        layout.renumber(&mut bytes, &renumbering);
        let numbers = |row: CodedRow<'_>| (row.patron().0, codes(row), row.line());
        assert_eq!(numbers(layout.row(&bytes, 0)), (109, [7, 65_536, 65_535], 11));
        assert_eq!(numbers(layout.row(&bytes, 1)), (0, [8, 4_000_000, 3], 11));
        layout.set_url(&mut bytes, 0, 0);
        layout.set_measure(&mut bytes, 0, 1);
        let row = layout.row(&bytes, 0);
        assert_eq!((row.mark_from_end(1), row.measure(), codes(row), row.hour()), (0, 1, [7, 65_536, 65_535], 23));
        assert_eq!(row.day().to_string(), "1969-12-31");
    }

    #[test]
    fn without_titles_a_row_is_as_narrow_as_it_was() {
        let layout = Layout { columns: 3, title: None, marks: 0 };
        assert_eq!(layout.width(), HEAD + 6);
    }
}
