//! Treatments: what turns an input cell into a published value. Pure: no file, no clock, no key but the pseudonym's.
//!
//! A treatment either has a closed vocabulary (bands, classes: the code is the label's place) or makes a text that is
//! interned and searched for identifiers before it leaves.

mod age;
mod bands;
mod class;
mod labels;
mod platform;
pub mod pseudonym;
mod text;
mod waits;

pub use age::age_in_years;
pub use bands::Bands;
pub use class::{ClassRule, Scheme};
pub use labels::{OTHER, UNKNOWN};
pub use platform::Platforms;
pub use text::{TextRule, number};
pub use waits::{End, Waits, end_code, ends};
