//! What a text stands for that was encoded on its way: by a browser, a web page, a script, a mail program.
//!
//! Percent codes (`%40`, `%u0040`), entities (`&#64;`, `&#x40;`, `&commat;`), the escapes of JSON and programs (`\u0040`, `\x40`),
//! those of mail (`=40`), and UTF-8 that was taken for Windows-1252 (`NÃºÃ±ez`). One layer a time: what is left may be encoded
//! again (`%2540`, `&amp;#64;`). Base64 and hexadecimal aren't among them: nobody writes these by accident.

use encoding_rs::WINDOWS_1252;

/// The text with one layer of codes undone; None where there is none.
pub(super) fn unpacked(text: &str) -> Option<String> {
    if !text.bytes().any(|c| matches!(c, b'%' | b'&' | b'\\' | b'=')) {
        return None;
    }
    let named = if text.contains('&') { html_escape::decode_html_entities(text) } else { text.into() };
    let (mut read, mut rest) = (String::new(), &*named);
    while let Some(at) = rest.find(['%', '&', '\\', '=']) {
        read += &rest[..at];
        rest = &rest[at..];
        let (said, length) = code(rest).unwrap_or_else(|| (rest[..1].into(), 1));
        read += &said;
        rest = &rest[length..];
    }
    read += rest;
    (read != text).then_some(read)
}

/// What the code says with which a text begins, and its length.
fn code(text: &str) -> Option<(String, usize)> {
    let (sign, after) = text.split_at(1);
    match sign {
        "%" => bytes(text, "%", |digit| digit.is_ascii_hexdigit())
            .or_else(|| character(after.strip_prefix(['u', 'U'])?, 4, 16).map(|(c, length)| (c, length + 2))),
        "\\" => escape(after).map(|(c, length)| (c, length + 1)),
        // In capitals, as mail programs write it: `page=21` is no code.
        "=" => bytes(text, "=", |digit| digit.is_ascii_digit() || matches!(digit, b'A'..=b'F')),
        _ => entity(after.strip_prefix('#')?).map(|(c, length)| (c, length + 2)),
    }
}

/// Bytes, two digits each, as long as they go on: they are UTF-8, or else what older programs wrote.
fn bytes(text: &str, sign: &str, is_digit: fn(&u8) -> bool) -> Option<(String, usize)> {
    let codes = text
        .as_bytes()
        .chunks_exact(3)
        .take_while(|code| code[0] == sign.as_bytes()[0] && is_digit(&code[1]) && is_digit(&code[2]));
    let bytes: Vec<u8> =
        codes.filter_map(|code| u8::from_str_radix(std::str::from_utf8(&code[1..]).ok()?, 16).ok()).collect();
    let length = bytes.len() * 3;
    let read = String::from_utf8(bytes)
        .unwrap_or_else(|wrong| WINDOWS_1252.decode_without_bom_handling(wrong.as_bytes()).0.into_owned());
    (length > 0).then_some((read, length))
}

/// `u0040`, `u{40}`, `U00000040`, `x40`.
fn escape(text: &str) -> Option<(String, usize)> {
    if let Some(braced) = text.strip_prefix("u{") {
        let end = braced.find('}')?;
        return character(&braced[..end], end, 16).map(|(c, length)| (c, length + 3));
    }
    let length = match text.as_bytes().first()? {
        b'u' => 4,
        b'U' => 8,
        b'x' | b'X' => 2,
        _ => return None,
    };
    character(&text[1..], length, 16).map(|(c, length)| (c, length + 1))
}

/// `64`, `x40`, with zeros before and a semicolon after it or not.
fn entity(text: &str) -> Option<(String, usize)> {
    let (radix, before) = if text.starts_with(['x', 'X']) { (16, 1) } else { (10, 0) };
    let digits = text[before..].chars().take_while(|c| c.is_digit(radix)).count();
    let (c, length) = character(&text[before..], digits, radix)?;
    let length = before + length;
    Some((c, length + usize::from(text[length..].starts_with(';'))))
}

/// The character whose number so many digits are.
fn character(text: &str, length: usize, radix: u32) -> Option<(String, usize)> {
    let digits = text.get(..length).filter(|digits| digits.chars().all(|c| c.is_digit(radix)))?;
    let c = char::from_u32(u32::from_str_radix(digits, radix).ok()?)?;
    Some((c.into(), length))
}

/// A text of which every two or three characters are one: UTF-8 that was taken for Windows-1252.
pub(super) fn mistaken(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let (bytes, _, unmapped) = WINDOWS_1252.encode(text);
    std::str::from_utf8(&bytes).ok().filter(|_| !unmapped).map(str::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_code_is_undone() {
        let cases = [
            "a%40b",
            "a%u0040b",
            "a&#64;b",
            "a&#064;b",
            "a&#64b",
            "a&#x40;b",
            "a&#X0040;b",
            "a&commat;b",
            r"a\u0040b",
            r"a\x40b",
            r"a\u{40}b",
            r"a\U00000040b",
            "a=40b",
        ];
        for text in cases {
            assert_eq!(unpacked(text).as_deref(), Some("a@b"), "{text}");
        }
        let cases = [
            ("Nu%C3%B1ez", "Nuñez"),
            ("Nu%F1ez", "Nuñez"),
            ("Nu=C3=B1ez", "Nuñez"),
            ("Nu&ntilde;ez", "Nuñez"),
            ("a%2540b", "a%40b"),
            ("a&amp;#64;b", "a@b"),
            ("a&amp;amp;#64;b", "a&amp;#64;b"),
            ("AT&amp;T &#64;", "AT&T @"),
        ];
        for (text, read) in cases {
            assert_eq!(unpacked(text).as_deref(), Some(read), "{text}");
        }
        assert_eq!(mistaken("NÃºÃ±ez").as_deref(), Some("Núñez"));
    }

    #[test]
    fn signs_that_begin_no_code_stay() {
        let texts = [
            "",
            "100 % wool",
            "50%",
            "%zz",
            "AT&T",
            "Q&A; B&B",
            "&#;",
            "&#x;",
            "&#99999999;",
            "a=b",
            "x==",
            r"C:\new\x",
            "=4",
            "%",
            "%é",
        ];
        for text in texts {
            assert_eq!(unpacked(text), None, "{text}");
        }
        for text in ["Núñez", "Ã", "Пушкин"] {
            assert_eq!(mistaken(text), None, "{text}");
        }
    }
}
