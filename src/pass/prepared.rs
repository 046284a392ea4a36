//! Everything that a pass needs and that stays still: the pipeline made ready for rows. All workers share it.

use std::collections::HashSet;

use super::absent::AbsentRule;
use super::coded::Layout;
use super::intake::Intake;
use super::join::Join;
use super::log::LogRun;
use super::met::Meeting;
use super::outcome::Watch;
use super::rules::{Bound, CountRule, MailingRule, Needs, Roles, StateRule, Treated};
use super::scope::HoldScope;
use super::vocabulary::Columns;
use crate::cells::{Nulls, TimeFormat};
use crate::lookup::LookupTable;
use crate::pipeline::Declaration;
use crate::policy::Retention;
use crate::state::absent::{Absent, AbsentPatron};
use crate::state::keys::KeyedDigest;
use crate::words::Day;

/// A pipeline made ready.
pub struct Prepared<'a> {
    pub declaration: &'a Declaration,
    pub intake: Intake,
    pub(super) retention: Retention,
    pub(super) as_of: Day,
    pub(super) cells: CellRules,
    pub(super) lookups: Lookups,
    pub(super) rules: Rules,
    pub(super) holds: HoldScope,
    pub(super) keeps_rejected: bool,
    /// The published columns, with the labels of closed vocabularies and no other text: what every batch begins with.
    pub(super) columns: Columns,
    pub(super) watch: Watch,
    /// None: no patron is missing, as far as anybody can tell.
    pub(super) absent: Option<AbsentRule>,
    /// The site's digest of exports.
    pub(super) digest: KeyedDigest,
}

/// How single cells are read.
pub(super) struct CellRules {
    pub times: TimeFormat,
    pub plausible: (Day, Day),
    pub null: Nulls,
    /// What a patron's column says that names nobody.
    pub nobody: Vec<Vec<u8>>,
    /// What a column of material says that names nothing.
    pub nothing: Vec<Vec<u8>>,
}

/// The other exports, by their places in the declaration.
pub(super) struct Lookups {
    pub tables: Vec<LookupTable>,
    /// By which cells each is joined.
    pub joins: Vec<Join>,
    /// The places of those that decide by having no row; of logs none, whose files are retired whole.
    pub deciding: Vec<usize>,
}

/// What rows are read by, and what is made of them.
pub(super) struct Rules {
    pub roles: Roles,
    pub states: Vec<StateRule>,
    pub needs: Needs,
    pub counts: Option<CountRule>,
    pub treated: Vec<Treated>,
    /// By part.
    pub bound: Vec<Bound>,
    pub mailing: Vec<MailingRule>,
    /// Whether a trace of rows that name nobody is severed: then these are decided, too.
    pub severs_unlinked: bool,
}

impl Prepared<'_> {
    /// What is known of logs before they are read; none: they are a snapshot.
    pub fn log(&self) -> Option<&LogRun> {
        match &self.intake {
            Intake::Snapshot(_) => None,
            Intake::Log(log) => Some(&log.run),
        }
    }

    pub fn layout(&self) -> Layout {
        Layout {
            columns: self.rules.treated.len(),
            title: self.declaration.title().map(|(place, _)| place),
            marks: self.intake.marks(),
        }
    }

    /// What is to be remembered of patrons who are missing. `met`: how many patrons there are on rows. None: nothing can be said.
    pub fn remembered_absent(&self, absent: &HashSet<AbsentPatron>, met: usize) -> Option<Absent> {
        self.absent.as_ref()?.remembered(absent, met, self.as_of)
    }

    /// Whether a row that is kept has been for so long that a person should look; without a day, always.
    pub(super) fn is_for_review(&self, day: Option<Day>) -> bool {
        let from = self.retention.review_after.map(|days| day.map(|day| day.plus(days)));
        from.is_some_and(|from| from.is_none_or(|from| from <= self.as_of))
    }

    /// Whether a legal hold may cover transactions of this kind.
    pub(super) fn has_holds(&self) -> bool {
        !self.holds.is_empty()
    }

    /// Of each lookup that decides by having no row: nothing met so far.
    pub(super) fn nothing_met(&self) -> Vec<Meeting> {
        let met = |place: &usize| Meeting::new(*place, self.lookups.tables[*place].len());
        self.lookups.deciding.iter().map(met).collect()
    }

    pub(super) fn keeps_last(&self) -> usize {
        if self.rules.roles.item.is_some() { self.retention.last_borrower as usize } else { 0 }
    }
}
