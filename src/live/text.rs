//! Rows as the text that PostgreSQL's COPY writes: cells between tabs, `\N` for null, so that null is no text.

/// What a query found in a row: null is none.
pub type Cells = Vec<Option<String>>;

const FULL: usize = 1 << 16;

/// Rows that were written and not yet taken.
#[derive(Default)]
pub struct Block(Vec<u8>);

impl Block {
    pub fn row<'c>(&mut self, cells: impl Iterator<Item = Option<&'c [u8]>>) {
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                self.0.push(b'\t');
            }
            match cell {
                None => self.0.extend_from_slice(b"\\N"),
                Some(cell) => self.cell(cell),
            }
        }
        self.0.push(b'\n');
    }

    #[inline]
    fn cell(&mut self, cell: &[u8]) {
        if !cell.iter().any(|byte| matches!(byte, b'\\' | b'\t' | b'\n' | b'\r')) {
            self.0.extend_from_slice(cell);
            return;
        }
        for byte in cell {
            match byte {
                b'\\' => self.0.extend_from_slice(b"\\\\"),
                b'\t' => self.0.extend_from_slice(b"\\t"),
                b'\n' => self.0.extend_from_slice(b"\\n"),
                b'\r' => self.0.extend_from_slice(b"\\r"),
                byte => self.0.push(*byte),
            }
        }
    }

    pub fn is_full(&self) -> bool {
        self.0.len() >= FULL
    }

    pub fn take(&mut self) -> Vec<u8> {
        std::mem::replace(&mut self.0, Vec::with_capacity(FULL + 4096))
    }
}

/// The line of names before the rows.
pub fn header(names: &[String]) -> Vec<u8> {
    let mut block = Block::default();
    block.row(names.iter().map(|name| Some(name.as_bytes())));
    block.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_null_is_no_text_and_no_text_breaks_a_row() {
        let mut block = Block::default();
        block.row([None, Some(&b"\\N"[..]), Some(b""), Some(b"a\tb\r\nc\\")].into_iter());
        assert_eq!(block.take(), b"\\N\t\\\\N\t\ta\\tb\\r\\nc\\\\\n");
        assert_eq!(header(&["id".into(), "note".into()]), b"id\tnote\n");
    }
}
