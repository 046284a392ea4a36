//! The legal hold register: `state/holds.json`. It is read here; the commands that write it come later.
//!
//! Format 1:
//!
//! ```json
//! {"format":1,"count":1,"holds":[
//!   {"matter":"…","placed":"2026-03-01T09:00:00-05:00","placed_by":"…","trigger":"…",
//!    "released":null,"released_by":null,
//!    "scope":{"identifiers":["…"],"opened_from":"2025-01-01"}}]}
//! ```
//!
//! Every field of a hold is required. `count` is the number of holds, so that a register from which some were cut is
//! caught. Times are RFC 3339. A hold is in force unless it was released at or before as-of.
//!
//! A scope has `everything: true` alone, or any of: `kinds`; `patron_ids` (the library system's own patron number,
//! exact); `identifiers` (card, login, e-mail: matched through the patron exports, both sides trimmed and in lower
//! case; one that meets nobody keeps everything); `items`; `branches`; `opened_from` and `opened_to` (days, both
//! included). Fields narrow each other; the values within one widen it. `patron_ids` and `identifiers` both say who, so
//! they count as one field: a patron whom either names is held. No field, and an empty list, are errors: who wrote them
//! meant something else.
//!
//! A register that is missing, cut or unreadable is an error, and nothing may be retired. What a hold says is secret:
//! errors name its position in the list and never its matter or scope, and it doesn't print.

mod file;
mod hold;
mod load;

pub use hold::{EMPTY, Fault, Hold, Released, Scope, normal};
pub use load::{Register, RegisterError};

#[cfg(test)]
mod tests;
