//! The ranges that a sheet's `dimension` and its shared formulas name. The library that reads a sheet takes their size by a
//! subtraction, so one that ends before it begins, or beyond what a sheet can hold, is found before.

use memchr::{memchr, memchr_iter, memmem};

use super::limits::{COLUMNS, ROWS};

/// The longest tag.
const TAG: usize = 1 << 20;

/// Tags as they come, in blocks: one may lie across two of them.
#[derive(Default)]
pub struct Ranges {
    /// A tag that hasn't ended yet.
    begun: Vec<u8>,
}

impl Ranges {
    /// Whether all ranges of a block are such as Excel writes.
    pub fn hold(&mut self, mut block: &[u8]) -> bool {
        if !self.begun.is_empty() {
            let end = memchr(b'>', block);
            self.begun.extend_from_slice(&block[..end.unwrap_or(block.len())]);
            let Some(end) = end else { return self.begun.len() <= TAG };
            if !holds(&std::mem::take(&mut self.begun)) {
                return false;
            }
            block = &block[end..];
        }
        for at in memchr_iter(b'<', block) {
            let tag = &block[at..];
            let Some(end) = memchr(b'>', tag) else {
                self.begun = tag.to_vec();
                return true;
            };
            if !holds(&tag[..end]) {
                return false;
            }
        }
        true
    }
}

/// A tag, from its `<` on.
fn holds(tag: &[u8]) -> bool {
    let name = tag[1..].split(u8::is_ascii_whitespace).next().unwrap_or_default();
    let own = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
    if own != b"dimension" && own != b"f" {
        return true;
    }
    memmem::find_iter(tag, b"ref").all(|at| {
        let value = tag[at + b"ref".len()..].trim_ascii_start();
        let Some(value) = value.strip_prefix(b"=") else { return true };
        let value = value.trim_ascii_start();
        let Some((quote, value)) = value.split_first() else { return true };
        is_range(value.split(|byte| byte == quote).next().unwrap_or_default())
    })
}

/// `A1`, or `A1:C7`. What is neither is the library's to refuse, as long as it holds no number that is too large.
fn is_range(text: &[u8]) -> bool {
    let corners: Vec<(u32, u32)> = text.split(|byte| *byte == b':').map(corner).collect();
    let fit = corners.iter().all(|(row, column)| *row <= ROWS && *column <= COLUMNS);
    fit && corners.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1)
}

/// Row and column, counted from 1; 0 where there is none.
fn corner(text: &[u8]) -> (u32, u32) {
    let number = |radix: u32, number: u32, digit: u32| number.saturating_mul(radix).saturating_add(digit);
    text.iter().fold((0, 0), |(row, column), byte| match byte {
        b'0'..=b'9' => (number(10, row, u32::from(byte - b'0')), column),
        b'A'..=b'Z' | b'a'..=b'z' => (row, number(26, column, u32::from(byte.to_ascii_uppercase() - b'A') + 1)),
        _ => (row, column),
    })
}

#[cfg(test)]
mod tests {
    use super::Ranges;

    #[test]
    fn a_range_that_ends_before_it_begins_is_found_wherever_a_block_ends() {
        let fine = ["A1", "A1:E39", "a1:e39", "A1:XFD1048576", "C3:C3"];
        let wrong = ["E39:A1", "E1:A39", "A39:E1", "A1:A99999999999", "A1:AAAAAAAAA1", "A1:XFE1"];
        for (ranges, holds) in [(&fine[..], true), (&wrong[..], false)] {
            for range in ranges {
                for tag in [
                    format!("<dimension ref=\"{range}\"/>"),
                    format!("<x:dimension\n ref = '{range}' />"),
                    format!("<f t=\"shared\" ref=\"{range}\" si=\"0\">A1</f>"),
                ] {
                    let sheet = format!("<worksheet>{tag}<sheetData><c r=\"A1\"/></sheetData></worksheet>");
                    for cut in 0..sheet.len() {
                        let mut ranges = Ranges::default();
                        let both = [&sheet[..cut], &sheet[cut..]].map(|block| ranges.hold(block.as_bytes()));
                        assert_eq!(both == [true; 2], holds, "{sheet} {cut}");
                    }
                }
            }
        }
        assert!(Ranges::default().hold(b"<c r=\"A1\"><v>ref=\"E39:A1\"</v></c><mergeCell ref=\"E39:A1\"/>"));
    }
}
