//! The audit: does the one rule hold in what is about to be published?
//!
//! Two forms: with the patrons known ([`with_patrons`]), before files move into place; and by rows, from published tables
//! alone ([`tables_alone`]), as anybody could. Both count for themselves. They share the types of what is published with the
//! release and no decision, so that a fault there is found here. A finding names node, rule and how many cells; never a value.

mod alike;
mod alone;
mod groups;
mod known;
mod opening;
mod titles;
mod truth;

use std::fmt;

use super::calendar::Span;
use super::totals::Totals;

pub use alone::tables_alone;
pub use known::{community_with_patrons, with_patrons};
pub use titles::{titles_alone, titles_with_patrons};

/// A table of a period.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Node {
    Trunk,
    Community,
    Hours,
    Titles,
    Totals,
}

/// What doesn't hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Broken {
    /// Cells about too few patrons, or of which one patron may have more than half.
    DoesNotCover,
    /// Separators in which one cell alone says something.
    OneCellAlone,
    /// Columns that say the same of more than nine tenths of a place.
    NineTenths,
    /// Values of a use that too few patrons carry in a place.
    RareUse,
    /// A column that is taken from patrons' records.
    LeadsToPatron,
    /// Ranges of hours that miss the opening hours of a day.
    OpeningHours,
    /// Separators of which a leaf has more or fewer rows than the trunk.
    Separator,
    /// Cells of two nodes whose overlap is too narrow.
    Interval,
    /// Rows that say what isn't so.
    Untrue,
    /// Rows that the files have and the release hadn't, or the other way round.
    Files,
    /// Totals that don't add up.
    Sum,
    /// Periods that have days in common.
    Overlap,
}

/// Why a period may not be published.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Finding {
    pub node: Node,
    pub broken: Broken,
    /// How many cells, columns, rows or separators.
    pub count: u64,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let node = match self.node {
            Node::Trunk => "collection",
            Node::Community => "community",
            Node::Hours => "hours",
            Node::Titles => "titles",
            Node::Totals => "totals of uses",
        };
        let what = match self.broken {
            Broken::DoesNotCover => "cells about too few patrons, or one patron's by more than half",
            Broken::OneCellAlone => "combinations in which one cell alone says something",
            Broken::NineTenths => "columns that say the same of over nine tenths of a place",
            Broken::RareUse => "values that too few patrons carry in a place",
            Broken::LeadsToPatron => "columns taken from patrons' records",
            Broken::OpeningHours => "ranges of hours that miss a day's opening hours",
            Broken::Separator => "combinations with other numbers of rows than collection has",
            Broken::Interval => "pairs of cells whose overlap is known too narrowly",
            Broken::Untrue => "cells that aren't true of their rows",
            Broken::Files => "rows that files and release don't have in common",
            Broken::Sum => "tables that don't add up",
            Broken::Overlap => "periods that have days in common with another",
        };
        write!(f, "{node}: {} {what}", self.count)
    }
}

/// What is found, by node and rule; none where nothing is.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, node: Node, broken: Broken, count: usize) {
        if count > 0 {
            self.0.push(Finding { node, broken, count: count as u64 });
        }
    }
}

/// Audits totals of a system that names nobody. `rows_for_a_patron` is what the policy takes one patron to have at most.
pub fn totals(totals: &Totals, threshold: u32, rows_for_a_patron: u64) -> Vec<Finding> {
    let least = u64::from(threshold) * rows_for_a_patron;
    let mut findings = Findings::default();
    let small = totals.tables.iter().flat_map(|table| &table.values).filter(|value| value.rows < least).count();
    findings.add(Node::Totals, Broken::DoesNotCover, small + usize::from(totals.rows < least));
    let adds_up = |table: &&super::totals::TotalsTable| {
        let sums = totals.measures.iter().enumerate();
        let rows: u64 = table.values.iter().map(|value| value.rows).sum();
        rows == totals.rows
            && sums
                .into_iter()
                .all(|(at, (_, sum))| table.values.iter().map(|value| value.measures[at]).sum::<i64>() == *sum)
    };
    findings.add(Node::Totals, Broken::Sum, totals.tables.iter().filter(|table| !adds_up(table)).count());
    findings.0
}

/// No two periods of a kind may have a day in common: one could be subtracted from the other.
pub fn periods(spans: &[Span]) -> Vec<Finding> {
    let mut sorted = spans.to_vec();
    sorted.sort_unstable_by_key(|span| (span.first, span.last));
    let mut findings = Findings::default();
    findings.add(Node::Trunk, Broken::Overlap, sorted.windows(2).filter(|two| two[1].first <= two[0].last).count());
    findings.0
}
