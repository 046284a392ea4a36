//! What the files of an unknown system may mean: which holds the transactions, how the others join it, and what each
//! column is. Every guess has its reason, in words that quote no cell.
//!
//! In doubt a column is an identifier: it never leaves, and is searched for in all that does. In doubt a row is kept:
//! what says how a transaction ended is named, and not guessed from its values.

mod bills;
mod file_names;
mod joins;
mod lone_columns;
mod lookup_columns;
mod meaning;
mod of_all;
mod own_number;
mod said;
mod transaction_columns;

pub use bills::may_have_a_say;
pub use meaning::{About, Guess, Joined, Meaning, Nature, Published, Role};
pub use of_all::guess;
pub use said::{Dates, Said};
