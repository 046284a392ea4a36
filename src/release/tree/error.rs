//! What can be wrong with what is handed to a release: mistakes of the caller, found before anything is decided.
//!
//! No message quotes a value: columns are named, rows are counted.

use std::fmt;

/// Why rows can't be released. Nothing was decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TreeError {
    /// Two columns of one period differ in length.
    Unequal { column: String, rows: usize, expected: usize },
    /// A code has no value in its column's vocabulary.
    NoSuchCode { column: String },
    /// A group's number is missing for a code.
    NoGroups { column: String },
    /// What is said of a patron is declared to be about a place or a use.
    LeadsToPatron { column: String },
    /// Rows outside the period that they are released with.
    OutsidePeriod { rows: usize },
    /// Distinct patrons are asked for by a column that is about no place and no patron.
    NotOfPatrons { column: String },
    /// More rows, values or patrons than can be numbered.
    TooMany,
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TreeError::Unequal { column, rows, expected } => {
                write!(f, "column \"{column}\" has {rows} rows where the period has {expected}")
            }
            TreeError::NoSuchCode { column } => write!(f, "column \"{column}\" holds a code beyond its vocabulary"),
            TreeError::NoGroups { column } => {
                write!(f, "column \"{column}\" declares groups, but not for every value of its vocabulary")
            }
            TreeError::LeadsToPatron { column } => write!(
                f,
                "column \"{column}\" is taken from a patron's record: declare about = \"patron\", or leave it out"
            ),
            TreeError::OutsidePeriod { rows } => {
                write!(f, "{rows} rows are dated outside the period that they would be released with")
            }
            TreeError::NotOfPatrons { column } => write!(
                f,
                "distinct patrons can't be published by \"{column}\": only by columns about places and patrons"
            ),
            TreeError::TooMany => f.write_str("more rows, values or patrons than a period can number"),
        }
    }
}

impl std::error::Error for TreeError {}
