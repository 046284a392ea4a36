//! Treatments: what turns an input cell into a published value. Pure: no file, no clock, no key but the pseudonym's.
//!
//! A treatment either has a closed vocabulary (bands, classes: the code is the label's place) or makes a text that is
//! interned and searched for identifiers before it leaves.

mod age;
mod bands;
mod class;
mod platform;
pub mod pseudonym;
mod text;

pub use age::age_in_years;
pub use bands::Bands;
pub use class::{ClassRule, Scheme};
pub use platform::Platforms;
pub use text::{TextRule, number};

/// What stands where there is no value, or none that can be read.
pub const UNKNOWN: &str = "unknown";
/// What a value reads that a map doesn't name, or that was merged away.
pub const OTHER: &str = "other";
