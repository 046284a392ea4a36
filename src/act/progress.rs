//! Where whoever starts a night comes in: randomness, faults, and how far it has come.

use crate::state::commit::Hook;
use crate::state::entropy::Entropy;

/// How far a night has come, for a progress bar.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// A pipeline's transactions are being read: its name, and the bytes of its exports on disk.
    Reading { pipeline: &'a str, bytes: u64 },
    /// So many more records and bytes were read.
    Read { records: u64, bytes: u64 },
    /// So many months are being worked on.
    Months { months: u64 },
    /// One of them is done.
    Month,
    /// The run is being committed.
    Committing,
}

/// Where randomness, faults and watchers come in.
pub struct Seams<'a> {
    pub entropy: &'a mut (dyn Entropy + Send),
    pub hook: Hook<'a>,
    pub progress: &'a (dyn Fn(Progress<'_>) + Sync),
}
