//! Exports: from bytes on disk to records with line numbers.
//!
//! `found` chooses the newest file (or a `command`), remembers what it was, and opens it: decompressed (`unpack`), in UTF-8
//! (`decode`), and as lines where they are something else. `chunks` cuts the bytes at record borders (`borders`), by a scan
//! that shares nothing with the parser, and counts the records; `rows` parses a chunk. Each `syntax` is a file. What a row
//! *means* is not known here.
//!
//! A damaged file is an error, never fewer rows: an export that ends in the middle of a line or of a compressed stream,
//! a quote that never closes, a file that changes while it is read. Errors name the file and the line and never quote a
//! cell. `trial` holds all that to any bytes.

mod borders;
mod chunks;
mod command;
mod decode;
mod dialect;
mod found;
mod line_ends;
mod renamed;
mod row;
mod rows;
mod syntax;
#[doc(hidden)]
pub mod trial;
mod unpack;

use std::path::{Path, PathBuf};

use crate::words::shown_path;

pub use chunks::{Chunk, Chunks};
pub use dialect::Dialect;
pub use found::{Found, Opened, all, check_none_arrived, newest, newest_together};
pub use renamed::Renamed;
pub use row::{Fault, Row};
pub use rows::Place;
pub use syntax::{FORMATS, Format, Keys, Mistake, Names, Syntax};

/// The largest record: beyond it a quote was left open, or the file is not what the pipeline says.
pub const MAX_RECORD_BYTES: usize = 1 << 20;
/// The most lines that one record may span.
pub const MAX_RECORD_LINES: u64 = 1_000;

/// Why an export can't be used. It stops its pipeline and no other.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("{path}: {source}", path = shown_path(path))]
    Io { path: PathBuf, source: std::io::Error },
    #[error(
        "no file in {inbox} matches `{pattern}`: the export is missing{copies}",
        inbox = shown_path(inbox),
        copies = match others.as_slice() {
            [] => String::new(),
            others => format!(". By their names these are copies of one, and are not read: {}", others.join(", ")),
        }
    )]
    Missing { inbox: PathBuf, pattern: String, others: Vec<String> },
    #[error("`{pattern}` is not a file name pattern: {why}")]
    Pattern { pattern: String, why: String },
    #[error("{path}: the file is empty: not even a header. Was the export cut off?", path = shown_path(path))]
    Empty { path: PathBuf },
    #[error(
        "{path}:{line}: the file ends without a line end, in the middle of a record: it was cut or is still being written. Where a \
         program writes all its files so, its pipeline says `open_end = true`, and a last line that has all its cells is taken",
        path = shown_path(path)
    )]
    Cut { path: PathBuf, line: u64 },
    #[error("{path}: the compressed file is cut or damaged: {why}", path = shown_path(path))]
    Compressed { path: PathBuf, why: std::io::Error },
    #[error(
        "{path}:{line}: a record that begins here is longer than 1 MiB or 1,000 lines: most likely a quote that never closes",
        path = shown_path(path)
    )]
    Endless { path: PathBuf, line: u64 },
    #[error(
        "{path}:{line}: a quoted cell of the record that begins here spans lines, and text follows its closing quote: \
         most likely a quote that never closes, which would swallow the rows in between",
        path = shown_path(path)
    )]
    Unclosed { path: PathBuf, line: u64 },
    /// By its place: a header may be somebody's cells.
    #[error(
        "{path}:{line}: a quoted cell in column {column} goes on to line {last}: most likely a stray quote, which swallows the rows \
         in between. If this column may hold line ends, name it in [read]: `multiline = [...]`",
        path = shown_path(path)
    )]
    Spans { path: PathBuf, line: u64, column: usize, last: u64 },
    #[error(
        "{path}:{line}: a quoted cell goes on to line {last}, and its lines would each be a record by the number of their \
         cells: most likely two stray quotes, which swallow the rows in between. Mend the quotes; or, if it is one cell, \
         export that column without line ends",
        path = shown_path(path)
    )]
    Swallowed { path: PathBuf, line: u64, last: u64 },
    #[error(
        "{path}: below line {line}, a line begins as a comment and has a delimiter: it may be a record whose first cell \
         didn't fit its column",
        path = shown_path(path)
    )]
    Comment { path: PathBuf, line: u64 },
    #[error("{path}: the file changed while it was read: the export was not finished", path = shown_path(path))]
    Changed { path: PathBuf },
    #[error(
        "{path}:{line}: the header is not valid UTF-8, or has a line end or another control character",
        path = shown_path(path)
    )]
    HeaderEncoding { path: PathBuf, line: u64 },
    /// By their places, since a file without a header shows a patron's cells here.
    #[error("{path}:{line}: the header names columns {first} and {second} alike", path = shown_path(path))]
    DoubledColumn { path: PathBuf, line: u64, first: usize, second: usize },
    /// `near` is the place of a column with almost that name; by its place for the same reason.
    #[error(
        "{path}:{line}: the declared column `{column}` is missing{hint}",
        path = shown_path(path),
        hint = near.map(|place| format!("; column {place} is named almost so: was it renamed?")).unwrap_or_default()
    )]
    MissingColumn { path: PathBuf, line: u64, column: String, near: Option<usize> },
    /// Where a declared column is missing.
    #[error(
        "{path}:{line}: the declared columns can't be told apart, as the delimiter seems to be another one: let [read] say \
         `delimiter = {delimiter:?}`, or export with the one that the pipeline names",
        path = shown_path(path)
    )]
    Delimiter { path: PathBuf, line: u64, delimiter: String },
    #[error(
        "{path}:{line}: {counted} records were counted up to here by their ends and {parsed} by their cells: \
         the file can't be accounted for",
        path = shown_path(path)
    )]
    Unaccounted { path: PathBuf, line: u64, counted: u64, parsed: u64 },
    #[error(
        "{path}: no record has the declared member `{column}`, {why}",
        path = shown_path(path),
        why = match needed {
            Needed::ToDecide =>
                "without which nothing can be told: was it renamed, or does the list of records lie elsewhere?",
            Needed::ToPublish =>
                "which is published: was it renamed? Where records may all leave it out, say so with `optional`",
        }
    )]
    NeverMet { path: PathBuf, column: String, needed: Needed },
    #[error("{name}: {why}. What it printed was not used")]
    Command { name: String, why: String },
    #[error("{path}: {why}", path = shown_path(path))]
    Unusable { path: PathBuf, why: String },
}

/// Why some record must have a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needed {
    ToDecide,
    ToPublish,
}

impl ExportError {
    /// A column that the pipeline says is absent from this file.
    pub fn unexpected(path: &Path, column: &str) -> ExportError {
        let why = format!("the column `{column}` is there, and the pipeline says that it is `absent` from this part");
        ExportError::Unusable { path: path.into(), why }
    }
}
