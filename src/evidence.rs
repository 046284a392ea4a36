//! Evidence: what a run did, in words for people, and in a form that can be checked afterwards from files alone.
//!
//! A run leaves three things. The *report* ([`Report`]) says what it did: exactly for the site's own `state/`, and
//! with small figures hidden for `reports/`. The *page* ([`page`]) is that second report, to be read. The *ledger*
//! ([`ledger`]) is a signed chain with one line a run, naming every file that the run left or deleted. [`verify`]
//! recomputes all of it.
//!
//! Nothing here reads an export, a key of `state/` or the clock. What can't be proved is said in each module.

pub mod exposure;
pub mod figure;
pub mod hex;
pub mod ledger;
pub mod page;
pub mod public_key;
pub mod report;
pub mod verify;

pub use figure::Figure;
pub use report::Report;
pub use verify::{KeyedCheck, Verified, verify};
