//! What a night begins with.

use super::memory::Memory;
use crate::act::options::Options;
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
