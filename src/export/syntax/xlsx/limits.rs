//! What a workbook may hold, and how what it may not is said.

use std::io;

/// What Excel itself can hold.
pub const ROWS: u32 = 1 << 20;
pub const COLUMNS: u32 = 1 << 14;

pub fn wrong(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

pub fn damaged() -> io::Error {
    wrong("the workbook is cut or damaged, or holds what Excel doesn't write")
}
