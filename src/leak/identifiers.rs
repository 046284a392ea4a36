//! The patrons' identifiers of one run, as hashes, and the ways in which a text may hold one.

use hashbrown::HashSet;

use super::fold::{fold, words};
use super::hashes::{Already, Hash, hash};
use super::numbers::whole;
use super::shapes::{Group, is_isbn};

/// An identifier shorter than this, in its normal form, is held to stand alone: everything contains "al".
const SHORTEST_ANYWHERE: usize = 5;
/// Shorter ones are found where they are words of their own; others also between letters (`x2123400y`).
const SHORTEST_BETWEEN_LETTERS: usize = 7;
/// Those with letters and digits are found within a longer word (`xJane2019y`) from this length on.
const SHORTEST_IN_A_WORD: usize = 8;
/// Numbers are found within longer numbers from this length on: shorter ones occur there by chance.
const SHORTEST_IN_A_NUMBER: usize = 10;
/// No shorter run of words is searched for. Identifiers of more words lengthen it, up to `LONGEST_RUN`.
const USUAL_RUN: usize = 8;
const LONGEST_RUN: usize = 24;
/// Digits of a number put together from groups, and letters on either side of an `@`, at most.
const LONGEST_NUMBER: usize = 40;
const LONGEST_SIDE: usize = 64;

/// How a text was found to hold an identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Held {
    Anywhere,
    StandsAlone,
}

/// The patrons' identifiers. Grows with patrons, not with rows: about 12 bytes an identifier.
#[derive(Clone, Debug, Default)]
pub struct Identifiers {
    anywhere: HashSet<Hash, Already>,
    alone: HashSet<Hash, Already>,
    /// The lengths that there are, a bit each: of numbers, and of identifiers with letters and digits.
    numbers: u64,
    mixed: u64,
    /// How many words the longest identifier has.
    longest: usize,
    scratch: Vec<u8>,
}

impl Identifiers {
    pub fn len(&self) -> usize {
        self.anywhere.len() + self.alone.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// To be found anywhere in a text.
    pub fn add(&mut self, identifier: &[u8]) {
        let mut normal = std::mem::take(&mut self.scratch);
        let kind = normalize(identifier, &mut normal);
        self.longest = self.longest.max(kind.words.min(LONGEST_RUN));
        match (kind.letters, kind.digits) {
            (false, true) => self.add_number(&normal),
            (letters, digits) => {
                self.insert(&normal);
                if letters && digits {
                    self.mixed |= bit(normal.len());
                    self.add_numbers_within(identifier);
                }
                if identifier.contains(&b'@') {
                    self.add_untagged(identifier);
                }
            }
        }
        if let Some(number) = whole_number(identifier) {
            self.add_number(&number);
        }
        self.scratch = normal;
    }

    /// Not to stand alone.
    pub fn add_alone(&mut self, identifier: &[u8]) {
        let mut normal = std::mem::take(&mut self.scratch);
        let kind = normalize(identifier, &mut normal);
        if !normal.is_empty() {
            self.alone.insert(hash(&normal));
        }
        if !kind.letters && without_zeros(&normal).len() < normal.len() {
            self.alone.insert(hash(without_zeros(&normal)));
        }
        if let Some(number) = whole_number(identifier) {
            self.alone.extend([hash(&number), hash(without_zeros(&number))]);
        }
        self.scratch = normal;
    }

    /// A person's names, in the order of the columns: each not to stand alone, first and last (and all together) in
    /// either order not to be found anywhere.
    pub fn add_names(&mut self, names: &[&[u8]]) {
        let given: Vec<&[u8]> =
            names.iter().copied().filter(|name| name.iter().any(|c| !c.is_ascii_whitespace())).collect();
        given.iter().for_each(|name| self.add_alone(name));
        for (index, one) in given.iter().enumerate() {
            for other in given[..index].iter().chain(&given[index + 1..]) {
                self.add(&[one, b" ".as_slice(), other].concat());
            }
        }
        if given.len() > 2 {
            self.add(&given.join(b" ".as_slice()));
        }
    }

    pub fn merge(&mut self, other: Identifiers) {
        self.anywhere.extend(other.anywhere);
        self.alone.extend(other.alone);
        self.numbers |= other.numbers;
        self.mixed |= other.mixed;
        self.longest = self.longest.max(other.longest);
    }

    fn insert(&mut self, normal: &[u8]) {
        match normal.len() {
            0 => {}
            1..SHORTEST_ANYWHERE => drop(self.alone.insert(hash(normal))),
            _ => drop(self.anywhere.insert(hash(normal))),
        }
    }

    /// A number, as it is and without what may stand before it: zeros, and the 1 that dials North America.
    fn add_number(&mut self, number: &[u8]) {
        let short = without_zeros(number);
        let local = match short {
            [b'1', local @ ..] if local.len() == 10 && local[0] >= b'2' => Some(local),
            _ => None,
        };
        for form in [Some(number), Some(short).filter(|short| short.len() < number.len()), local].into_iter().flatten()
        {
            self.insert(form);
            self.numbers |= bit(form.len());
        }
    }

    /// `541-374-9696 (home)` holds a number that is written without the word, too.
    fn add_numbers_within(&mut self, identifier: &[u8]) {
        let text = String::from_utf8_lossy(identifier);
        for stretch in stretches(&fold(&text)) {
            if stretch.digits.len() >= SHORTEST_IN_A_NUMBER {
                self.add_number(&stretch.digits);
            }
        }
    }

    /// An e-mail address without its tag: `jane+books@…` reaches whom `jane@…` reaches.
    fn add_untagged(&mut self, identifier: &[u8]) {
        let Some(at) = identifier.iter().position(|c| *c == b'@') else { return };
        if let Some(plus) = identifier[..at].iter().position(|c| *c == b'+') {
            let mut normal = Vec::new();
            normalize(&[&identifier[..plus], &identifier[at..]].concat(), &mut normal);
            self.insert(&normal);
        }
    }

    /// Searches a folded text. `codes`: of a column of declared codes.
    pub fn search(&self, text: &str, codes: bool) -> Option<Held> {
        let words: Vec<&str> = words(text).collect();
        if !codes && self.stands_alone(text, &words) {
            return Some(Held::StandsAlone);
        }
        let found = self.in_words(&words)
            || self.in_spoken(&words)
            || self.in_numbers(text)
            || self.in_floats(text)
            || self.within_words(&words)
            || self.in_addresses(text);
        found.then_some(Held::Anywhere)
    }

    fn stands_alone(&self, text: &str, words: &[&str]) -> bool {
        let all = words.concat();
        let all = all.as_bytes();
        let is = |text: &[u8]| !text.is_empty() && self.alone.contains(&hash(text));
        is(all)
            || all.iter().all(u8::is_ascii_digit) && is(without_zeros(all))
            || whole(text).is_some_and(|number| is(&number) || is(without_zeros(&number)))
    }

    /// Runs of words.
    fn in_words(&self, words: &[&str]) -> bool {
        let mut run = Vec::new();
        (0..words.len()).any(|start| {
            run.clear();
            words[start..].iter().take(self.longest.max(USUAL_RUN)).any(|word| {
                run.extend_from_slice(word.as_bytes());
                self.holds(&run)
            })
        })
    }

    /// Whether a whole number or a whole run of words is an identifier.
    fn holds(&self, normal: &[u8]) -> bool {
        let has = |text: &[u8]| text.len() >= SHORTEST_ANYWHERE && self.anywhere.contains(&hash(text));
        has(normal)
            || normal.first() == Some(&b'0') && normal.iter().all(u8::is_ascii_digit) && has(without_zeros(normal))
    }

    /// Runs of words without what people put in between: initials, and the `at` and `dot` of an address.
    fn in_spoken(&self, words: &[&str]) -> bool {
        let is_initial = |word: &&str| word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
        let address = words.contains(&"at") && words.contains(&"dot");
        let left_out = |word: &&str| is_initial(word) || address && ["at", "dot"].contains(word);
        if !words.iter().any(left_out) {
            return false;
        }
        let rest: Vec<&str> = words.iter().copied().filter(|word| !left_out(word)).collect();
        self.in_words(&rest)
    }

    /// Numbers between letters, in groups, and within longer numbers.
    fn in_numbers(&self, text: &str) -> bool {
        stretches(text).iter().any(|stretch| {
            let whole = stretch
                .runs()
                .any(|(from, to)| to - from >= SHORTEST_BETWEEN_LETTERS && self.holds(&stretch.digits[from..to]));
            whole || self.within_number(stretch)
        })
    }

    /// Numbers that are written as floats or with an exponent.
    fn in_floats(&self, text: &str) -> bool {
        let parts = |c: char| c.is_whitespace() || "()[]{}<>;:|/\"".contains(c);
        text.split(parts).filter_map(whole).any(|number| self.holds(&number))
    }

    fn within_number(&self, stretch: &Stretch) -> bool {
        let isbns: Vec<(usize, usize)> =
            stretch.runs().filter(|(from, to)| is_isbn(&stretch.digits[*from..*to])).collect();
        let lengths =
            (SHORTEST_IN_A_NUMBER..64.min(stretch.digits.len() + 1)).filter(|length| self.numbers & bit(*length) != 0);
        let mut lengths = lengths;
        lengths.any(|length| {
            stretch.digits.windows(length).enumerate().any(|(from, number)| {
                // What is part of an ISBN is that by chance; what is the whole of it was looked for as such.
                let in_isbn = || isbns.iter().any(|isbn| isbn.0 <= from && from + length <= isbn.1);
                self.anywhere.contains(&hash(number)) && !in_isbn()
            })
        })
    }

    /// Identifiers with letters and digits, within longer words of both.
    fn within_words(&self, words: &[&str]) -> bool {
        let is_mixed = |word: &[u8]| word.iter().any(u8::is_ascii_digit) && !word.iter().all(u8::is_ascii_digit);
        words.iter().map(|word| word.as_bytes()).filter(|word| is_mixed(word)).any(|word| {
            let mut lengths = (SHORTEST_IN_A_WORD..64.min(word.len())).filter(|length| self.mixed & bit(*length) != 0);
            lengths.any(|length| word.windows(length).any(|part| is_mixed(part) && self.anywhere.contains(&hash(part))))
        })
    }

    /// E-mail addresses with tags, and with letters written on to them.
    fn in_addresses(&self, text: &str) -> bool {
        text.match_indices('@').any(|(at, _)| {
            let is_local = |c: char| c.is_alphanumeric() || "._%+-'".contains(c);
            let is_host = |c: char| c.is_alphanumeric() || ".-".contains(c);
            let mut local: Vec<char> =
                text[..at].chars().rev().take_while(|c| is_local(*c)).take(LONGEST_SIDE).collect();
            local.reverse();
            let host: Vec<char> = text[at + 1..].chars().take_while(|c| is_host(*c)).take(LONGEST_SIDE).collect();
            let untagged = local.iter().position(|c| *c == '+').unwrap_or(local.len());
            [local.len(), untagged].into_iter().any(|end| self.in_address(&local[..end], &host))
        })
    }

    fn in_address(&self, local: &[char], host: &[char]) -> bool {
        (0..local.len()).any(|start| {
            let mut address: String = local[start..].iter().filter(|c| c.is_alphanumeric()).collect();
            host.iter().filter(|c| c.is_alphanumeric()).any(|c| {
                address.push(*c);
                address.len() >= SHORTEST_IN_A_WORD && self.anywhere.contains(&hash(address.as_bytes()))
            })
        })
    }
}

/// The digits of an identifier that is a whole number, and isn't written in digits alone.
fn whole_number(identifier: &[u8]) -> Option<Vec<u8>> {
    // Most are none, and this is asked for every row.
    let may_be =
        identifier.iter().any(|c| matches!(c, b'.' | b',' | b'e' | b'E')) && identifier.iter().any(u8::is_ascii_digit);
    let text = std::str::from_utf8(identifier).ok().filter(|_| may_be)?;
    whole(&fold(text))
}

/// What a normal form is made of.
struct Kind {
    letters: bool,
    digits: bool,
    words: usize,
}

/// Writes the normal form: letters and digits of the folded text.
fn normalize(text: &[u8], normal: &mut Vec<u8>) -> Kind {
    normal.clear();
    let mut kind = Kind { letters: false, digits: false, words: 0 };
    let mut in_word = false;
    let mut note = |is_word: bool, is_digit: bool| {
        kind.words += usize::from(is_word && !in_word);
        in_word = is_word;
        kind.digits |= is_digit;
        kind.letters |= is_word && !is_digit;
    };
    if text.is_ascii() {
        for c in text {
            note(c.is_ascii_alphanumeric(), c.is_ascii_digit());
            if c.is_ascii_alphanumeric() {
                normal.push(c.to_ascii_lowercase());
            }
        }
    } else {
        for c in fold(&String::from_utf8_lossy(text)).chars() {
            note(c.is_alphanumeric(), c.is_ascii_digit());
            if c.is_alphanumeric() {
                normal.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }
    kind
}

fn bit(length: usize) -> u64 {
    if length < 64 { 1 << length } else { 0 }
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|digit| **digit == b'0').count();
    &number[zeros.min(number.len().saturating_sub(1))..]
}

/// The digits between two letters, and where their groups begin.
struct Stretch {
    digits: Vec<u8>,
    starts: Vec<usize>,
}

impl Stretch {
    /// From the beginning of a group to the end of one.
    fn runs(&self) -> impl Iterator<Item = (usize, usize)> {
        let ends = || self.starts.iter().skip(1).copied().chain([self.digits.len()]);
        self.starts.iter().enumerate().flat_map(move |(place, from)| {
            ends().skip(place).take_while(move |to| to - from <= LONGEST_NUMBER).map(move |to| (*from, to))
        })
    }
}

fn stretches(text: &str) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    let mut last_end = None;
    for Group { from, to } in Group::all(text) {
        let goes_on = last_end.is_some_and(|end: usize| !text[end..from].contains(char::is_alphabetic));
        match all.last_mut() {
            Some(stretch) if goes_on => {
                stretch.starts.push(stretch.digits.len());
                stretch.digits.extend_from_slice(&text.as_bytes()[from..to]);
            }
            _ => all.push(Stretch { digits: text.as_bytes()[from..to].to_vec(), starts: vec![0] }),
        }
        last_end = Some(to);
    }
    all
}
