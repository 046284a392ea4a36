//! The purge report: what one run did, for staff.
//!
//! It names no patron and quotes no cell; digests stand under `evidence` alone. There are two copies of it. The
//! *exact* one is for `state/` and for the operator's terminal. The *staff* one ([`Report::for_staff`]) is for
//! `reports/`: its totals are exact, small figures of its breakdowns are hidden.
//!
//! **A legal hold is never named.** Figures by need come from needs after [`NeedSet::without_secrets`], where a hold
//! reads as `undetermined`; whoever counts must apply it row by row. As a second lock [`Report::sum_up`] adds whatever
//! arrives under a legal hold to `undetermined`, which may then count a row twice but tells nobody.
//!
//! [`NeedSet::without_secrets`]: crate::words::NeedSet::without_secrets

mod record;
mod sums;

pub use record::*;
pub use sums::by_need;

#[cfg(test)]
pub(super) mod tests;
