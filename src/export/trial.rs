//! What must hold of any bytes, whatever they are called: for the fuzz targets and the short run over their corpora.
//!
//! Reading ends, with records or with an error; what is in memory at a time is bounded; and in blocks of whatever size a
//! file is read, the same comes of it: the same cells under the same line numbers, or an error.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read};
use std::path::Path;

use jiff::Timestamp;

use super::syntax::{FORMATS, Format, Names, WORKBOOKS};
use super::unpack::unpack;
use super::{Chunk, Chunks, Dialect, ExportError, Found, MAX_RECORD_BYTES, Place, Row};

/// Ways of compressing, and how a file's name ends then.
const COMPRESSED: [(&str, &str); 3] = [("gzip", "gz"), ("zstd", "zst"), ("zip", "zip")];

/// What is tried: each syntax, and each way of compressing.
pub fn targets() -> impl Iterator<Item = &'static str> {
    FORMATS.iter().map(|format| format.name).chain(COMPRESSED.map(|(name, _)| name))
}

/// Files to begin with, besides those of the corpus.
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    let samples = Format::named(target).map_or(&[][..], |format| format.samples).iter().enumerate();
    let how = |place: usize| (place as u8 & 1) << 4 | (place as u8 >> 1) << 6;
    samples.map(|(place, sample)| [&[how(place)], sample.file.as_bytes()].concat()).collect()
}

/// The name of the thread on which the library that reads workbooks may panic, since that ends in an error.
pub const MAY_PANIC: &str = WORKBOOKS;

/// The sizes of blocks: the usual one, and such that cut everywhere.
const BLOCKS: [usize; 3] = [1 << 18, 61, 7];
/// The most that is unpacked.
const UNPACKED: u64 = 16 << 20;

/// Reads `bytes` as a target. Some: what doesn't hold. Of syntaxes the first byte says how the rest is to be read.
pub fn broken(target: &str, bytes: &[u8]) -> Option<String> {
    if let Some((_, ending)) = COMPRESSED.iter().find(|(name, _)| *name == target) {
        return unpacks(ending, bytes);
    }
    let Some(format) = Format::named(target) else { return Some("no such target".into()) };
    let (how, bytes) = bytes.split_first()?;
    let read = BLOCKS.map(|block| read(format, *how, bytes, block));
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

fn read(format: &Format, how: u8, bytes: &[u8], block: usize) -> Result<Seen, Failed> {
    let Some(dialect) = dialect(format, how) else {
        return Err(Failed::Broken(format!("{}: the keys of a sample can't be read", format.name)));
    };
    let bytes = format.wrap.map_or_else(|| Ok(bytes.to_vec()), |wrap| wrap(bytes)).map_err(|_| Failed::Error)?;
    let found = Found::in_memory("export", bytes, Timestamp::UNIX_EPOCH);
    let chunks = Chunks::in_blocks(found.open()?, &dialect, block)?;
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

/// Bits say which sample's keys there are, and whether one thing or another is declared besides.
fn dialect(format: &Format, how: u8) -> Option<Dialect> {
    let is = |bit: u8| how >> bit & 1 == 1;
    let sample = format.samples.get((usize::from(is(4)) | usize::from(how >> 6) << 1) % format.samples.len().max(1))?;
    let mut keys = sample.keys();
    let encoding = [None, None, Some("utf-16le"), Some("windows-1252")][usize::from(how >> 2 & 3)];
    if let Some(encoding) = encoding.filter(|_| format.is_text) {
        keys.set("encoding".into(), encoding.into());
    }
    if is(1) && format.comments {
        keys.set("comment".into(), "#".into());
    }
    keys.set("trim".into(), is(5).into());
    let dialect = Dialect::read(format, keys).ok()?;
    let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
    Some(match format.names {
        Names::Header if is(0) => dialect.named(&names(&["event", "time", "id", "UO", "note"])),
        _ => dialect.of_file(&names(sample.asked), None),
    })
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
