//! Where records end. This scan is not the parser: what it counts is what the accounting is checked against.
//!
//! In CSV a quote opens a field only at the field's start; a stray one in the middle of a field is a character like any
//! other. Where a quoted cell spans lines, nothing may follow its closing quote but a delimiter or the record's end: a
//! quote that was left open ends at the opening quote of a later row, and all rows in between would be gone. One that ends
//! at another stray quote is told by what it swallowed (`spanning`). In all other syntaxes a line is a record.

mod misread;
mod spanning;

use super::dialect::Dialect;
use super::line_ends::line_ends;
use super::syntax::Syntax;
use super::{MAX_RECORD_BYTES, MAX_RECORD_LINES};
pub(super) use misread::Misread;
use spanning::Columns;

/// A scan that goes on from buffer to buffer. Positions are within the current buffer, which begins with a record.
#[derive(Debug)]
pub(super) struct Scan {
    dialect: Dialect,
    /// None: of the header itself nothing is known.
    columns: Option<Columns>,
    /// Up to where the buffer was looked at.
    at: usize,
    record_start: usize,
    quoted: bool,
    /// Line ends within the record that is being read.
    lines_in_record: u64,
    /// Where the last whole record ends.
    pub end: usize,
    /// Whole records, and the line ends in them, since `begin`.
    pub records: u64,
    pub lines: u64,
}

impl Scan {
    pub fn new(dialect: Dialect) -> Scan {
        Scan {
            dialect,
            columns: None,
            at: 0,
            record_start: 0,
            quoted: false,
            lines_in_record: 0,
            end: 0,
            records: 0,
            lines: 0,
        }
    }

    /// The scan of what stands below a header.
    pub fn below(dialect: Dialect, header: &[String]) -> Scan {
        let columns = Columns::new(header, dialect.multiline.as_deref());
        Scan { columns: Some(columns), ..Scan::new(dialect) }
    }

    /// Begins a new buffer, which starts with the `carried` bytes that followed the last whole record.
    pub fn begin(&mut self) {
        self.at -= self.end;
        self.record_start = 0;
        self.end = 0;
        self.records = 0;
        self.lines = 0;
    }

    /// Looks at the rest of `buffer`; `last` when nothing will follow it.
    pub fn scan(&mut self, buffer: &[u8], last: bool) -> Result<(), Misread> {
        match self.dialect.syntax {
            Syntax::Csv { delimiter } => self.scan_csv(buffer, delimiter, last)?,
            Syntax::Lines(_) => self.scan_lines(buffer)?,
        }
        if buffer.len() - self.record_start > MAX_RECORD_BYTES || self.lines_in_record > MAX_RECORD_LINES {
            return Err(Misread::TooLong);
        }
        Ok(())
    }

    /// Stops after the first whole record: a header.
    pub fn scan_one(&mut self, buffer: &[u8], last: bool) -> Result<Option<usize>, Misread> {
        let mut one = Scan::new(self.dialect.clone());
        let mut upto = 0;
        // The header is short: look line by line until a record is whole.
        while let Some(next) = memchr::memchr(b'\n', &buffer[upto..]) {
            upto += next + 1;
            one.scan(&buffer[..upto], last)?;
            if one.end > 0 {
                self.lines = one.lines;
                return Ok(Some(one.end));
            }
        }
        if buffer.len() > MAX_RECORD_BYTES { Err(Misread::TooLong) } else { Ok(None) }
    }

    fn scan_lines(&mut self, buffer: &[u8]) -> Result<(), Misread> {
        if let Some(last) = memchr::memrchr(b'\n', &buffer[self.at..]) {
            // From the record's start on, not from where the last buffer ended: what a line begins with says what it is.
            let last = self.at - self.record_start + last;
            let lines = &buffer[self.record_start..][..=last];
            if self.dialect.comment.is_some() {
                for line in lines.split(|byte| *byte == b'\n') {
                    self.not_a_record(line)?;
                }
            }
            let mut start = 0;
            for end in memchr::memchr_iter(b'\n', lines) {
                self.lines += 1;
                self.records += u64::from(!self.dialect.is_no_record(&lines[start..end]));
                start = end + 1;
            }
            self.end = self.record_start + last + 1;
            self.record_start = self.end;
        }
        self.at = buffer.len();
        Ok(())
    }

    /// A number that doesn't fit its column is exported as `####` by some programs: what looks like a record is none of
    /// the comments.
    fn not_a_record(&self, line: &[u8]) -> Result<(), Misread> {
        let Some(delimiter) = self.dialect.delimiter() else { return Ok(()) };
        let Some(end) = memchr::memchr(delimiter, line).filter(|_| self.dialect.is_comment(line)) else {
            return Ok(());
        };
        if line[..end].iter().all(|byte| Some(*byte) == self.dialect.comment) { Err(Misread::Comment) } else { Ok(()) }
    }

    fn scan_csv(&mut self, buffer: &[u8], delimiter: u8, last: bool) -> Result<(), Misread> {
        loop {
            if self.quoted {
                let Some(next) = memchr::memchr(b'"', &buffer[self.at..]) else {
                    self.lines_in_record += line_ends(&buffer[self.at..]);
                    self.at = buffer.len();
                    return Ok(());
                };
                let quote = self.at + next;
                if quote + 1 == buffer.len() && !last {
                    // Whether it closes the field is said by a byte that isn't here yet.
                    self.lines_in_record += line_ends(&buffer[self.at..quote]);
                    self.at = quote;
                    return Ok(());
                }
                self.lines_in_record += line_ends(&buffer[self.at..quote]);
                if self.lines_in_record > MAX_RECORD_LINES {
                    return Err(Misread::TooLong);
                }
                let follows = buffer.get(quote + 1).copied();
                let doubled = follows == Some(b'"');
                let ends = follows.is_none_or(|next| next == delimiter || matches!(next, b'\n' | b'\r'));
                if self.lines_in_record > 0 && !doubled && !ends {
                    return Err(Misread::Unclosed);
                }
                self.quoted = doubled;
                self.at = quote + 1 + usize::from(doubled);
                continue;
            }
            let Some(next) = memchr::memchr2(b'\n', b'"', &buffer[self.at..]) else {
                self.at = buffer.len();
                return Ok(());
            };
            let here = self.at + next;
            self.at = here + 1;
            let comment = self.dialect.is_comment(&buffer[self.record_start..]);
            if comment {
                self.not_a_record(&buffer[self.record_start..here])?;
            }
            if buffer[here] == b'"' {
                self.quoted = !comment && (here == self.record_start || buffer[here - 1] == delimiter);
                continue;
            }
            if self.lines_in_record > 0
                && let Some(columns) = &self.columns
            {
                columns.check(&buffer[self.record_start..here], delimiter)?;
            }
            // An empty line is no record, to the parser neither.
            self.records += u64::from(here > self.record_start && !comment);
            self.lines += self.lines_in_record + 1;
            self.lines_in_record = 0;
            self.record_start = here + 1;
            self.end = here + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::Format;

    /// Wherever a buffer ends, within a line or before its end, what the line is is said by how it begins.
    #[test]
    fn a_line_is_what_it_is_however_it_is_read() {
        let text = b"a|#\n#x y\n\r\n\n|b\nlong line # of |many|\n";
        let keys = [("comment", "#".into())].into_iter().collect();
        let dialect = Dialect::read(Format::named("delimited").unwrap(), keys).unwrap();
        for block in 1..text.len() {
            let (mut scan, mut buffer, mut records, mut lines) = (Scan::new(dialect.clone()), Vec::new(), 0, 0);
            for piece in text.chunks(block) {
                buffer.extend_from_slice(piece);
                scan.scan(&buffer, false).unwrap();
                (records, lines) = (records + scan.records, lines + scan.lines);
                buffer.drain(..scan.end);
                scan.begin();
            }
            assert_eq!((records, lines, buffer.len()), (3, 6, 0), "{block}");
        }
    }
}
