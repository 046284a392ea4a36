//! The shape of a cell: what it looks like, and nothing of what it says.
//!
//! A digit is `9`. A word is `A`, `a`, `AA`, `aa`, `Aa` or `AaA` by its capitals, however long it is: the length of a name
//! narrows down whose it is. Digits keep their number, up to twenty, since that tells a barcode from a phone number.
//! Signs of ASCII stay, others become `?`. A long shape ends in `…`.

/// The longest shape, in characters.
const LONGEST: usize = 22;
const MOST_DIGITS: usize = 20;

pub fn shape(cell: &str) -> String {
    let mut shape = String::new();
    let mut length = 0;
    let mut rest = cell.chars().peekable();
    while let Some(next) = rest.peek().copied() {
        let piece: String = if next.is_ascii_digit() {
            let digits = run(&mut rest, |c| c.is_ascii_digit());
            "9".repeat(digits.len().min(MOST_DIGITS)) + if digits.len() > MOST_DIGITS { "…" } else { "" }
        } else if next.is_alphabetic() {
            word(&run(&mut rest, char::is_alphabetic)).into()
        } else {
            rest.next();
            match next {
                ' ' => " ".into(),
                sign if sign.is_ascii_punctuation() => sign.to_string(),
                _ => "?".into(),
            }
        };
        let more = piece.chars().count();
        if length + more > LONGEST {
            shape.push('…');
            break;
        }
        length += more;
        shape += &piece;
    }
    shape
}

fn run(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, of: impl Fn(char) -> bool) -> Vec<char> {
    let mut taken = Vec::new();
    while let Some(next) = rest.next_if(|c| of(*c)) {
        taken.push(next);
    }
    taken
}

/// A script without capitals reads as small letters.
fn word(letters: &[char]) -> &'static str {
    let capital = |c: &char| c.is_uppercase();
    match (letters, letters.iter().filter(|c| capital(c)).count()) {
        ([one], 1) => {
            if capital(one) {
                "A"
            } else {
                "a"
            }
        }
        ([_], _) => "a",
        (_, 0) => "aa",
        (all, capitals) if capitals == all.len() => "AA",
        ([first, ..], 1) if capital(first) => "Aaaa",
        _ => "AaA",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shapes_say_what_it_looks_like() {
        let cases = [
            ("2026-10-31 09:30:00", "9999-99-99 99:99:99"),
            ("21234000012345", "99999999999999"),
            ("Zzyzx", "Aaaa"),
            ("Bo", "Aaaa"),
            ("O'Fennimoor", "A'Aaaa"),
            ("jd@example.org", "aa@aa.aa"),
            ("MAIN", "AA"),
            ("X", "A"),
            ("", ""),
            ("Ærø 12", "Aaaa 99"),
            ("a\u{7}b", "a?a"),
            ("12 Quillwort Lane, Apt. 2 in the rear of the house", "99 Aaaa Aaaa, Aaaa. 9 …"),
            ("123456789012345678901234567890", "99999999999999999999…"),
        ];
        for (cell, expected) in cases {
            assert_eq!(shape(cell), expected, "{cell}");
        }
    }

    proptest! {
        /// No letter but A and a, no digit but 9, nothing but ASCII signs: and bounded.
        #[test]
        fn a_shape_says_nothing_of_the_cell(cell in any::<String>()) {
            let shape = shape(&cell);
            prop_assert!(shape.chars().all(|c| "Aa9…? ".contains(c) || c.is_ascii_punctuation()), "{shape:?}");
            prop_assert!(shape.chars().count() <= LONGEST + 2);
        }

        /// Two names with their capitals alike have one shape, however long they are.
        #[test]
        fn names_have_one_shape(first in "[A-Z][a-z]{1,20}", last in "[A-Z][a-z]{1,20}") {
            prop_assert_eq!(shape(&first), shape(&last));
            prop_assert_eq!(shape(&format!("{last}, {first}")), "Aaaa, Aaaa");
        }

        #[test]
        fn digits_are_alike(digits in "[0-9]{1,20}") {
            prop_assert_eq!(shape(&digits), "9".repeat(digits.len()));
        }
    }
}
