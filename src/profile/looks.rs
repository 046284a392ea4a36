//! What one cell looks like, by its characters alone.

use std::net::IpAddr;

/// What a cell looks like. Each cell is one of these: the first that fits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
pub enum Look {
    Time,
    /// 14 digits that begin with 2, and whose check digit is right.
    PatronBarcode,
    /// 14 digits that begin with 3, and whose check digit is right.
    ItemBarcode,
    /// Another number of nine digits or more.
    LongNumber,
    Integer,
    /// A number with decimals.
    Amount,
    Email,
    Url,
    /// An IP address.
    Address,
    /// A MAC address.
    Device,
    Uuid,
    /// 16 hexadecimal digits or more.
    Hash,
    Phone,
    /// One word without a blank.
    Code,
    /// Two to four words, each with a capital; a comma may stand between.
    Name,
    /// Some words.
    Words,
    /// Six words or more, several lines, or over sixty characters.
    FreeText,
}

pub const LOOKS: usize = Look::FreeText as usize + 1;

/// Times are told elsewhere (`times`).
pub fn look(cell: &str) -> Look {
    let bytes = cell.as_bytes();
    let digits = bytes.iter().filter(|c| c.is_ascii_digit()).count();
    if is_isbn(bytes) {
        return Look::Code;
    }
    if digits == bytes.len() {
        return number(bytes);
    }
    if is_amount(cell) {
        return if cell.contains(['.', ',']) { Look::Amount } else { Look::Integer };
    }
    if is_email(cell) {
        return Look::Email;
    }
    if cell.contains("://") {
        return Look::Url;
    }
    if cell.parse::<IpAddr>().is_ok() {
        return Look::Address;
    }
    if is_device(bytes) {
        return Look::Device;
    }
    if is_uuid(bytes) {
        return Look::Uuid;
    }
    if bytes.len() >= 16 && bytes.iter().all(u8::is_ascii_hexdigit) {
        return Look::Hash;
    }
    if is_phone(cell, digits) {
        return Look::Phone;
    }
    let words: Vec<&str> = cell.split_whitespace().collect();
    if words.len() >= 6 || cell.contains('\n') || cell.chars().count() > 60 {
        return Look::FreeText;
    }
    let capital = |word: &&str| word.starts_with(char::is_uppercase) && !word.contains(|c: char| c.is_ascii_digit());
    match words.len() {
        0 | 1 => Look::Code,
        2..=4 if words.iter().all(capital) => Look::Name,
        _ => Look::Words,
    }
}

fn number(digits: &[u8]) -> Look {
    match (digits.len(), digits.first()) {
        (14, Some(b'2')) if check_digit_is_right(digits) => Look::PatronBarcode,
        (14, Some(b'3')) if check_digit_is_right(digits) => Look::ItemBarcode,
        (9.., _) => Look::LongNumber,
        _ => Look::Integer,
    }
}

/// Modulo 10, as Codabar library cards have it: from the last digit backwards every second one is doubled, the digits of
/// it all are added, and ten divides the sum.
pub fn check_digit_is_right(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit.wrapping_sub(b'0'));
            let doubled = if place % 2 == 1 { digit * 2 } else { digit };
            doubled / 10 + doubled % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

fn is_amount(cell: &str) -> bool {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let bytes = digits.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_digit)
        && bytes.last().is_some_and(u8::is_ascii_digit)
        && bytes.iter().all(|c| c.is_ascii_digit() || matches!(c, b'.' | b','))
        && bytes.iter().filter(|c| !c.is_ascii_digit()).count() <= 3
        // 192.0.2.11 is none.
        && bytes.iter().filter(|c| **c == b'.').count() <= 1
}

/// A text that holds an e-mail address somewhere counts: it identifies all the same.
fn is_email(cell: &str) -> bool {
    cell.split(|c: char| c.is_whitespace() || ",;<>()\"".contains(c)).any(|word| {
        word.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.len() > 3 && host.split('.').count() >= 2 && !host.contains('@')
        })
    })
}

fn is_device(bytes: &[u8]) -> bool {
    bytes.len() == 17
        && bytes.iter().enumerate().all(|(at, c)| match at % 3 {
            2 => matches!(c, b':' | b'-') && *c == bytes[2],
            _ => c.is_ascii_hexdigit(),
        })
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => *c == b'-',
            _ => c.is_ascii_hexdigit(),
        })
}

/// `9999-12-31`, as systems write for ever, or `0000-00-00`: a day, though no time.
fn is_day(cell: &str) -> bool {
    let day = cell.split(['T', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let within = |part: &str, most: u8| part.len() == 2 && part.parse::<u8>().is_ok_and(|number| number <= most);
    year.len() == 4 && year.bytes().all(|c| c.is_ascii_digit()) && within(month, 12) && within(day, 31)
}

/// An ISBN of 13 digits, or one of ten with signs between them: its check digit is right.
fn is_isbn(bytes: &[u8]) -> bool {
    let plain: Vec<u8> = bytes.iter().copied().filter(|c| !matches!(c, b'-' | b' ')).collect();
    let value = |c: &u8| match c {
        b'X' => 10,
        c => u32::from(c.wrapping_sub(b'0')),
    };
    let numbers = |of: &[u8]| of.iter().all(u8::is_ascii_digit);
    match plain.as_slice() {
        [b'9', b'7', b'8' | b'9', ..] if plain.len() == 13 && numbers(&plain) => {
            let sum: u32 = plain.iter().enumerate().map(|(at, c)| value(c) * if at % 2 == 1 { 3 } else { 1 }).sum();
            sum.is_multiple_of(10)
        }
        [first @ .., _] if plain.len() == 10 && bytes.len() > 10 && numbers(first) => {
            let sum: u32 = plain.iter().enumerate().map(|(at, c)| value(c) * (10 - at as u32)).sum();
            plain[9].is_ascii_digit() && sum.is_multiple_of(11) || plain[9] == b'X' && sum.is_multiple_of(11)
        }
        _ => false,
    }
}

fn is_phone(cell: &str, digits: usize) -> bool {
    (7..=15).contains(&digits)
        && !is_day(cell)
        && cell.chars().all(|c| c.is_ascii_digit() || " ()+-./x".contains(c))
        && cell.starts_with(|c: char| c.is_ascii_digit() || "(+".contains(c))
        && cell.contains([' ', '-', '(', '+', '.'])
        // A year first is a time or a number of a series, not a telephone.
        && cell.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count() >= 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_look_like_what_they_are() {
        let cases = [
            ("21234000012346", Look::LongNumber),
            ("1", Look::Integer),
            ("-1", Look::Integer),
            ("12.50", Look::Amount),
            ("1,250.00", Look::Amount),
            ("192.0.2.11", Look::Address),
            ("2001:db8::1", Look::Address),
            ("02-00-5E-10-00-01", Look::Device),
            ("02:00:5e:10:00:01", Look::Device),
            ("c209e40fe82dbeb0009f01490a9c57d4", Look::Hash),
            ("a1000001-5b2e-4c7a-9d10-8e3f6a2b4c01", Look::Uuid),
            ("o.quill@example.org", Look::Email),
            ("write to o.quill@example.org, please", Look::Email),
            ("https://example.org/login?user=o", Look::Url),
            ("9999-12-31", Look::Code),
            ("0000-00-00", Look::Code),
            ("9999-55-3100", Look::Phone),
            ("555-0161", Look::Phone),
            ("978-3-16-148410-0", Look::Code),
            ("9783161484100", Look::Code),
            ("0-8044-2957-X", Look::Code),
            ("9783161484101", Look::LongNumber),
            ("(203) 555-0171", Look::Phone),
            ("+1 203 555 0171", Look::Phone),
            ("Zzyzx, Quilla", Look::Name),
            ("Zzyzx", Look::Code),
            ("BK", Look::Code),
            ("Session Timeout", Look::Name),
            ("QA76.73 .R87 2019", Look::Words),
            ("Pim is allergic to nuts and to bees", Look::FreeText),
        ];
        for (cell, expected) in cases {
            assert_eq!(look(cell), expected, "{cell}");
        }
    }

    fn with_check_digit(first: &str) -> String {
        (0..10).map(|last| format!("{first}{last}")).find(|card| check_digit_is_right(card.as_bytes())).unwrap()
    }

    proptest! {
        #[test]
        fn cards_are_known_by_their_check_digit(middle in "[0-9]{12}") {
            prop_assert_eq!(look(&with_check_digit(&format!("2{middle}"))), Look::PatronBarcode);
            prop_assert_eq!(look(&with_check_digit(&format!("3{middle}"))), Look::ItemBarcode);
        }

        /// One wrong digit, wherever it stands, is seen.
        #[test]
        fn a_mistyped_card_is_none(middle in "[0-9]{12}", place in 1usize..14, wrong in 1u8..10) {
            let mut card = with_check_digit(&format!("2{middle}")).into_bytes();
            card[place] = (card[place] - b'0' + wrong) % 10 + b'0';
            prop_assert!(!check_digit_is_right(&card));
        }

        #[test]
        fn any_text_looks_like_something(cell in any::<String>()) {
            look(&cell);
        }
    }
}
