//! A file's bytes, cut into chunks of whole records that several workers take in turn.
//!
//! Reading and cutting go on under a lock, in order; parsing, hashing and deciding do not. The cuts depend on the bytes
//! alone, so a digest over the chunks' digests is a digest of the file.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::borders::Scan;
use super::dialect::{Dialect, Syntax};
use super::found::Opened;
use super::{ExportError, Row, json};

const BLOCK: usize = 1 << 18;

/// A file that is being read, after its header.
pub struct Chunks {
    path: PathBuf,
    dialect: Dialect,
    header: Vec<String>,
    header_bytes: Vec<u8>,
    /// Members of JSON objects that have no name in the header.
    unnamed: Vec<String>,
    state: Mutex<State>,
}

struct State {
    input: Opened,
    /// The bytes after the last whole record.
    carried: Vec<u8>,
    scan: Scan,
    line: u64,
    index: u64,
    ended: bool,
    failed: bool,
}

/// Whole records. The buffer is used again for the next chunk.
#[derive(Default)]
pub struct Chunk {
    buffer: Vec<u8>,
    end: usize,
    /// The line in the file on which the chunk begins; the header's is 1.
    pub first_line: u64,
    /// Chunks are numbered from 0 in the order of the file.
    pub index: u64,
    /// Records, counted by their ends.
    pub records: u64,
}

impl Chunk {
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[..self.end]
    }
}

impl Chunks {
    /// Reads the header of an opened file, where it has one.
    pub fn new(input: Opened, dialect: &Dialect) -> Result<Chunks, ExportError> {
        let path = input.path().to_path_buf();
        let mut state = State {
            input: input.in_dialect(dialect),
            carried: Vec::with_capacity(2 * BLOCK),
            scan: Scan::new(dialect.clone()),
            line: 1,
            index: 0,
            ended: false,
            failed: false,
        };
        let mut first = std::mem::take(&mut state.carried);
        state.ended = !read_block(&mut state.input, &mut first)?;
        let bom = if first.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let (mut header, mut header_bytes) = (Vec::new(), Vec::new());
        // Without a header, too: an export that failed looks like one in which nothing is owed.
        if first.is_empty() {
            // A command that failed is the better reason.
            state.input.check_whole()?;
            return Err(ExportError::Empty { path });
        }
        if let Some(names) = &dialect.names {
            header.extend(names.iter().cloned());
            first.drain(..bom);
        } else {
            let end = bom + header_end(&mut state, &first[bom..], dialect, &path)?;
            header_bytes = first[..end].to_vec();
            first.drain(..end);
            header = header_names(&header_bytes[bom..], dialect, &path)?;
        }
        state.scan = Scan::new(dialect.clone());
        let unnamed = match dialect.syntax {
            Syntax::Json { .. } => unnamed(&first, &header),
            _ => Vec::new(),
        };
        state.carried = first;
        Ok(Chunks { path, dialect: dialect.clone(), header, header_bytes, unnamed, state: Mutex::new(state) })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The header as it stands, for digests.
    pub fn header_bytes(&self) -> &[u8] {
        &self.header_bytes
    }

    /// Of JSON, after it was read: the named members that no record had.
    pub fn never_met(&self) -> Vec<&str> {
        let Syntax::Json { paths, .. } = &self.dialect.syntax else { return Vec::new() };
        let met: Vec<&str> = paths.met().collect();
        self.header.iter().map(String::as_str).filter(|name| !met.contains(name)).collect()
    }

    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// Members of the first JSON objects that have no name in the header.
    pub fn unnamed(&self) -> &[String] {
        &self.unnamed
    }

    /// Takes the next chunk. False: there is none, and the file was whole and didn't change.
    pub fn next(&self, chunk: &mut Chunk) -> Result<bool, ExportError> {
        // A worker that panicked holds nothing that the others need.
        let mut state = self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if state.failed {
            return Ok(false);
        }
        let taken = self.take(&mut state, chunk);
        state.failed = taken.is_err();
        taken
    }

    fn take(&self, state: &mut State, chunk: &mut Chunk) -> Result<bool, ExportError> {
        chunk.buffer.clear();
        chunk.buffer.append(&mut state.carried);
        state.scan.begin();
        loop {
            if !state.ended {
                state.ended = !read_block(&mut state.input, &mut chunk.buffer)?;
            }
            if let Err(misread) = state.scan.scan(&chunk.buffer, state.ended) {
                return Err(misread.error(&self.path, state.line + state.scan.lines));
            }
            if state.scan.end > 0 || state.ended {
                break;
            }
        }
        let end = state.scan.end;
        if state.ended && end < chunk.buffer.len() {
            let line = state.line + state.scan.lines;
            state.input.check_whole()?;
            return Err(ExportError::Cut { path: self.path.clone(), line });
        }
        state.carried.extend_from_slice(&chunk.buffer[end..]);
        chunk.end = end;
        chunk.first_line = state.line;
        chunk.index = state.index;
        chunk.records = state.scan.records;
        state.line += state.scan.lines;
        state.index += 1;
        if end == 0 {
            state.input.check_whole()?;
            return Ok(false);
        }
        Ok(true)
    }
}

/// Appends a block to `buffer`. False: the input has ended.
fn read_block(input: &mut Opened, buffer: &mut Vec<u8>) -> Result<bool, ExportError> {
    match input.fill(buffer, BLOCK) {
        Ok(count) => Ok(count == BLOCK),
        Err(error) => Err(input.error(error)),
    }
}

/// Where the header ends, comment lines before it included.
fn header_end(state: &mut State, first: &[u8], dialect: &Dialect, path: &Path) -> Result<usize, ExportError> {
    let mut start = 0;
    while dialect.is_comment(&first[start..])
        && let Some(end) = memchr::memchr(b'\n', &first[start..])
    {
        start += end + 1;
        state.line += 1;
    }
    let (path, line) = (path.to_path_buf(), state.line);
    match state.scan.scan_one(&first[start..], state.ended) {
        Ok(Some(end)) => {
            state.line += state.scan.lines;
            Ok(start + end)
        }
        Ok(None) if state.ended => {
            state.input.check_whole()?;
            Err(ExportError::Cut { path, line })
        }
        Ok(None) => Err(ExportError::Endless { path, line }),
        Err(misread) => Err(misread.error(&path, line)),
    }
}

/// The members of the first thousand objects that no name covers.
fn unnamed(first: &[u8], names: &[String]) -> Vec<String> {
    let mut unnamed: Vec<String> = Vec::new();
    for line in first.split(|byte| *byte == b'\n').take(1_000) {
        for path in json::unnamed(line, names) {
            let path = path.unwrap_or_else(|| "(members whose names may be data)".into());
            if !unnamed.contains(&path) && unnamed.len() < 100 {
                unnamed.push(path);
            }
        }
    }
    unnamed
}

fn header_names(bytes: &[u8], dialect: &Dialect, path: &Path) -> Result<Vec<String>, ExportError> {
    let mut row = Row::default();
    let mut names: Vec<String> = Vec::new();
    row.parse_each(bytes, dialect, |row, _| {
        for cell in row.cells() {
            let name = std::str::from_utf8(cell).map_err(|_| ExportError::HeaderEncoding { path: path.into() })?;
            if name.contains(char::is_control) {
                return Err(ExportError::HeaderEncoding { path: path.into() });
            }
            if let Some(first) = names.iter().position(|known| known == name) {
                let (first, second) = (first + 1, names.len() + 1);
                return Err(ExportError::DoubledColumn { path: path.into(), first, second });
            }
            names.push(name.into());
        }
        Ok(())
    })?;
    Ok(names)
}
