//! The table of one lookup.

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashTable};

use crate::leak::hash;
use crate::words::Day;

/// Byte strings, each kept once, numbered in the order of arrival.
///
/// Most keys are short (numbers, codes): those of up to 15 bytes are compared as one number that lies in the table
/// itself, so that a look-up touches memory once.
#[derive(Clone, Default)]
pub struct Interned {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    short: HashMap<u128, u32, FixedState>,
    long: HashTable<u32>,
}

/// A text of up to 15 bytes as a number, its length in the top byte: no two texts have the same.
#[inline]
pub fn pack(text: &[u8]) -> Option<u128> {
    let length = text.len();
    let four = |at: usize| u64::from(u32::from_le_bytes([text[at], text[at + 1], text[at + 2], text[at + 3]]));
    let eight = |at: usize| four(at) | four(at + 4) << 32;
    let (low, high) = match length {
        0 => (0, 0),
        1..=3 => (text.iter().rev().fold(0, |low, byte| low << 8 | u64::from(*byte)), 0),
        4..=7 => (four(0) | (four(length - 4) >> (8 * (8 - length))) << 32, 0),
        8 => (eight(0), 0),
        9..=15 => (eight(0), eight(length - 8) >> (8 * (16 - length))),
        _ => return None,
    };
    Some(u128::from(low) | u128::from(high) << 64 | (length as u128) << 120)
}

impl Interned {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All texts, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len() as u32).map(|index| self.get(index))
    }

    #[inline]
    pub fn get(&self, index: u32) -> &[u8] {
        text_at(&self.bytes, &self.ends, index)
    }

    #[inline]
    pub fn find(&self, text: &[u8]) -> Option<u32> {
        match pack(text) {
            Some(key) => self.short.get(&key).copied(),
            None => self.long.find(hash(text), |place| self.get(*place) == text).copied(),
        }
    }

    /// The number of a text, and whether it is new. None: more than 4 GiB of text.
    pub fn insert(&mut self, text: &[u8]) -> Option<(u32, bool)> {
        if let Some(place) = self.find(text) {
            return Some((place, false));
        }
        let place = u32::try_from(self.ends.len()).ok()?;
        self.bytes.extend_from_slice(text);
        self.ends.push(u32::try_from(self.bytes.len()).ok()?);
        match pack(text) {
            Some(key) => {
                self.short.insert(key, place);
            }
            None => {
                let (bytes, ends) = (&self.bytes, &self.ends);
                self.long.insert_unique(hash(text), place, |place| hash(text_at(bytes, ends, *place)));
            }
        }
        Some((place, true))
    }
}

#[inline]
fn text_at<'b>(bytes: &'b [u8], ends: &[u32], index: u32) -> &'b [u8] {
    let index = index as usize;
    let start = if index == 0 { 0 } else { ends[index - 1] as usize };
    &bytes[start..ends[index] as usize]
}

/// Something gathered from all rows of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Gathered {
    /// No row said anything: false, or unset.
    #[default]
    Nothing,
    /// An amount above zero, or a condition that a row meets.
    Yes,
    /// The latest day.
    Latest(Day),
    /// A row that counts can't be read.
    Unreadable,
}

/// Rows by key: the cells that are used, or what is gathered.
#[derive(Default)]
pub struct LookupTable {
    pub(super) keys: Interned,
    pub(super) values: Interned,
    /// Row by row, the numbers of the used cells.
    pub(super) cells: Vec<u32>,
    /// Row by row, the gathered slots.
    pub(super) gathered: Vec<Gathered>,
    pub(super) width: usize,
}

impl LookupTable {
    pub fn row(&self, key: &[u8]) -> Option<u32> {
        self.keys.find(key)
    }

    #[inline]
    pub fn cell(&self, row: u32, column: usize) -> &[u8] {
        self.values.get(self.cells[row as usize * self.width + column])
    }

    #[inline]
    pub fn gathered(&self, row: u32, slot: usize) -> Gathered {
        self.gathered[row as usize * self.width + slot]
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Every text has a number of its own, short or long, whatever bytes it has.
        #[test]
        fn a_text_is_found_by_its_own_number(texts in prop::collection::vec(prop::collection::vec(0u8..3, 0..20), 0..60)) {
            let mut interned = Interned::default();
            let numbers: Vec<u32> = texts.iter().map(|text| interned.insert(text).unwrap().0).collect();
            for (text, number) in texts.iter().zip(numbers) {
                prop_assert_eq!(interned.get(number), text.as_slice());
                prop_assert_eq!(interned.find(text), Some(number));
            }
        }
    }
}
