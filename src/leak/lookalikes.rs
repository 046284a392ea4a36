//! Signs that look like others: Cyrillic and Greek letters that pass for Latin ones, and letters that pass for digits.
//!
//! What keyboards and fonts really bring, not all that Unicode lists. A word that is truly Cyrillic or Greek is searched as it
//! is, too: how it would look in Latin is a second reading of the text, and a second form of the identifier.

use unicode_normalization::UnicodeNormalization;

/// A long number that was read or typed wrongly has so many digits all the same.
const FEWEST_DIGITS: usize = 5;
const MOST_CODES: usize = 512;

/// The text in the Latin letters that it looks like; None where nothing in it looks like one.
pub(super) fn latin(text: &str) -> Option<String> {
    // Before these there is Latin alone.
    if text.is_ascii() || text.chars().all(|c| c < '\u{250}' && c != 'ƒ') {
        return None;
    }
    let mut any = false;
    let read: String = text
        .nfkd()
        .map(|c| match letter(c) {
            Some(latin) => {
                any = true;
                latin
            }
            None => c,
        })
        .collect();
    any.then_some(read)
}

/// Capitals and small letters look like different ones (`Н` like H, `Ν` like N and `ν` like v). Small ones that look like
/// capitals of Latin (`в`, `к`) are there since exports are put into small letters.
fn letter(c: char) -> Option<char> {
    Some(match c {
        // Cyrillic.
        'А' | 'а' => 'a',
        'В' | 'в' | 'Ь' | 'ь' => 'b',
        'С' | 'с' => 'c',
        'Ԁ' | 'ԁ' => 'd',
        'Е' | 'е' => 'e',
        'Ԍ' | 'ԍ' => 'g',
        'Н' | 'н' | 'Һ' | 'һ' => 'h',
        'І' | 'і' => 'i',
        'Ј' | 'ј' => 'j',
        'К' | 'к' => 'k',
        'Ӏ' | 'ӏ' => 'l',
        'М' | 'м' => 'm',
        'п' => 'n',
        'О' | 'о' => 'o',
        'Р' | 'р' => 'p',
        'Ԛ' | 'ԛ' => 'q',
        'г' => 'r',
        'Ѕ' | 'ѕ' => 's',
        'Т' | 'т' => 't',
        'Ԝ' | 'ԝ' => 'w',
        'Х' | 'х' => 'x',
        'У' | 'у' | 'Ү' | 'ү' => 'y',
        // Greek.
        'Α' | 'α' => 'a',
        'Β' | 'β' => 'b',
        'Ϲ' | 'ϲ' => 'c',
        'Ε' | 'ε' => 'e',
        'Η' => 'h',
        'Ι' | 'ι' => 'i',
        'Ϳ' | 'ϳ' => 'j',
        'Κ' | 'κ' => 'k',
        'Μ' => 'm',
        'Ν' | 'η' => 'n',
        'Ο' | 'ο' | 'σ' => 'o',
        'Ρ' | 'ρ' => 'p',
        'Τ' | 'τ' => 't',
        'υ' | 'μ' => 'u',
        'ν' => 'v',
        'ω' => 'w',
        'Χ' | 'χ' => 'x',
        'Υ' | 'γ' => 'y',
        'Ζ' => 'z',
        // Latin small capitals, and letters of phonetic script.
        'ᴀ' | 'ɑ' => 'a',
        'ʙ' => 'b',
        'ᴄ' => 'c',
        'ᴅ' => 'd',
        'ᴇ' => 'e',
        'ꜰ' | 'ƒ' => 'f',
        'ɢ' | 'ɡ' => 'g',
        'ʜ' => 'h',
        'ɪ' | 'ɩ' => 'i',
        'ᴊ' => 'j',
        'ᴋ' => 'k',
        'ʟ' => 'l',
        'ᴍ' => 'm',
        'ɴ' => 'n',
        'ᴏ' => 'o',
        'ᴘ' => 'p',
        'ʀ' => 'r',
        'ꜱ' => 's',
        'ᴛ' => 't',
        'ᴜ' => 'u',
        'ᴠ' => 'v',
        'ᴡ' => 'w',
        'ʏ' => 'y',
        'ᴢ' => 'z',
        _ => return None,
    })
}

/// O for 0, l and I for 1: what people type, in a folded text.
fn typed_digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        'o' => Some('0'),
        'l' | 'i' | '|' => Some('1'),
        _ => None,
    }
}

/// S for 5, Z for 2, B for 8, too: what machines read.
fn read_digit(c: char) -> Option<char> {
    match c {
        's' => Some('5'),
        'z' => Some('2'),
        'b' => Some('8'),
        _ => typed_digit(c),
    }
}

/// A folded word as the number that it looks like: of letters there are some, and no more than digits.
pub(super) fn number(word: &str) -> Option<Vec<u8>> {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if digits == word.len() || digits * 2 < word.len() {
        return None;
    }
    word.chars().map(|c| typed_digit(c).map(|digit| digit as u8)).collect()
}

/// A folded text with digits for the letters that look like them, in words that have digits or are nothing but O; None
/// where there are none, or hardly a number.
pub(super) fn digits(text: &str) -> Option<String> {
    if text.bytes().filter(u8::is_ascii_digit).count() < FEWEST_DIGITS {
        return None;
    }
    let is_part = |c: char| c.is_alphanumeric() || c == '|';
    let mut read = String::new();
    let (mut rest, mut any) = (text, false);
    while let Some(c) = rest.chars().next() {
        let length = rest.find(|next| is_part(next) != is_part(c)).unwrap_or(rest.len());
        let (part, after) = rest.split_at(length);
        rest = after;
        let is_number = is_part(c) && (part.bytes().any(|c| c.is_ascii_digit()) || part.bytes().all(|c| c == b'o'));
        if is_number {
            any |= part.chars().any(|c| !c.is_ascii_digit() && read_digit(c).is_some());
            read.extend(part.chars().map(|c| read_digit(c).unwrap_or(c)));
        } else {
            read += part;
        }
    }
    any.then_some(read)
}

/// The codes that a word of letters and digits may stand for, O and 0 or l, I and 1 having been taken for each other. None of
/// words in which too many could have been.
pub(super) fn codes(word: &str) -> Vec<String> {
    let forms = |c: char| match c {
        'o' | '0' => "o0",
        'l' | 'i' | '1' => "1li",
        _ => "",
    };
    let many = word.chars().map(|c| forms(c).len().max(1)).try_fold(1usize, usize::checked_mul);
    if !many.is_some_and(|many| (2..=MOST_CODES).contains(&many)) {
        return Vec::new();
    }
    let mut codes = vec![String::new()];
    for c in word.chars() {
        let with = |code: &String, form: char| format!("{code}{form}");
        codes = match forms(c) {
            "" => codes.iter().map(|code| with(code, c)).collect(),
            forms => codes.iter().flat_map(|code| forms.chars().map(|form| with(code, form))).collect(),
        };
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_other_scripts_pass_for_latin_ones() {
        for (text, looks) in
            [("Аnn Quоrl", "ann quorl"), ("ΑΝΝ", "ann"), ("zοe", "zoe"), ("Пётр", "Пetp"), ("ᴀɴɴ", "ann")]
        {
            let read = latin(text).map(|read| read.replace('\u{308}', "").to_lowercase());
            assert_eq!(read.as_deref(), Some(looks.to_lowercase().as_str()), "{text}");
        }
        for text in ["", "Ann", "Zoë Núñez", "日本"] {
            assert_eq!(latin(text), None, "{text}");
        }
    }

    #[test]
    fn letters_pass_for_digits_in_numbers_alone() {
        for (text, looks) in [
            ("2l234ooo012344", Some("21234000012344")),
            ("card 2i234 oooo 12344 now", Some("card 21234 0000 12344 now")),
            ("2|23456", Some("2123456")),
            ("oil and so is 1984", None),
            ("b52s", None),
            ("b52s 1984", Some("8525 1984")),
        ] {
            assert_eq!(digits(text).as_deref(), looks, "{text}");
        }
        assert_eq!(number("o123l56").as_deref(), Some(b"0123156".as_slice()));
        for word in ["1234567", "oilo1", "a123456", ""] {
            assert_eq!(number(word), None, "{word}");
        }
        assert!(codes("1iboo12").contains(&"lib0012".to_string()));
        assert!(codes("abc234").is_empty() && codes("ooooooooooo1").is_empty());
    }
}
