//! What is public of one kind, as pages go through it: its periods and tables in the order in which they are read, and what
//! they are called.

use std::collections::BTreeMap;

use super::figures::labels;
use super::prose::{column, kinds, list};
use crate::release::catalogue::OfKind;
use crate::release::catalogue::PackageAbout;
use crate::release::coarsening::COARSENING;
use crate::release::node::Table;
use crate::words::{Kind, Month, Period};

/// What is public of one kind, and what the policy says.
#[derive(Clone, Copy)]
pub struct Said<'a> {
    pub kind: Kind,
    pub of_kind: &'a OfKind,
    pub about: &'a PackageAbout<'a>,
}

/// Where the page of a table or of a period lies, relative to `public/`. No table is called like a period.
pub fn page_path(kind: Kind, what: &str) -> String {
    format!("pages/{}", page_name(kind, what))
}

/// The same for who stands beside it.
pub fn page_name(kind: Kind, what: &str) -> String {
    format!("{kind}-{what}.html")
}

impl<'a> Said<'a> {
    /// What a value of a column is called on a page; tables in files say the value.
    pub fn label<'t>(&'t self, column: &str, value: &'t str) -> &'t str {
        self.about.label(column, value)
    }

    /// In order.
    pub fn periods(&self) -> Vec<Period> {
        let of_nodes = self.of_kind.nodes.values().flat_map(|node| node.periods.iter().copied());
        let of_tables = self.of_kind.tables.values().flat_map(|table| table.keys().copied());
        let mut periods: Vec<Period> = of_nodes.chain(of_tables).collect();
        periods.sort_unstable();
        periods.dedup();
        periods
    }

    /// Totals first, what coarsening cost last.
    pub fn tables(&self) -> Vec<(&'a str, &'a BTreeMap<Period, Table>)> {
        let mut tables: Vec<_> = self.of_kind.tables.iter().map(|(name, periods)| (name.as_str(), periods)).collect();
        let columns =
            |periods: &BTreeMap<Period, Table>| periods.values().next_back().map_or(0, |table| labels(table).count());
        tables.sort_by_key(|(name, periods)| (*name == COARSENING, columns(periods) > 0, *name));
        tables
    }

    /// Of a table, in prose: "Loans by branch and item type".
    pub fn title(&self, name: &str) -> String {
        let kinds = kinds(self.kind);
        if name == COARSENING {
            return format!("{kinds}: how much detail is published");
        }
        let newest = self.of_kind.tables.get(name).and_then(|periods| periods.values().next_back());
        let columns: Vec<String> = newest.into_iter().flat_map(labels).map(|label| column(&label.name)).collect();
        if columns.is_empty() { format!("{kinds}, in all") } else { format!("{kinds} by {}", list(&columns)) }
    }

    /// Whether of this period only totals are public, since the system names nobody: what is coarsened is said of all others.
    pub fn is_totals_alone(&self, period: Period) -> bool {
        let is_in_a_node = self.of_kind.nodes.values().any(|node| node.periods.contains(&period));
        let is_coarsened = self.of_kind.tables.get(COARSENING).is_some_and(|table| table.contains_key(&period));
        !is_in_a_node && !is_coarsened
    }

    /// Months between the first and the last of which nothing is public.
    pub fn gaps(&self) -> Vec<Month> {
        let periods = self.periods();
        let (Some(first), Some(last)) = (periods.first(), periods.iter().map(|period| period.last).max()) else {
            return Vec::new();
        };
        let all = Period { first: first.first, last };
        all.months().filter(|month| !periods.iter().any(|period| period.contains(*month))).collect()
    }
}
