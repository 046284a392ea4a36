//! What is looked for.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use sha2::{Digest as _, Sha256, Sha512};

/// The shortest needle that is looked for in bytes: compressed ones hold every shorter text sooner or later.
const SHORTEST: usize = 6;

/// Which columns of an export hold what.
pub struct Columns<'a> {
    pub anywhere: &'a [&'a str],
    pub names: &'a [&'a str],
    pub alone: &'a [&'a str],
    /// Numbers whose hashes are looked for, too.
    pub hashed: &'a [&'a str],
}

/// Everything that names a patron, in lower case.
#[derive(Default)]
pub struct Needles {
    /// Never, in any byte; by their first six.
    anywhere: HashMap<[u8; SHORTEST], Vec<Vec<u8>>>,
    /// Never a whole cell.
    alone: HashSet<String>,
}

impl Needles {
    pub fn add(&mut self, needle: &str) {
        let needle = needle.to_lowercase().into_bytes();
        match needle.first_chunk::<SHORTEST>() {
            Some(first) => {
                let known = self.anywhere.entry(*first).or_default();
                if !known.contains(&needle) {
                    known.push(needle);
                }
            }
            None => self.add_alone(&String::from_utf8(needle).unwrap()),
        }
    }

    pub fn add_alone(&mut self, text: &str) {
        if !text.is_empty() {
            self.alone.insert(text.to_lowercase());
        }
    }

    /// The number's hashes and encodings, in hexadecimal and as bytes, and cut to 64 bits.
    fn add_hashes(&mut self, number: &str) {
        let digests: [Vec<u8>; 2] = [Sha256::digest(number).to_vec(), Sha512::digest(number).to_vec()];
        for digest in digests {
            let hex: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
            self.add(&hex);
            self.add(&base64(&digest)[..11]);
        }
        self.add(base64(number.as_bytes()).trim_end_matches('='));
    }

    /// Reads an export of patrons. Returns how many rows it has.
    pub fn read(&mut self, path: &Path, tabs: bool, columns: &Columns<'_>) -> usize {
        let mut reader = csv::ReaderBuilder::new();
        reader.flexible(true);
        if tabs {
            reader.delimiter(b'\t').quoting(false);
        }
        let mut reader = reader.from_path(path).unwrap();
        let header = reader.headers().unwrap().clone();
        let places = |names: &[&str]| -> Vec<usize> {
            names.iter().map(|name| header.iter().position(|column| column == *name).expect(name)).collect()
        };
        let (anywhere, names) = (places(columns.anywhere), places(columns.names));
        let (alone, hashed) = (places(columns.alone), places(columns.hashed));
        let mut rows = 0;
        for record in reader.records() {
            let record = record.unwrap();
            rows += 1;
            let get = |places: &[usize]| -> Vec<String> {
                let cells = places.iter().filter_map(|place| record.get(*place));
                cells.filter(|cell| !["", "NULL", "\\N"].contains(cell)).map(String::from).collect()
            };
            for cell in get(&anywhere) {
                let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
                if digits.len() >= 10 {
                    self.add(&digits);
                }
                self.add(&cell);
            }
            let names = get(&names);
            for one in &names {
                self.add_alone(one);
                for other in names.iter().filter(|other| *other != one) {
                    self.add(&format!("{one} {other}"));
                    self.add(&format!("{one}, {other}"));
                }
            }
            get(&alone).iter().for_each(|cell| self.add_alone(cell));
            get(&hashed).iter().for_each(|cell| self.add_hashes(cell));
        }
        rows
    }

    pub fn len(&self) -> usize {
        self.anywhere.values().map(Vec::len).sum()
    }

    /// The first needle in these bytes.
    pub fn find(&self, bytes: &[u8]) -> Option<String> {
        let bytes = bytes.to_ascii_lowercase();
        bytes.windows(SHORTEST).enumerate().find_map(|(at, window)| {
            let known = self.anywhere.get(window.first_chunk::<SHORTEST>()?)?;
            let found = known.iter().find(|needle| bytes[at..].starts_with(needle))?;
            Some(String::from_utf8_lossy(found).into_owned())
        })
    }

    /// Whether a cell is nothing but a name, a number, a date or a post code of a patron's.
    pub fn is_alone(&self, cell: &str) -> bool {
        self.alone.contains(&cell.trim().to_lowercase())
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, at| bits << 8 | u32::from(*three.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let letter = char::from(LETTERS[(bits >> (18 - 6 * at)) as usize & 63]);
            text.push(if at <= three.len() as u32 as usize { letter } else { '=' });
        }
    }
    text
}

#[test]
fn needles_are_found() {
    assert_eq!(base64(b"1023"), "MTAyMw==");
    let mut needles = Needles::default();
    needles.add("Elm Street 5");
    needles.add("ann2");
    needles.add_hashes("21907000104326");
    assert_eq!(needles.find(b"at ELM street 5, rear").as_deref(), Some("elm street 5"));
    assert!(needles.is_alone(" Ann2 ") && needles.find(b"ann2").is_none());
    let sha = Sha256::digest("21907000104326").iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    assert!(needles.find(sha.as_bytes()).is_some());
    assert!(needles.find(b"MjE5MDcwMDAxMDQzMjY=").is_some());
}
