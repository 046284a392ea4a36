//! What unknown exports look like: from their cells to guesses that a person can check.
//!
//! `sniff` guesses how a file is written, `table` reads a sample of it, `column` counts what the cells of one column look
//! like, and `guess` says what each column may mean and how files join. Nothing here knows a site, a pipeline or a
//! policy, and nothing drives a purge: the guesses are words for a person, in `init` and in `check`.
//!
//! **No cell is kept.** A column holds counts, shapes (`9999-99-99`, `Aaaa`) and hashes of this run; a file that doesn't
//! begin with its columns' names gets invented ones, since its first line may be a patron's. Where something is doubtful
//! the guess is an identifier.
//!
//! Memory grows with columns, not with rows: 1,024 hashes a column at most, 32 shapes, and one chunk of the file.

mod column;
pub mod guess;
mod looks;
mod minhash;
mod shape;
pub mod sniff;
mod table;
mod times;
mod together;
mod words;
mod written;

pub use column::{Column, MARKERS};
pub use looks::Look;
pub use shape::shape;
pub use table::{Depth, TableProfile, is_looked_at, read, read_with};
pub use times::{Order, Times, is_month_first, is_numbered, swapped};
pub use together::told_apart;
