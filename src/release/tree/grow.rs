//! A period's tree of tables: the trunk, and the leaves that hang on it.

use super::calendar::Span;
use super::community::community;
use super::counts::Counts;
use super::cover::Crowd;
use super::error::TreeError;
use super::hours::hours;
use super::places::{Places, places};
use super::rows::{Checked, Rows};
use super::rules::Rules;
use super::said::Tree;
use super::tables::Tables;
use super::time::time;
use super::totals::{Totals, totals};
use super::uses::uses;
use super::word::When;

/// What becomes of a period.
pub enum Outcome {
    /// It is published.
    Tree(Box<Released>),
    /// Its system names nobody: only totals of uses leave.
    Totals(Totals),
    /// It is about too few patrons, or one has too much of it: nothing is published of it, by itself.
    DoesNotCover,
}

/// A period as published.
pub struct Released {
    /// For the audit, which knows the patrons.
    pub tree: Tree,
    /// For the files.
    pub tables: Tables,
    pub counts: Counts,
}

/// Decides what every row of a period says.
///
/// A period in which most rows name nobody can't cover, however long it waits: of it totals leave, if any.
///
/// # Errors
/// When the rows aren't what [`Rows`] promises. Nothing is decided then.
pub fn release(rows: &Rows, span: Span, rules: &Rules) -> Result<Outcome, TreeError> {
    grow(&Checked::new(rows, span, rules)?, rules)
}

/// The same of rows that were looked through.
///
/// # Errors
/// As for [`release`].
pub fn grow(checked: &Checked<'_>, rules: &Rules) -> Result<Outcome, TreeError> {
    let Some((places, time)) = where_and_when(checked, rules) else {
        let whole = whole(checked);
        let names_nobody = whole.iter().all(|whole| whole.unlinked.saturating_mul(2) > whole.rows);
        let totals = if names_nobody { totals(checked, rules) } else { None };
        return Ok(totals.map_or(Outcome::DoesNotCover, Outcome::Totals));
    };
    let uses = uses(checked, &places, rules);
    let community = community(checked, &places, rules);
    let hours = hours(checked, &places, &time, rules);
    let tree = Tree { places: places.labels, time, uses, community, hours };
    let counts = Counts::of(checked, &tree);
    let tables = Tables::of(checked.rows, &tree);
    Ok(Outcome::Tree(Box::new(Released { tree, tables, counts })))
}

/// What the leaves of a period hang by: where and when its rows say that they were. None: it doesn't cover as a whole.
pub(super) fn where_and_when(checked: &Checked<'_>, rules: &Rules) -> Option<(Places, Vec<When>)> {
    whole(checked).iter().all(|whole| whole.covers(rules)).then(|| {
        let places = places(checked, rules);
        let time = time(checked, &places, rules);
        (places, time)
    })
}

fn whole(checked: &Checked<'_>) -> Vec<Crowd> {
    Crowd::of_cells(checked, &vec![0; checked.len()], 1)
}
