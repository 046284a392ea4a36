//! What is wrong with a compressed file, as an error of reading.

use std::io;

pub fn wrong(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
