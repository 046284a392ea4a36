//! A key that is made of several cells.

/// What stands between them. A row of an export in which a cell has it is refused, so no two rows of cells make one key.
const BETWEEN: u8 = 0;

/// Puts a key together from its cells. False: one of them is empty, so there is none.
#[inline]
pub fn together<'c>(cells: impl Iterator<Item = &'c [u8]>, key: &mut Vec<u8>) -> bool {
    key.clear();
    for (place, cell) in cells.enumerate() {
        if cell.is_empty() {
            return false;
        }
        if place > 0 {
            key.push(BETWEEN);
        }
        key.extend_from_slice(cell);
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Two rows have one key if their cells are the same, each in its place.
        #[test]
        fn a_key_is_its_cells(
            ours in prop::collection::vec(prop::collection::vec(1u8..4, 1..3), 3),
            theirs in prop::collection::vec(prop::collection::vec(0u8..4, 0..3), 3),
        ) {
            let key = |cells: &[Vec<u8>]| {
                let mut key = b"before".to_vec();
                together(cells.iter().map(Vec::as_slice), &mut key).then_some(key)
            };
            prop_assert_eq!(key(&theirs).is_none(), theirs.iter().any(Vec::is_empty));
            prop_assert_eq!(key(&ours) == key(&theirs), ours == theirs);
        }
    }
}
