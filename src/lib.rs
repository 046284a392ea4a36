//! afterloan retires what a library's systems know about its readers. See ARCHITECTURE.md for the house and its rooms.

pub mod evidence;
pub mod release;
pub mod state;
pub mod treat;
pub mod words;
