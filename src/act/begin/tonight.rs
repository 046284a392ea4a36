//! What a night begins with.

use super::memory::Memory;
use crate::act::options::Options;
use crate::export::Found;
use crate::pipeline::Pipeline;
use crate::policy::Policy;
use crate::state::keys::Keys;
use crate::state::register::Register;
use crate::state::site::Site;
use crate::words::{Day, Digest};

/// Everything that stands before a single export is read.
pub struct Tonight {
    pub site: Site,
    pub options: Options,
    pub day: Day,
    pub policy: Policy,
    pub pipelines: Vec<Pipeline>,
    pub keys: Keys,
    pub register: Register,
    pub memory: Memory,
    pub head: Digest,
    pub sequence: u64,
}

impl Tonight {
    /// The civil day on which a file was written.
    pub fn day_written(&self, found: &Found) -> Day {
        let written = found.modified().unwrap_or(found.written);
        Day::from_date(self.policy.timezone.to_datetime(written).date())
    }
}
