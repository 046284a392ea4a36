//! What is published in place of a value.

/// What stands where there is no value, or none that can be read.
pub const UNKNOWN: &str = "unknown";
/// What a value reads that a map doesn't name, or that was merged away.
pub const OTHER: &str = "other";
