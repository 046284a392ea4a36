//! What `check` knows that is dangerous, for a plan to say, too: a person who accepts a plan may never have asked `check`.
//!
//! The pass sees each row of each export and keeps no profile of columns, which would cost every night; so the beginning of each
//! export is looked at once more. What needs all rows of a large one (that no key meets) the night's own brakes know.

use super::begin::Tonight;
use super::foresee::foresee;
use crate::propose::doubts::{self, Doubt, InboxFiles};

/// The worst first.
pub fn dangers(tonight: &Tonight) -> Vec<Doubt> {
    let of_pipeline = |pipeline| {
        let foreseen = foresee(tonight, pipeline);
        let files = InboxFiles { sources: &foreseen.sources, lookups: &foreseen.lookups };
        doubts::dangers(pipeline, &files, &tonight.policy.timezone)
    };
    let mut all: Vec<Doubt> = tonight.pipelines.iter().flat_map(of_pipeline).collect();
    all.sort_by_key(|doubt| doubt.danger);
    all
}
