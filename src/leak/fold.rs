//! One form for the many ways in which the same text is written, so that identifiers and texts can be compared.
//!
//! Lower case; compatibility forms taken apart (`Ａ`, `ﬁ`, `①`), accents left out (José, Jose); every script's decimal
//! digits as 0 to 9; every dash as `-`; what can't be seen (zero-width characters, soft hyphens, marks of direction)
//! left out. Letters of other scripts stay themselves; which of them pass for Latin ones is `lookalikes`' to say.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text in one form, separators and all.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|c| c.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().flat_map(char::to_lowercase) {
        match spelled(c) {
            Some(letters) => folded.push_str(letters),
            None if is_combining_mark(c) || is_invisible(c) => {}
            None if is_dash(c) => folded.push('-'),
            None => folded.push(digit(c).unwrap_or(c)),
        }
    }
    Cow::Owned(folded)
}

/// Letters that Unicode doesn't take apart, as those write them who lack the key.
fn spelled(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        _ => return None,
    })
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{58a}' | '\u{2e3a}' | '\u{2e3b}')
}

/// The zeros of the scripts whose digits aren't compatibility forms of 0 to 9: each begins a row of ten.
const ZEROS: [u32; 54] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
    0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
    0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450,
    0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x1e950,
];

fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = ZEROS[..ZEROS.partition_point(|zero| *zero <= code)].last()?;
    char::from_digit(code - zero, 10)
}

/// The words of a folded text, runs of letters and digits, and what stands between them.
pub struct Words<'t> {
    pub all: Vec<&'t str>,
    before: Vec<&'t str>,
}

impl<'t> Words<'t> {
    pub fn of(folded: &'t str) -> Words<'t> {
        let mut words = Words { all: Vec::new(), before: Vec::new() };
        let mut rest = folded;
        while let Some(from) = rest.find(char::is_alphanumeric) {
            let (before, word) = rest.split_at(from);
            let length = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
            words.before.push(before);
            words.all.push(&word[..length]);
            rest = &word[length..];
        }
        words
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// What stands before a word, from the end of the last one.
    pub fn before(&self, place: usize) -> &'t str {
        self.before[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_writing_become_one() {
        let cases = [
            ("Straße", "strasse"),
            ("JOSÉ", "jose"),
            ("Jose\u{301}", "jose"),
            ("Łukasz Ørsted", "lukasz orsted"),
            ("İstanbul", "istanbul"),
            ("２１２３４＠ｅｘａｍｐｌｅ．ｏｒｇ", "21234@example.org"),
            ("٢١٢٣٤ ۲۱ २१ ๒๑ 𝟚𝟙 ②①", "21234 21 21 21 21 21"),
            ("21\u{200b}23\u{ad}4\u{feff}", "21234"),
            ("541\u{2011}374\u{2013}9696", "541-374-9696"),
            ("ﬁne", "fine"),
            ("Пушкин", "пушкин"),
        ];
        for (text, folded) in cases {
            assert_eq!(fold(text), folded);
        }
    }

    #[test]
    fn zeros_are_in_order_and_each_begins_its_ten() {
        assert!(ZEROS.is_sorted());
        for zero in ZEROS {
            let digits: String = (zero..zero + 10).filter_map(char::from_u32).collect();
            assert!(digits.chars().all(|c| c.is_numeric()), "{zero:x}");
            assert_eq!(fold(&digits), "0123456789", "{zero:x}");
        }
    }
}
