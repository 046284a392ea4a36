//! How the files of a log stand: each is retired whole, once, or waits.

use crate::pass::coded::CodedRow;
use crate::pass::log::LogRun;
use crate::pass::outcome::Passed;
use crate::pass::prepared::Prepared;
use crate::words::{Day, Need, NeedSet, Reason, ReasonSet};

/// What was settled of logs, by part.
pub struct SettledLogs {
    pub standings: Vec<Standing>,
    /// Another part that holds all of its rows.
    copy_of: Vec<Option<usize>>,
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

impl SettledLogs {
    /// A file stands or falls as one: it waits while one of its rows has a need, or while a file waits that holds all of them.
    /// A row that can't be read is due like one of the day on which the file was written, at the latest.
    pub(super) fn new(passed: &Passed, log: &LogRun, prepared: &Prepared<'_>) -> SettledLogs {
        let mut standings: Vec<Standing> =
            (0..passed.logs.parts.len()).map(|part| standing(passed, log, prepared, part)).collect();
        for (part, original) in log.copy_of.iter().enumerate() {
            // A file without rows is a copy of nothing.
            if original.is_some() && passed.parts[part].records > 0 {
                standings[part].again = Standing::COPY;
                // That may be a copy itself.
                let mut of = *original;
                while let Some(above) = of {
                    standings[part].waits |= standings[above].waits;
                    of = log.copy_of[above];
                }
            }
        }
        SettledLogs { standings, copy_of: log.copy_of.clone() }
    }

    /// Whether a row was retired before, by another run or in another file.
    #[inline]
    pub fn is_again(&self, row: CodedRow<'_>) -> bool {
        self.is_line_again(row.part(), u64::from(row.line()))
    }

    #[inline]
    pub fn is_line_again(&self, part: usize, line: u64) -> bool {
        line <= self.standings[part].again
    }

    /// Whether all rows of a file are in another of tonight's.
    pub fn is_copy(&self, part: usize) -> bool {
        self.standings[part].is_copy()
    }

    /// A file, the one that it is a copy of, and so on up.
    pub fn originals(&self, part: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(part), |part| self.copy_of[*part])
    }

    /// Whether a file waits.
    pub fn file_waits(&self, part: usize) -> bool {
        self.standings[part].waits
    }

    /// Whether a row leaves with its file tonight, and hasn't before.
    #[inline]
    pub fn leaves(&self, row: CodedRow<'_>) -> bool {
        !self.is_again(row) && !self.file_waits(row.part())
    }

    #[inline]
    pub fn needs(&self, row: CodedRow<'_>) -> (NeedSet, ReasonSet) {
        self.needs_of(row.part(), self.is_again(row), row.is_linked(), (row.needs(), row.reasons()))
    }

    /// All needs of a row, or of several that are alike: what it needs itself, and while its file waits, that.
    pub fn needs_of(
        &self,
        part: usize,
        again: bool,
        linked: bool,
        (mut needs, mut reasons): (NeedSet, ReasonSet),
    ) -> (NeedSet, ReasonSet) {
        let file = self.standings[part];
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
}

fn standing(passed: &Passed, log: &LogRun, prepared: &Prepared<'_>, part: usize) -> Standing {
    let found = &passed.logs.parts[part];
    let unread = found.held || found.unread > 0 && prepared.has_holds();
    let waits = found.waits || unread || found.repeats || !found.unlisted.is_empty();
    let mut standing = Standing { again: log.again[part], waits, unread, ..Standing::default() };
    let news = found.unread - found.unread_again;
    // Of a copy that is asked of the whole: a copy that outlived it would be counted again.
    if news > 0 && log.copy_of[part].is_none() {
        let ends = log.written[part].plus(prepared.retention.grace);
        standing.young_until = Some(ends).filter(|ends| *ends > prepared.as_of);
        standing.unreadable = news > found.read;
        standing.waits |= standing.unreadable || standing.young_until.is_some();
    }
    standing
}
