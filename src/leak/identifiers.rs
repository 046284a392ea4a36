//! The patrons' identifiers of one run, as hashes of their normal forms.
//!
//! Beside the normal form some sorts of identifiers have a form of their own, with a sign in it that no normal
//! form has: `#` streets, `.` names with a middle name. So what is read generously in a text meets identifiers of its
//! own sort alone.

use hashbrown::HashSet;

use super::dates::{self, Of};
use super::fold::fold;
use super::hashes::{Already, Hash, hash};
use super::lookalikes;
use super::mail;
use super::normal::{Kind, normalize, push_normal, without_zeros};
use super::numbers::whole_number;
use super::persons::{self, Form};
use super::streets;
use super::stretches::stretches;

/// An identifier shorter than this, in its normal form, is held to stand alone: everything contains "al".
pub(super) const SHORTEST_ANYWHERE: usize = 5;
/// Numbers are found within longer numbers from this length on: shorter ones occur there by chance. So do those that lack
/// their last digit.
pub(super) const SHORTEST_IN_A_NUMBER: usize = 10;
/// Identifiers with letters and digits are found within a longer word (`xJane2019y`), and with O for 0, from this length on.
pub(super) const SHORTEST_IN_A_WORD: usize = 8;
/// Runs of words are no longer than the longest identifier, nor than this.
const LONGEST_RUN: usize = 24;

/// The patrons' identifiers. Grows with patrons, not with rows: about 12 bytes a form of an identifier.
#[derive(Clone, Debug, Default)]
pub struct Identifiers {
    anywhere: HashSet<Hash, Already>,
    alone: HashSet<Hash, Already>,
    /// The words with which the hosts of mail addresses begin.
    hosts: HashSet<Hash, Already>,
    /// First and last names of those who have a middle name: most texts have none, and need no further search for these.
    names: HashSet<Hash, Already>,
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
        if kind.letters || kind.digits == 0 {
            if kind.digits == 0 || !self.add_mixed(identifier, &normal, &kind) {
                self.insert(&normal);
            }
            if identifier.contains(&b'@') {
                self.add_mail(identifier);
            }
        } else {
            self.add_number(&normal);
        }
        if let Some(number) = whole_number(identifier) {
            self.add_number(&number);
        }
        self.scratch = normal;
        if let Some(latin) = latin(identifier) {
            self.add(latin.as_bytes());
        }
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
        if kind.digits >= 3 {
            self.add_date(identifier);
        }
        // Nobody took the zeros before it away: `01984` shall not be the novel.
        if let Some(zip) = zip(identifier) {
            self.alone.insert(hash(zip));
        }
        if let Some(latin) = latin(identifier) {
            self.add_alone(latin.as_bytes());
        }
    }

    /// A person's names, in the order of the columns: each not to stand alone, first and last (and all together) in
    /// either order not to be found anywhere, with any way to write a middle name that she has.
    pub fn add_names(&mut self, names: &[&[u8]]) {
        let given: Vec<&[u8]> =
            names.iter().copied().filter(|name| name.iter().any(|c| !c.is_ascii_whitespace())).collect();
        given.iter().for_each(|name| self.add_alone(name));
        self.add_person(&given);
        if let ([_], [name]) = (names, given.as_slice())
            && let Some([one, other]) = persons::parted(name)
        {
            self.add_person(&[&one, &other]);
        }
    }

    fn add_person(&mut self, given: &[&[u8]]) {
        // An initial is no name: with `Ross` it would be in every *cross*.
        let names = || given.iter().enumerate().filter(|(_, name)| !persons::is_initial(name));
        for (place, one) in names() {
            names().filter(|(other, _)| *other != place).for_each(|(_, other)| self.add_joined(&[one, other]));
        }
        if let Some(key) = persons::of_initial(given) {
            self.insert(key.as_bytes());
        }
        if given.len() > 2 {
            self.add_joined(given);
        }
        if persons::is_of_more(given) {
            persons::forms(given, |form| match form {
                Form::Pair(normal) => self.insert(normal.as_bytes()),
                Form::Middle(key, names) => {
                    self.insert(key.as_bytes());
                    self.names.extend(names.map(|name| hash(name.as_bytes())));
                }
            });
        }
    }

    /// Names as one identifier. Nearly all are of plain letters and need no more than their normal form.
    fn add_joined(&mut self, names: &[&[u8]]) {
        if !names.iter().all(|name| name.iter().all(|c| c.is_ascii_alphabetic() || c.is_ascii_whitespace())) {
            return self.add(&names.join(b" ".as_slice()));
        }
        let mut normal = std::mem::take(&mut self.scratch);
        normal.clear();
        let words: usize = names.iter().map(|name| push_normal(name, &mut normal).words).sum();
        self.longest = self.longest.max(words.min(LONGEST_RUN));
        self.insert(&normal);
        self.scratch = normal;
    }

    pub fn merge(&mut self, other: Identifiers) {
        self.anywhere.extend(other.anywhere);
        self.alone.extend(other.alone);
        self.hosts.extend(other.hosts);
        self.names.extend(other.names);
        self.numbers |= other.numbers;
        self.mixed |= other.mixed;
        self.longest = self.longest.max(other.longest);
    }

    fn insert(&mut self, form: &[u8]) {
        match form.len() {
            0 => {}
            1..SHORTEST_ANYWHERE => drop(self.alone.insert(hash(form))),
            _ => drop(self.anywhere.insert(hash(form))),
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

    /// What has letters and digits. Whether it is a street and nothing else, known as such.
    fn add_mixed(&mut self, identifier: &[u8], normal: &[u8], kind: &Kind) -> bool {
        self.mixed |= bit(normal.len());
        if kind.words == 1 && normal.len() >= SHORTEST_IN_A_WORD {
            // A card that was typed with letters.
            let number = std::str::from_utf8(normal).ok().and_then(lookalikes::number);
            number.into_iter().for_each(|number| self.add_number(&number));
        }
        let is_mail = identifier.contains(&b'@');
        if kind.digits < SHORTEST_IN_A_NUMBER && (kind.words == 1 || is_mail) {
            return false;
        }
        let text = String::from_utf8_lossy(identifier);
        let text = fold(&text);
        // `541-374-9696 (home)` holds a number that is written without the word, too.
        if kind.digits >= SHORTEST_IN_A_NUMBER {
            let numbers = stretches(&text).into_iter().filter(|stretch| stretch.digits.len() >= SHORTEST_IN_A_NUMBER);
            numbers.for_each(|number| self.add_number(&number.digits));
        }
        kind.words > 1 && !is_mail && streets::keys(&text, |key| self.insert(key.as_bytes()))
    }

    /// An e-mail address without its tag, and its host: `jane+books@…` reaches whom `jane@…` reaches.
    fn add_mail(&mut self, identifier: &[u8]) {
        let text = String::from_utf8_lossy(identifier);
        let text = fold(&text);
        if let Some(host) = mail::host(&text) {
            self.hosts.insert(hash(host.as_bytes()));
        }
        let Some((local, host)) = text.split_once('@') else { return };
        if let Some((untagged, _)) = local.split_once('+') {
            let mut normal = Vec::new();
            normalize(untagged.as_bytes(), &mut normal);
            push_normal(host.as_bytes(), &mut normal);
            self.insert(&normal);
        }
    }

    /// A date that isn't written with the year first and the day last: such a one is its normal form.
    fn add_date(&mut self, identifier: &[u8]) {
        let is_normal = matches!(identifier, [_, _, _, _, b'-', _, _, b'-', _, _]);
        if !is_normal && !identifier.iter().all(u8::is_ascii_digit) {
            let text = String::from_utf8_lossy(identifier);
            dates::keys(&fold(&text), Of::Record, |key| {
                self.alone.insert(hash(key.as_bytes()));
                false
            });
        }
    }

    /// Whether a form is somebody's, wherever it is found.
    pub(super) fn has(&self, form: &[u8]) -> bool {
        form.len() >= SHORTEST_ANYWHERE && self.anywhere.contains(&hash(form))
    }

    /// Whether it is somebody's, with or without zeros before it.
    pub(super) fn holds(&self, normal: &[u8]) -> bool {
        self.has(normal)
            || normal.first() == Some(&b'0') && normal.iter().all(u8::is_ascii_digit) && self.has(without_zeros(normal))
    }

    /// Whether a mail address has a host that begins with this word.
    pub(super) fn has_host(&self, word: &str) -> bool {
        self.hosts.contains(&hash(word.as_bytes()))
    }

    /// Whether it is the first or last name of somebody who has a middle name.
    pub(super) fn has_name(&self, word: &str) -> bool {
        self.names.contains(&hash(word.as_bytes()))
    }

    /// Whether a form is somebody's and may not stand alone.
    pub(super) fn has_alone(&self, form: &[u8]) -> bool {
        !form.is_empty() && self.alone.contains(&hash(form))
    }

    /// Whether a number lacks only the last digit of somebody's.
    pub(super) fn holds_unchecked(&self, number: &[u8]) -> bool {
        let number = without_zeros(number);
        number.len() >= SHORTEST_IN_A_NUMBER && (b'0'..=b'9').any(|digit| self.has(&[number, &[digit]].concat()))
    }

    /// The lengths of numbers, and of identifiers with letters and digits, that may be found within longer ones.
    pub(super) fn lengths_of_numbers(&self, longest: usize) -> impl Iterator<Item = usize> {
        lengths(self.numbers, SHORTEST_IN_A_NUMBER, longest + 1)
    }

    pub(super) fn lengths_of_mixed(&self, longest: usize) -> impl Iterator<Item = usize> {
        lengths(self.mixed, SHORTEST_IN_A_WORD, longest)
    }

    /// How many words are searched as one.
    pub(super) fn longest_run(&self, usual: usize) -> usize {
        self.longest.max(usual)
    }
}

fn lengths(bits: u64, from: usize, to: usize) -> impl Iterator<Item = usize> {
    (from..to.min(64)).filter(move |length| bits & bit(*length) != 0)
}

fn bit(length: usize) -> u64 {
    if length < 64 { 1 << length } else { 0 }
}

/// An identifier in the Latin letters that it looks like.
fn latin(identifier: &[u8]) -> Option<String> {
    if identifier.is_ascii() {
        return None;
    }
    lookalikes::latin(&String::from_utf8_lossy(identifier))
}

/// The five digits of a post code of the United States that is written with four more.
pub(super) fn zip(text: &[u8]) -> Option<&[u8]> {
    let text = text.trim_ascii();
    let digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    let parts = text.split_at_checked(5).filter(|(zip, more)| digits(zip) && more.len() == 5 && more[0] == b'-');
    parts.filter(|(_, more)| digits(&more[1..])).map(|(zip, _)| zip)
}
