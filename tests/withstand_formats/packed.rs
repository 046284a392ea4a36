//! Compressed exports in each way of compressing: cut, damaged, of something else, of zeros.

use super::made_up::{CSV, Dialect, GZ, JSON_PAGES, UTF_16_ZIP, ZIP, ZST, gz, zip, zst};
use super::{Change, Ends, Packed, Rejects, Stops, Text, all_withstand, fifth, withstands};

const EACH: [Dialect; 3] = [GZ, ZST, ZIP];

#[test]
fn compressed_exports_that_are_not_whole() {
    const DAMAGED: &str = "the compressed file is cut or damaged";
    const CASES: &[(&str, Change, Ends)] = &[
        ("cut in half", Packed(|bytes| bytes[..bytes.len() / 2].into()), Stops(&[DAMAGED])),
        ("without its last bytes", Packed(|bytes| bytes[..bytes.len() - 3].into()), Stops(&[DAMAGED])),
        (
            "changed in the middle",
            Packed(|mut bytes| {
                let middle = bytes.len() / 2;
                bytes[middle..middle + 4].iter_mut().for_each(|byte| *byte ^= 0x55);
                bytes
            }),
            Stops(&[DAMAGED]),
        ),
        ("not compressed", Packed(|_| b"id,note\n1,Quokka77Zanzibar\n".into()), Stops(&[DAMAGED])),
        ("of no byte", Packed(|_| Vec::new()), Stops(&["loans-2026-11-01.csv."])),
        ("of an empty file", Text(|_| String::new()), Stops(&["the file is empty"])),
        ("of a file that was cut", Text(|text| text[..text.len() - 5].into()), Stops(&[":13: ", "was cut"])),
        ("a short row in it", Text(|text| fifth(text, |line| line.replacen(',', "", 1))), Rejects("short-row", 0)),
    ];
    all_withstand(&EACH, CASES);
}

#[test]
fn zeros_without_end() {
    for pack in [gz, zst, |bytes: &[u8]| zip(&["a"], bytes)] {
        let bomb = pack(&vec![0; 64 << 20]);
        for (dialect, whole) in [(GZ, gz as fn(&[u8]) -> Vec<u8>), (ZST, zst), (ZIP, ZIP.pack)] {
            if whole(b"x")[..4] != pack(b"x")[..4] {
                continue;
            }
            let mut exports = super::Exports::new(&dialect);
            *exports.file("loans") = bomb.clone();
            super::ends_so(&exports, "zeros", 1, &Stops(&[":1: a record that begins here is longer than 1 MiB"]));
        }
    }
}

/// Frames and members may follow one another; what follows them must be one, too.
#[test]
fn frames_one_after_the_other() {
    const CASES: &[(&str, Change, Ends)] = &[
        (
            "a second frame that is cut",
            Packed(|bytes| [&bytes[..], &bytes[..bytes.len() / 2]].concat()),
            Stops(&["is cut or damaged"]),
        ),
        ("a tail that is none", Packed(|bytes| [&bytes[..], &[7; 100]].concat()), Stops(&["is cut or damaged"])),
    ];
    all_withstand(&[GZ, ZST], CASES);
}

#[test]
fn zips() {
    const CASES: &[(&str, Change, Ends)] = &[
        (
            "of two files",
            Packed(|_| zip(&["a", "b"], b"id\nQuokka77Zanzibar\n")),
            Stops(&["the zip holds more than one file"]),
        ),
        ("of no file", Packed(|_| zip(&[], b"")), Stops(&["the zip holds no file"])),
        ("a gzip by the name of a zip", Packed(|_| gz(b"id\nQuokka77Zanzibar\n")), Stops(&["is cut or damaged"])),
        (
            "of a file with a patron's name",
            Packed(|_| zip(&["Quokka77Zanzibar"], b"id\n1\n")),
            Stops(&["the declared column"]),
        ),
    ];
    all_withstand(&[ZIP], CASES);
}

/// A document in a compressed file, cut there or before it was compressed.
#[test]
fn compressed_documents() {
    const GZ_PAGES: Dialect = Dialect { name: "json pages, gz", ending: ".json.gz", pack: gz, ..JSON_PAGES };
    const CASES: &[(&str, Change, Ends)] = &[
        ("cut in half", Packed(|bytes| bytes[..bytes.len() / 2].into()), Stops(&["is cut or damaged"])),
        (
            "of a document that was cut",
            Text(|text| text[..text.len() / 2].into()),
            Stops(&["the document ends too early"]),
        ),
        ("of an error page", Text(|_| "<html>Quokka77Zanzibar</html>".into()), Stops(&["loans-2026-11-01.json"])),
        ("of an empty file", Text(|_| String::new()), Stops(&["loans-2026-11-01.json"])),
    ];
    all_withstand(&[UTF_16_ZIP, GZ_PAGES], CASES);
    // A plain file by the name of a compressed one.
    let plain = Dialect { ending: GZ.ending, ..CSV };
    withstands(&plain, "not compressed", &Packed(|bytes| bytes), &Stops(&["is cut or damaged"]));
}
