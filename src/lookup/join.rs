//! A key that is made of several cells.

use crate::pipeline::declaration::{KeyType, SPARE};

/// What stands between them. A row of an export in which a cell has it is refused, so no two rows of cells make one key.
const BETWEEN: u8 = 0;

/// What cells come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Made {
    Key,
    /// One of them is empty, so there is none.
    Nothing,
    /// One of them isn't written as a key, so which one it is isn't known.
    Unreadable,
}

/// Puts a key together from its cells, each read as `read` says.
#[inline]
pub fn together<'c>(cells: impl Iterator<Item = &'c [u8]>, read: KeyType, key: &mut Vec<u8>) -> Made {
    key.clear();
    let mut made = Made::Key;
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            key.push(BETWEEN);
        }
        let mut spare = SPARE;
        match read.read(cell, &mut spare) {
            Some(cell) => key.extend_from_slice(cell),
            None if cell.is_empty() && made == Made::Key => made = Made::Nothing,
            None if cell.is_empty() => {}
            None => made = Made::Unreadable,
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Two rows have one key if their cells are the same, each in its place.
        #[test]
        fn a_key_is_its_cells(
            ours in prop::collection::vec("[ab]{1,2}", 3),
            theirs in prop::collection::vec("[ab\0 ]{0,3}", 3),
        ) {
            let key = |cells: &[String]| {
                let mut key = b"before".to_vec();
                let made = together(cells.iter().map(String::as_bytes), KeyType::Text, &mut key);
                (made == Made::Key).then_some(key)
            };
            let is_text = |cell: &String| !cell.is_empty() && cell.trim_matches(['\0', ' ']) == cell;
            prop_assert_eq!(key(&theirs).is_some(), theirs.iter().all(is_text));
            prop_assert_eq!(key(&ours) == key(&theirs), ours == theirs);
        }
    }

    #[test]
    fn what_is_no_key_outweighs_what_is_none() {
        let made =
            |cells: &[&str]| together(cells.iter().map(|cell| cell.as_bytes()), KeyType::Integer, &mut Vec::new());
        assert_eq!(made(&["4", "5"]), Made::Key);
        assert_eq!(made(&["4", ""]), Made::Nothing);
        for cells in [["4.0", "5"], ["", "4.0"], ["4.0", ""]] {
            assert_eq!(made(&cells), Made::Unreadable, "{cells:?}");
        }
    }
}
