//! What patrons are called by, as the register has it: keyed digests.

use crate::leak::alike;
use crate::state::keys::{KeyedDigest, Keys};
use crate::words::Digest;

use super::hold::normal;

/// Makes them. Without the site's key nobody can try a card against one.
#[derive(Clone)]
pub struct Names(KeyedDigest);

impl Names {
    pub fn of(keys: &Keys) -> Names {
        Names(keys.digest("patron under a legal hold"))
    }

    /// For made-up rows, which no hold is about.
    pub fn of_made_up_rows() -> Names {
        Names(KeyedDigest::of_made_up_rows())
    }

    /// The digest of a card, login, e-mail address or number: one for all ways to write it. A number that an export writes
    /// as a float, or without its zeros, is the same: a hold covers more rather than less.
    pub fn digest(&self, name: &[u8]) -> Digest {
        let normal = normal(&String::from_utf8_lossy(name));
        let mut digest = self.0.clone();
        digest.update(&alike(normal.as_bytes()));
        digest.finish()
    }
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[names]")
    }
}
