//! How a key that joins two exports is read: by its type, strictly, in one spelling.
//!
//! Where no row of a lookup means that nothing is owed, a key in another spelling is a debt that is forgotten: spreadsheets
//! and data frames write `4.0`, `0004`, `'4` or `4 ` for 4, and none of them meets it. So what isn't written as its type
//! is no key. It is counted, and never guessed at.

use serde::Deserialize;

/// What a key of a lookup is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyType {
    /// A whole number: digits, without a zero before them; a minus may stand before.
    Integer,
    /// 32 hexadecimal digits in five groups, in either case.
    Uuid,
    /// Whatever it is, without a blank before or after it.
    #[default]
    Text,
}

/// As many characters as a UUID has.
const UUID: usize = 36;

/// Where a key is put that its cell spells otherwise.
pub type Spare = [u8; UUID];

pub const SPARE: Spare = [0; UUID];

impl KeyType {
    pub fn as_str(self) -> &'static str {
        match self {
            KeyType::Integer => "integer",
            KeyType::Uuid => "uuid",
            KeyType::Text => "text",
        }
    }

    /// The key in its one spelling, put into `spare` where the cell has another. None: it isn't written as its type.
    #[inline]
    pub fn read<'c>(self, cell: &'c [u8], spare: &'c mut Spare) -> Option<&'c [u8]> {
        match self {
            KeyType::Integer => is_integer(cell).then_some(cell),
            KeyType::Uuid => uuid(cell, spare),
            KeyType::Text => is_text(cell).then_some(cell),
        }
    }
}

fn is_integer(cell: &[u8]) -> bool {
    let digits = cell.strip_prefix(b"-").unwrap_or(cell);
    let begins = match digits {
        [b'0'] => digits.len() == cell.len(),
        [first, ..] => (b'1'..=b'9').contains(first),
        [] => false,
    };
    begins && digits.iter().all(u8::is_ascii_digit)
}

fn uuid<'c>(cell: &'c [u8], spare: &'c mut Spare) -> Option<&'c [u8]> {
    let cell: &[u8; UUID] = cell.try_into().ok()?;
    let fits = |(place, byte): (usize, &u8)| match place {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    if !cell.iter().enumerate().all(fits) {
        return None;
    }
    if !cell.iter().any(u8::is_ascii_uppercase) {
        return Some(cell);
    }
    *spare = *cell;
    spare.make_ascii_lowercase();
    Some(spare)
}

/// Blanks of every kind that a program puts around a text.
fn is_text(cell: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(cell) else { return false };
    let blank = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}';
    !text.is_empty() && !text.starts_with(blank) && !text.ends_with(blank)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "a1000001-5b2e-4c7a-9d10-8e3f6a2b4c01";

    /// A cell, and what it is as an integer, as a UUID and as a text.
    type Case<'a> = (&'a str, Option<&'a str>, Option<&'a str>, Option<&'a str>);

    #[test]
    fn a_key_is_read_in_one_spelling_or_not_at_all() {
        let upper = ONE.to_uppercase();
        let cases: [Case<'_>; 17] = [
            ("4", Some("4"), None, Some("4")),
            ("0", Some("0"), None, Some("0")),
            ("-1", Some("-1"), None, Some("-1")),
            ("-0", None, None, Some("-0")),
            ("4.0", None, None, Some("4.0")),
            ("00000004", None, None, Some("00000004")),
            ("4 ", None, None, None),
            (" 4", None, None, None),
            ("4\u{a0}", None, None, None),
            ("'4", None, None, Some("'4")),
            ("+4", None, None, Some("+4")),
            ("1,000,004", None, None, Some("1,000,004")),
            ("4E3", None, None, Some("4E3")),
            ("", None, None, None),
            (ONE, None, Some(ONE), Some(ONE)),
            (&upper, None, Some(ONE), Some(&upper)),
            ("{a1000001-5b2e-4c7a-9d10-8e3f6a2b4c0}", None, None, Some("{a1000001-5b2e-4c7a-9d10-8e3f6a2b4c0}")),
        ];
        for (cell, integer, uuid, text) in cases {
            for (key, expected) in [(KeyType::Integer, integer), (KeyType::Uuid, uuid), (KeyType::Text, text)] {
                let mut spare = [0; UUID];
                let read = key.read(cell.as_bytes(), &mut spare).map(|key| std::str::from_utf8(key).unwrap());
                assert_eq!(read, expected, "{cell:?} as {key:?}");
            }
        }
    }
}
