//! What a kind's pipeline publishes, and which of the rules are on.

use super::error::ReleaseError;
use crate::words::Kind;

/// The published columns of one kind, in the order in which they stand in the files.
#[derive(Clone, Debug)]
pub struct Shape {
    pub kind: Kind,
    pub columns: Vec<ShapeColumn>,
    /// Publish the day and the week of opening, in the collection half.
    pub day: bool,
    /// Publish this number: of each row, in the collection half, or in tables alone.
    pub measure: Option<Measure>,
    pub tables: Vec<TableShape>,
}

/// What is counted on each row beside the row itself, and summed in tables under a protection of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measure {
    /// How often a loan was renewed.
    Renewals,
    /// 1 where a request begins a session.
    Sessions,
}

impl Measure {
    pub fn name(self) -> &'static str {
        match self {
            Measure::Renewals => "renewals",
            Measure::Sessions => "sessions",
        }
    }

    /// Whether the collection half tells each row's number. How often a loan was renewed is told of the use. Sessions tell
    /// of users: rows whose sessions add up to 1 are all of one reader, so they stand in tables alone.
    pub fn is_told_by_row(self) -> bool {
        self == Measure::Renewals
    }
}

#[derive(Clone, Debug)]
pub struct ShapeColumn {
    pub name: String,
    pub place: Place,
}

/// In which half a column stands, and how it is protected there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// In both halves, declared coarse to fine: branch, then broad material. The first is the place of rule 3's days.
    Shared,
    /// In the collection half; merges within the shared combination (item type, collection).
    Material,
    /// In the collection half; describes the use alone (call-number class) and is never merged.
    Use,
    /// A use column that holds banded durations: one that names a single number (of days) reads `other`, since with the
    /// day of opening it would give the day of return.
    Duration,
    /// In the community half, most important first; coarsened from the last.
    Patron,
}

/// One statistic: a row for each combination of the columns in `by`.
#[derive(Clone, Debug)]
pub struct TableShape {
    pub name: String,
    /// Names of shared and material columns, or of shared and patron columns; or exactly `weekday` and `hour`.
    pub by: Vec<String>,
    /// Whether it sums what is counted on each row (renewals or sessions), where the shape has that.
    pub sums: bool,
}

impl TableShape {
    pub(super) fn is_weekday_by_hour(&self) -> bool {
        self.by == ["weekday", "hour"]
    }
}

impl Shape {
    /// Refuses what can't be published or counted: names that are no file names or stand twice, and tables over columns
    /// that no single half has.
    ///
    /// # Errors
    /// Names the column or table.
    pub fn check(&self) -> Result<(), ReleaseError> {
        let refuse = |text: String| Err(ReleaseError::Shape(text));
        for (at, column) in self.columns.iter().enumerate() {
            if column.name.is_empty() || RESERVED.contains(&column.name.as_str()) {
                return refuse(format!("\"{}\" can't be the name of a published column; rename it", column.name));
            }
            if self.columns[..at].iter().any(|earlier| earlier.name == column.name) {
                return refuse(format!("two published columns are named \"{}\"; rename one", column.name));
            }
        }
        for (at, table) in self.tables.iter().enumerate() {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            if table.name.is_empty() || !table.name.chars().all(plain) {
                return refuse(format!("table \"{}\": its name may hold letters, digits, - and _ alone", table.name));
            }
            if self.tables[..at].iter().any(|earlier| earlier.name == table.name) {
                return refuse(format!("two tables are named \"{}\"; rename one", table.name));
            }
            if !table.is_weekday_by_hour() {
                self.check_by(table)?;
            }
        }
        match self.second_sum() {
            None => Ok(()),
            Some(second) => refuse(format!("table \"{}\": {SECOND_SUM}", second.name)),
        }
    }

    /// A table whose sums could be subtracted from another's, and leave those of a few patrons: the second that sums what
    /// the collection half doesn't tell of the table's cells. (Weekday × hour has no column in common with any.)
    pub fn second_sum(&self) -> Option<&TableShape> {
        let measure = tells_measure(self)?;
        let of_patrons = |name: &String| self.columns.iter().any(|c| c.name == *name && c.place == Place::Patron);
        let merged = |table: &&TableShape| {
            let told_by_half = measure.is_told_by_row() && !table.by.iter().any(of_patrons);
            table.sums && !table.is_weekday_by_hour() && !told_by_half
        };
        self.tables.iter().filter(merged).nth(1)
    }

    fn check_by(&self, table: &TableShape) -> Result<(), ReleaseError> {
        let refuse = |text: String| Err(ReleaseError::Shape(format!("table \"{}\": {text}", table.name)));
        let mut places = Vec::new();
        for (at, name) in table.by.iter().enumerate() {
            let Some(column) = self.columns.iter().find(|column| column.name == *name) else {
                return refuse(format!("\"{name}\" is not a published column"));
            };
            if table.by[..at].contains(name) {
                return refuse(format!("\"{name}\" stands twice in it"));
            }
            if matches!(column.place, Place::Use | Place::Duration) {
                return refuse(format!("\"{name}\" describes uses and is never merged, so it can't make a table"));
            }
            places.push(column.place);
        }
        if places.is_empty() {
            return refuse("it has no columns".to_owned());
        }
        if places.contains(&Place::Material) && places.contains(&Place::Patron) {
            return refuse("it joins material and patrons, which no half does".to_owned());
        }
        Ok(())
    }

    /// The indexes of the columns at a place, in declared order.
    pub(super) fn at(&self, place: Place) -> Vec<usize> {
        (0..self.columns.len()).filter(|&column| self.columns[column].place == place).collect()
    }
}

/// What a shape tells beside rows and patrons: renewals of loans, sessions.
pub(super) fn tells_measure(shape: &Shape) -> Option<Measure> {
    shape.measure.filter(|measure| *measure != Measure::Renewals || shape.kind == Kind::Loan)
}

/// Why [`Shape::second_sum`] may not be.
pub const SECOND_SUM: &str = "two tables that sum renewals over patrons, or sessions, could be subtracted from each \
                              other, and leave the sum of a few patrons: write `sums = false` in one of them";

/// Names that the files use themselves.
const RESERVED: [&str; 12] = [
    "day",
    "week",
    "month",
    "renewals",
    "sessions",
    "checkouts",
    "requests",
    "transactions",
    "circulation",
    "patrons",
    "weekday",
    "hour",
];

/// The threshold, and which rules are on: all six, but in tests that show that each is needed.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// How many patrons a figure must be about.
    pub threshold: u32,
    pub(super) shared: bool,
    pub(super) community: bool,
    pub(super) collection: bool,
    pub(super) durations: bool,
    pub(super) statistics: bool,
    pub(super) closing: bool,
}

impl Rules {
    pub fn new(threshold: u32) -> Rules {
        Rules {
            threshold: threshold.max(1),
            shared: true,
            community: true,
            collection: true,
            durations: true,
            statistics: true,
            closing: true,
        }
    }

    /// Switches one of design's six rules off. For tests alone.
    #[doc(hidden)]
    pub fn without(mut self, rule: u8) -> Rules {
        match rule {
            1 => self.shared = false,
            2 => self.community = false,
            3 => self.collection = false,
            4 => self.durations = false,
            5 => self.statistics = false,
            6 => self.closing = false,
            _ => {}
        }
        self
    }
}
