//! What must hold of any bytes, whatever they are called: for the fuzz targets and the short run over their corpora.
//!
//! Reading ends, with records or with an error; what is in memory at a time is bounded; and in blocks of whatever size a
//! file is read, the same comes of it: the same cells under the same line numbers, or an error.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::unpack::unpack;
use super::weblog::Layout;
use super::{Chunk, Chunks, Codes, Dialect, ExportError, Found, MAX_RECORD_BYTES, Place, Row, Sheet, Syntax};

/// What is tried: a syntax, or a way of compressing.
pub const TARGETS: [&str; 10] =
    ["csv", "delimited", "psql-text", "json", "weblog", "symphony-history", "xlsx", "gzip", "zstd", "zip"];

/// The name of the thread on which the library that reads workbooks may panic, since that ends in an error.
pub const MAY_PANIC: &str = super::sheet::THREAD;

/// The sizes of blocks: the usual one, and such that cut everywhere.
const BLOCKS: [usize; 3] = [1 << 18, 61, 7];
/// The most that is unpacked.
const UNPACKED: u64 = 16 << 20;
const LAYOUT: &str = "%h %l %u %t \"%r\" %s %b";

/// Reads `bytes` as a target. Some: what doesn't hold. Of syntaxes the first byte says how the rest is to be read.
pub fn broken(target: &str, bytes: &[u8]) -> Option<String> {
    if let Some(ending) = [("gzip", "gz"), ("zstd", "zst"), ("zip", "zip")].iter().find(|(name, _)| *name == target) {
        return unpacks(ending.1, bytes);
    }
    let (how, bytes) = bytes.split_first()?;
    let read = BLOCKS.map(|block| read(target, *how, bytes, block));
    if let Some(Err(Failed::Broken(what))) = read.iter().find(|read| matches!(read, Err(Failed::Broken(_)))) {
        return Some(what.clone());
    }
    let seen = read.iter().map(|read| read.as_ref().ok()).collect::<Vec<_>>();
    let first = seen.first()?;
    seen.iter().any(|other| other != first).then(|| format!("blocks of {BLOCKS:?} bytes give {seen:?}"))
}

/// Records, and a hash of all that they hold.
type Seen = (u64, u64);

enum Failed {
    /// An error, as a damaged file has one.
    Error,
    Broken(String),
}

impl From<ExportError> for Failed {
    fn from(_: ExportError) -> Failed {
        Failed::Error
    }
}

fn read(target: &str, how: u8, bytes: &[u8], block: usize) -> Result<Seen, Failed> {
    // A workbook has an archive around it, which no change at random would get through.
    let bytes = if target == "xlsx" && !bytes.starts_with(b"PK") { workbook(bytes)? } else { bytes.to_vec() };
    let found = Found::in_memory("export", bytes, Timestamp::UNIX_EPOCH);
    let chunks = Chunks::in_blocks(found.open()?, &dialect(target, how), block)?;
    let mut hash = DefaultHasher::new();
    (chunks.header(), chunks.header_line()).hash(&mut hash);
    let (mut records, mut line) = (0, 0);
    let (mut chunk, mut row) = (Chunk::default(), Row::default());
    while chunks.next(&mut chunk)? {
        if chunk.bytes().len() > MAX_RECORD_BYTES + 2 * block {
            return Err(Failed::Broken(format!("a chunk of {} bytes", chunk.bytes().len())));
        }
        if chunk.first_line <= line {
            return Err(Failed::Broken(format!("a chunk begins on line {} after line {line}", chunk.first_line)));
        }
        let parsed = row.parse_each(chunk.bytes(), chunks.dialect(), |row: &Row, place: Place| {
            line = chunk.first_line + place.line;
            (line, row.fault().map(|fault| fault as u8), row.cells().collect::<Vec<_>>()).hash(&mut hash);
            Ok::<(), Failed>(())
        })?;
        if parsed != chunk.records {
            // Whoever reads it stops there.
            return Err(Failed::Error);
        }
        records += parsed;
    }
    let mut never_met = chunks.never_met();
    never_met.sort_unstable();
    never_met.hash(&mut hash);
    Ok((records, hash.finish()))
}

/// Each bit says whether one thing is declared.
fn dialect(target: &str, how: u8) -> Dialect {
    let is = |bit: u8| how >> bit & 1 == 1;
    let syntax = match target {
        "delimited" => Syntax::Delimited { delimiter: b'|', trailing: is(4) },
        "psql-text" => Syntax::PsqlText,
        "json" => Syntax::Json { paths: Arc::default(), records: is(4).then(|| Arc::from("records")) },
        "weblog" => Syntax::Weblog { layout: Arc::new(layout()) },
        "symphony-history" => Syntax::SymphonyHistory { codes: Arc::new(Codes::default()) },
        "xlsx" => Syntax::Sheet(Sheet { skip: u32::from(is(4)), ..Sheet::default() }),
        _ => Syntax::Csv { delimiter: if is(4) { b';' } else { b',' } },
    };
    let names = ["event", "time", "id", "UO", "status.name"].map(String::from);
    let encoding = match (how >> 2 & 3, target) {
        (_, "xlsx") | (0 | 1, _) => None,
        (2, _) => Some(encoding_rs::UTF_16LE),
        (_, _) => Some(encoding_rs::WINDOWS_1252),
    };
    let comment = (is(1) && matches!(target, "csv" | "delimited")).then_some(b'#');
    let dialect = Dialect { encoding, comment, trim: is(5), ..Dialect::new(syntax) };
    match target {
        "weblog" => dialect.named(layout().names()),
        "json" | "symphony-history" => dialect.named(&names),
        "csv" | "delimited" if is(0) => dialect.named(&names),
        _ => dialect,
    }
}

fn layout() -> Layout {
    Layout::new(LAYOUT).unwrap_or_default()
}

/// A stream that is whole, cut or damaged: reading it ends.
fn unpacks(ending: &str, bytes: &[u8]) -> Option<String> {
    let path = Path::new("export").with_extension(ending);
    let length = |piece: usize| -> io::Result<u64> {
        let mut reader = unpack(&path, io::Cursor::new(bytes.to_vec()))?.take(UNPACKED);
        let mut buffer = vec![0; piece];
        let mut length = 0;
        loop {
            match reader.read(&mut buffer)? {
                0 => return Ok(length),
                count => length += count as u64,
            }
        }
    };
    let [large, small] = [length(1 << 16).ok(), length(97).ok()];
    (large != small).then(|| format!("{large:?} or {small:?} bytes"))
}

/// An archive of parts, between zeros: the sheet, the texts that its cells share, its styles.
fn workbook(parts: &[u8]) -> Result<Vec<u8>, Failed> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let relations = |target: &str, kind: &str| {
        format!(
            "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/{kind}\" \
             Target=\"{target}\"/></Relationships>"
        )
    };
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"a\" sheetId=\"1\" \
         r:id=\"rId1\"/></sheets></workbook>"
    );
    let mut made: Vec<(&str, Vec<u8>)> = vec![
        ("_rels/.rels", relations("xl/workbook.xml", "officeDocument").into()),
        ("xl/_rels/workbook.xml.rels", relations("worksheets/sheet1.xml", "worksheet").into()),
        ("xl/workbook.xml", book.into()),
    ];
    let names = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"];
    made.extend(names.into_iter().zip(parts.split(|byte| *byte == 0).map(<[u8]>::to_vec)));
    let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in made {
        zip.start_file(name, options).map_err(|_| Failed::Error)?;
        io::Write::write_all(&mut zip, &bytes).map_err(|_| Failed::Error)?;
    }
    zip.finish().map(io::Cursor::into_inner).map_err(|_| Failed::Error)
}
