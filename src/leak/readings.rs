//! All that a text may be read as: as it stands there, decoded once or several times, with letters that pass for others.

use std::borrow::Cow;

use super::fold::fold;
use super::lookalikes;
use super::unpacked::{mistaken, unpacked};

/// Nobody encodes deeper by accident, and no text shall take long.
const MOST: usize = 12;

/// The readings of a text, folded, the text itself first. Most have no other.
pub(super) fn readings(text: &str) -> Vec<Cow<'_, str>> {
    let mut folded = vec![fold(text)];
    let mut texts: Vec<String> = Vec::new();
    let mut next = more(text, &folded[0]);
    while !next.is_empty() && folded.len() < MOST {
        let reading = next.remove(0);
        if texts.contains(&reading) {
            continue;
        }
        let one = fold(&reading).into_owned();
        next.extend(more(&reading, &one));
        texts.push(reading);
        if !folded.contains(&Cow::Borrowed(one.as_str())) {
            folded.push(Cow::Owned(one));
        }
    }
    folded
}

/// What is one step away. Codes may be written in other forms of their signs (`％４０`), which folding makes plain.
fn more(text: &str, folded: &str) -> Vec<String> {
    let plain = if text.is_ascii() { None } else { unpacked(folded) };
    let ways = [unpacked(text), plain, mistaken(text), lookalikes::latin(text)];
    ways.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_until_nothing_is_left_to_read() {
        assert_eq!(readings("A history of wool (100 %)"), ["a history of wool (100 %)"]);
        let cases = [
            ("a%40b", "a@b"),
            ("a%2540b", "a@b"),
            ("a%252540b", "a@b"),
            ("a&amp;#37;40b", "a@b"),
            ("％４０", "@"),
            (r"\u0026#64;", "@"),
            ("Nu%C3%83%C2%B1ez", "nunez"),
            ("j%D0%B0ne", "jane"),
            ("ВЕТА", "beta"),
        ];
        for (text, read) in cases {
            assert!(readings(text).iter().any(|one| one == read), "{text}: {:?}", readings(text));
        }
    }

    #[test]
    fn no_text_has_many_readings() {
        for text in ["%25".repeat(50), format!("%{}", "25".repeat(50)), "&amp;".repeat(40), "а%61".repeat(20)] {
            assert!(readings(&text).len() <= MOST, "{text}");
        }
    }
}
