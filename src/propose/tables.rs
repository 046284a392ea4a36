//! A guessed meaning as a pipeline that loads: commented, with the evidence beside each column, and with nothing
//! published. What can't be known keeps: a status that nobody explained, a time whose day and month can't be told apart.
//!
//! It names columns, markers of ours and patterns; never a cell.

mod bills;
mod gather;
mod meaning;
mod names;
mod part;
mod proposed;
mod publish;
mod reading;
mod sources;
mod tests;
mod text;
mod unplaced_debts;

pub use proposed::propose;
pub use text::quoted;
