//! What a person said of the columns, where a guess can't tell: it counts before all that was guessed.

use super::meaning::About;
use crate::profile::TableProfile;

/// Which of day and month comes first where a date doesn't show it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dates {
    DayFirst,
    MonthFirst,
}

/// What was said of the transactions' file. Columns are called as the file calls them.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub about: Option<About>,
    /// Its own number; of several columns one is made.
    pub id: Vec<String>,
    pub patron: Vec<String>,
    pub item: Option<String>,
    pub opened: Option<String>,
    pub closed: Vec<String>,
    /// Values of the patron's column that name nobody.
    pub nobody: Vec<String>,
    pub dates: Option<Dates>,
    /// Nobody owes anything for a transaction, or not in this system.
    pub no_bills: bool,
}

impl Said {
    /// Each column that was named, with the option that named it.
    pub fn columns(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let id = self.id.iter().map(|column| ("--id", column.as_str()));
        let patron = self.patron.iter().map(|column| ("--patron", column.as_str()));
        let item = self.item.iter().map(|column| ("--item", column.as_str()));
        let opened = self.opened.iter().map(|column| ("--opened", column.as_str()));
        let closed = self.closed.iter().map(|column| ("--closed", column.as_str()));
        id.chain(patron).chain(item).chain(opened).chain(closed)
    }

    /// Whether a file has all columns that were named.
    pub(super) fn fits(&self, table: &TableProfile) -> bool {
        self.columns().all(|(_, column)| table.column(column).is_some())
    }

    /// A column that no file has, or that none has beside the others.
    pub fn unknown(&self, tables: &[TableProfile]) -> Option<(&'static str, &str)> {
        self.columns().find(|(_, column)| tables.iter().all(|table| table.column(column).is_none()))
    }
}
