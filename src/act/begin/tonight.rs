//! What a night begins with.

use super::error::BeginError;
use super::live_system::LiveSystem;
use super::memory::Memory;
use crate::act::options::Options;
use crate::export::Found;
use crate::pipeline::Pipeline;
use crate::policy::Policy;
use crate::state::disk::{self, DiskError};
use crate::state::keys::Keys;
use crate::state::register::{HoldsLock, Register};
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
    /// Of its file, when it was read.
    pub register_was: Digest,
    pub memory: Memory,
    pub head: Digest,
    pub sequence: u64,
    /// None: the site reads exports alone.
    pub live: Option<LiveSystem>,
}

impl Tonight {
    /// Whether the hold register is the one that was read. Until what is returned is dropped, it stays so. The words don't say
    /// that it is a hold: everybody reads them.
    pub fn still(&self) -> Result<HoldsLock, BeginError> {
        let lock = HoldsLock::share(&self.site)?;
        if self.register_now()? == self.register_was { Ok(lock) } else { Err(BeginError::DecidedOtherwise) }
    }

    /// Of the hold register's file as it is now.
    pub fn register_now(&self) -> Result<Digest, DiskError> {
        register_digest(&self.site, &self.keys)
    }

    /// The civil day on which a file was written.
    pub fn day_written(&self, found: &Found) -> Day {
        let written = found.modified().unwrap_or(found.written);
        Day::from_date(self.policy.timezone.to_datetime(written).date())
    }
}

/// A keyed digest of the hold register's file.
pub fn register_digest(site: &Site, keys: &Keys) -> Result<Digest, DiskError> {
    let mut digest = keys.digest("register");
    digest.update(&disk::read(&site.holds())?);
    Ok(digest.finish())
}
