//! What is asked of a night, or of whoever looks at one.

use jiff::Timestamp;

use crate::words::Digest;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The instant that decides; its civil day counts.
    pub as_of: Timestamp,
    /// The clock.
    pub now: Timestamp,
    /// The plan that a person accepted.
    pub accept: Option<Digest>,
}
