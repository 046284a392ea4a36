//! A file that waits for its commit.

use std::path::PathBuf;

use crate::words::Digest;

/// A file that a run will put in place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingFile {
    /// Where it will be, relative to the site, with `/`.
    pub path: String,
    pub bytes: u64,
    /// SHA-256 of its content. Not keyed: not for publication where the file isn't public.
    pub digest: Digest,
    /// Where it is now.
    pub now_at: PathBuf,
}
