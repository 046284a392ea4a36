//! The leak search: no text that leaves may hold what identifies a patron.
//!
//! The patrons' identifiers of tonight's exports are kept as 64-bit hashes of a *normal form*: lower case, letters and
//! digits alone. A text is searched by the normal form of every run of up to eight of its words. So `Brooks, Terri`,
//! `terri brooks` and `TERRI  BROOKS` are one, and so are `541-374-9696` and `(541) 374 9696`.
//!
//! Two sets: what is searched for **anywhere** in a text (card numbers, logins, e-mail, phones, streets, full names),
//! and what may not **stand alone** as a text (patron numbers, single names, birth dates, post codes), since these occur
//! in innocent texts. Columns of codes that the library itself declared are not held against the second set.
//!
//! Numbers, dates and closed vocabularies aren't searched: their type is their proof.
//!
//! The hashes are of this run alone, in memory alone. They are not keyed for secrecy but seeded against collisions; one
//! in 10^13 or so would be a false alarm, never a miss.

use std::hash::{BuildHasher, Hasher};

use hashbrown::HashSet;

/// An identifier shorter than this, in its normal form, is held to stand alone: everything contains "al".
const SHORTEST_ANYWHERE: usize = 5;
/// The longest run of words that is searched for.
const LONGEST_RUN: usize = 8;

type Hash = u64;

/// What a text was found to hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Leak {
    /// An identifier, somewhere in it.
    Identifier,
    /// It is nothing but a patron's number, name, birth date or post code.
    StandsAlone,
}

impl Leak {
    pub fn text(self) -> &'static str {
        match self {
            Leak::Identifier => "holds a patron's identifier",
            Leak::StandsAlone => "is a patron's number, name, birth date or post code",
        }
    }
}

/// The patrons' identifiers. Grows with patrons, not with rows: about 12 bytes an identifier.
#[derive(Clone, Debug, Default)]
pub struct Identifiers {
    anywhere: HashSet<Hash, Already>,
    alone: HashSet<Hash, Already>,
    scratch: Scratch,
}

#[derive(Clone, Debug, Default)]
struct Scratch(Vec<u8>);

/// Hashes are stored as they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Already;

pub struct Same(u64);

impl BuildHasher for Already {
    type Hasher = Same;
    fn build_hasher(&self) -> Same {
        Same(0)
    }
}

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// A fast 64-bit hash of bytes, the same in every run: nothing of it is ever written.
#[inline]
pub fn hash(bytes: &[u8]) -> u64 {
    foldhash::quality::FixedState::with_seed(0x6166_7465_726c_6f61).hash_one(bytes)
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
        if let Some((hash, length)) = self.scratch.normal(identifier) {
            let set = if length < SHORTEST_ANYWHERE { &mut self.alone } else { &mut self.anywhere };
            set.insert(hash);
        }
    }

    /// Not to stand alone.
    pub fn add_alone(&mut self, identifier: &[u8]) {
        if let Some((hash, _)) = self.scratch.normal(identifier) {
            self.alone.insert(hash);
        }
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
    }

    /// Searches a text. `codes`: of a column of declared codes.
    pub fn search(&self, text: &str, codes: bool) -> Option<Leak> {
        let mut whole = Scratch::default();
        if !codes && whole.normal(text.as_bytes()).is_some_and(|(hash, _)| self.alone.contains(&hash)) {
            return Some(Leak::StandsAlone);
        }
        let words: Vec<Vec<u8>> = words(text).collect();
        let mut run = Vec::new();
        for start in 0..words.len() {
            run.clear();
            for word in words[start..].iter().take(LONGEST_RUN) {
                run.extend_from_slice(word);
                if run.len() >= SHORTEST_ANYWHERE && self.anywhere.contains(&hash(&run)) {
                    return Some(Leak::Identifier);
                }
            }
        }
        None
    }
}

impl Scratch {
    /// The hash and the length of a normal form. None: it has neither letter nor digit.
    fn normal(&mut self, text: &[u8]) -> Option<(Hash, usize)> {
        self.0.clear();
        if text.is_ascii() {
            self.0.extend(text.iter().filter(|c| c.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase));
        } else {
            let text = String::from_utf8_lossy(text);
            words(&text).for_each(|word| self.0.extend_from_slice(&word));
        }
        (!self.0.is_empty()).then(|| (hash(&self.0), self.0.len()))
    }
}

/// The words of a text: runs of letters and digits, in lower case.
fn words(text: &str) -> impl Iterator<Item = Vec<u8>> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.to_lowercase().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_found_in_the_ways_they_are_written() {
        let mut identifiers = Identifiers::default();
        for anywhere in ["21234000012345", "jane.doe@example.org", "541-374-9696", "1809 Target Way", "jd", "Ærø12"] {
            identifiers.add(anywhere.as_bytes());
        }
        identifiers.add_names(&[b"Terri", b"", b"Brooks"]);
        for alone in ["103", "1980-02-03", "06019"] {
            identifiers.add_alone(alone.as_bytes());
        }
        let cases = [
            ("21234000012345", false, Some(Leak::Identifier)),
            ("card 2123 4000 0123 45 was found", true, Some(Leak::Identifier)),
            ("see Jane.Doe@Example.org.", true, Some(Leak::Identifier)),
            ("(541) 374-9696", false, Some(Leak::Identifier)),
            ("at 1809 TARGET way, rear", false, Some(Leak::Identifier)),
            ("Brooks, Terri", false, Some(Leak::Identifier)),
            ("the terri brooks collection", true, Some(Leak::Identifier)),
            ("ærø12", false, Some(Leak::Identifier)),
            ("Brooks", false, Some(Leak::StandsAlone)),
            ("Brooks", true, None),
            ("Brooks Memorial Branch", false, None),
            ("103", false, Some(Leak::StandsAlone)),
            ("103", true, None),
            ("room 103", false, None),
            ("JD", false, Some(Leak::StandsAlone)),
            ("jd notes", false, None),
            ("1980-02-03", false, Some(Leak::StandsAlone)),
            ("060", false, None),
            ("", false, None),
        ];
        for (text, codes, expected) in cases {
            assert_eq!(identifiers.search(text, codes), expected, "{text}");
        }
    }
}
