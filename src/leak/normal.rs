//! The normal form of an identifier, by which it is known: letters and digits of the folded text.

use super::fold::fold;

/// What a normal form is made of.
pub(super) struct Kind {
    pub letters: bool,
    /// How many digits.
    pub digits: usize,
    pub words: usize,
}

/// Writes the normal form.
pub(super) fn normalize(text: &[u8], normal: &mut Vec<u8>) -> Kind {
    normal.clear();
    push_normal(text, normal)
}

/// Writes the normal form behind another.
pub(super) fn push_normal(text: &[u8], normal: &mut Vec<u8>) -> Kind {
    let mut kind = Kind { letters: false, digits: 0, words: 0 };
    let mut in_word = false;
    let mut note = |is_word: bool, is_digit: bool| {
        kind.words += usize::from(is_word && !in_word);
        in_word = is_word;
        kind.digits += usize::from(is_digit);
        kind.letters |= is_word && !is_digit;
    };
    if text.is_ascii() {
        for c in text {
            note(c.is_ascii_alphanumeric(), c.is_ascii_digit());
            if c.is_ascii_alphanumeric() {
                normal.push(c.to_ascii_lowercase());
            }
        }
    } else {
        for c in fold(&String::from_utf8_lossy(text)).chars() {
            note(c.is_alphanumeric(), c.is_ascii_digit());
            if c.is_alphanumeric() {
                normal.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }
    kind
}

pub(super) fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|digit| **digit == b'0').count();
    &number[zeros.min(number.len().saturating_sub(1))..]
}

/// Whether it is a number, or has one in it.
pub(super) fn has_digit(normal: &[u8]) -> bool {
    normal.iter().any(u8::is_ascii_digit)
}

/// Letters and digits, both.
pub(super) fn is_mixed(normal: &[u8]) -> bool {
    has_digit(normal) && !normal.iter().all(u8::is_ascii_digit)
}
