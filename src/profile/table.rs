//! A sample of one file, as columns. The whole file is cut into records and counted; of a large one the cells are read
//! at its beginning and then in every 32nd chunk to its end.

use super::column::Column;
use super::sniff::FileFormat;
use super::words::english;
use crate::export::{Chunk, Chunks, ExportError, Found, Row};

/// Chunks (of a quarter of a MiB or more) that are read whole at the beginning of a file, and how many are passed over
/// after that.
const WHOLE: u64 = 32;
const EVERY: u64 = 32;

/// Whether the cells of a chunk are read, by its place in the file.
pub fn is_looked_at(chunk: u64) -> bool {
    chunk < WHOLE || chunk.is_multiple_of(EVERY)
}

/// Nobody's export has more columns.
pub const MOST_COLUMNS: usize = 2_000;

/// A file, or what was seen of it.
#[derive(Clone, Debug)]
pub struct TableProfile {
    /// The file's name.
    pub file: String,
    pub columns: Vec<Column>,
    /// Whether the columns' names are the file's, and no cells of a first row.
    pub named: bool,
    /// Records, all of them.
    pub records: u64,
    /// Records that were looked at.
    pub rows: u64,
    /// Records of them that have too few or too many cells, or aren't what the syntax says.
    pub faults: u64,
    /// The first line with a fault.
    pub first_fault: Option<u64>,
    /// Cells that aren't text in the encoding.
    pub no_text: u64,
    /// More follows that wasn't even counted.
    pub goes_on: bool,
}

/// As many records were looked at as were asked for.
struct Enough;

/// How much of a file is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// All of it is cut into records, so that one that is damaged is told.
    ToItsEnd,
    /// So many records.
    Records(u64),
}

impl TableProfile {
    /// Whether every record was looked at.
    pub fn is_whole(&self) -> bool {
        self.rows == self.records && !self.goes_on
    }

    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// Reads a sample of a file that is written as was guessed, or as a pipeline says.
pub fn read(found: &Found, written: &FileFormat) -> Result<TableProfile, ExportError> {
    read_with(found, written, Depth::ToItsEnd, |_, _, _| {})
}

/// The same, with somebody who sees each row that is looked at: under which names, and on which line.
pub fn read_with(
    found: &Found,
    written: &FileFormat,
    depth: Depth,
    mut see: impl FnMut(&[String], &Row, u64),
) -> Result<TableProfile, ExportError> {
    let chunks = Chunks::new(found.open()?, &written.dialect)?;
    if chunks.header().len() > MOST_COLUMNS {
        let why = format!("it has more than {MOST_COLUMNS} columns: is the delimiter another one?");
        return Err(ExportError::Unusable { path: found.path.clone(), why });
    }
    let called = if written.named { english(chunks.header()) } else { chunks.header().to_vec() };
    let mut columns: Vec<Column> =
        chunks.header().iter().zip(called).map(|(name, called)| Column::called(name, called)).collect();
    let mut table = TableProfile {
        file: found.name(),
        columns: Vec::new(),
        named: written.named,
        records: 0,
        rows: 0,
        faults: 0,
        first_fault: None,
        no_text: 0,
        goes_on: false,
    };
    let (mut chunk, mut row) = (Chunk::default(), Row::default());
    while chunks.next(&mut chunk)? {
        table.records += chunk.records;
        if !is_looked_at(chunk.index) {
            continue;
        }
        let first = chunk.first_line;
        let enough = row.parse_each(chunk.bytes(), &written.dialect, |row, place| {
            if depth == Depth::Records(table.rows) {
                return Err(Enough);
            }
            table.rows += 1;
            if row.fault().is_some() || row.len() != columns.len() {
                table.faults += 1;
                table.first_fault.get_or_insert(first + place.line);
                return Ok(());
            }
            columns.iter_mut().zip(row.cells()).for_each(|(column, cell)| column.note(cell));
            see(chunks.header(), row, first + place.line);
            Ok(())
        });
        if enough.is_err() {
            table.goes_on = true;
            break;
        }
    }
    table.no_text = columns.iter().map(|column| column.no_text).sum();
    // Members of JSON that hold more than a value: named, so that a person sees them.
    table.columns = columns;
    table.columns.extend(written.nested.iter().map(|name| Column::nested(name)));
    Ok(table)
}
