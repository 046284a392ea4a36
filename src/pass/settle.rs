//! What depends on other rows: repeated numbers, last borrowers, chains of renewals. They cross months, so they are
//! settled once, over a table of the rows concerned alone.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::coded::Layout;
use super::context::Context;
use super::runfiles::{RunFileError, RunFiles};
use super::{CodedRow, Passed};
use crate::decide::Chains;
use crate::words::{Day, Need, NeedSet, Reason, ReasonSet, TransactionId};

/// What was settled over the whole pipeline, to be asked for each row.
pub struct Settled {
    /// Of rows whose number comes more than once, by part and line: an exact repeat, or other facts.
    repeats: HashMap<(usize, u32), Repeat>,
    repeated: roaring::RoaringTreemap,
    newest: HashSet<(TransactionId, i64)>,
    pub chains: Chains,
    /// Of logs, by part.
    pub logs: Option<Vec<Standing>>,
}

/// How a file of a log stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// Up to which line its rows were retired before.
    pub again: u64,
    /// Not all of it is due.
    pub waits: bool,
    /// A legal hold may cover rows of it that can't be read, or that name nobody. Its other rows read as if they couldn't be
    /// determined: that a file waits while none of its rows has a need would show the hold.
    pub unread: bool,
    /// It has rows that can't be read: until when one of the day on which it was written would have to stay.
    pub young_until: Option<Day>,
    /// Fewer than half of its rows can be read. No day ends that: what the file says is not known.
    pub unreadable: bool,
}

impl Standing {
    /// All of its rows are in another file of tonight's.
    const COPY: u64 = u64::MAX;

    pub fn is_copy(&self) -> bool {
        self.again == Standing::COPY
    }
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

/// Looks once at the rows that depend on others. Nothing is read where there are none.
pub fn settle(passed: &mut Passed, files: &RunFiles, context: &Context<'_>) -> Result<Settled, RunFileError> {
    let layout = context.layout();
    let mut settled = Settled {
        repeats: HashMap::new(),
        repeated: std::mem::take(&mut passed.repeated),
        newest: std::mem::take(&mut passed.newest),
        chains: std::mem::take(&mut passed.chains),
        logs: standings(passed, context),
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
        if row.linked && (row.needs || last || repeat == Some(Repeat::OtherFacts)) && repeat != Some(Repeat::Exact) {
            settled.chains.needs(row.id);
        }
    }
    settled.chains.measure();
    Ok(settled)
}

/// A file stands or falls as one: it waits while one of its rows has a need, or while a file waits that holds all of them.
/// A row that can't be read is due like one of the day on which the file was written, at the latest.
fn standings(passed: &Passed, context: &Context<'_>) -> Option<Vec<Standing>> {
    let log = context.log.as_ref()?;
    let mut all: Vec<Standing> = Vec::with_capacity(passed.logs.len());
    for (part, found) in passed.logs.iter().enumerate() {
        let unread = found.held || found.unread > 0 && context.has_holds();
        let mut standing =
            Standing { again: log.again[part], waits: found.waits || unread, unread, ..Standing::default() };
        let news = found.unread - found.unread_again;
        // Of a copy that is asked of the whole: a copy that outlived it would be counted again.
        if news > 0 && log.copy_of[part].is_none() {
            let ends = log.written[part].plus(context.retention.grace);
            standing.young_until = Some(ends).filter(|ends| *ends > context.as_of);
            standing.unreadable = news > found.read;
            standing.waits |= standing.unreadable || standing.young_until.is_some();
        }
        all.push(standing);
    }
    for (part, original) in log.copy_of.iter().enumerate() {
        // A file without rows is a copy of nothing.
        if let Some(original) = original.filter(|_| passed.parts[part].records > 0) {
            all[part].again = Standing::COPY;
            // That may be a copy itself.
            let mut of = Some(original);
            while let Some(above) = of {
                all[part].waits |= all[above].waits;
                of = log.copy_of[above];
            }
        }
    }
    Some(all)
}

fn concerned(bytes: &[u8], layout: Layout, settled: &Settled) -> Result<Vec<Concerned>, RunFileError> {
    let rows = layout.rows(bytes).filter(|row| settled.repeated.contains(row.id().0) || settled.chains.has(row.id()));
    let rows = rows.map(|row| Concerned {
        id: row.id(),
        opened: row.opened(),
        facts: row.facts(),
        place: (row.part(), row.line()),
        linked: row.is_linked(),
        needs: !row.needs().is_empty(),
    });
    Ok(rows.collect())
}

impl Settled {
    /// Whether more than one row has the number.
    pub fn is_repeated(&self, id: TransactionId) -> bool {
        self.repeated.contains(id.0)
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

    /// Whether a row was retired before, by another run or in another file.
    #[inline]
    pub fn is_again(&self, row: CodedRow<'_>) -> bool {
        self.is_line_again(row.part(), u64::from(row.line()))
    }

    #[inline]
    pub fn is_line_again(&self, part: usize, line: u64) -> bool {
        self.logs.as_ref().is_some_and(|logs| line <= logs[part].again)
    }

    /// Whether all rows of a file of a log are in another of tonight's.
    pub fn is_copy(&self, part: usize) -> bool {
        self.logs.as_ref().is_some_and(|logs| logs[part].is_copy())
    }

    /// Whether a file of a log waits.
    pub fn file_waits(&self, part: usize) -> bool {
        self.logs.as_ref().is_some_and(|logs| logs[part].waits)
    }

    /// Whether a row of a log leaves with its file tonight, and hasn't before.
    #[inline]
    pub fn leaves(&self, row: CodedRow<'_>) -> bool {
        !self.is_again(row) && !self.file_waits(row.part())
    }

    /// All needs of a row of a log, or of several that are alike: what it needs itself, and while its file waits, that.
    pub fn needs_in_log(
        &self,
        part: usize,
        again: bool,
        linked: bool,
        (mut needs, mut reasons): (NeedSet, ReasonSet),
    ) -> (NeedSet, ReasonSet) {
        let file = self.logs.as_ref().map_or_else(Standing::default, |logs| logs[part]);
        if !linked {
            return (NeedSet::NONE, ReasonSet::default());
        }
        // A legal hold reads like this, too.
        if file.unread {
            needs.insert(Need::Undetermined);
            reasons.insert(Reason::HoldScope);
        }
        if file.waits && needs.is_empty() && (!again || file.is_copy()) {
            needs.insert(Need::Chain);
        }
        (needs, reasons)
    }

    /// All needs of a row, with the reasons why it is undetermined. None: it repeats another row exactly.
    #[inline]
    pub fn needs(&self, row: CodedRow<'_>) -> Option<(NeedSet, ReasonSet)> {
        let (mut needs, mut reasons) = (row.needs(), row.reasons());
        if self.logs.is_some() {
            let (again, linked) = (self.is_again(row), row.is_linked());
            return Some(self.needs_in_log(row.part(), again, linked, (needs, reasons)));
        }
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
        if self.chains.kept(row.id(), !needs.is_empty()) {
            needs.insert(Need::Chain);
        }
        Some((needs, reasons))
    }
}
