//! The inventory of what could be handed over: how much of what the library's systems hold still leads to a patron, why, how
//! old it is, and how much no longer does.
//!
//! It is counted from what each night's exports show, row by row, and says of each pipeline which night that was: a pipeline that
//! was stopped tonight is as it was last seen, and one that was never read has no figures. What a purge severed is taken off
//! once it was counted. A legal hold is never named: its rows read as `undetermined`, as everywhere.

mod counted;
mod history;
mod words;

use serde::{Deserialize, Serialize};

pub use counted::Counted;
pub use history::{History, Point};
pub use words::{handed_over, how_it_changed};

use super::figure::{Figure, Sum, protect};
use crate::words::{Kind, Side};

/// What all pipelines of a site come to. The figures in front are about transactions that lead to a patron; what pipelines of
/// the other sides count (bills that say what was borrowed, contact data) stands with them alone.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exposure {
    /// Needed and waiting.
    pub linked: u64,
    pub needed: u64,
    /// Nobody needs them, and they wait to be severed.
    pub waiting: u64,
    /// Rows that can't be read: some may lead to a patron.
    pub unread: u64,
    /// Transactions that name nobody any more, and of which other traces do.
    pub traced: u64,
    /// Ever asked to be severed, before the run or by a purge, and how many of them are.
    pub asked: u64,
    pub severed: u64,
    pub pipelines: Vec<PipelineExposure>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PipelineExposure {
    pub name: String,
    pub kind: Kind,
    pub side: Side,
    /// None: no run has read it yet.
    pub counted: Option<Counted>,
}

impl PipelineExposure {
    /// What it counts, in words.
    pub fn what(&self) -> String {
        match self.side {
            Side::Patron => format!("{}s that name a patron", self.kind),
            Side::Material => format!("{}s that say what it was", self.kind),
            Side::Contact => "patron records with contact data".into(),
        }
    }
}

impl Exposure {
    pub fn of(pipelines: Vec<PipelineExposure>) -> Exposure {
        let mut sum = Exposure::default();
        for counted in pipelines.iter().filter(|one| one.side == Side::Patron).filter_map(|one| one.counted.as_ref()) {
            sum.needed += counted.needed;
            sum.waiting += counted.waiting;
            sum.unread += counted.unread;
            sum.traced += counted.traced;
            sum.asked += counted.asked - counted.new.min(counted.asked);
            sum.severed += counted.severed;
        }
        sum.linked = sum.needed + sum.waiting;
        sum.pipelines = pipelines;
        sum
    }

    /// Pipelines of which nothing is known yet.
    pub fn never_counted(&self) -> impl Iterator<Item = &str> {
        self.pipelines.iter().filter(|one| one.counted.is_none()).map(|one| one.name.as_str())
    }

    /// Whether the figures in front are what the pipelines say.
    pub fn adds_up(&self) -> bool {
        let parts = |one: &PipelineExposure| one.counted.as_ref().is_none_or(Counted::could_add_up);
        Exposure::of(self.pipelines.clone()) == *self && self.pipelines.iter().all(parts)
    }

    /// For staff: small figures of breakdowns are hidden, as in the report's other tables.
    pub fn protect(&mut self, threshold: u32) {
        for counted in self.pipelines.iter_mut().filter_map(|one| one.counted.as_mut()) {
            protect(counted.by_need.values_mut(), threshold, Sum::Shown);
            protect(counted.by_age.values_mut(), threshold, Sum::Shown);
        }
    }

    /// The breakdowns of one kind, over its pipelines of the patron's side; hidden where one of theirs is.
    pub fn by_age(&self) -> Vec<(crate::words::Age, Figure)> {
        let mut sums = std::collections::BTreeMap::new();
        let counted =
            self.pipelines.iter().filter(|one| one.side == Side::Patron).filter_map(|one| one.counted.as_ref());
        for (age, rows) in counted.flat_map(|counted| &counted.by_age) {
            let sum = sums.entry(*age).or_insert(Figure::ZERO);
            *sum = Figure(sum.0.zip(rows.0).map(|(sum, rows)| sum + rows));
        }
        sums.into_iter().collect()
    }
}

#[cfg(test)]
mod tests;
