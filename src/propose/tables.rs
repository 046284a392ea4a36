//! A guessed meaning as a pipeline that loads: commented, with the evidence beside each column, and with nothing
//! published. What can't be known keeps: a status that nobody explained, a time whose day and month can't be told apart.
//!
//! It names columns, markers of ours and patterns; never a cell.

mod bills;
mod columns;
mod gather;
mod lookups;
mod names;
mod needs;
mod part;
mod proposed;
mod publish;
mod reading;
mod rules;
mod sources;
mod states;
mod tests;
mod unplaced_debts;

pub use proposed::propose;
