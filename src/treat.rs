//! What turns an input column into a published one. Pure: knows no file and no clock.

pub mod pseudonym;
