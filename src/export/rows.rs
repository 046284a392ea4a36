//! A chunk's records, one at a time, as cells.
//!
//! A CSV record in which every quote opens a cell, closes it or is doubled within it is cut at its delimiters, which
//! takes a third of the time that `csv` takes; any other is parsed by `csv`. A test holds both to the same cells.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use super::dialect::Dialect;
use super::line_ends::line_ends;
use super::row::{Row, find_each};
use super::syntax::{LineSyntax, Syntax};

/// Where a record lies in its chunk.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub start: usize,
    pub end: usize,
    /// Lines before it in the chunk.
    pub line: u64,
}

impl Row {
    /// Parses each record of `chunk` in turn and hands it on with its place. Returns how many there were.
    pub fn parse_each<E>(
        &mut self,
        chunk: &[u8],
        dialect: &Dialect,
        mut each: impl FnMut(&Row, Place) -> Result<(), E>,
    ) -> Result<u64, E> {
        match &dialect.syntax {
            Syntax::Csv { delimiter } => self.parse_csv(chunk, dialect, *delimiter, &mut each),
            Syntax::Lines(syntax) => self.parse_lines(chunk, dialect, &**syntax, &mut each),
        }
    }

    fn parse_lines<E>(
        &mut self,
        chunk: &[u8],
        dialect: &Dialect,
        syntax: &dyn LineSyntax,
        each: &mut impl FnMut(&Row, Place) -> Result<(), E>,
    ) -> Result<u64, E> {
        let (mut count, mut at, mut line_number) = (0, 0, 0);
        while at < chunk.len() {
            let end = memchr::memchr(b'\n', &chunk[at..]).map_or(chunk.len(), |next| at + next);
            let line = &chunk[at..end];
            if !dialect.is_no_record(line) {
                // A line end that a transfer rewrote.
                syntax.cells(line.strip_suffix(b"\r").unwrap_or(line), self);
                if dialect.trim {
                    self.trim();
                }
                each(self, Place { start: at, end, line: line_number })?;
                count += 1;
            }
            line_number += 1;
            at = end + 1;
        }
        Ok(count)
    }

    fn parse_csv<E>(
        &mut self,
        chunk: &[u8],
        dialect: &Dialect,
        delimiter: u8,
        each: &mut impl FnMut(&Row, Place) -> Result<(), E>,
    ) -> Result<u64, E> {
        let (mut count, mut at, mut line) = (0, 0, 0);
        let mut reader = None;
        while at < chunk.len() {
            // Empty lines are no records.
            if chunk[at] == b'\n' {
                (at, line) = (at + 1, line + 1);
                continue;
            }
            if dialect.is_comment(&chunk[at..]) {
                at = memchr::memchr(b'\n', &chunk[at..]).map_or(chunk.len(), |end| at + end + 1);
                line += 1;
                continue;
            }
            let (end, lines) = match self.cut(&chunk[at..], delimiter) {
                Some((length, lines)) => (at + length, lines),
                None => {
                    let reader = reader.get_or_insert_with(|| csv_reader(delimiter));
                    let before = reader.line();
                    let Some(end) = self.read_csv(reader, chunk, at) else { break };
                    (end, reader.line() - before)
                }
            };
            self.strip_carriage_return();
            if dialect.trim {
                self.trim();
            }
            each(self, Place { start: at, end, line })?;
            count += 1;
            (at, line) = (end, line + lines);
        }
        Ok(count)
    }

    /// Cuts the CSV record with which `rest` begins, and says how long it is and how many lines it has. None: a quote
    /// stands where none is expected, or the record doesn't end.
    #[inline]
    fn cut(&mut self, rest: &[u8], delimiter: u8) -> Option<(usize, u64)> {
        let (mut at, mut lines) = (0, 1);
        self.bytes.clear();
        self.ends.clear();
        let (length, last) = loop {
            let plain = &rest[at..][..memchr::memchr2(b'\n', b'"', &rest[at..])?];
            let offset = self.bytes.len();
            self.bytes.extend_from_slice(plain);
            find_each(delimiter, plain, |end| self.ends.push(offset + end));
            at += plain.len();
            if rest[at] == b'\n' {
                break (at + 1, self.bytes.len());
            }
            if at > 0 && rest[at - 1] != delimiter {
                return None;
            }
            at += self.quoted(&rest[at..], &mut lines)?;
            let end = self.bytes.len();
            match rest.get(at)? {
                b'\n' => break (at + 1, end),
                b'\r' if rest.get(at + 1) == Some(&b'\n') => {
                    self.bytes.push(b'\r');
                    break (at + 2, end + 1);
                }
                next if *next == delimiter => self.bytes.push(delimiter),
                _ => return None,
            }
            self.ends.push(end);
            at += 1;
        };
        self.ends.push(last);
        self.len = self.ends.len();
        self.gap = 1;
        self.fault = None;
        Some((length, lines))
    }

    /// A quoted cell from its opening quote on: how long it is with both quotes.
    #[inline]
    fn quoted(&mut self, rest: &[u8], lines: &mut u64) -> Option<usize> {
        let mut at = 1;
        loop {
            let text = &rest[at..][..memchr::memchr(b'"', &rest[at..])?];
            *lines += line_ends(text);
            self.bytes.extend_from_slice(text);
            at += text.len() + 1;
            if rest.get(at) != Some(&b'"') {
                return Some(at);
            }
            self.bytes.push(b'"');
            at += 1;
        }
    }

    /// Lines may end in CR LF: the CR is no part of the last cell.
    #[inline]
    fn strip_carriage_return(&mut self) {
        if self.cell(self.len.saturating_sub(1)).ends_with(b"\r") {
            self.ends[self.len - 1] -= 1;
        }
    }

    /// Reads one CSV record from `at`; says where it ends. None: there is no further record.
    fn read_csv(&mut self, reader: &mut Reader, chunk: &[u8], mut at: usize) -> Option<usize> {
        let (mut written, mut cells) = (0, 0);
        self.bytes.resize(self.bytes.len().max(4_096), 0);
        self.ends.resize(self.ends.len().max(64), 0);
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
        (self.len, self.gap, self.fault) = (cells, 0, None);
        Some(at)
    }
}

/// A parser that has begun: at the very first bytes it would drop a byte order mark, and what it is given may be the
/// middle of a file.
fn csv_reader(delimiter: u8) -> Reader {
    let mut reader = ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::Any(b'\n')).build();
    reader.read_record(b"\n", &mut [], &mut []);
    reader
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each record's line, and its cells.
    fn records(chunk: &[u8]) -> Vec<(u64, Vec<Vec<u8>>)> {
        let mut all = Vec::new();
        let each = |row: &Row, place: Place| -> Result<(), ()> {
            all.push((place.line, row.cells().map(<[u8]>::to_vec).collect()));
            Ok(())
        };
        Row::default().parse_each(chunk, &Dialect::new(Syntax::Csv { delimiter: b',' }), each).unwrap();
        all
    }

    proptest! {
        /// The `csv` crate's own reader says what the cells are, whether a line was cut or parsed.
        #[test]
        fn cells_are_what_csv_says(text in "([a\u{feff}\r,]{0,4}|\"[a\n,]{0,3}\"|\"[a\n]{0,2}|\n){0,24}") {
            let text = format!("{text}\n");
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .terminator(csv::Terminator::Any(b'\n'))
                // The first line is for the byte order mark that the reader would drop.
                .from_reader(std::io::Cursor::new(format!("first\n{text}")));
            let mut expected = Vec::new();
            for record in reader.byte_records().skip(1) {
                let record = record.unwrap();
                let mut cells: Vec<Vec<u8>> = record.iter().map(<[u8]>::to_vec).collect();
                if cells.last().is_some_and(|cell| cell.ends_with(b"\r")) {
                    cells.last_mut().unwrap().pop();
                }
                expected.push(cells);
            }
            let found: Vec<_> = records(text.as_bytes()).into_iter().map(|(_, cells)| cells).collect();
            prop_assert_eq!(found, expected);
        }
    }

    proptest! {
        #[test]
        fn every_delimiter_is_found(text in prop::collection::vec(prop_oneof![Just(b','), any::<u8>()], 0..40)) {
            let mut found = Vec::new();
            find_each(b',', &text, |at| found.push(at));
            prop_assert_eq!(found, memchr::memchr_iter(b',', &text).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_record_knows_its_line_however_it_was_read() {
        let lines: Vec<u64> =
            records(b"a,b\n\n\"x\ny\",b\nc,d\n\n\n\"e\",f\r\ng,h\n").iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [0, 2, 4, 7, 8]);
    }
}
