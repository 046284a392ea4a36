//! What of a snapshot depends on other rows: repeated numbers, last borrowers, chains of renewals. They cross months, so they
//! are settled over a table of the rows concerned alone.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;
use roaring::RoaringTreemap;

use crate::decide::Chains;
use crate::pass::coded::{CodedRow, Layout};
use crate::pass::outcome::Passed;
use crate::pass::runfiles::{RunFileError, RunFiles};
use crate::words::{Need, NeedSet, Reason, ReasonSet, TransactionId};

/// What was settled of a snapshot.
pub struct SettledSnapshot {
    /// Of rows whose number comes more than once, by part and line: an exact repeat, or other facts.
    repeats: HashMap<(usize, u32), Repeat>,
    repeated: RoaringTreemap,
    newest: HashSet<(TransactionId, i64)>,
    /// Transactions that lost what another export said of them.
    vanished: RoaringTreemap,
    pub chains: Chains,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeat {
    /// The same row again: rejected.
    Exact,
    /// Another row has its number, with other facts: undetermined.
    OtherFacts,
}

struct Concerned {
    id: TransactionId,
    opened: i64,
    facts: u64,
    place: (usize, u32),
    linked: bool,
    needs: bool,
}

impl SettledSnapshot {
    /// Looks once at the rows that depend on others. Nothing is read where there are none.
    pub(super) fn new(
        passed: &mut Passed,
        files: &RunFiles,
        layout: Layout,
        vanished: RoaringTreemap,
    ) -> Result<SettledSnapshot, RunFileError> {
        let mut settled = SettledSnapshot {
            repeats: HashMap::new(),
            repeated: std::mem::take(&mut passed.repeated),
            newest: std::mem::take(&mut passed.newest),
            vanished,
            chains: std::mem::take(&mut passed.chains),
        };
        if settled.repeated.is_empty() && settled.chains.is_empty() {
            return Ok(settled);
        }
        let found: Vec<Vec<Concerned>> = files
            .months()
            .into_par_iter()
            .map(|month| concerned(&files.read(month)?, layout, &settled))
            .collect::<Result<_, RunFileError>>()?;
        let mut rows: Vec<Concerned> = found.into_iter().flatten().collect();
        rows.sort_unstable_by_key(|row| (row.id, row.facts, row.place));
        for same in rows.chunk_by(|a, b| a.id == b.id) {
            settled.note_repeats(same);
        }
        for row in &rows {
            let repeat = settled.repeats.get(&row.place).copied();
            let last = settled.newest.contains(&(row.id, row.opened));
            if row.linked && (row.needs || last || repeat == Some(Repeat::OtherFacts)) && repeat != Some(Repeat::Exact)
            {
                settled.chains.needs(row.id);
            }
        }
        settled.chains.measure();
        Ok(settled)
    }

    /// Whether more than one row has the number.
    pub fn is_repeated(&self, id: TransactionId) -> bool {
        self.repeated.contains(id.0)
    }

    pub(super) fn of_reused_numbers(&self) -> u64 {
        self.repeats.values().filter(|repeat| **repeat == Repeat::OtherFacts).count() as u64
    }

    #[inline]
    pub(super) fn is_vanished(&self, row: CodedRow<'_>) -> bool {
        !self.vanished.is_empty() && row.is_linked() && self.vanished.contains(row.id().0)
    }

    /// `same`: all rows of one number, sorted by facts and place.
    fn note_repeats(&mut self, same: &[Concerned]) {
        if same.len() < 2 {
            return;
        }
        let differ = same.iter().any(|row| row.facts != same[0].facts);
        for alike in same.chunk_by(|a, b| a.facts == b.facts) {
            for (index, row) in alike.iter().enumerate() {
                if index > 0 {
                    self.repeats.insert(row.place, Repeat::Exact);
                } else if differ {
                    self.repeats.insert(row.place, Repeat::OtherFacts);
                }
            }
        }
    }

    /// Whether the other traces of a row that names nobody may be severed: no other row has its number.
    #[inline]
    pub(super) fn frees_traces(&self, row: CodedRow<'_>) -> bool {
        row.has_traces_due() && !self.is_repeated(row.id())
    }

    #[inline]
    pub(super) fn needs(&self, row: CodedRow<'_>) -> Option<(NeedSet, ReasonSet)> {
        let (mut needs, mut reasons) = (row.needs(), row.reasons());
        if !self.repeated.is_empty() && self.repeated.contains(row.id().0) {
            match self.repeats.get(&(row.part(), row.line())) {
                Some(Repeat::Exact) => return None,
                Some(Repeat::OtherFacts) => {
                    needs.insert(Need::Undetermined);
                    reasons.insert(Reason::RepeatedId);
                }
                None => {}
            }
        }
        if !row.is_linked() {
            return Some((NeedSet::NONE, ReasonSet::default()));
        }
        if !self.newest.is_empty() && self.newest.contains(&(row.id(), row.opened())) {
            needs.insert(Need::LastBorrower);
        }
        // A legal hold reads as `undetermined`, too: that fewer have vanished than are kept would show it.
        if needs.without_holds().is_empty() && self.is_vanished(row) {
            needs.insert(Need::Undetermined);
            reasons.insert(Reason::Vanished);
        }
        if self.chains.kept(row.id(), !needs.is_empty()) {
            needs.insert(Need::Chain);
        }
        Some((needs, reasons))
    }
}

fn concerned(bytes: &[u8], layout: Layout, settled: &SettledSnapshot) -> Result<Vec<Concerned>, RunFileError> {
    let rows = layout.rows(bytes).filter(|row| settled.repeated.contains(row.id().0) || settled.chains.has(row.id()));
    let rows = rows.map(|row| Concerned {
        id: row.id(),
        opened: row.opened(),
        facts: row.facts(),
        place: (row.part(), row.line()),
        linked: row.is_linked(),
        needs: !row.needs().is_empty() || settled.is_vanished(row),
    });
    Ok(rows.collect())
}
