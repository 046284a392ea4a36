//! What is on disk in a site, and the only reader and writer of `state/`.
//!
//! Promises: every file under `state/` says which format it has, and one that this version can't read is an error, not
//! a guess; a file that was cut or changed is an error, never a shorter list; a run's files appear together or not at
//! all ([`commit`]). Every error names its path and never quotes what a file holds.
//!
//! Doesn't promise secrecy against whoever may read `state/`: keys and staging lie there in the clear, guarded by file
//! modes alone. It knows Unix only.

pub mod absent;
pub mod commit;
pub mod disk;
pub mod entropy;
pub mod json;
pub mod keys;
pub mod known;
pub mod lock;
pub mod logs;
pub mod met;
pub mod register;
pub mod rejects;
pub mod scratch;
pub mod site;
pub mod staging;
pub mod years;

pub use disk::DiskError;
pub use entropy::{Entropy, Fixed, System};
pub use json::FormatError;
pub use keys::{KeyedDigest, Keys};
pub use lock::Lock;
pub use register::Register;
pub use site::Site;

#[cfg(test)]
mod tests;

/// A folder for a test, in memory where the system has such: these tests sync thousands of times.
#[cfg(test)]
fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}
