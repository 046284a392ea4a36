//! What one pipeline's exports showed when they were last read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::evidence::figure::Figure;
use crate::words::{Age, Day, Need};

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// The run that counted, and its day.
    pub run: u64,
    pub day: Day,
    /// Linked, and needed.
    pub needed: u64,
    /// Linked, and not needed: on a worklist, or held back from it by a brake.
    pub waiting: u64,
    /// Of those that wait, asked for by that run for the first time.
    pub new: u64,
    /// Rows that can't be read.
    pub unread: u64,
    /// They name nobody any more, and other traces do: asked for by that run.
    pub traced: u64,
    /// Ever asked to be severed; and how many of them no longer name a patron.
    pub asked: u64,
    pub severed: u64,
    /// A row counts under each of its needs. A legal hold reads as undetermined.
    pub by_need: BTreeMap<Need, Figure>,
    /// Linked, by the time since they were opened.
    pub by_age: BTreeMap<Age, Figure>,
}

impl Counted {
    /// What a purge has severed since: `left` rows of its list still lead to a patron. Which ages they have isn't known: what was
    /// counted by age stays what the run saw, and goes where it can no longer be true.
    pub fn purged(&mut self, left: u64) {
        let gone = self.waiting.saturating_sub(left);
        self.waiting -= gone;
        self.severed = (self.severed + gone).min(self.asked);
        (self.new, self.traced) = (0, 0);
        if gone > 0 {
            self.by_age.clear();
        }
    }

    /// Whether the breakdown by age can be what it breaks down. Hidden figures are at least 1.
    pub fn could_add_up(&self) -> bool {
        let linked = self.needed + self.waiting;
        let shown: u64 = self.by_age.values().filter_map(|rows| rows.0).sum();
        let hidden = self.by_age.values().filter(|rows| rows.is_hidden()).count() as u64;
        let ages = self.by_age.is_empty() || if hidden == 0 { shown == linked } else { shown + hidden <= linked };
        ages && self.new <= self.waiting && self.severed <= self.asked
    }
}
