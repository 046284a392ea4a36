//! The seam by which whoever may read `state/` lends its key.

use std::io::{self, Read};

use crate::words::Digest;

/// Recomputes keyed digests. Whoever may read `state/` can offer one.
pub trait KeyedCheck {
    /// The keyed digest of all `bytes`. `label` is the file's path from the site's folder, with `/`.
    fn digest(&self, label: &str, bytes: &mut dyn Read) -> io::Result<Digest>;
}
