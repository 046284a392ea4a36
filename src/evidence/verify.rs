//! Verify: recomputes a site's evidence from its files alone.
//!
//! It finds an edited, removed, added or reordered ledger line; a file under `public/`, `reports/` or `worklists/`
//! that differs from what its run left, is missing, or was never left by a run; a report without its entry and an
//! entry without its report; a report that doesn't add up, or doesn't agree with what was published.
//!
//! It can't find what leaves no trace in these files. Keyed digests (worklists and `state/`) need the site's key: where
//! it isn't given, those files are named as not checked. A ledger that was cut back to an older state together with
//! its reports, or rewritten by someone who holds `state/`, is found by a noted head alone (see [`super::ledger`]); the
//! first of them also by what `state/` remembers, and a ledger that somebody signed anew by the site's own key there.
//! While a run is committing, its files are not yet in place: verify between runs. One that was killed there is told as an
//! unfinished run where `state/` can be read: its files are looked for where they wait, and nothing is accused of being
//! missing or of being there still.

mod chain;
mod files;
mod found;
mod keyed;
mod place;
mod published;
mod reports;
mod site;

pub use found::{Checked, Fault, Problem, Verified};
pub use keyed::{KeyedCheck, LastRun, Unfinished};
pub use site::{before_adding, verify};

#[cfg(test)]
mod tests;
