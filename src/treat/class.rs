//! Call-number classes: the first step of a scheme, never the number itself. The vocabulary is closed, so a barcode in
//! a call-number column becomes "none".

use serde::Deserialize;

use super::labels::UNKNOWN;

/// How call numbers are classed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    DeweyHundreds,
    DeweyTens,
    LcLetter,
}

/// A scheme, and its labels.
#[derive(Clone, Debug)]
pub struct ClassRule {
    scheme: Scheme,
    labels: Vec<String>,
}

impl ClassRule {
    pub fn new(scheme: Scheme) -> ClassRule {
        let mut labels: Vec<String> = match scheme {
            Scheme::DeweyHundreds => (0..10).map(|class| format!("{}", class * 100)).collect(),
            Scheme::DeweyTens => (0..100).map(|class| format!("{}", class * 10)).collect(),
            Scheme::LcLetter => ('A'..='Z').map(String::from).collect(),
        };
        if scheme != Scheme::LcLetter {
            labels.iter_mut().for_each(|label| *label = format!("{label:0>3}"));
        }
        labels.push("none".into());
        labels.push(UNKNOWN.into());
        ClassRule { scheme, labels }
    }

    /// Every label; a code is a place in this list. "none": it has a call number, not of this scheme.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    pub fn code(&self, call_number: &[u8]) -> u16 {
        let none = (self.labels.len() - 2) as u16;
        if call_number.is_empty() {
            return none + 1;
        }
        match self.scheme {
            Scheme::DeweyHundreds => dewey(call_number).map_or(none, |number| number / 100),
            Scheme::DeweyTens => dewey(call_number).map_or(none, |number| number / 10),
            Scheme::LcLetter => letter(call_number).map_or(none, |letter| u16::from(letter - b'A')),
        }
    }
}

/// The three digits of a Dewey number: the first word of exactly three digits, alone or before a point. Words of
/// letters may come before it ("J 523.4", "LP 641.5").
fn dewey(call_number: &[u8]) -> Option<u16> {
    for word in call_number.split(|c| c.is_ascii_whitespace()).filter(|word| !word.is_empty()).take(3) {
        let digits = word.iter().take_while(|c| c.is_ascii_digit()).count();
        if digits == 3 && matches!(word.get(3), None | Some(b'.' | b'/')) {
            return Some(word[..3].iter().fold(0, |number, c| number * 10 + u16::from(c - b'0')));
        }
        if digits > 0 {
            return None;
        }
    }
    None
}

/// The letter of a Library of Congress class: one to three capitals, then a digit ("PR6058 .A69").
fn letter(call_number: &[u8]) -> Option<u8> {
    let letters = call_number.iter().take_while(|c| c.is_ascii_uppercase()).count();
    let rest = call_number[letters..].iter().find(|c| **c != b' ');
    ((1..=3).contains(&letters) && rest.is_some_and(u8::is_ascii_digit)).then(|| call_number[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_the_first_step_of_its_scheme_and_nothing_more() {
        let cases = [
            (Scheme::DeweyHundreds, "641.5 JON", "600"),
            (Scheme::DeweyHundreds, "J 523.4 SAG", "500"),
            (Scheme::DeweyTens, "004.16", "000"),
            (Scheme::DeweyTens, "641.5", "640"),
            (Scheme::DeweyHundreds, "FIC SMI", "none"),
            (Scheme::DeweyHundreds, "21234000012345", "none"),
            (Scheme::DeweyHundreds, "6415", "none"),
            (Scheme::DeweyHundreds, "", "unknown"),
            (Scheme::LcLetter, "PR6058 .A69", "P"),
            (Scheme::LcLetter, "QA 76.73", "Q"),
            (Scheme::LcLetter, "FIC SMI", "none"),
            (Scheme::LcLetter, "jane@example.org", "none"),
        ];
        for (scheme, call_number, label) in cases {
            let rule = ClassRule::new(scheme);
            assert_eq!(rule.labels()[usize::from(rule.code(call_number.as_bytes()))], label, "{call_number}");
        }
    }
}
