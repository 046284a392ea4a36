//! A period that may be published: nothing in it names a patron.

use std::collections::{BTreeMap, BTreeSet};

use super::node::Table;
use super::shape::Node;
use super::titles::Titles;
use super::tree::Counts;
use crate::words::{Kind, Period};

/// A period that may be published.
pub struct Published {
    pub period: Period,
    pub kind: Kind,
    pub(super) what: What,
}

pub(super) enum What {
    /// The trunk and its leaves, and what tables tell beside their sums.
    Tree {
        nodes: Vec<(Node, Table)>,
        titles: Option<Box<Titles>>,
        patrons: Vec<CellFigures>,
        sessions: Option<Vec<CellFigures>>,
        counts: Counts,
    },
    /// Totals of uses, by table, where a system names nobody.
    Totals(Vec<(String, Table)>),
}

/// Figures of a table's cells that are no sum of published rows: distinct patrons, or sessions.
pub(super) struct CellFigures {
    pub table: String,
    pub cells: BTreeMap<Vec<String>, Option<i64>>,
}

impl Published {
    /// What coarsening cost, for staff; none where only totals leave.
    pub fn counts(&self) -> Option<&Counts> {
        match &self.what {
            What::Tree { counts, .. } => Some(counts),
            What::Totals(_) => None,
        }
    }

    /// Whether only totals of uses leave, since the system names nobody.
    pub fn is_totals_alone(&self) -> bool {
        matches!(self.what, What::Totals(_))
    }

    /// The titles that will leave.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        let titles = match &self.what {
            What::Tree { titles, .. } => titles.as_deref(),
            What::Totals(_) => None,
        };
        titles.into_iter().flat_map(Titles::told)
    }

    /// Leaves titles to what isn't told.
    pub fn leave_out(&mut self, left_out: &BTreeSet<String>) {
        if let What::Tree { titles: Some(titles), .. } = &mut self.what {
            titles.leave_out(left_out);
        }
    }

    /// Every distinct text that will leave, but for titles, with its column, for the leak search. Tables are counted from
    /// these.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let tables: Vec<&Table> = match &self.what {
            What::Tree { nodes, .. } => nodes.iter().map(|(_, table)| table).collect(),
            What::Totals(tables) => tables.iter().map(|(_, table)| table).collect(),
        };
        tables.into_iter().flat_map(Table::texts)
    }
}
