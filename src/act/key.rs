//! The site's keys by hand: which there are and until when, a new one that signs, and the end of one before its time.

mod destroy;
mod list;
mod rotate;

pub use destroy::{DestroyedKey, destroy};
pub use list::{KeyListed, keys};
pub use rotate::{RotatedKey, rotate};
