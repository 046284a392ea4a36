//! Treatments that make a text.

use std::collections::BTreeMap;

use super::labels::{OTHER, UNKNOWN};
use super::platform::{Platforms, host};

/// A text from a text. The empty input is `unknown`.
#[derive(Clone, Debug)]
pub enum TextRule {
    Keep,
    /// As it is, on one line: a run of blanks and line ends is one blank.
    Title,
    /// The first n characters.
    Prefix(usize),
    Map(BTreeMap<String, String>),
    Platform(Platforms),
}

impl TextRule {
    /// The part of an input that decides, as it is written there: of a URL, its host. URLs are many, hosts are few.
    #[inline]
    pub fn key<'i>(&self, input: &'i [u8]) -> &'i [u8] {
        match self {
            TextRule::Platform(_) => host(input),
            _ => input,
        }
    }

    /// The published text of a key; borrowed where it is part of it.
    pub fn apply<'a>(&'a self, value: &'a str, scratch: &'a mut String) -> &'a str {
        let value = value.trim();
        if value.is_empty() {
            return UNKNOWN;
        }
        match self {
            TextRule::Keep => value,
            TextRule::Title => {
                scratch.clear();
                for word in value.split_whitespace() {
                    if !scratch.is_empty() {
                        scratch.push(' ');
                    }
                    scratch.push_str(word);
                }
                scratch
            }
            TextRule::Prefix(count) => match value.char_indices().nth(*count) {
                Some((end, _)) => value[..end].trim_end(),
                None => value,
            },
            TextRule::Map(names) => names.get(value).map_or(OTHER, String::as_str),
            TextRule::Platform(platforms) => match platforms.of(value) {
                Some(platform) => {
                    *scratch = platform;
                    scratch
                }
                None => UNKNOWN,
            },
        }
    }
}

/// A whole number, as bands and counts read it: digits, perhaps a sign, perhaps ".00".
pub fn number(value: &[u8]) -> Option<i32> {
    let text = std::str::from_utf8(value).ok()?.trim();
    let whole = match text.split_once('.') {
        Some((whole, rest)) if rest.bytes().all(|c| c.is_ascii_digit()) => whole,
        Some(_) => return None,
        None => text,
    };
    whole.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_kept_cut_or_mapped() {
        let map = TextRule::Map(BTreeMap::from([("BK".into(), "book".into())]));
        let cases = [
            (TextRule::Keep, " CPL ", "CPL"),
            (TextRule::Keep, "  ", "unknown"),
            (TextRule::Title, " The  owls\n\tof Oz / ", "The owls of Oz /"),
            (TextRule::Title, "\u{a0}\n", "unknown"),
            (TextRule::Prefix(3), "06019", "060"),
            (TextRule::Prefix(3), "06", "06"),
            (TextRule::Prefix(2), "ÄÖÜ", "ÄÖ"),
            (map.clone(), "BK", "book"),
            (map, "21234000012345", "other"),
            (TextRule::Platform(Platforms::default()), "https://www.jstor.org/x", "jstor.org"),
            (TextRule::Platform(Platforms::default()), "jane", "unknown"),
        ];
        for (rule, value, expected) in cases {
            let key = std::str::from_utf8(rule.key(value.as_bytes())).unwrap();
            assert_eq!(rule.apply(key, &mut String::new()), expected, "{value}");
        }
        assert_eq!(number(b"12"), Some(12));
        assert_eq!(number(b"12.50"), Some(12));
        assert_eq!(number(b"1,234"), None);
    }
}
