//! Finds the patterns in a folded text.
//!
//! Bibliographic texts are full of numbers: years, ISBNs, ISSNs, LCCNs, OCLC numbers, Dewey and UDC classes. So a number
//! alone is never enough. A pattern asks for a check digit, or for the separators with which people write it, and for
//! the same separator throughout.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::pattern::{Pattern, Patterns};

/// A run of ASCII digits in a text, by its bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub from: usize,
    pub to: usize,
}

impl Group {
    pub fn all(text: &str) -> impl Iterator<Item = Group> {
        let bytes = text.as_bytes();
        let mut at = 0;
        std::iter::from_fn(move || {
            let from = at + bytes.get(at..)?.iter().position(u8::is_ascii_digit)?;
            let length = bytes[from..].iter().take_while(|c| c.is_ascii_digit()).count();
            at = from + length;
            Some(Group { from, to: at })
        })
    }
}

/// Every pattern that a folded text shows.
pub(super) fn find(text: &str) -> Patterns {
    let mut found = Patterns::default();
    let text = Text { text, groups: Group::all(text).collect() };
    let mut note = |pattern, holds: bool| {
        if holds {
            found.insert(pattern);
        }
    };
    note(Pattern::Email, text.has_email());
    note(Pattern::MacAddress, text.has_mac());
    note(Pattern::IpAddress, text.has_ip());
    if !text.groups.is_empty() {
        note(Pattern::PatronBarcode, text.has_barcode(b'2'));
        note(Pattern::ItemBarcode, text.has_barcode(b'3'));
        note(Pattern::Phone, text.has_phone());
        note(Pattern::SocialSecurity, text.has_social_security());
        note(Pattern::RoundedNumber, text.has_rounded_number());
    }
    found
}

struct Text<'t> {
    text: &'t str,
    groups: Vec<Group>,
}

impl Text<'_> {
    fn digits(&self, group: usize) -> &str {
        &self.text[self.groups[group].from..self.groups[group].to]
    }

    /// What stands between a group and the one before.
    fn before(&self, group: usize) -> &str {
        let from = group.checked_sub(1).map_or(0, |before| self.groups[before].to);
        &self.text[from..self.groups[group].from]
    }

    /// What stands between a group and the one after.
    fn after(&self, group: usize) -> &str {
        match self.groups.get(group + 1) {
            Some(_) => self.before(group + 1),
            None => &self.text[self.groups[group].to..],
        }
    }

    /// Whether groups of these sizes stand here, and what separates them.
    fn shaped<const N: usize>(&self, first: usize, sizes: [usize; N]) -> Option<Vec<&str>> {
        let fits = sizes
            .iter()
            .enumerate()
            .all(|(place, size)| self.groups.get(first + place).is_some_and(|group| group.to - group.from == *size));
        fits.then(|| (first + 1..first + N).map(|group| self.before(group)).collect())
    }

    /// Whether groups `first` to `last` are part of a longer number: a further group hangs on by a separator.
    fn goes_on(&self, first: usize, last: usize, separators: &[&str]) -> bool {
        first > 0 && separators.contains(&self.before(first))
            || last + 1 < self.groups.len() && separators.contains(&self.after(last))
    }

    /// The last word before a group.
    fn label(&self, group: usize) -> &str {
        self.before(group)
            .trim_end_matches(|c: char| !c.is_alphanumeric())
            .rsplit(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or("")
    }

    /// In one piece, or in three or more with the same separator.
    fn has_barcode(&self, kind: u8) -> bool {
        (0..self.groups.len()).any(|first| {
            let mut number = self.digits(first).to_string();
            if number.as_bytes().first() != Some(&kind) {
                return false;
            }
            let separator = if first + 1 < self.groups.len() { self.after(first) } else { "" };
            let mut last = first;
            while number.len() < 14
                && [" ", "-", "."].contains(&separator)
                && last + 1 < self.groups.len()
                && self.after(last) == separator
            {
                last += 1;
                number += self.digits(last);
            }
            number.len() == 14 && last != first + 1 && has_check_digit(number.as_bytes())
        })
    }

    fn has_phone(&self) -> bool {
        (0..self.groups.len()).any(|first| self.is_phone_in_groups(first) || self.is_bare_phone(first))
    }

    fn is_phone_in_groups(&self, first: usize) -> bool {
        let Some(separators) = self.shaped(first, [3, 3, 4]) else { return false };
        if !is_area(self.digits(first)) || !is_area(self.digits(first + 1)) {
            return false;
        }
        let in_brackets = self.before(first).ends_with('(');
        let ways = match (separators[0], separators[1]) {
            (")" | ") " | ")-", "-" | "." | " ") => in_brackets,
            ("-" | " " | "/", "-") | (".", ".") | (" " | "-", " ") => true,
            _ => false,
        };
        // The 1 that dials North America may stand before it; any other number makes it part of a longer one.
        let dialled = first > 0 && self.digits(first - 1) == "1";
        let longer = self.goes_on(first, first + 2, &["-", "."])
            || separators == [" ", " "] && self.goes_on(first, first + 2, &[" "]);
        ways && (dialled || !longer)
    }

    /// Ten digits in one piece are a phone number if something says so.
    fn is_bare_phone(&self, group: usize) -> bool {
        let digits = self.digits(group);
        let local = match digits.len() {
            10 => digits,
            11 if digits.starts_with('1') => &digits[1..],
            _ => return false,
        };
        let dialled = digits.len() == 11 && self.before(group).ends_with('+')
            || group > 0
                && self.digits(group - 1) == "1"
                && group.checked_sub(1).is_some_and(|one| self.before(one).ends_with('+'));
        let labelled = ["tel", "telephone", "phone", "ph", "cell", "mobile", "fax", "sms", "text", "call"]
            .contains(&self.label(group));
        is_area(&local[..3]) && is_area(&local[3..6]) && (dialled || labelled)
    }

    fn has_social_security(&self) -> bool {
        (0..self.groups.len()).any(|first| {
            let digits = self.digits(first);
            if digits.len() == 9 {
                return ["ssn", "security"].contains(&self.label(first)) && is_social_security(digits);
            }
            let number = || [self.digits(first), self.digits(first + 1), self.digits(first + 2)].concat();
            match self.shaped(first, [3, 2, 4]).as_deref() {
                Some(["-", "-"]) => is_social_security(&number()) && !self.goes_on(first, first + 2, &["-"]),
                Some([" ", " "]) => is_social_security(&number()) && !self.goes_on(first, first + 2, &[" ", "-"]),
                _ => false,
            }
        })
    }

    /// `2.1234E+13`, `2,1234e13`: at least eight digits long, so that nobody writes it by hand in a title.
    fn has_rounded_number(&self) -> bool {
        (0..self.groups.len()).any(|last| {
            let rest = &self.text[self.groups[last].to..];
            let Some(exponent) = rest.strip_prefix('e') else { return false };
            let (plus, exponent) = match exponent.strip_prefix('+') {
                Some(exponent) => (true, exponent),
                None => (false, exponent),
            };
            let digits = exponent.bytes().take_while(u8::is_ascii_digit).count();
            let ends = !exponent[digits..].starts_with(char::is_alphanumeric);
            let size = exponent[..digits].parse::<u32>().unwrap_or(0);
            let fraction = last > 0 && [".", ","].contains(&self.before(last)) && self.digits(last - 1).len() == 1;
            (7..=30).contains(&size) && ends && (plus || fraction)
        })
    }

    fn has_email(&self) -> bool {
        self.text.match_indices('@').any(|(at, _)| {
            let local = self.text[..at].chars().next_back();
            let host =
                self.text[at + 1..].split(|c: char| !(c.is_alphanumeric() || ".-".contains(c))).next().unwrap_or("");
            let host = host.trim_end_matches(['.', '-']);
            let is_local = local.is_some_and(|c| c.is_alphanumeric() || "._%+-'".contains(c));
            is_local
                && host.rsplit_once('.').is_some_and(|(name, end)| {
                    name.starts_with(char::is_alphanumeric)
                        && end.chars().count() >= 2
                        && end.chars().all(char::is_alphabetic)
                })
        })
    }

    fn has_ip(&self) -> bool {
        let four = || self.tokens(|c| c.is_ascii_digit() || c == '.');
        let six = || self.tokens(|c| c.is_ascii_hexdigit() || c == ':' || c == '.');
        let is_six = |token: &str| {
            let groups = token.split(':').filter(|group| !group.is_empty()).count();
            groups >= 3 && token.parse::<Ipv6Addr>().is_ok()
        };
        four().any(|token| token.trim_matches('.').parse::<Ipv4Addr>().is_ok())
            || six().any(|token| is_six(token.trim_end_matches(['.'])) || is_six(token.trim_end_matches(':')))
    }

    fn has_mac(&self) -> bool {
        let mut tokens = self.tokens(|c| c.is_ascii_hexdigit() || ":-.".contains(c));
        tokens.any(|token| {
            let token = token.trim_matches([':', '-', '.']);
            let sized = |separator: char, groups: usize, size: usize| {
                token.split(separator).count() == groups && token.split(separator).all(|group| group.len() == size)
            };
            let lettered = token.bytes().any(|c| c.is_ascii_alphabetic());
            sized(':', 6, 2) || lettered && (sized('-', 6, 2) || sized('.', 3, 4))
        })
    }

    /// The longest runs of characters of a kind that no letter or digit touches.
    fn tokens(&self, of: impl Fn(char) -> bool + std::marker::Copy) -> impl Iterator<Item = &str> {
        let mut rest = self.text;
        let mut before: Option<char> = None;
        std::iter::from_fn(move || {
            loop {
                let from = rest.find(of)?;
                before = rest[..from].chars().next_back().or(before);
                let length = rest[from..].find(|c| !of(c)).unwrap_or(rest.len() - from);
                let (token, after) = rest[from..].split_at(length);
                let free = !before.is_some_and(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
                before = token.chars().next_back();
                rest = after;
                if free {
                    return Some(token);
                }
            }
        })
    }
}

/// Area codes and exchanges of North America: 2 to 9, two digits, not both 1.
fn is_area(digits: &str) -> bool {
    let digits = digits.as_bytes();
    digits.len() == 3 && digits[0] >= b'2' && digits[1..] != *b"11"
}

/// Nine digits as the Social Security Administration gives them out: no part is all zeros, and neither 666 nor 9xx.
fn is_social_security(digits: &str) -> bool {
    digits.len() == 9
        && !["000", "666"].contains(&&digits[..3])
        && !digits.starts_with('9')
        && digits[3..5] != *"00"
        && digits[5..] != *"0000"
}

/// Whether the last digit is right: every second digit from the left counts twice, a sum of two digits as both.
fn has_check_digit(number: &[u8]) -> bool {
    let sum: u32 = number
        .iter()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            let twice = digit * 2;
            if place % 2 == 0 { twice / 10 + twice % 10 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// 13 digits of a book, its check digit right; or 10 of which the last is no X.
pub(super) fn is_isbn(number: &[u8]) -> bool {
    let weighted = |weight: fn(usize) -> u32| -> u32 {
        number.iter().enumerate().map(|(place, digit)| u32::from(digit - b'0') * weight(place)).sum()
    };
    match number.len() {
        13 => {
            (number.starts_with(b"978") || number.starts_with(b"979"))
                && weighted(|place| 1 + 2 * (place as u32 % 2)) % 10 == 0
        }
        10 => weighted(|place| 10 - place as u32) % 11 == 0,
        _ => false,
    }
}
