//! The leak search: no text that leaves may hold what identifies a patron.
//!
//! Two searches, of every distinct text that is to be published, once each:
//!
//! **Identifiers.** The patrons' identifiers of tonight's exports are kept as 64-bit hashes of a *normal form*: letters and
//! digits of the folded text (`fold`). Two sets: what is searched for **anywhere** in a text (card numbers, logins,
//! e-mail, phones, streets, full names), and what may not **stand alone** as a text (patron numbers, single names, birth
//! dates, post codes), since these occur in innocent texts. Columns of codes that the library itself declared are not
//! held against the second set. An identifier is found
//!
//! - as a run of words, whatever separates them, in either order of names, with initials in between, with `at` and `dot`
//!   spoken out, with percent codes;
//! - if it is a number: in groups, with and without leading zeros and the 1 that dials North America, as a float or with an
//!   exponent (`numbers`), between letters (7 digits and more) and within a longer number (10 and more, but not within an
//!   ISBN: that is chance);
//! - if it has letters and digits: within a longer word of both (8 and more);
//! - if it is an e-mail address: with a tag, and with letters written on to it.
//!
//! **Patterns** (`pattern`, `shapes`): what looks as if it led to somebody, patron or not. Bibliographic texts are full of
//! numbers, so these are strict; what they miss of a patron's, the first search finds. A policy can accept a pattern in a
//! column. It can't accept an identifier: that is a person.
//!
//! Not found: what only encryption or a code (Base64) hides, a login or a name of letters alone that is glued into a
//! longer word, an initial in place of a first name, a number that a spreadsheet rounded (but that it did is a pattern).
//! Numbers, dates and closed vocabularies aren't searched: their type is their proof.
//!
//! The hashes are of this run alone, in memory alone. They are not keyed for secrecy but seeded against collisions; one
//! in 10^13 or so would be a false alarm, never a miss.

mod fold;
mod hashes;
mod identifiers;
mod numbers;
mod pattern;
mod shapes;

pub use hashes::{Already, hash};
pub use identifiers::Identifiers;
pub use numbers::alike;
pub use pattern::{Pattern, Patterns};

use identifiers::Held;

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
    let decoded = fold::percent_decoded(text);
    let ways = [Some(text), decoded.as_deref()];
    let ways: Vec<_> = ways.into_iter().flatten().map(fold::fold).collect();
    match ways.iter().find_map(|way| identifiers.search(way, codes)) {
        Some(Held::Anywhere) => vec![Leak::Identifier],
        Some(Held::StandsAlone) => vec![Leak::StandsAlone],
        None => {
            let patterns = ways.iter().map(|way| shapes::find(way)).fold(Patterns::default(), Patterns::union);
            patterns.iter().map(Leak::Pattern).collect()
        }
    }
}

#[cfg(test)]
mod tests;
