//! A worker's cache of one published column: from input cells to codes.

use crate::lookup::{Interned, pack};
use crate::pass::error::PassError;
use crate::pass::vocabulary::Columns;

/// In front of the table stand the short inputs that were seen last: a branch or an item type is one of a few.
pub(super) struct ColumnCache {
    front: [(u128, u32); FRONT],
    inputs: Interned,
    codes: Vec<u32>,
}

const FRONT: usize = 64;
/// No packed text has all bits set.
const VACANT: u128 = u128::MAX;
/// Inputs that a cache keeps. Columns whose inputs are many (URLs) are worked out again.
const CACHED: usize = 100_000;

impl Default for ColumnCache {
    fn default() -> ColumnCache {
        ColumnCache { front: [(VACANT, 0); FRONT], inputs: Interned::default(), codes: Vec::new() }
    }
}

impl ColumnCache {
    /// The code of an input. The text is made by `treat`, into the string it is given, when the input is new here.
    #[inline]
    pub fn code(
        &mut self,
        input: &[u8],
        (columns, column): (&mut Columns, usize),
        treat: impl FnOnce(&mut String),
    ) -> Result<u32, PassError> {
        let packed = pack(input);
        let slot = packed.map_or(0, |packed| ((packed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58) as usize);
        if packed == Some(self.front[slot].0) {
            return Ok(self.front[slot].1);
        }
        let code = self.behind(input, (columns, column), treat)?;
        if let Some(packed) = packed {
            self.front[slot] = (packed, code);
        }
        Ok(code)
    }

    fn behind(
        &mut self,
        input: &[u8],
        (columns, column): (&mut Columns, usize),
        treat: impl FnOnce(&mut String),
    ) -> Result<u32, PassError> {
        if let Some(found) = self.inputs.find(input) {
            return Ok(self.codes[found as usize]);
        }
        let mut text = String::new();
        treat(&mut text);
        let code = columns.code(column, text.as_bytes())?;
        if self.inputs.len() >= CACHED {
            *self = ColumnCache::default();
        }
        if self.inputs.insert(input).is_some() {
            self.codes.push(code);
        }
        Ok(code)
    }
}
