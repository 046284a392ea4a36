//! Compressed exports: whole ones are read, damaged ones stop their pipeline, and none fills the memory.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::inbox::{CliNight, Inbox, assert_unseen, write_at};
use crate::support::{AS_OF, TestSite};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn compressed_exports() {
    type Make = fn(&str) -> Vec<u8>;
    let cases: &[(&str, Make, &str)] = &[
        ("whole", |text| gzip(text.as_bytes()), ""),
        (
            "of two members, cut within a row",
            |text| [gzip(&text.as_bytes()[..700]), gzip(&text.as_bytes()[700..])].concat(),
            "",
        ),
        (
            "cut in half",
            |text| gzip(text.as_bytes()).split_at(gzip(text.as_bytes()).len() / 2).0.into(),
            "the compressed file is cut or damaged",
        ),
        (
            "without its checksum",
            |text| gzip(text.as_bytes()).split_last_chunk::<8>().unwrap().0.into(),
            "the compressed file is cut or damaged",
        ),
        (
            "cut in its second member",
            |text| [gzip(text.as_bytes()), gzip(text.as_bytes())[..30].into()].concat(),
            "the compressed file is cut or damaged",
        ),
        (
            "changed in the middle",
            |text| {
                let mut bytes = gzip(text.as_bytes());
                let middle = bytes.len() / 2;
                bytes[middle] ^= 0x55;
                bytes
            },
            "the compressed file is cut or damaged",
        ),
        (
            "with a tail that is none",
            |text| [gzip(text.as_bytes()), vec![7; 100]].concat(),
            "the compressed file is cut or damaged",
        ),
        ("not compressed", |text| text.into(), "the compressed file is cut or damaged"),
        ("empty", |_| Vec::new(), "old_issues-2026-11-01.csv.gz"),
        ("of nothing", |_| gzip(b""), "the file is empty"),
        ("zeros", |_| gzip(&vec![0; 64 << 20]), "a record that begins here is longer than 1 MiB"),
        (
            "a header, then zeros",
            |text| [gzip(text.as_bytes()), gzip(&vec![0; 64 << 20])].concat(),
            ".csv.gz:14: a record that begins here is longer",
        ),
        (
            "a quoted cell, then zeros",
            |text| [gzip(text.as_bytes()), gzip(b"\""), gzip(&vec![0; 64 << 20])].concat(),
            ".csv.gz:14: a record that begins here is longer",
        ),
    ];
    for (what, make, words) in cases {
        let site = TestSite::init("koha");
        let inbox = Inbox::koha(&site, 12);
        inbox.put(&site);
        let plain = inbox.file("old_issues");
        fs::remove_file(site.at("inbox").join(plain)).unwrap();
        write_at(&site, &format!("{plain}.gz"), make(&inbox.text("old_issues")), AS_OF);
        let night = CliNight::of(&site, AS_OF);
        let (code, totals) = if words.is_empty() { (0, Some([12, 12, 0, 0, 0])) } else { (1, None) };
        assert_eq!((night.code, night.totals("koha-loans")), (code, totals), "{what}: {}", night.printed);
        assert!(night.printed.contains(words), "{what}: {}", night.printed);
        assert_eq!(night.totals("koha-holds"), Some([2, 2, 0, 0, 0]), "{what}: the holds go on");
        assert_unseen(&site, &night.printed, &["2026-08-12"]);
    }
}
