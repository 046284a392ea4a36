//! A release as a tree of tables: what is published of a period, so that nobody can be solved from it.
//!
//! The **trunk** (collection) has a row a transaction: places, uses, a time. The leaf **community** hangs on it by the
//! places, the leaf **hours** by the place and the weekday of the published time. What a leaf hangs by is its *separator*,
//! made of columns as the trunk publishes them. The one rule:
//!
//! > Within each cell of its separator, a leaf's cells cover; where there would be one cell alone, every column of the leaf
//! > reads `other` there. In the trunk, within each combination of places, the cells of time cover.
//!
//! Why that is enough: in a tree the range of any cell over who, where and when is known in closed form (Dobra and Fienberg
//! 2000). Within a separator of N rows, for cells of a and b rows of two nodes, it goes from max(0, a + b − N) to min(a, b);
//! its width is min(a, b, N − a, N − b), and all of those cover.
//!
//! Codes come in, codes go out: no files, no vocabularies, no clock.
//!
//! The flow is in [`release`]; [`audit`] checks it and shares nothing with it but the types of what is published.

pub mod audit;
mod calendar;
mod cells;
mod community;
mod counts;
mod cover;
mod error;
mod grow;
mod hours;
mod patrons;
mod places;
mod pool;
mod rows;
mod rules;
mod runs;
mod said;
mod tables;
mod time;
mod titles;
mod totals;
mod uses;
mod weigh;
mod word;

pub use calendar::Span;
pub use community::community;
pub use counts::{Counts, Kept};
pub use cover::Crowd;
pub use error::TreeError;
pub use grow::{Outcome, Released, grow, release};
pub use hours::{Hours, NO_WEEKDAY};
pub use patrons::patrons;
pub use places::{Places, places};
pub use rows::{About, Checked, Column, MOST_KEYS, Rows};
pub use rules::Rules;
pub use said::Tree;
pub use tables::{Community, HoursCell, Tables, Trunk, community as community_table};
pub use titles::{TitleCodes, titles};
pub use totals::{ROWS_FOR_A_PATRON, Totals, TotalsTable, TotalsValue};
pub use weigh::{Told, crowds_of_places, told};
pub use word::{FIRST, Labels, OTHER, UNKNOWN, When, Word};

#[cfg(test)]
mod tests;
