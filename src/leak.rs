//! The leak search: no text that leaves may hold what identifies a patron.
//!
//! Two searches, of every distinct text that is to be published, once each:
//!
//! **Identifiers.** The patrons' identifiers of tonight's exports are kept as 64-bit hashes of a *normal form*: letters and
//! digits of the folded text (`fold`). Two sets: what is searched for **anywhere** in a text (card numbers, logins,
//! e-mail, phones, streets, full names), and what may not **stand alone** as a text (patron numbers, single names, birth
//! dates, post codes), since these occur in innocent texts. Columns of codes that the library itself declared are not
//! held against the second set, and of the first against what has digits, an `@`, or the comma or initial of a person: a
//! branch may be called as somebody logs in. An identifier is found (`held`)
//!
//! - as a run of words, whatever separates them;
//! - if it is a name: in either order, with initials or any middle name that fits, without a second given name (`persons`);
//! - if it is a number: in groups, with and without leading zeros and the 1 that dials North America, as a float or with an
//!   exponent (`numbers`), with O for 0 and l for 1 (`lookalikes`), without its check digit (11 digits and more), between
//!   letters (7 digits and more) and within a longer number (10 and more, but not within an ISBN: that is chance);
//! - if it has letters and digits: within a longer word of both (8 and more);
//! - if it is an e-mail address: with a tag, with letters written on to it, with `at` and `dot` spoken out (`mail`);
//! - if it is a street: with its words shortened or not, with and without the flat (`streets`);
//! - if it is a date of birth: in all usual ways to write it (`dates`); if a post code: with and without four more digits.
//!
//! A text is searched in all its `readings`: as it stands there, with codes undone, with Latin letters for those that look like them.
//!
//! **Patterns** (`pattern`, `shapes`): what looks as if it led to somebody, patron or not. Bibliographic texts are full of
//! numbers, so these are strict; what they miss of a patron's, the first search finds. A policy can accept a pattern in a
//! column. It can't accept an identifier: that is a person.
//!
//! Not found: what only encryption or a code (Base64) hides, a login or a name of letters alone that is glued into a
//! longer word, an initial in place of a first name, a middle name that no export has, a number that a spreadsheet rounded
//! (but that it did is a pattern). Numbers, dates and closed vocabularies aren't searched: their type is their proof.
//!
//! The hashes are of this run alone, in memory alone. They are not keyed for secrecy but seeded against collisions; one
//! in 10^13 or so would be a false alarm, never a miss.

mod date_words;
mod dates;
mod fold;
mod hashes;
mod held;
mod identifiers;
mod lookalikes;
mod mail;
mod normal;
mod numbers;
mod pattern;
mod persons;
mod readings;
mod shapes;
mod streets;
mod stretches;
mod unpacked;

pub use fold::fold;
pub use hashes::{Already, hash};
pub use identifiers::Identifiers;
pub use numbers::alike;
pub use pattern::{Pattern, Patterns};

use std::borrow::Cow;

use held::Held;

/// What a text was found to hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Leak {
    /// An identifier, somewhere in it.
    Identifier,
    /// It is nothing but a patron's number, name, birth date or post code.
    StandsAlone,
    Pattern(Pattern),
}

/// Searches a text for identifiers and patterns. `codes`: of a column of declared codes. Where it holds an identifier,
/// what else it looks like is left out: nobody shall think that it could be accepted.
pub fn search(identifiers: &Identifiers, text: &str, codes: bool) -> Vec<Leak> {
    let readings = readings::readings(text);
    match readings.iter().find_map(|reading| held::search(identifiers, reading, codes)) {
        Some(Held::Anywhere) => vec![Leak::Identifier],
        Some(Held::StandsAlone) => vec![Leak::StandsAlone],
        None => {
            let signed = readings.iter().filter_map(|reading| mail::with_signs(reading)).map(Cow::Owned);
            let all = readings.iter().cloned().chain(signed);
            let patterns = all.map(|reading| shapes::find(&reading)).fold(Patterns::default(), Patterns::union);
            patterns.iter().map(Leak::Pattern).collect()
        }
    }
}

#[cfg(test)]
mod tests;
