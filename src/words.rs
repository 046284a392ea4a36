//! The words of the field, as types.
//!
//! Everything else in the crate speaks in these. They hold no policy and do no I/O. A type that could name a person
//! does not print what it holds.

mod age;
mod band;
mod calendar;
mod called;
mod day;
mod digest;
mod few;
mod id;
mod kind;
mod need;
mod period;
mod shown;
mod side;
mod totals;
mod way;

pub use age::Age;
pub use band::{band, bands};
pub use calendar::{Calendar, LONGEST, Length};
pub use called::{PATRON, is_called_a_patron, is_made_of};
pub use day::{Day, Month, ParseMonthError};
pub use digest::Digest;
pub use few::few;
pub use id::{PatronNumber, TransactionId};
pub use kind::Kind;
pub use need::{Need, NeedSet, Reason, ReasonSet};
pub use period::Period;
pub use shown::{is_hidden, shown, shown_path};
pub use side::Side;
pub use totals::{Outcome, Totals};
pub use way::Way;
