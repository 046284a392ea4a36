//! afterloan retires what a library's systems know about its readers. See ARCHITECTURE.md for the house and its rooms.

// What a test may do and the program may not.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)
)]
// Beside what [lints] of Cargo.toml says; a table of a test may well match on yes and no.
#![cfg_attr(not(test), warn(clippy::match_bool))]

pub mod act;
pub mod cells;
pub mod cli;
pub mod decide;
pub mod evidence;
pub mod export;
pub mod leak;
pub mod live;
pub mod lookup;
pub mod pass;
pub mod pipeline;
pub mod plain_file;
pub mod policy;
pub mod profile;
pub mod propose;
pub mod rehearse;
pub mod release;
pub mod state;
pub mod toml_file;
pub mod treat;
pub mod words;
