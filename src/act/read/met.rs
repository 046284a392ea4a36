//! The lookups that decide by having no row: whether they met the transactions tonight, and which of those that they met when they
//! were last read they no longer do.

use roaring::RoaringTreemap;

use crate::act::begin::Tonight;
use crate::pass::Meeting;
use crate::pipeline::Pipeline;
use crate::pipeline::declaration::TransactionColumn;
use crate::state::met::{self, MetError};

/// A lookup that decides by having no row, as it was read.
pub struct Join {
    pub lookup: String,
    /// Different keys, and how many of them a transaction has.
    pub keys: u64,
    pub keys_met: u64,
    /// The linked transactions that have one.
    pub ids: RoaringTreemap,
    /// Those that had one when it was last read; none, if its rows leave in the ordinary course of things.
    pub before: RoaringTreemap,
    /// Whether they are remembered.
    pub stays: bool,
}

/// Not one key of a lookup is a transaction's, though each should be: it would say nothing of anything, and that decides.
#[derive(Debug, thiserror::Error)]
#[error(
    "{lookup}: not one of its {keys} keys is that of a transaction, and what it has no row for is over: is it joined by the right \
     column, is it of this library, and are its keys written as the transactions write them?"
)]
pub struct NoneMeets {
    lookup: String,
    keys: u64,
}

/// What is known of the joins of a pipeline.
pub fn joins(tonight: &Tonight, pipeline: &Pipeline, met: Vec<Meeting>) -> Result<Vec<Join>, MetError> {
    if met.is_empty() {
        return Ok(Vec::new());
    }
    let mut before = met::load(&tonight.site.at(met::path(pipeline.name())))?;
    let join = |meeting: Meeting| {
        let declared = &pipeline.declaration.lookups[meeting.lookup];
        let stays = !declared.rows_leave;
        let before = before.remove(&declared.name).filter(|_| stays).unwrap_or_default();
        let (keys, keys_met) = (meeting.keys, meeting.keys_met());
        Join { lookup: declared.name.clone(), keys, keys_met, ids: meeting.ids, before, stays }
    };
    Ok(met.into_iter().map(join).collect())
}

/// Each row of a lookup that is joined by a transaction's own number is about one. Of another (by patron and item, say) none may
/// be about what is there: brakes look at those.
pub fn check_met(pipeline: &Pipeline, joins: &[Join]) -> Result<(), NoneMeets> {
    let declaration = &pipeline.declaration;
    let id = declaration.columns.transaction.as_ref().and_then(TransactionColumn::own);
    let by_number = |join: &&Join| {
        let lookup = declaration.lookups.iter().find(|lookup| lookup.name == join.lookup);
        lookup.is_some_and(|lookup| lookup.on.len() == 1 && lookup.on.keys().next() == id)
    };
    match joins.iter().filter(by_number).find(|join| join.keys > 0 && join.keys_met == 0) {
        Some(join) => Err(NoneMeets { lookup: join.lookup.clone(), keys: join.keys }),
        None => Ok(()),
    }
}

/// All transactions that a lookup no longer meets.
pub fn vanished(joins: &[Join]) -> RoaringTreemap {
    joins.iter().fold(RoaringTreemap::new(), |all, join| all | (&join.before - &join.ids))
}
