//! What a kind's pipeline publishes: columns by what they are about, measures, tables.

use std::collections::BTreeMap;

use super::coarsening::COARSENING;
use super::error::ReleaseError;
use super::names::{PATRONS_OF_YEAR, YEARS};
pub use super::tree::About;
use crate::words::Kind;

/// The published columns of one kind, in the order in which they stand in the files.
#[derive(Clone, Debug)]
pub struct Shape {
    pub kind: Kind,
    pub columns: Vec<ShapeColumn>,
    /// What the column of titles is called, where titles are published: it stands in a table of its own.
    pub title: Option<String>,
    /// Publish the day of opening, in the trunk.
    pub day: bool,
    /// Publish ranges of hours, in a leaf of their own.
    pub hour: bool,
    /// What is counted on each row beside the row itself.
    pub measure: Option<Measure>,
    pub tables: Vec<TableShape>,
}

/// One column.
#[derive(Clone, Debug)]
pub struct ShapeColumn {
    pub name: String,
    pub about: About,
    /// It is taken from an export that is joined by the patron.
    pub from_patron: bool,
    /// Its values in order, where they are bands.
    pub bands: Option<Bands>,
    /// Values that are kept together (places) or apart from others (child and adult), by what the group is called.
    pub groups: BTreeMap<String, Vec<String>>,
}

/// Bands of a number.
#[derive(Clone, Debug)]
pub struct Bands {
    pub edges: Vec<i32>,
    /// Days from the opening: a band of a single number would give the day of the end, and reads `other`.
    pub are_durations: bool,
}

/// What a row counts for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measure {
    /// Each row is a checkout.
    Checkouts,
    /// Each row is a checkout, and was renewed so many times.
    Renewals,
    /// Each row is a checkout (0), a renewal (1), or neither (2): where a renewal is a row of its own.
    Events,
    /// Each row is a request.
    Requests,
    /// Each row is a request, and 1 where it begins a session.
    Sessions,
}

/// What a row of [`Measure::Events`] is.
pub const CHECKOUT: u16 = 0;
pub const RENEWAL: u16 = 1;
pub const NEITHER: u16 = 2;

impl Measure {
    /// The numbers that a row of the trunk says. Which requests begin a session is told by no row: those whose sessions add
    /// up to 1 would be of one reader. Sessions stand in tables alone.
    pub fn told_by_row(self) -> &'static [&'static str] {
        match self {
            Measure::Checkouts => &["checkouts"],
            Measure::Renewals | Measure::Events => &["checkouts", "renewals"],
            Measure::Requests | Measure::Sessions => &[],
        }
    }

    /// A row's numbers, in that order.
    pub(super) fn numbers(self, measure: u32) -> [i64; 2] {
        match self {
            Measure::Checkouts => [1, 0],
            Measure::Renewals => [1, measure.into()],
            Measure::Events => [CHECKOUT, RENEWAL].map(|what| i64::from(measure == u32::from(what))),
            Measure::Requests | Measure::Sessions => [0, measure.into()],
        }
    }
}

/// One statistic: a row for each combination of the columns in `by`.
#[derive(Clone, Debug)]
pub struct TableShape {
    pub name: String,
    /// Names of columns of one node. None: a single row, the period's totals. Every table of a node adds up to those.
    pub by: Vec<String>,
}

/// What the table of titles is called; no other of a pipeline that has titles may be.
pub const TITLES: &str = "titles";

/// The names of the leaf *hours*' own columns.
pub const WEEKDAY: &str = "weekday";
pub const HOURS: &str = "hours";

/// A node of the tree, as a table may be counted from it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Node {
    Collection,
    Community,
    Hours,
}

impl Node {
    pub const ALL: [Node; 3] = [Node::Collection, Node::Community, Node::Hours];

    pub fn name(self) -> &'static str {
        match self {
            Node::Collection => "collection",
            Node::Community => "community",
            Node::Hours => "hours",
        }
    }
}

impl Shape {
    /// Refuses what can't be published or counted: names that are no file names or stand twice, patrons' columns that are
    /// said to be about something else, and tables over columns that no single node has.
    ///
    /// # Errors
    /// Names the column or table.
    pub fn check(&self) -> Result<(), ReleaseError> {
        let refuse = |text: String| Err(ReleaseError::Shape(text));
        for (at, column) in self.columns.iter().enumerate() {
            let name = &column.name;
            if name.is_empty() || RESERVED.contains(&name.as_str()) {
                return refuse(format!("\"{name}\" can't be the name of a published column; rename it"));
            }
            if self.columns[..at].iter().any(|earlier| earlier.name == *name) {
                return refuse(format!("two published columns are named \"{name}\"; rename one"));
            }
            if column.from_patron && column.about != About::Patron {
                return refuse(format!(
                    "\"{name}\" is taken from a patron's record: declare about = \"patron\", or leave it out"
                ));
            }
        }
        if let Some(title) = &self.title {
            if title.is_empty() || RESERVED.contains(&title.as_str()) {
                return refuse(format!("\"{title}\" can't be the name of a published column; rename it"));
            }
            if self.columns.iter().any(|column| column.name == *title) {
                return refuse(format!("two published columns are named \"{title}\"; rename one"));
            }
            if self.tables.iter().any(|table| table.name == TITLES) {
                return refuse(format!(
                    "a table \"{TITLES}\" is made by itself of what is about = \"title\"; rename this one"
                ));
            }
        }
        for (at, table) in self.tables.iter().enumerate() {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            if table.name.is_empty() || !table.name.chars().all(plain) {
                return refuse(format!("table \"{}\": its name may hold letters, digits, - and _ alone", table.name));
            }
            if [COARSENING, PATRONS_OF_YEAR].contains(&table.name.as_str()) || table.name.ends_with(YEARS) {
                return refuse(format!("a table \"{}\" is made by itself; rename this one", table.name));
            }
            if self.tables[..at].iter().any(|earlier| earlier.name == table.name) {
                return refuse(format!("two tables are named \"{}\"; rename one", table.name));
            }
            if let Err(why) = self.node(table) {
                return refuse(format!("table \"{}\": {why}", table.name));
            }
        }
        Ok(())
    }

    /// From which node a table is counted: the first that has all of its columns.
    ///
    /// # Errors
    /// Why there is none.
    pub fn node(&self, table: &TableShape) -> Result<Node, String> {
        for (at, name) in table.by.iter().enumerate() {
            if table.by[..at].contains(name) {
                return Err(format!("\"{name}\" stands twice in it"));
            }
            if !Node::ALL.into_iter().any(|node| self.has(node, name)) {
                return Err(format!("\"{name}\" is not a published column"));
            }
        }
        let found = Node::ALL.into_iter().find(|node| table.by.iter().all(|name| self.has(*node, name)));
        found.ok_or_else(|| {
            "its columns stand in no one node: places with uses (collection), places with what is about patrons \
             (community), or the first place with weekday and hours (hours)"
                .to_owned()
        })
    }

    fn has(&self, node: Node, name: &str) -> bool {
        let at = |about: &[About]| self.columns.iter().any(|c| c.name == name && about.contains(&c.about));
        match node {
            Node::Collection => at(&[About::Place, About::Use]),
            Node::Community => at(&[About::Place, About::Patron]) && self.about(About::Patron).next().is_some(),
            Node::Hours => {
                let first = self.about(About::Place).next().is_some_and(|column| column.name == name);
                self.hour && (first || [WEEKDAY, HOURS].contains(&name))
            }
        }
    }

    /// Places that the board has always published together, by what the group is called: of the first place column.
    pub fn group_places(&mut self, groups: &BTreeMap<String, Vec<String>>) {
        if let Some(first) = self.columns.iter_mut().find(|column| column.about == About::Place) {
            first.groups.clone_from(groups);
        }
    }

    pub fn about(&self, about: About) -> impl Iterator<Item = &ShapeColumn> {
        self.columns.iter().filter(move |column| column.about == about)
    }

    /// What a row is called where rows are counted.
    pub fn rows_are(&self) -> &'static str {
        if matches!(self.measure, Some(Measure::Requests | Measure::Sessions)) { "requests" } else { "transactions" }
    }
}

/// Names that the files use themselves.
const RESERVED: [&str; 15] = [
    "day",
    "week",
    "month",
    "months",
    "period",
    "renewals",
    "sessions",
    "checkouts",
    "requests",
    "transactions",
    "circulation",
    "patrons",
    "weekday",
    "hour",
    "hours",
];
