//! A short run over the fuzz targets' corpora, and over changes of them that a seed makes: what `export::trial` says must
//! hold of any bytes. `make fuzz` looks for more.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use afterloan::export::trial::{broken, seeds, targets};

/// Changed copies of each file.
const CHANGED: u64 = 60;
/// A file that takes longer hangs, or nearly.
const LONGEST: Duration = Duration::from_secs(10);

fn files(folder: &Path) -> Vec<PathBuf> {
    // Of a syntax there are samples at least.
    let folder = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Numbers that look like chance and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }
}

/// What formats give a meaning to.
const WORDS: [&[u8]; 14] =
    [b"\n", b"\r\n", b"\"", b"\\", b",", b"|", b"\t", b"{", b"}", b"[", b"^^O", b"\x00", b"\xFF", b"PK"];

/// Some bytes flipped, taken out, doubled or put in, or the rest of another file.
fn changed(bytes: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len());
        let upto = (at + 1 + chance.below(16)).min(bytes.len());
        match chance.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            1 => drop(bytes.drain(at.min(upto)..upto)),
            2 => {
                let again = bytes[at.min(upto)..upto].to_vec();
                bytes.splice(at..at, again);
            }
            3 => drop(bytes.splice(at..at, WORDS[chance.below(WORDS.len())].iter().copied())),
            4 => bytes.truncate(at),
            _ => bytes.splice(at.., other[chance.below(other.len())..].iter().copied()).for_each(drop),
        }
    }
    bytes
}

#[test]
fn what_must_hold_of_any_bytes_holds_of_the_corpora() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut wrong = Vec::new();
    for target in targets() {
        let kept =
            files(&root.join(target)).into_iter().map(|path| (path.display().to_string(), fs::read(path).unwrap()));
        let samples = seeds(target).into_iter().map(|bytes| (format!("a sample of {target}"), bytes));
        let all: Vec<(String, Vec<u8>)> = kept.chain(samples).collect();
        assert!(!all.is_empty(), "{target} has neither samples nor a corpus");
        for (index, (from, bytes)) in all.iter().enumerate() {
            for seed in 0..=CHANGED {
                let mut chance = Chance((index as u64 + 1) << 32 | (seed + 1));
                let other = &all[chance.below(all.len())].1;
                let bytes = if seed == 0 { bytes.clone() } else { changed(bytes, other, &mut chance) };
                let begun = Instant::now();
                let what = broken(target, &bytes);
                let what = what.or_else(|| (begun.elapsed() > LONGEST).then(|| "it takes too long".into()));
                wrong.extend(what.map(|what| format!("{from}, change {seed}: {what}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} don't hold:\n{}", wrong.len(), wrong.join("\n"));
}

/// No folder of the corpora is forgotten.
#[test]
fn every_corpus_has_a_target() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let names: Vec<_> = files(&root).into_iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    assert!(!names.is_empty());
    for name in names {
        assert!(targets().any(|target| *name == *target), "{name:?}");
    }
}
