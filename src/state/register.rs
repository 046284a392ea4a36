//! The legal hold register: `state/holds.json`. `afterloan hold` writes it, and every night reads it.
//!
//! Format 2 is a chain of acts: a matter was placed, or released. Nothing is ever taken out.
//!
//! ```json
//! {"format":2,"entries":[
//!   {"position":1,"at":"2026-03-01T14:00:00Z","previous":null,
//!    "act":{"placed":{"matter":"…","trigger":"court-order","by":"…","scope":{"patrons":[{"digests":["…"],"met":["koha-loans"]}]}}},
//!    "seal":"…"},
//!   {"position":2,"at":"…","previous":"…","act":{"released":{"matter":"…","by":"…","why":"…"}},"seal":"…"}],
//!  "seal":"…"}
//! ```
//!
//! Each entry's seal is a digest of it and of the seal before, keyed with the site's key, so it outlives a change of the
//! signing key; the last one is of their number and the head, so that a cut is missed. An entry that was edited, cut, moved or
//! doubled, and a file that isn't byte for byte as it is written, is an error. An older copy, whole as it is, is told by the
//! heads that are remembered (`head`): in `state/holds-head.json` by whoever placed last, and by the last run.
//!
//! A patron isn't named: a scope has keyed digests of all that she was known by when it was placed ([`Names`]), each of one
//! form for all ways to write it. `met`: the pipelines whose patron records had her then.
//!
//! Format 1 was written by hand (`by_hand`). It is read until a head of format 2 is remembered; the next act takes its holds
//! over as entries.
//!
//! A hold is in force unless it was released at or before as-of. A scope has `everything: true` alone, or any of: `kinds`;
//! `patrons`; `items`; `branches`; `opened_from` and `opened_to` (days, both included). Fields narrow each other; the values
//! within one widen it. No field, and an empty list, are errors: who wrote them meant something else.
//!
//! A register that is missing, cut or unreadable is an error, and nothing may be retired. What a hold says is secret:
//! errors name its position in the list and never its matter or scope, and it doesn't print.

mod by_hand;
mod entry;
mod head;
mod hold;
mod load;
mod lock;
mod names;
mod write;

pub use entry::{Act, Placed, Withdrawn};
pub use head::Head;
pub use hold::{EMPTY, Fault, Hold, Patron, Released, Scope, Trigger, normal};
pub use load::{Register, RegisterError};
pub use lock::HoldsLock;
pub use names::Names;
pub use write::{Moment, Step, WriteHook, append, no_stop};

#[cfg(test)]
mod tests;
