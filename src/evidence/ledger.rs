//! The ledger: `reports/ledger.jsonl`, one line an act, each signed and each holding the digest of the line before it.
//!
//! A line is `{"entry":{…},"signature":"…"}`: the signature is Ed25519 over the exact bytes of the entry's JSON, and a
//! line has exactly one spelling. The *head* is the SHA-256 of the last line, without its newline. An entry says which
//! act it is of ([`Act`]) and what files the act left and removed. Lines of format 1 knew runs alone; they are read,
//! and stand beside later ones as they were written.
//!
//! **What it proves.** To whoever holds the public key: that each line was written with this site's signing key, that
//! no line was changed, taken out of the middle, exchanged or put in, and that the files it names are, byte for byte,
//! those that the act wrote. So nobody who can write `reports/` or `public/` but not read `state/` can rewrite what
//! happened.
//!
//! **What it doesn't.** Who reads `state/` holds the signing key and can write a new history from the first line on,
//! signed and complete. And anyone who can write `reports/` can cut off the last lines together with their reports:
//! what remains is a true older state. Only a head that was noted somewhere else (printed, mailed, in the minutes)
//! catches these two: `verify --head`. Nor does a line prove that what the act said was so; it proves that it said it.

mod act;
mod entry;
mod file;
mod format1;
mod line;
mod signed;
mod standing;

pub use act::{Act, ExportsDeleted, KeyAct, KeyChange, PurgeAct, RunAct, SignOff, Takedown, TraceRows, rotation_proof};
pub use entry::{BEFORE_THE_FIRST, Entry, FORMAT, FileDigest, FileEntry, PATH};
pub(super) use file::split;
pub use file::{LedgerError, had, head, next_sequence, read, seal};
pub use line::{Line, LineError};
pub use signed::{Signed, SignedOff, Unsigned};
pub use standing::{covers, standing};

#[cfg(test)]
pub(super) mod tests;
