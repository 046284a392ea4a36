//! Brakes on joins: where it decides that another export has no row for a transaction, a join that is dead, a file that was cut and
//! a row that is missing all look like a library in which nobody owes anything.

use super::brakes::{Brake, BrakeReason};
use crate::act::begin::memory::Memory;
use crate::act::months::{JoinDone, PipelineDone};
use crate::evidence::figure::grouped;

/// So many transactions less are no accident.
const A_FEW: u64 = 3;

pub fn on_joins(memory: &Memory, done: &PipelineDone<'_>) -> Vec<Brake> {
    let known = memory.pipelines.get(&done.outcome.name);
    let mut brakes = Vec::new();
    let mut push = |reason, why| brakes.push(Brake { pipeline: Some(done.outcome.name.clone()), reason, why });
    for join in &done.joins {
        let few = match known {
            None => few_on_the_first_night(join),
            Some(known) => known.met.get(&join.lookup).and_then(|before| {
                // What was severed since has left.
                let before = before.saturating_sub(done.outcome.tally.confirmed);
                collapsed(before, join.transactions).then(|| collapse(join, before))
            }),
        };
        few.into_iter().for_each(|why| push(BrakeReason::FewMeet, why));
        if join.vanished > 0 {
            push(BrakeReason::Vanished, vanished(join));
        }
    }
    brakes
}

fn few_on_the_first_night(join: &JoinDone) -> Option<String> {
    let JoinDone { lookup, keys, keys_met, .. } = join;
    (keys_met * 2 < *keys).then(|| {
        format!(
            "of the {} keys of `{lookup}`, {} are those of a transaction: is it joined by the right column?",
            grouped(*keys),
            grouped(*keys_met)
        )
    })
}

/// To half or less.
fn collapsed(before: u64, now: u64) -> bool {
    now * 2 <= before && before - now >= A_FEW
}

fn collapse(join: &JoinDone, before: u64) -> String {
    format!(
        "`{}` has a row for {} transactions, and had for {}, without those that were severed: is the join dead?",
        join.lookup,
        grouped(join.transactions),
        grouped(before)
    )
}

fn vanished(join: &JoinDone) -> String {
    let transactions = if join.vanished == 1 { "transaction" } else { "transactions" };
    format!(
        "`{}` had a row for {} {transactions} when it was last read and has none tonight, and nothing else keeps a link: was the \
         export cut? Tonight they are undetermined; whoever accepts the plan says that the rows are rightly gone",
        join.lookup,
        grouped(join.vanished)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_what_was_there_and_three_less_is_a_collapse() {
        for (before, now, expected) in
            [(0, 0, false), (2, 0, false), (3, 0, true), (6, 3, true), (6, 4, false), (100, 51, false), (100, 50, true)]
        {
            assert_eq!(collapsed(before, now), expected, "{before} to {now}");
        }
    }
}
