//! What a declaration says of rows, with names made places: the rules that every row is read by.

use crate::lookup::Test;
use crate::pipeline::Field;
use crate::pipeline::declaration::StateName;
use crate::treat::{Bands, ClassRule, TextRule, Waits, ends};
use crate::words::Way;

/// The columns of a transaction that mean something, as places in `Fields::columns`.
pub(super) struct Roles {
    pub patrons: Vec<usize>,
    /// What makes a row linked; none: that it names a patron.
    pub linked: Vec<Field>,
    pub item: Option<usize>,
    pub opened: usize,
    pub closed: Vec<Field>,
    /// Of how many of these, the first, the latest counts. Of the others the first that is set does.
    pub closed_together: usize,
    /// It may close on a day to come, and is open until then: a card expires.
    pub closes_ahead: bool,
    pub renewals: Option<usize>,
    pub renews: Option<usize>,
    pub identifiers: Vec<usize>,
    pub people: Vec<usize>,
    pub names: Vec<usize>,
    pub alone: Vec<usize>,
    /// What the published `branch` is made from, or what stands for it: legal holds may name branches.
    pub branch: Option<Field>,
}

impl Roles {
    /// An event is over when it is written: one time says both.
    pub fn closed_is_opened(&self) -> bool {
        self.closed == [Field::Column(self.opened)]
    }
}

pub(super) type Conditions = Vec<(Field, Test)>;

/// A state, in which way it ended if that is told, and when it is a transaction's.
pub(super) type StateRule = ((StateName, Option<Way>), Conditions);

#[derive(Default)]
pub(super) struct Needs {
    pub owing: Option<Conditions>,
    pub history: Option<Conditions>,
    pub disputed: Option<Conditions>,
    pub lost: Option<Conditions>,
    pub withdrawn: Option<Conditions>,
    pub settled: Option<(Field, Conditions)>,
    pub refund: Option<(Field, Conditions)>,
}

/// What rows count as, made ready.
pub(super) struct CountRule {
    pub renewal: Conditions,
    pub neither: Option<Conditions>,
}

/// A coded column's treatment, made ready.
pub(super) enum Treated {
    Text { rule: TextRule, from: Field },
    Year { from: Field },
    Class { rule: ClassRule, from: Field },
    Band { bands: Bands, from: Field },
    Age { bands: Bands, born: Field, at: Field },
    Duration { bands: Bands, from: Field, to: Field },
    Wait { waits: Waits, from: Field, to: Field },
    Ended,
}

impl Treated {
    /// Every label of a closed vocabulary; none: its values are texts.
    pub fn labels(&self) -> &[String] {
        match self {
            Treated::Text { .. } | Treated::Year { .. } => &[],
            Treated::Class { rule, .. } => rule.labels(),
            Treated::Wait { waits, .. } => waits.labels(),
            Treated::Ended => ends(),
            Treated::Band { bands, .. } | Treated::Age { bands, .. } | Treated::Duration { bands, .. } => {
                bands.labels()
            }
        }
    }
}

/// A purpose of the policy, made ready.
pub(super) struct MailingRule {
    pub opt_in: Conditions,
    pub columns: Vec<Field>,
}

/// Where one export of transactions has the columns that are used.
pub(super) struct Bound {
    pub places: Vec<usize>,
    pub width: usize,
    /// Runs of neighbouring columns that identify the patron, first and last: the longest, and those with names. They
    /// are the same on most of her rows.
    pub persons: Vec<(usize, usize)>,
    /// Other columns with identifiers or single names: notes, say.
    pub other_identifiers: Vec<(usize, SearchedAs)>,
}

/// How an identifier is searched for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum SearchedAs {
    Anywhere,
    Alone,
}
