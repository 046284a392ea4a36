//! The lookups of a pipeline that decide by having no row, once its months are known: what brakes look at, and what is remembered.

use roaring::RoaringTreemap;

use super::tally::Tally;
use crate::act::begin::Tonight;
use crate::act::read::Read;
use crate::act::read::met::Join;
use crate::state::met::Met;

/// A lookup that decides by having no row.
pub struct JoinDone {
    pub lookup: String,
    pub keys: u64,
    pub keys_met: u64,
    /// Linked transactions that have a row in it.
    pub transactions: u64,
    /// Transactions that have none any more, and that nothing else keeps.
    pub vanished: u64,
    /// Rows that may be missing, since their transactions were severed.
    pub excused: u64,
}

pub fn joins(read: &Read<'_>, tally: &Tally) -> Vec<JoinDone> {
    let held_back: RoaringTreemap = tally.vanished.iter().filter(|(_, held)| *held).map(|(id, _)| id.0).collect();
    let done = |(place, join): (usize, &Join)| JoinDone {
        lookup: join.lookup.clone(),
        keys: join.keys,
        keys_met: join.keys_met,
        transactions: join.ids.len(),
        vanished: (&(&join.before - &join.ids) & &held_back).len(),
        excused: tally.excused.get(&place).copied().unwrap_or_default(),
    };
    read.joins.iter().enumerate().map(done).collect()
}

/// What the next night is to know of them; none, where that is no news. What vanished is remembered until its transaction is gone
/// or a person accepts a plan that says so.
pub fn remembered(tonight: &Tonight, read: &Read<'_>, tally: &Tally) -> Option<Met> {
    let accepted = tonight.options.accept.is_some();
    let missed = tally.vanished.iter().filter(|(_, held_back)| !(accepted && *held_back));
    let mut missed: RoaringTreemap = missed.map(|(id, _)| id.0).collect();
    // Rows that can't be read tonight are there.
    missed |= &read.passed.unplaced;
    let stays = || read.joins.iter().filter(|join| join.stays);
    let met = |join: &Join| (join.lookup.clone(), &join.ids | &(&join.before & &missed));
    let is_news = |join: &Join| join.before != (&join.ids | &(&join.before & &missed));
    stays().any(is_news).then(|| stays().map(met).collect())
}
