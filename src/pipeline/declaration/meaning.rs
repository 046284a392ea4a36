//! `[[state]]` and `[needs]`: what the values of a transaction say about whether its link is needed.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::words::Way;

/// The first state whose condition holds is the transaction's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    pub is: StateName,
    /// Of a hold that is closed: "fulfilled", "cancelled" or "expired". The policy may give each a grace of its own; one
    /// whose way isn't told has the longest.
    pub way: Option<Way>,
    #[serde(default)]
    pub when: BTreeMap<String, Condition>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StateName {
    Open,
    Closed,
    Disputed,
    Lost,
}

/// A condition on one cell.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "write \"set\", \"unset\", \"positive\", \"zero\", true, false, a list of values, or { not = [values] }"
)]
pub enum Condition {
    /// On something gathered.
    Is(bool),
    /// "set", "unset"; "positive": an amount above zero, which one that can't be read may be; "zero": an amount of nothing,
    /// and where it is null or can't be read, that isn't known.
    Word(String),
    /// One of these values. "" stands for null.
    OneOf(Vec<String>),
    Not {
        not: Vec<String>,
    },
}

/// When which need holds, beyond the state.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// Asked of closed transactions; of open, disputed and lost ones only where a lookup gathers it: what is out for ever
    /// is lost, and its bill is no reason of its own.
    pub owing: Option<BTreeMap<String, Condition>>,
    pub settled: Option<At>,
    pub refund: Option<At>,
    pub history: Option<BTreeMap<String, Condition>>,
    pub disputed: Option<BTreeMap<String, Condition>>,
    pub lost: Option<BTreeMap<String, Condition>>,
    /// The item is gone from the collection: nobody needs its last borrower.
    pub withdrawn: Option<BTreeMap<String, Condition>>,
}

impl Needs {
    /// The conditions of all needs that have one.
    pub fn conditions(&self) -> impl Iterator<Item = &BTreeMap<String, Condition>> {
        [&self.owing, &self.history, &self.disputed, &self.lost, &self.withdrawn].into_iter().flatten()
    }

    /// The needs that end some days after a time.
    pub fn times(&self) -> impl Iterator<Item = &At> {
        [&self.settled, &self.refund].into_iter().flatten()
    }

    /// Every name of a cell that a need asks for.
    pub fn asked(&self) -> impl Iterator<Item = &String> {
        let times = self.times().flat_map(|at| std::iter::once(&at.at).chain(at.when.keys()));
        self.conditions().flat_map(BTreeMap::keys).chain(times)
    }
}

/// A need that ends some days after a time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct At {
    pub at: String,
    #[serde(default)]
    pub when: BTreeMap<String, Condition>,
}
