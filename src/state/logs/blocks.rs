//! What tells lines that two logs share, when neither begins with the other: a rotation that sends a part twice.
//!
//! A log is cut into blocks of lines where a line's keyed hash says so, wherever in the file it stands; so lines that come
//! again are cut alike, but for the first and the last block. Of each block a keyed number is remembered, of all its lines in their
//! order: whoever has the key and all lines of a block can tell that they were there, and of no single line can it be told.
//!
//! A long log has long blocks: at most [`MOST`] are remembered. Nothing of a last block is, and the first meets nothing.

use serde::{Deserialize, Serialize};

use crate::words::Digest;

/// How many blocks of a log are remembered.
const MOST: usize = 1_024;
/// The lines of a block, at least.
const SHORTEST: u64 = 8;
/// Of so many lines one may end a block, if the log is short: two to the power of this.
const RARE: u32 = 4;

/// The blocks of a log, in their order.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Blocks {
    /// The level of every line that ends a block, at least. A line is of the level by which its hash ends in more zeros than
    /// [`RARE`].
    level: u32,
    all: Vec<Block>,
}

/// Some lines of a log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Block {
    /// Of all its lines, keyed.
    pub value: u64,
    /// The level of its last line.
    level: u32,
    /// Its first line, and how many it has; 0 where it was remembered.
    pub from: u64,
    pub lines: u64,
}

impl Blocks {
    pub fn level(&self) -> u32 {
        self.level
    }

    /// The blocks as a log of this level is cut, which must be no lower than its own. The first is left out: where it begins is
    /// chance.
    pub fn at(&self, level: u32) -> impl Iterator<Item = Block> {
        joined(&self.all, level).0.into_iter().skip(1)
    }
}

/// Joins blocks that end with a line of a lower level to the next. What is left over at the end stands beside.
fn joined(all: &[Block], level: u32) -> (Vec<Block>, Option<Block>) {
    let mut whole = Vec::new();
    let mut open: Option<Block> = None;
    for block in all {
        let so_far = open.take().map_or(*block, |before| Block {
            value: before.value.wrapping_add(block.value),
            level: block.level,
            from: before.from,
            lines: before.lines + block.lines,
        });
        if block.level >= level { whole.push(so_far) } else { open = Some(so_far) }
    }
    (whole, open)
}

/// Cuts a log into blocks, as its bytes pass.
#[derive(Clone)]
pub struct Cutter {
    key: [u64; 2],
    blocks: Blocks,
    /// The beginning of a line that isn't whole yet.
    begun: Vec<u8>,
    /// How many lines were seen, and after which of them it was cut last, on whatever level.
    lines: u64,
    cut: u64,
    /// The block that isn't whole yet: of its lines so far, and how many they are.
    value: u64,
    open: u64,
}

impl Cutter {
    /// `key`: a part of it is used.
    pub fn new(key: Digest) -> Cutter {
        let word = |from: usize| {
            let bytes = key.0.iter().skip(from).take(8);
            bytes.fold(0_u64, |word, byte| word << 8 | u64::from(*byte))
        };
        let (key, blocks) = ([word(0), word(8)], Blocks::default());
        Cutter { key, blocks, begun: Vec::new(), lines: 0, cut: 0, value: 0, open: 0 }
    }

    pub fn see(&mut self, mut bytes: &[u8]) {
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            let (line, rest) = bytes.split_at(end);
            if self.begun.is_empty() {
                self.line(self.hash(line));
            } else {
                let mut begun = std::mem::take(&mut self.begun);
                begun.extend_from_slice(line);
                self.line(self.hash(&begun));
            }
            bytes = rest.get(1..).unwrap_or_default();
        }
        self.begun.extend_from_slice(bytes);
    }

    /// Once all was seen.
    pub fn blocks(&self) -> Blocks {
        self.blocks.clone()
    }

    fn line(&mut self, hash: u64) {
        self.lines += 1;
        self.open += 1;
        self.value = self.value.wrapping_add(hash);
        let zeros = hash.trailing_zeros();
        if zeros < RARE || self.lines - self.cut < SHORTEST {
            return;
        }
        self.cut = self.lines;
        let level = zeros - RARE;
        if level < self.blocks.level {
            return;
        }
        let (value, lines) = (std::mem::take(&mut self.value), std::mem::take(&mut self.open));
        self.blocks.all.push(Block { value, level, from: self.lines + 1 - lines, lines });
        // A log that turns out to be long has long blocks.
        while self.blocks.all.len() > MOST {
            self.blocks.level += 1;
            let (whole, open) = joined(&self.blocks.all, self.blocks.level);
            self.blocks.all = whole;
            if let Some(open) = open {
                self.value = self.value.wrapping_add(open.value);
                self.open += open.lines;
            }
        }
    }

    /// A keyed number of a line: 16 bytes a step, by the multiplication of wyhash. What is remembered stands on it, so it stays as
    /// it is.
    fn hash(&self, line: &[u8]) -> u64 {
        let mut state = self.key[0] ^ line.len() as u64;
        for step in line.chunks(16) {
            let mut words = [0_u8; 16];
            for (into, byte) in words.iter_mut().zip(step) {
                *into = *byte;
            }
            let both = u128::from_le_bytes(words);
            state = mix(both as u64 ^ state, (both >> 64) as u64 ^ self.key[1]);
        }
        mix(state, self.key[1])
    }
}

/// Both halves of a product, folded.
fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a ^ 0x9E37_79B9_7F4A_7C15) * u128::from(b ^ 0xE703_7ED1_A0B4_28DB);
    product as u64 ^ (product >> 64) as u64
}

/// The level, then of each block its value and its level: sixteen hexadecimal digits, and two.
impl From<Blocks> for String {
    fn from(blocks: Blocks) -> String {
        let block = |block: &Block| format!("{:016x}{:02x}", block.value, block.level);
        format!("{:02x}", blocks.level) + &blocks.all.iter().map(block).collect::<String>()
    }
}

impl TryFrom<String> for Blocks {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Blocks, &'static str> {
        let wrong = "not the blocks of a log";
        let number = |text: &str| u64::from_str_radix(text, 16).map_err(|_| wrong);
        let (level, rest) = text.split_at_checked(2).ok_or(wrong)?;
        let mut blocks = Blocks { level: number(level)? as u32, all: Vec::new() };
        let mut rest = rest;
        while !rest.is_empty() {
            let (value, more) = rest.split_at_checked(16).ok_or(wrong)?;
            let (level, more) = more.split_at_checked(2).ok_or(wrong)?;
            blocks.all.push(Block { value: number(value)?, level: number(level)? as u32, from: 0, lines: 0 });
            rest = more;
        }
        Ok(blocks)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::ops::Range;

    use super::*;

    fn log(lines: Range<u64>) -> String {
        lines
            .map(|number| format!("2026-08-03 10:{number},reader{},https://a.org/{number}\n", number * 7_919))
            .collect()
    }

    fn blocks(text: &str, step: usize) -> Blocks {
        let mut cutter = Cutter::new(Digest::of(b"key"));
        text.as_bytes().chunks(step).for_each(|bytes| cutter.see(bytes));
        cutter.blocks()
    }

    /// The lines of the second log that are known to be in the first.
    fn met(one: &Blocks, other: &Blocks) -> u64 {
        let level = one.level().max(other.level());
        let known: BTreeSet<u64> = one.at(level).map(|block| block.value).collect();
        other.at(level).filter(|block| known.contains(&block.value)).map(|block| block.lines).sum()
    }

    #[test]
    fn lines_that_come_again_are_met_wherever_they_stand() {
        for from in (0..1_000).step_by(125) {
            let one = blocks(&log(0..1_120), 4_096);
            let other = blocks(&(log(50_000..50_300) + &log(from..from + 200) + &log(60_000..60_300)), 37);
            let lines = met(&one, &other);
            assert!((60..=200).contains(&lines), "{from}: {lines}");
            let first = other.at(0).find(|block| one.at(0).any(|known| known.value == block.value)).unwrap();
            assert!((301..=400).contains(&first.from), "{first:?}");
        }
        assert_eq!(met(&blocks(&log(0..5_000), 999), &blocks(&log(5_000..9_000), 999)), 0);
    }

    #[test]
    fn a_long_log_has_few_blocks_and_meets_a_short_one() {
        let long = blocks(&log(0..200_000), 1 << 16);
        assert!(long.all.len() <= MOST && long.level() > 2, "{} {}", long.all.len(), long.level());
        assert_eq!(long, blocks(&log(0..200_000), 1_013), "however its bytes come");
        assert!(long.all.iter().all(|block| block.level >= long.level()));
        let other = blocks(&(log(300_000..300_100) + &log(60_000..70_000)), 777);
        assert!((6_000..=10_000).contains(&met(&long, &other)), "{}", met(&long, &other));
    }

    #[test]
    fn what_is_remembered_reads_back() {
        let known = blocks(&log(0..2_000), 100);
        let text = serde_json::to_string(&known).unwrap();
        let back: Blocks = serde_json::from_str(&text).unwrap();
        assert_eq!(back.level(), known.level());
        let values = |blocks: &Blocks| blocks.at(1).map(|block| block.value).collect::<Vec<_>>();
        assert!(values(&back) == values(&known) && values(&known).len() > 20);
        for wrong in ["\"\"", "\"0\"", "\"00ff\"", "\"zz\""] {
            assert!(serde_json::from_str::<Blocks>(wrong).is_err(), "{wrong}");
        }
    }
}
