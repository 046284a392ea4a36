//! What `init` writes.

use crate::propose::shipped::Shipped;
use crate::words::Kind;

/// A pipeline to be written.
pub(super) struct Made {
    pub name: String,
    pub kind: Kind,
    pub text: String,
}

impl From<&Shipped> for Made {
    fn from(known: &Shipped) -> Made {
        Made { name: known.name.into(), kind: known.kind, text: known.text.into() }
    }
}
