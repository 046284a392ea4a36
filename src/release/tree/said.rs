//! What every row of a period says, before it is put in the order of files.

use super::hours::Hours;
use super::word::{Labels, When};

/// What every row says: row `i` of each column is row `i` of what came in. Columns stand in declared order.
pub struct Tree {
    /// In the trunk and in every leaf.
    pub places: Vec<Labels>,
    /// In the trunk.
    pub time: Vec<When>,
    pub uses: Vec<Labels>,
    /// In the leaf *community*; empty: there is none.
    pub community: Vec<Labels>,
    /// The leaf *hours*, where the kind has any.
    pub hours: Option<Hours>,
}
