//! The parts of a workbook, looked through before they are read: how large they are once unpacked, whether their checksums
//! are right, and whether they hold what the library that reads them would take for something else, or would need memory
//! without bound for.

use std::io::{self, Cursor, Read};

use memchr::memmem;

use super::limits::{damaged, wrong};
use super::ranges::Ranges;

const PARTS: usize = 5_000;
/// Unpacked: sheets, the texts that cells share, and everything else (styles, names, relations).
const SHEET: u64 = 2 << 30;
const TEXTS: u64 = 128 << 20;
const OTHER: u64 = 2 << 20;
/// The longest run without a `<`: a text, or a tag.
const RUN: usize = 1 << 20;

pub fn check(workbook: &[u8]) -> io::Result<()> {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).map_err(|_| damaged())?;
    if archive.len() > PARTS {
        return Err(damaged());
    }
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(|_| damaged())?;
        let name = part.name().map_err(|_| damaged())?.to_ascii_lowercase();
        if !(name.ends_with(".xml") || name.ends_with(".rels")) {
            continue;
        }
        match &name {
            name if name.ends_with("sharedstrings.xml") => texts(part)?,
            name if name.contains("sheets/") && !name.ends_with(".rels") => markup(part, SHEET, true)?,
            // Not read: documents of the workbook's other parts.
            name if ["docprops/", "pivot", "drawings/", "comments", "customxml/"]
                .iter()
                .any(|of| name.contains(of)) => {}
            _ => markup(part, OTHER, false)?,
        }
    }
    Ok(())
}

fn too_large() -> io::Error {
    wrong("a part of the workbook is larger, unpacked, than afterloan reads: export CSV")
}

/// `strict`: neither comments nor sections of plain characters, in which a value would be passed over.
fn markup(mut part: impl Read, most: u64, strict: bool) -> io::Result<()> {
    let mut block = vec![0; 1 << 16];
    let (mut length, mut run, mut opened) = (0, 0, false);
    let mut ranges = Ranges::default();
    loop {
        let count = part.read(&mut block).map_err(|_| damaged())?;
        if count == 0 {
            return Ok(());
        }
        length += count as u64;
        if length > most {
            return Err(too_large());
        }
        let mut from = 0;
        for at in memchr::memchr_iter(b'<', &block[..count]) {
            run += at - from;
            if run > RUN {
                return Err(too_large());
            }
            (run, from) = (0, at);
        }
        run += count - from;
        if run > RUN {
            return Err(too_large());
        }
        let block = &block[..count];
        if strict && (opened && block[0] == b'!' || memmem::find(block, b"<!").is_some()) {
            return Err(damaged());
        }
        opened = block.last() == Some(&b'<');
        if strict && !ranges.hold(block) {
            return Err(wrong(
                "a sheet of the workbook names a range that is none, which Excel doesn't write: save it anew",
            ));
        }
    }
}

/// The shared texts are known by their number: one that the library doesn't count would shift all that follow, and make
/// one patron's name another's. How many there are is said first, and taken at its word.
fn texts(part: impl Read) -> io::Result<()> {
    let mut all = Vec::new();
    part.take(TEXTS + 1).read_to_end(&mut all).map_err(|_| damaged())?;
    if all.len() as u64 > TEXTS {
        return Err(too_large());
    }
    markup(&all[..], TEXTS, true)?;
    for empty in [&b"<si/>"[..], b"<si />", b"<si></si>"] {
        if memmem::find(&all, empty).is_some() {
            return Err(damaged());
        }
    }
    for at in memmem::find_iter(&all, b"uniqueCount") {
        let said = all[at + b"uniqueCount".len()..].iter().skip_while(|byte| b" \t\r\n='\"".contains(byte));
        let said = said.take_while(|byte| byte.is_ascii_digit());
        let said =
            said.fold(0usize, |number, digit| number.saturating_mul(10).saturating_add(usize::from(digit - b'0')));
        // A text takes more than four characters.
        if said > all.len() / 4 {
            return Err(damaged());
        }
    }
    Ok(())
}
