//! Patrons who are missing from the export of patrons, where the policy ends by it what would never end (`absent_patron`).
//!
//! An export that was cut looks like many deleted patrons. So nobody is missing tonight where it has no rows, fewer by more than a
//! tenth than when it was last read, or keys that can't be read; and where more than half of all patrons seem to be missing the
//! join is dead, and nothing of it is remembered.

use std::collections::HashSet;

use crate::state::absent::{Absent, AbsentPatron};
use crate::state::keys::KeyedDigest;
use crate::words::Day;

/// What is asked of a pipeline whose kind has such a rule.
pub struct AbsentAsked {
    /// The place of the export of patrons among the lookups.
    pub lookup: usize,
    /// How many rows it had when it was last read.
    pub rows_before: Option<u64>,
    pub since: Absent,
    /// The site's, of absent patrons.
    pub digest: KeyedDigest,
}

/// The same, once the export was read and can be trusted.
pub(super) struct AbsentRule {
    pub(super) lookup: usize,
    since: Absent,
    digest: KeyedDigest,
}

impl AbsentAsked {
    /// `rows`, `unreadable`: of the export of patrons tonight, and of its keys.
    pub(super) fn trusted(self, rows: u64, unreadable: u64) -> Option<AbsentRule> {
        let shrank = self.rows_before.is_some_and(|before| rows.saturating_mul(10) < before.saturating_mul(9));
        let is_whole = rows > 0 && unreadable == 0 && !shrank;
        is_whole.then_some(AbsentRule { lookup: self.lookup, since: self.since, digest: self.digest })
    }
}

impl AbsentRule {
    pub(super) fn patron(&self, number: &[u8]) -> AbsentPatron {
        AbsentPatron::of(&self.digest, number)
    }

    /// Since when she has been missing, if a run before tonight's missed her.
    pub(super) fn since(&self, patron: AbsentPatron) -> Option<Day> {
        self.since.get(&patron).copied()
    }

    /// What is to be remembered. `met`: the patrons of all rows.
    pub(super) fn remembered(&self, absent: &HashSet<AbsentPatron>, met: usize, tonight: Day) -> Option<Absent> {
        let is_dead = absent.len() * 2 > met;
        let since = |patron: &AbsentPatron| (*patron, self.since(*patron).unwrap_or(tonight));
        (!is_dead).then(|| absent.iter().map(since).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_that_cannot_be_trusted_misses_nobody() {
        let asked = |rows_before| AbsentAsked {
            lookup: 0,
            rows_before,
            since: Absent::new(),
            digest: KeyedDigest::of_made_up_rows(),
        };
        for (before, rows, unreadable, trusted) in [
            (None, 100, 0, true),
            (None, 0, 0, false),
            (Some(0), 0, 0, false),
            (Some(100), 90, 0, true),
            (Some(100), 89, 0, false),
            (Some(100), 100, 1, false),
        ] {
            assert_eq!(asked(before).trusted(rows, unreadable).is_some(), trusted, "{before:?} {rows} {unreadable}");
        }
    }

    #[test]
    fn of_a_dead_join_nothing_is_remembered() {
        let digest = KeyedDigest::of_made_up_rows();
        let patron = |number: u8| AbsentPatron::of(&digest, &[number]);
        let since = Absent::from([(patron(1), Day(7)), (patron(9), Day(8))]);
        let rule = AbsentRule { lookup: 0, since, digest: digest.clone() };
        let absent = HashSet::from([patron(1), patron(2)]);
        assert_eq!(rule.remembered(&absent, 3, Day(20)), None);
        let expected = Absent::from([(patron(1), Day(7)), (patron(2), Day(20))]);
        assert_eq!(rule.remembered(&absent, 4, Day(20)), Some(expected), "who is there again is forgotten");
    }
}
