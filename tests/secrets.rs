//! Nothing outside `inbox/` and `state/` leads to a patron; nor does a word on the terminal.
//!
//! The patrons are read from the exports here, by code that shares nothing with afterloan's own leak search.

mod needles;
mod sites;
mod terminal;
