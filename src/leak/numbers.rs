//! A whole number's digits, however a spreadsheet or a data frame writes it.
//!
//! A column of numbers with a gap in it becomes one of floats: `99990827036.0`. Others write `99,990,827,036.00`,
//! `99.990.827.036,0` or `9.9990827036E10`. Digits that only stand in groups (`99 990 827 036`), and zeros that were lost or
//! put before, are found without this.

use std::borrow::Cow;

use super::fold::fold;
use super::normal::has_digit;

/// So many digits has no number of a person.
const LONGEST: usize = 40;

/// The digits of a folded text that is such a number and nothing else. None: it is none, isn't whole, or stands there in
/// digits alone.
pub(super) fn whole(text: &str) -> Option<Vec<u8>> {
    let text = text.trim().trim_matches(['\'', '"', '=', '+']);
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (mantissa, exponent) = match text.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?)),
        None => (text, None),
    };
    let (before, after) = parted(mantissa, exponent.is_some())?;
    let point = before.len().checked_add_signed(exponent.unwrap_or(0))?;
    let mut digits = [before, after].concat();
    if point == 0 || point > LONGEST || digits.iter().skip(point).any(|digit| *digit != b'0') {
        return None;
    }
    digits.resize(point, b'0');
    Some(digits)
}

/// The digits of an identifier that is a whole number, and isn't written in digits alone.
pub(super) fn whole_number(identifier: &[u8]) -> Option<Vec<u8>> {
    // Most are none, and this is asked for every row.
    let may_be = identifier.iter().any(|c| matches!(c, b'.' | b',' | b'e' | b'E')) && has_digit(identifier);
    let text = std::str::from_utf8(identifier).ok().filter(|_| may_be)?;
    whole(&fold(text))
}

/// One form for all that may be written for one number: its digits, without zeros before them. Other texts stay as they are.
pub fn alike(text: &[u8]) -> Cow<'_, [u8]> {
    let text = text.trim_ascii();
    let digits: Cow<'_, [u8]> = match std::str::from_utf8(text).ok().and_then(|text| whole(&text.to_ascii_lowercase()))
    {
        Some(digits) => Cow::Owned(digits),
        None => Cow::Borrowed(text.strip_prefix(b"'").unwrap_or(text)),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Cow::Borrowed(text);
    }
    let zeros = digits.iter().take(digits.len() - 1).take_while(|digit| **digit == b'0').count();
    match digits {
        Cow::Borrowed(digits) => Cow::Borrowed(&digits[zeros..]),
        Cow::Owned(mut digits) => {
            digits.drain(..zeros);
            Cow::Owned(digits)
        }
    }
}

/// The digits before and after the point, or the comma. Without an exponent there must be one.
fn parted(mantissa: &str, has_exponent: bool) -> Option<(Vec<u8>, Vec<u8>)> {
    let Some(at) = mantissa.rfind(['.', ',']) else {
        let is_digits = mantissa.bytes().all(|c| c.is_ascii_digit());
        return (has_exponent && is_digits).then(|| (mantissa.as_bytes().to_vec(), Vec::new()));
    };
    let (before, after) = (&mantissa[..at], &mantissa[at + 1..]);
    if after.is_empty() || !after.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let groups: Vec<&str> = before.split(|c: char| !c.is_ascii_digit()).collect();
    let is_grouped = groups.len() > 1;
    // The point isn't what parts thousands; and what is 12,000 or 12.000 is twelve thousand rather than twelve.
    let separators: Vec<char> = before.chars().filter(|c| !c.is_ascii_digit()).collect();
    let point = mantissa[at..].chars().next();
    let alike = separators.iter().all(|c| Some(*c) != point && Some(c) == separators.first());
    let thousands = groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
    if is_grouped && !(alike && thousands) || !is_grouped && !has_exponent && after.len() == 3 && before.len() <= 3 {
        return None;
    }
    Some((groups.concat().into_bytes(), after.as_bytes().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_known_by_its_value() {
        for (text, digits) in [
            ("99990827036.0", "99990827036"),
            ("99990827036,00", "99990827036"),
            ("99990827036.000000", "99990827036"),
            ("'99990827036.0", "99990827036"),
            ("0051.0", "0051"),
            ("51.0", "51"),
            ("99,990,827,036.00", "99990827036"),
            ("99.990.827.036,0", "99990827036"),
            ("99 990 827 036,0", "99990827036"),
            ("9.9990827036e10", "99990827036"),
            ("9.9990827036e+10", "99990827036"),
            ("9,9990827036e+10", "99990827036"),
            ("9.999e+10", "99990000000"),
            ("5e3", "5000"),
        ] {
            assert_eq!(whole(text).as_deref(), Some(digits.as_bytes()), "{text}");
        }
        for (text, one) in [
            ("0051.0", "51"),
            ("'0051", "51"),
            ("51", "51"),
            (" 5.1E1", "51"),
            ("000", "0"),
            ("A051", "A051"),
            ("'x", "'x"),
        ] {
            assert_eq!(&*alike(text.as_bytes()), one.as_bytes(), "{text}");
        }
        for text in [
            "99990827036",
            "51.5",
            "12,000",
            "12.000",
            "1,234,000",
            "203.555.0000",
            "192.0.2.0",
            "9.99e1",
            "e10",
            "5e",
            "5e99999",
            "",
            "1.",
            ".0",
            "2e-1",
            "12.0.0",
            "1,23,456.0",
            "ab.0",
        ] {
            assert_eq!(whole(text), None, "{text}");
        }
    }
}
