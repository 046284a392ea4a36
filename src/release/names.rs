//! What the tables are called that are made by themselves, beside those that a pipeline declares.

/// What a table's years are called after its name.
pub const YEARS: &str = "-years";
/// The table of each year's distinct patrons.
pub const PATRONS_OF_YEAR: &str = "patrons-of-the-year";
