//! Why records can't be told apart.

use std::path::Path;

use crate::export::ExportError;

/// Why the records can't be told apart.
#[derive(Clone, Copy, Debug)]
pub(in crate::export) enum Misread {
    /// A record is longer than any true one.
    TooLong,
    /// Text follows the closing quote of a cell that spans lines.
    Unclosed,
    /// A line that begins as a comment looks like a record: nothing but the comment's character fills its first cell.
    Comment,
    /// A quoted cell goes on over so many line ends, in a column that may not hold them.
    Spans { column: usize, lines: u64 },
    /// So do the lines of a cell, and they would be records themselves.
    Swallowed { lines: u64 },
}

impl Misread {
    /// `line`: where the record begins.
    pub fn error(self, path: &Path, line: u64) -> ExportError {
        let path = path.to_path_buf();
        match self {
            Misread::TooLong => ExportError::Endless { path, line },
            Misread::Unclosed => ExportError::Unclosed { path, line },
            Misread::Comment => ExportError::Comment { path, line },
            Misread::Spans { column, lines } => ExportError::Spans { path, line, column, last: line + lines },
            Misread::Swallowed { lines } => ExportError::Swallowed { path, line, last: line + lines },
        }
    }
}
