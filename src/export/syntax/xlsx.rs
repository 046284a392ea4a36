//! A sheet of an .xlsx workbook, turned into lines while it is read: a row a line, so that a line's number is its row's;
//! cells between tabs, escaped as PostgreSQL's text is.
//!
//! Rows above the header are empty lines, and so are empty rows: they are no records. A number comes as its digits, a date
//! in ISO form, a formula as the value that was saved with it; one that was saved without is `#VALUE!`, since an empty cell
//! would say something. A number of more than 15 digits comes in a form that is none (`2.31E+16`): Excel has already lost
//! its last ones.
//!
//! The workbook lies in memory as it is on disk, compressed, with the texts that its cells share; the sheet does not. All
//! parts are looked through before the library that reads them sees them (`parts`). It runs on a thread of its own, since
//! its reader can't be kept across calls, and so that a fault of it is an error here.

use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx};

use self::limits::{COLUMNS, ROWS, damaged, wrong};
use super::{Asked, Format, LineSyntax, Names, Sample, Syntax, psql_text};
use crate::export::Row;

mod archive;
mod limits;
mod parts;
mod ranges;

pub(super) const FORMAT: Format = Format {
    name: "xlsx",
    names: Names::HeaderAlone,
    is_log: false,
    is_text: false,
    comments: false,
    sheets: true,
    read: |keys| Ok(Syntax::of_lines(Sheet { skip: keys.take("skip")?.unwrap_or(0), ..Sheet::default() })),
    samples: &[
        Sample {
            keys: "{}",
            asked: &[],
            file: "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>id</t></is></c></row>\
                   <row r=\"2\"><c r=\"A2\"><v>1</v></c></row></sheetData></worksheet>",
        },
        Sample {
            keys: r#"{"skip": 1}"#,
            asked: &[],
            file: "<worksheet><sheetData><row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>id</t></is></c></row>\
                   <row r=\"3\"><c r=\"A3\"><v>1</v></c></row></sheetData></worksheet>",
        },
    ],
    // A workbook has an archive around it, which no change at random would get through.
    wrap: Some(|bytes| if bytes.starts_with(b"PK") { Ok(bytes.to_vec()) } else { archive::of_parts(bytes) }),
};

/// The largest workbook, compressed.
const MOST: u64 = 128 << 20;
/// The name of the thread that reads a workbook.
pub(in crate::export) const THREAD: &str = "workbook";
/// How much is handed over at a time, and how many of these may wait.
const BLOCK: usize = 1 << 16;
const WAITING: usize = 4;

/// Which rows of a workbook are read.
#[derive(Clone, Debug, Default)]
struct Sheet {
    /// Its name; None: the only one.
    name: Option<Arc<str>>,
    /// Rows above the header.
    skip: u32,
    /// How many other sheets the workbook was found to have.
    others: Arc<AtomicU64>,
}

impl LineSyntax for Sheet {
    fn cells(&self, line: &[u8], row: &mut Row) {
        psql_text::cells(line, row);
    }

    fn is_as_it_stands(&self) -> bool {
        false
    }

    fn lines(&self, input: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
        Box::new(Lines::new(input, self.clone()))
    }

    fn is_empty(&self, line: &[u8]) -> bool {
        line.is_empty()
    }

    fn of_file(&self, asked: &Asked<'_>) -> Option<Arc<dyn LineSyntax>> {
        let name = asked.sheet.map(Arc::from).or_else(|| self.name.clone());
        Some(Arc::new(Sheet { name, skip: self.skip, others: Arc::default() }))
    }

    /// What else the workbook has, for people. Not by its name, which may be anybody's.
    fn unasked(&self) -> Vec<String> {
        match self.others.load(Ordering::Relaxed) {
            0 => Vec::new(),
            1 => vec!["(another sheet of the workbook)".into()],
            many => vec![format!("({many} other sheets of the workbook)")],
        }
    }
}

struct Lines {
    blocks: Receiver<io::Result<Vec<u8>>>,
    block: Vec<u8>,
    given: usize,
    ended: bool,
}

impl Lines {
    fn new(mut workbook: Box<dyn Read + Send>, sheet: Sheet) -> Lines {
        let (sender, blocks) = sync_channel(WAITING);
        // Where it can't be started, nothing is received, which is an error.
        let _ = std::thread::Builder::new().name(THREAD.into()).spawn(move || {
            let last = convert(&mut workbook, &sheet, &sender).map(|()| Vec::new());
            // Nobody may be there any more to be told.
            let _ = sender.send(last);
        });
        Lines { blocks, block: Vec::new(), given: 0, ended: false }
    }
}

impl Read for Lines {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.block.len() && !self.ended {
            // The thread that stopped without a word was a fault of the library on what it read.
            self.block = self.blocks.recv().unwrap_or_else(|_| Err(damaged())).inspect_err(|_| self.ended = true)?;
            self.given = 0;
            self.ended = self.block.is_empty();
        }
        let count = (&self.block[self.given..]).read(into)?;
        self.given += count;
        Ok(count)
    }
}

fn convert(workbook: &mut dyn Read, sheet: &Sheet, blocks: &SyncSender<io::Result<Vec<u8>>>) -> io::Result<()> {
    let mut bytes = Vec::new();
    workbook.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(wrong("the workbook is larger than 128 MiB: export CSV"));
    }
    is_workbook(&bytes)?;
    parts::check(&bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let sheets = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
    let name = match (&sheet.name, &names[..]) {
        (Some(name), _) if names.iter().any(|known| **known == **name) => name.to_string(),
        (Some(_), _) => return Err(wrong("the workbook has no sheet of the name that the pipeline's `sheet` says")),
        (None, [only]) => only.clone(),
        (None, []) => return Err(damaged()),
        (None, _) => {
            return Err(wrong(
                "the workbook has several sheets: say which one is read, in the pipeline's `sheet`, or to `init` as FILE.xlsx#SHEET",
            ));
        }
    };
    sheet.others.store(names.len() as u64 - 1, Ordering::Relaxed);
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(|_| damaged())?;
    let mut rows =
        Rows { skip: sheet.skip, at: 0, width: None, cells: Vec::new(), beyond: Vec::new(), out: Vec::new() };
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|_| damaged())? {
        let text = match (text(&cell.value), &cell.formula) {
            (None, Some(_)) => Some("#VALUE!".into()),
            (text, _) => text,
        };
        rows.put(cell.pos, text)?;
        if rows.out.len() >= BLOCK && blocks.send(Ok(std::mem::take(&mut rows.out))).is_err() {
            return Ok(());
        }
    }
    rows.end_row();
    if !rows.out.is_empty() {
        let _ = blocks.send(Ok(rows.out));
    }
    Ok(())
}

/// What people call a workbook, and what it is.
fn is_workbook(bytes: &[u8]) -> io::Result<()> {
    let begins = bytes.trim_ascii_start();
    Err(match bytes {
        [b'P', b'K', 3, 4, ..] => return Ok(()),
        [] => wrong("the file is empty"),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            wrong("this is a workbook of an old Excel (.xls), or one with a password: save it as .xlsx, without one")
        }
        _ if begins.first() == Some(&b'<') || begins.starts_with(b"\xEF\xBB\xBF<") => {
            wrong("this is a web page or XML under the name of a workbook: export .xlsx or CSV")
        }
        _ if std::str::from_utf8(&bytes[..bytes.len().min(64)]).is_ok() => {
            wrong("this is text under the name of a workbook: if it is CSV, say format = \"csv\"")
        }
        _ => wrong("this is no .xlsx workbook"),
    })
}

/// The rows that are being written.
struct Rows {
    skip: u32,
    /// The row that is being filled.
    at: u32,
    /// How many cells the header has.
    width: Option<usize>,
    cells: Vec<String>,
    /// Cells to the right of the header's last.
    beyond: Vec<String>,
    out: Vec<u8>,
}

impl Rows {
    fn put(&mut self, (row, column): (u32, u32), text: Option<String>) -> io::Result<()> {
        if row < self.at || row >= ROWS || column >= COLUMNS {
            return Err(damaged());
        }
        while self.at < row {
            self.end_row();
            self.at += 1;
        }
        let Some(text) = text.filter(|text| !text.is_empty() && row >= self.skip) else { return Ok(()) };
        let column = column as usize;
        if self.width.is_some_and(|width| column >= width) {
            self.beyond.push(text);
            return Ok(());
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        if std::mem::replace(&mut self.cells[column], text).is_empty() { Ok(()) } else { Err(damaged()) }
    }

    fn end_row(&mut self) {
        if !self.cells.is_empty() || !self.beyond.is_empty() {
            let width = *self.width.get_or_insert(self.cells.len());
            self.cells.resize(width, String::new());
            for (place, cell) in self.cells.drain(..).chain(self.beyond.drain(..)).enumerate() {
                if place > 0 {
                    self.out.push(b'\t');
                }
                escape(&cell, &mut self.out);
            }
        }
        self.out.push(b'\n');
    }
}

fn escape(cell: &str, into: &mut Vec<u8>) {
    for byte in cell.bytes() {
        match byte {
            b'\t' => into.extend_from_slice(b"\\t"),
            b'\n' => into.extend_from_slice(b"\\n"),
            b'\r' => into.extend_from_slice(b"\\r"),
            b'\\' => into.extend_from_slice(b"\\\\"),
            byte => into.push(byte),
        }
    }
}

/// What a cell says; None: nothing.
fn text(cell: &DataRef<'_>) -> Option<String> {
    Some(match cell {
        DataRef::Empty => return None,
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_string(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => digits(*number),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.into(),
        DataRef::DateTime(time) => iso(time),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    })
}

/// A number without what its storage adds: `2.1234E13` is 21234000000000, `12.300000000000001` is 12.3.
fn digits(number: f64) -> String {
    const MOST: f64 = 1e15;
    // Excel shows 15 digits.
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    match rounded.abs() {
        0.0 => "0".into(),
        1e-7..MOST => format!("{rounded}"),
        // As Excel shows it: with the sign it is no id of any type.
        MOST.. => format!("{rounded:E}").replace('E', "E+"),
        _ => format!("{rounded:E}"),
    }
}

/// A day, or a day and a time of day; what lies outside of Excel's calendar stays a number.
fn iso(time: &ExcelDateTime) -> String {
    let value = time.as_f64();
    if time.is_duration() || !(0.0..2_958_466.0).contains(&value) {
        return digits(value);
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let milli = if milli > 0 { format!(".{milli:03}") } else { String::new() };
    let clock = format!("{hour:02}:{minute:02}:{second:02}{milli}");
    match (value < 1.0, value.fract() == 0.0) {
        (true, _) => clock,
        (false, true) => format!("{year:04}-{month:02}-{day:02}"),
        (false, false) => format!("{year:04}-{month:02}-{day:02} {clock}"),
    }
}

#[cfg(test)]
mod tests;
