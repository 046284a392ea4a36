//! A transaction's id, from a cell to the 64 bits by which it is known everywhere else.
//!
//! A whole number is itself. A text (a UUID, say) is known by the first 64 bits of a digest under the site's key: two of
//! twenty million ids have the same with a chance of one in a hundred thousand, and then count as one id with other
//! facts, which keeps both. The text itself goes to the run files, and from there to the worklist alone.

use crate::pipeline::declaration::{IdType, TransactionColumn};
use crate::state::keys::KeyedDigest;
use crate::words::TransactionId;

#[derive(Clone)]
pub enum IdRule {
    Integer,
    Text(Box<KeyedDigest>),
    /// Several cells, which are known by a digest alone: it is no id of the system's.
    Made(Box<KeyedDigest>),
}

/// The longest id that is a text. UUIDs have 36 characters.
const LONGEST: usize = 64;

impl IdRule {
    /// `digest`: the site's, for ids.
    pub fn new(declared: &TransactionColumn, digest: KeyedDigest) -> IdRule {
        match declared {
            TransactionColumn::Own { r#type: IdType::Integer, .. } => IdRule::Integer,
            TransactionColumn::Own { r#type: IdType::Text, .. } => IdRule::Text(Box::new(digest)),
            TransactionColumn::Made { .. } => IdRule::Made(Box::new(digest)),
        }
    }

    /// None: not an id of the declared type. What passes needs no quoting, in CSV or in SQL.
    #[inline]
    pub fn read(&self, cell: &[u8]) -> Option<TransactionId> {
        match self {
            IdRule::Integer => integer(cell),
            IdRule::Text(digest) => text(cell, digest),
            IdRule::Made(_) => None,
        }
    }

    /// An id of several cells, each with its length before it. None: all of them are empty, so that they tell nothing apart.
    pub fn make<'c>(&self, cells: impl Iterator<Item = &'c [u8]>) -> Option<TransactionId> {
        let IdRule::Made(digest) = self else { return None };
        let mut digest = (**digest).clone();
        let mut says = false;
        for cell in cells {
            says |= !cell.is_empty();
            digest.update(&(cell.len() as u64).to_le_bytes());
            digest.update(cell);
        }
        says.then(|| shortened(digest))
    }

    pub fn is_text(&self) -> bool {
        matches!(self, IdRule::Text(_))
    }
}

/// Digits alone, no sign, no blank, up to 18 of them.
#[inline]
fn integer(cell: &[u8]) -> Option<TransactionId> {
    if cell.is_empty() || cell.len() > 18 || !cell.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // 007 and 7 would be one number and two texts.
    if cell.len() > 1 && cell[0] == b'0' {
        return None;
    }
    Some(TransactionId(cell.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))))
}

/// Letters, digits and `-_.:`.
fn text(cell: &[u8], digest: &KeyedDigest) -> Option<TransactionId> {
    // A pipeline that called numbers numbers may call them texts one day: what is known of them stays.
    if let Some(number) = integer(cell) {
        return Some(number);
    }
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    // A leading `-` could be taken for an option or a formula.
    let begins = cell.first().is_some_and(u8::is_ascii_alphanumeric);
    if !begins || cell.len() > LONGEST || !cell.iter().all(fits) {
        return None;
    }
    let mut digest = digest.clone();
    digest.update(cell);
    Some(shortened(digest))
}

fn shortened(digest: KeyedDigest) -> TransactionId {
    let whole = digest.finish().0;
    TransactionId(u64::from_le_bytes([whole[0], whole[1], whole[2], whole[3], whole[4], whole[5], whole[6], whole[7]]))
}

/// An id's text in a run file: the id, its length, its characters.
pub(super) fn push_text(into: &mut Vec<u8>, id: TransactionId, text: &[u8]) {
    into.extend_from_slice(&id.0.to_le_bytes());
    into.push(text.len() as u8);
    into.extend_from_slice(text);
}

/// The ids and texts of a run file. It was written by this very run.
pub fn texts(mut bytes: &[u8]) -> impl Iterator<Item = (TransactionId, &str)> {
    std::iter::from_fn(move || {
        let (id, rest) = bytes.split_first_chunk::<8>()?;
        let (length, rest) = rest.split_first()?;
        let (text, rest) = rest.split_at_checked(usize::from(*length))?;
        bytes = rest;
        Some((TransactionId(u64::from_le_bytes(*id)), std::str::from_utf8(text).ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_safe_in_sql_is_an_id() {
        let rules = [IdRule::Integer, IdRule::Text(Box::new(KeyedDigest::of_made_up_rows()))];
        let cases = [
            ("7", true, true),
            ("999999999999999999", true, true),
            ("1234567890123456789", false, true),
            ("007", false, true),
            ("0", true, true),
            ("", false, false),
            ("-7", false, false),
            (" 7", false, false),
            ("7b2f1f0e-9d0f-4c5a-8f00-0123456789ab", false, true),
            ("a_b.c:d-", false, true),
            ("a'b", false, false),
            ("1); DROP TABLE loans", false, false),
            ("é", false, false),
            ("=cmd()", false, false),
            (&"a".repeat(64), false, true),
            (&"a".repeat(65), false, false),
        ];
        for (cell, integer, text) in cases {
            let read = rules.each_ref().map(|rule| rule.read(cell.as_bytes()).is_some());
            assert_eq!(read, [integer, text], "{cell}");
        }
    }

    #[test]
    fn an_id_is_made_of_cells_and_of_where_one_ends() {
        let rule = IdRule::Made(Box::new(KeyedDigest::of_made_up_rows()));
        let make = |cells: &[&str]| rule.make(cells.iter().map(|cell| cell.as_bytes()));
        assert_eq!(make(&["31", "2026-01-02"]), make(&["31", "2026-01-02"]));
        assert_ne!(make(&["31", "2026-01-02"]), make(&["312", "026-01-02"]));
        assert_ne!(make(&["31", ""]), make(&["", "31"]));
        assert_eq!(make(&["", ""]), None);
        assert_eq!(rule.read(b"7"), None);
    }

    #[test]
    fn texts_come_back_as_they_went_in() {
        let mut bytes = Vec::new();
        push_text(&mut bytes, TransactionId(7), b"a-b");
        push_text(&mut bytes, TransactionId(u64::MAX), b"c");
        assert_eq!(texts(&bytes).collect::<Vec<_>>(), [(TransactionId(7), "a-b"), (TransactionId(u64::MAX), "c")]);
    }
}
