//! PostgreSQL's `COPY … TO STDOUT (FORMAT text, HEADER)`: tabs, and backslash escapes.

use super::{Format, LineSyntax, Names, Sample, Syntax};
use crate::export::Row;

pub(super) const FORMAT: Format = Format {
    name: "psql-text",
    names: Names::Header,
    is_log: false,
    is_text: true,
    comments: false,
    sheets: false,
    read: |_| Ok(Syntax::of_lines(PsqlText)),
    samples: &[Sample { keys: "{}", asked: &[], file: "id\tname\n1\ta\\tb\\\\\n2\t\\N\n" }],
    wrap: None,
};

#[derive(Debug)]
struct PsqlText;

impl LineSyntax for PsqlText {
    fn cells(&self, line: &[u8], row: &mut Row) {
        cells(line, row);
    }

    /// Each line of a table's text is a row: one column that is an empty text makes an empty line.
    fn is_empty(&self, _: &[u8]) -> bool {
        false
    }
}

/// What stands between tabs, without its escapes.
pub(super) fn cells(line: &[u8], row: &mut Row) {
    let mut plain = Vec::new();
    row.begin();
    for cell in line.split(|c| *c == b'\t') {
        // `\N` is null, and stays as it is: the pipeline names it.
        if cell == b"\\N" || memchr::memchr(b'\\', cell).is_none() {
            row.push(cell);
        } else {
            plain.clear();
            unescape(cell, &mut plain);
            row.push(&plain);
        }
    }
}

/// The letters that `COPY` writes; any other character stands for itself.
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
