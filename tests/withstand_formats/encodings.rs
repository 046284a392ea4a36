//! Declared encodings: what is no text in them is rejected, and a file in another encoding retires nothing.

use super::made_up::{BAR, Dialect, TRAILING, UTF_16, WINDOWS, id, utf_16 as wide};
use super::{Bytes, Change, Comes, Ends, Fine, Rejects, Stops, Text};
use super::{all_withstand, by_line, fifth, replaced, with_bytes, withstands};

#[test]
fn in_utf_16() {
    const CASES: &[(&str, Change, Ends)] = &[
        ("half of a pair", Bytes(|bytes| with_bytes(bytes, wide, b"Q\0\x3D\xD8Z\0")), Rejects("encoding", 0)),
        ("the other half", Bytes(|bytes| with_bytes(bytes, wide, b"Q\0\0\xDCZ\0")), Rejects("encoding", 0)),
        ("a NUL", Bytes(|bytes| with_bytes(bytes, wide, b"Q\0\0\0Z\0")), Rejects("nul-byte", 0)),
        ("beyond the first plane", Bytes(|bytes| with_bytes(bytes, wide, b"\x3D\xD8\0\xDE")), Fine),
        ("no byte order mark", Bytes(|bytes| bytes[2..].into()), Fine),
        ("two byte order marks", Bytes(|bytes| [b"\xFF\xFE", &bytes[..]].concat()), Fine),
        ("CR LF everywhere", Text(|text| text.replace('\n', "\r\n")), Fine),
        (
            "CR LF and LF mixed",
            Text(|text| by_line(text, |number, line| format!("{line}{}", ["\r\n", "\n"][number % 2]))),
            Fine,
        ),
        ("a short row", Text(|text| fifth(text, |line| line.replacen(',', "", 1))), Rejects("short-row", 0)),
        ("an id that is none", Text(|text| replaced(text, &id(5), "Loan’5")), Rejects("bad-id", 0)),
        ("cut after a whole character", Bytes(|bytes| bytes[..bytes.len() - 10].into()), Stops(&[":13: ", "was cut"])),
        ("cut within a character", Bytes(|bytes| bytes[..bytes.len() - 9].into()), Stops(&[":13: ", "was cut"])),
        ("cut within the last line end", Bytes(|bytes| bytes[..bytes.len() - 1].into()), Stops(&[":13: ", "was cut"])),
        // Each character from there on is made of two halves of others.
        ("a byte missing", Bytes(|bytes| with_bytes(bytes, wide, b"Q")), Stops(&["was cut"])),
        ("an empty file", Bytes(|_| Vec::new()), Stops(&["loans-2026-11-01.csv: the file is empty"])),
        ("a byte order mark alone", Bytes(|_| b"\xFF\xFE".into()), Stops(&["loans-2026-11-01.csv: the file is empty"])),
        ("one byte", Bytes(|_| b"\xFF".into()), Stops(&["loans-2026-11-01.csv:1: "])),
        ("UTF-8", Bytes(|bytes| utf_8(&bytes)), Stops(&["loans-2026-11-01.csv:1: "])),
        (
            "the other order",
            Bytes(|bytes| bytes.chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect()),
            Stops(&["loans-2026-11-01.csv:1: "]),
        ),
    ];
    all_withstand(&[UTF_16], CASES);
}

fn utf_8(bytes: &[u8]) -> Vec<u8> {
    let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).unwrap().trim_start_matches('\u{feff}').into()
}

#[test]
fn in_windows_1252() {
    const BARE: Dialect = Dialect {
        name: "bare, windows-1252",
        read: "format = \"delimited\"\ntrailing = true\nencoding = \"windows-1252\"",
        encode: WINDOWS.encode,
        ..TRAILING
    };
    const EACH: &[(&str, Change, Ends)] = &[
        (
            "any byte but line ends and delimiters",
            Bytes(|bytes| {
                let all: Vec<u8> = (1..=255).filter(|byte| !b"\n\r|".contains(byte)).collect();
                with_bytes(bytes, BAR.encode, &all)
            }),
            Fine,
        ),
        ("a NUL byte", Bytes(|bytes| with_bytes(bytes, BAR.encode, b"\0")), Rejects("nul-byte", 0)),
        ("a short row", Text(|text| fifth(text, |line| line.replacen('|', "", 1))), Rejects("short-row", 0)),
        ("cut", Bytes(|bytes| bytes[..bytes.len() - 5].into()), Stops(&["was cut"])),
        // No status is known: nothing is due.
        (
            "UTF-8",
            Bytes(|bytes| bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into()),
            Comes([12, 0, 11, 1, 0]),
        ),
    ];
    all_withstand(&[WINDOWS, BARE], EACH);
    let cases: &[(&str, Change, Ends)] = &[
        (
            "UTF-8 with a byte order mark",
            Bytes(|bytes| [b"\xEF\xBB\xBF", &bytes[..]].concat()),
            Stops(&["loans-2026-11-01.txt:1: "]),
        ),
        (
            "UTF-16",
            Bytes(|bytes| bytes.iter().flat_map(|byte| [*byte, 0]).collect()),
            Stops(&["loans-2026-11-01.txt:1: "]),
        ),
    ];
    all_withstand(&[WINDOWS], cases);
    let cases: &[(&str, Change, Ends)] =
        &[("UTF-16", Bytes(|bytes| bytes.iter().flat_map(|byte| [*byte, 0]).collect()), Stops(&["was cut"]))];
    all_withstand(&[BARE], cases);
    // Windows-1252 that isn't declared: the rows that have no ASCII alone are rejected.
    let plain = Dialect { name: "windows-1252 that isn't declared", encode: WINDOWS.encode, ..BAR };
    withstands(&plain, "all", &Bytes(|bytes| bytes), &Stops(&["patrons-2026-11-01.txt:2: the row is not valid text"]));
}
