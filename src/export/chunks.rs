//! A file's bytes, cut into chunks of whole records that several workers take in turn.
//!
//! Reading and cutting go on under a lock, in order; parsing, hashing and deciding do not. The cuts depend on the bytes
//! alone, so a digest over the chunks' digests is a digest of the file.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use hashbrown::HashMap;

use super::borders::Scan;
use super::dialect::Dialect;
use super::found::Opened;
use super::syntax::Named;
use super::{ExportError, MAX_RECORD_BYTES, Row};

/// How much is read at a time. What comes of a file doesn't depend on it.
const BLOCK: usize = 1 << 18;

/// A file that is being read, after its header.
pub struct Chunks {
    path: PathBuf,
    dialect: Dialect,
    header: Vec<String>,
    header_bytes: Vec<u8>,
    /// The line on which the header stands.
    header_line: u64,
    block: usize,
    state: Mutex<State>,
}

struct State {
    input: Opened,
    /// The bytes after the last whole record.
    carried: Vec<u8>,
    scan: Scan,
    line: u64,
    index: u64,
    records: u64,
    ended: bool,
    failed: bool,
    /// How to open it once its turn comes.
    later: Option<Box<Open>>,
}

type Open = dyn Fn() -> Result<Opened, ExportError> + Send;

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
        Chunks::in_blocks(input, dialect, BLOCK)
    }

    pub(super) fn in_blocks(input: Opened, dialect: &Dialect, block: usize) -> Result<Chunks, ExportError> {
        let path = input.path().to_path_buf();
        let mut state = State {
            input: input.in_dialect(dialect),
            carried: Vec::with_capacity(2 * block),
            scan: Scan::new(dialect.clone()),
            line: 1,
            index: 0,
            records: 0,
            ended: false,
            failed: false,
            later: None,
        };
        let mut first = std::mem::take(&mut state.carried);
        state.ended = !read_block(&mut state.input, &mut first, block)?;
        let bom = if first.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let (mut header, mut header_bytes) = (Vec::new(), Vec::new());
        // Without a header, too: an export that failed looks like one in which nothing is owed.
        if first.is_empty() {
            // A command that failed is the better reason.
            state.input.check_whole()?;
            return Err(ExportError::Empty { path });
        }
        let mut header_line = 1;
        if let Some(names) = &dialect.names {
            header.extend(names.iter().cloned());
            first.drain(..bom);
            while !dialect.records_name_cells() && first.len() <= MAX_RECORD_BYTES && !state.ended {
                if first_record(&first, dialect).is_some() {
                    break;
                }
                state.ended = !read_block(&mut state.input, &mut first, block)?;
            }
            if !dialect.records_name_cells() && begins_with_names(&first, dialect) {
                let why = "its first line looks like a header, and the pipeline's `header` says that there is none: \
                           take `header` out of the pipeline"
                    .to_string();
                return Err(ExportError::Unusable { path, why });
            }
        } else {
            let end = bom + header_end(&mut state, &mut first, bom, dialect, block)?;
            header_line = state.line - state.scan.lines;
            header_bytes = first[..end].to_vec();
            first.drain(..end);
            header = header_names(&header_bytes[bom..], dialect, &path, header_line)?;
            if let Some(name) = header.iter().find(|name| dialect.renamed.is_absent(name)) {
                return Err(ExportError::unexpected(&path, name));
            }
        }
        state.scan = Scan::below(dialect.clone(), &header);
        state.carried = first;
        let dialect = dialect.clone();
        Ok(Chunks { path, dialect, header, header_bytes, header_line, block, state: Mutex::new(state) })
    }

    /// Reads the header, and opens the file again when its first chunk is asked for: of many files, none lies in memory
    /// before its turn, or after.
    pub fn later(
        open: impl Fn() -> Result<Opened, ExportError> + Send + 'static,
        dialect: &Dialect,
    ) -> Result<Chunks, ExportError> {
        let mut chunks = Chunks::new(open()?, dialect)?;
        let state = chunks.state.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner());
        state.carried = Vec::new();
        state.input.close();
        state.later = Some(Box::new(open));
        Ok(chunks)
    }

    /// Opens the file again, past its header.
    fn open(&self, state: &mut State, open: &Open) -> Result<(), ExportError> {
        state.input = open()?.in_dialect(&self.dialect);
        let mut first = Vec::with_capacity(2 * self.block);
        state.ended = !read_block(&mut state.input, &mut first, self.block)?;
        while !state.ended && first.len() < self.header_bytes.len() {
            state.ended = !read_block(&mut state.input, &mut first, self.block)?;
        }
        let bom = if first.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let past = self.header_bytes.len().max(if self.dialect.names.is_some() { bom } else { 0 });
        if !first.starts_with(&self.header_bytes) || past > first.len() {
            return Err(ExportError::Changed { path: self.path.clone() });
        }
        first.drain(..past);
        state.carried = first;
        Ok(())
    }

    /// The last line, once all chunks were taken.
    pub fn lines(&self) -> u64 {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).line - 1
    }

    /// How many records the chunks had that were taken so far.
    pub fn records(&self) -> u64 {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).records
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

    /// Another of the usual delimiters that the header has more often than the declared one.
    pub fn other_delimiter(&self) -> Option<u8> {
        let declared = self.dialect.delimiter()?;
        let count = |delimiter: u8| memchr::memchr_iter(delimiter, &self.header_bytes).count();
        let usual = [b',', b';', b'\t', b'|'].into_iter().filter(|usual| *usual != declared);
        usual.max_by_key(|usual| count(*usual)).filter(|usual| count(*usual) > count(declared))
    }

    pub fn header_line(&self) -> u64 {
        self.header_line
    }

    /// Where records name their own cells, after all were read: those that are asked for and that no record had.
    pub fn never_met(&self) -> Vec<&str> {
        self.dialect.named_cells().into_iter().flat_map(Named::never_met).collect()
    }

    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// What else the records have that were parsed so far, by name.
    pub fn unasked(&self) -> Vec<String> {
        self.dialect.unasked()
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

    /// Whether a last line without its line end is a record all the same: where the dialect says that it may be, it has as many
    /// cells as the header, and its quotes are closed.
    fn is_whole(&self, last: &[u8]) -> bool {
        if !self.dialect.open_end {
            return false;
        }
        let line = [last, b"\n"].concat();
        let mut one = Scan::new(self.dialect.clone());
        if one.scan(&line, true).is_err() || (one.end, one.records) != (line.len(), 1) {
            return false;
        }
        let mut is_whole = false;
        let read = Row::default().parse_each(&line, &self.dialect, |row, _| {
            is_whole = row.fault().is_none() && row.len() == self.header.len();
            Ok::<(), ()>(())
        });
        read.is_ok() && is_whole
    }

    fn take(&self, state: &mut State, chunk: &mut Chunk) -> Result<bool, ExportError> {
        if let Some(open) = state.later.take() {
            self.open(state, &*open)?;
        }
        chunk.buffer.clear();
        chunk.buffer.append(&mut state.carried);
        state.scan.begin();
        loop {
            if !state.ended {
                state.ended = !read_block(&mut state.input, &mut chunk.buffer, self.block)?;
            }
            if let Err(misread) = state.scan.scan(&chunk.buffer, state.ended) {
                return Err(misread.error(&self.path, state.line + state.scan.lines));
            }
            if state.scan.end > 0 || state.ended {
                break;
            }
        }
        if state.ended && state.scan.end < chunk.buffer.len() && self.is_whole(&chunk.buffer[state.scan.end..]) {
            state.input.check_whole()?;
            chunk.buffer.push(b'\n');
            if let Err(misread) = state.scan.scan(&chunk.buffer, true) {
                return Err(misread.error(&self.path, state.line + state.scan.lines));
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
        state.records += state.scan.records;
        state.index += 1;
        if end == 0 {
            state.input.check_whole()?;
            state.input.close();
            state.carried = Vec::new();
            return Ok(false);
        }
        Ok(true)
    }
}

/// Appends a block to `buffer`. False: the input has ended.
fn read_block(input: &mut Opened, buffer: &mut Vec<u8>, block: usize) -> Result<bool, ExportError> {
    let names = input.gives_names();
    match input.fill(buffer, block) {
        Ok(count) => Ok(count == block || names && count > 0),
        Err(error) => Err(input.error(error)),
    }
}

/// Where the header ends, comment lines and empty ones before it included. Reads on until it is there.
fn header_end(
    state: &mut State,
    first: &mut Vec<u8>,
    bom: usize,
    dialect: &Dialect,
    block: usize,
) -> Result<usize, ExportError> {
    let path = state.input.path().to_path_buf();
    let mut start = bom;
    loop {
        while let Some(end) = memchr::memchr(b'\n', &first[start..])
            && dialect.is_no_record(&first[start..start + end])
        {
            start += end + 1;
            state.line += 1;
        }
        let line = state.line;
        match state.scan.scan_one(&first[start..], state.ended) {
            Ok(Some(end)) => {
                state.line += state.scan.lines;
                return Ok(start + end - bom);
            }
            Ok(None) if state.ended => {
                state.input.check_whole()?;
                return Err(ExportError::Cut { path, line });
            }
            Ok(None) => state.ended = !read_block(&mut state.input, first, block)?,
            Err(misread) => return Err(misread.error(&path, line)),
        }
    }
}

/// The first line that is a record, with its end.
fn first_record<'b>(first: &'b [u8], dialect: &Dialect) -> Option<&'b [u8]> {
    let mut lines = first.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
    lines.find(|line| !dialect.is_no_record(&line[..line.len() - 1]))
}

/// Whether the first line has, in half of its cells and at least two, the names that the pipeline gives them: as a row it
/// would be a transaction that nobody made.
fn begins_with_names(first: &[u8], dialect: &Dialect) -> bool {
    let Some(names) = dialect.names.as_deref() else { return false };
    let Some(line) = first_record(first, dialect) else { return false };
    let mut named = 0;
    let mut row = Row::default();
    let parsed = row.parse_each(line, dialect, |row, _| {
        let is_named = |(cell, name): &(&[u8], &String)| cell.trim_ascii().eq_ignore_ascii_case(name.as_bytes());
        named = row.cells().zip(names).filter(is_named).count();
        Ok::<(), ()>(())
    });
    parsed.is_ok() && named >= 2 && named * 2 >= names.len()
}

fn header_names(bytes: &[u8], dialect: &Dialect, path: &Path, line: u64) -> Result<Vec<String>, ExportError> {
    let mut row = Row::default();
    let mut names: Vec<String> = Vec::new();
    // By name, where it stands: a file may have a hundred thousand columns.
    let mut places: HashMap<String, usize> = HashMap::new();
    row.parse_each(bytes, dialect, |row, _| {
        for cell in row.cells() {
            let name =
                std::str::from_utf8(cell).map_err(|_| ExportError::HeaderEncoding { path: path.into(), line })?;
            // Tabs stand between cells, if anywhere.
            if name.contains('\t') && dialect.delimiter().is_some() {
                return Err(ExportError::Delimiter { path: path.into(), line, delimiter: "\t".into() });
            }
            if name.contains(char::is_control) {
                return Err(ExportError::HeaderEncoding { path: path.into(), line });
            }
            let name = dialect.renamed.ours(name.into());
            if let Some(first) = places.insert(name.clone(), names.len()) {
                let (first, second) = (first + 1, names.len() + 1);
                return Err(ExportError::DoubledColumn { path: path.into(), line, first, second });
            }
            names.push(name);
        }
        Ok(())
    })?;
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::export::{Found, Syntax};

    /// Nobody has so many; a file that isn't what the pipeline says may.
    #[test]
    fn a_header_of_very_many_columns_is_read_in_a_moment() {
        let names: Vec<String> = (0..150_000).map(|number| format!("{number:x}")).collect();
        let file = names.join(",") + "\n";
        let read = |file: String| {
            let found = Found::in_memory("wide.csv", file.into_bytes(), jiff::Timestamp::UNIX_EPOCH);
            Chunks::in_blocks(found.open()?, &Dialect::new(Syntax::Csv { delimiter: b',' }), BLOCK)
        };
        let begun = Instant::now();
        assert_eq!(read(file).map(|chunks| chunks.header().len()).unwrap(), names.len());
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        let twice = read("a,b,a\n".into()).map(drop).unwrap_err();
        assert!(matches!(twice, ExportError::DoubledColumn { first: 1, second: 3, .. }), "{twice}");
    }
}
