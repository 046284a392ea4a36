//! The table of one lookup.

use hashbrown::HashTable;

use crate::leak::hash;
use crate::words::Day;

/// Byte strings, each kept once, numbered in the order of arrival.
#[derive(Default)]
pub struct Interned {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    places: HashTable<u32>,
}

impl Interned {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    #[inline]
    pub fn get(&self, index: u32) -> &[u8] {
        let index = index as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.bytes[start..self.ends[index] as usize]
    }

    #[inline]
    pub fn find(&self, text: &[u8]) -> Option<u32> {
        self.places.find(hash(text), |place| self.get(*place) == text).copied()
    }

    /// The number of a text, and whether it is new. None: more than 4 GiB of text.
    pub fn insert(&mut self, text: &[u8]) -> Option<(u32, bool)> {
        if let Some(place) = self.find(text) {
            return Some((place, false));
        }
        let place = u32::try_from(self.ends.len()).ok()?;
        self.bytes.extend_from_slice(text);
        self.ends.push(u32::try_from(self.bytes.len()).ok()?);
        let (bytes, ends) = (&self.bytes, &self.ends);
        self.places.insert_unique(hash(text), place, |place| {
            let index = *place as usize;
            let start = if index == 0 { 0 } else { ends[index - 1] as usize };
            hash(&bytes[start..ends[index] as usize])
        });
        Some((place, true))
    }
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
pub struct Table {
    pub(super) keys: Interned,
    pub(super) values: Interned,
    /// Row by row, the numbers of the used cells.
    pub(super) cells: Vec<u32>,
    /// Row by row, the gathered slots.
    pub(super) gathered: Vec<Gathered>,
    pub(super) width: usize,
}

impl Table {
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
