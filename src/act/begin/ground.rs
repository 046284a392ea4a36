//! What an act stands on that a person does by hand: a sign-off, a key, a takedown. It reads no export and retires nothing, so it
//! needs no authorization, and no pipeline that fits.

use jiff::Timestamp;

use super::error::BeginError;
use super::evidence_holds::{check_evidence, check_memory};
use super::memory::{self, Memory};
use crate::evidence::ledger::{self, Line};
use crate::policy::Policy;
use crate::state::commit::{Hook, recover};
use crate::state::json;
use crate::state::keys::Keys;
use crate::state::lock::Lock;
use crate::state::scratch::remove_abandoned;
use crate::state::site::{Site, check_owner};
use crate::words::{Day, Digest};

/// A site that is locked, whole, and may be added to.
pub struct Ground {
    pub site: Site,
    pub policy: Policy,
    pub keys: Keys,
    pub memory: Memory,
    pub lines: Vec<Line>,
    /// The clock, and its civil day.
    pub now: Timestamp,
    pub day: Day,
    _lock: Lock,
}

impl Ground {
    /// Takes the lock, ends what a killed act left, and holds the evidence against the site.
    pub fn of(site: &Site, now: Timestamp, hook: Hook<'_>) -> Result<Ground, BeginError> {
        check_owner(site)?;
        site.check_modes()?;
        let lock = Lock::take(site)?;
        remove_abandoned(site);
        recover(site, hook)?;
        let policy = Policy::load(&site.policy())?;
        let keys = Keys::load(site)?;
        let lines = ledger::read(&site.ledger())?;
        let path = site.at(memory::PATH);
        let memory: Memory = if path.exists() { json::load(&path, 1)? } else { Memory::default() };
        check_memory(&memory, ledger::next_sequence(&lines))?;
        check_evidence(site, &keys)?;
        let day = Day::from_date(policy.timezone.to_datetime(now).date());
        Ok(Ground { site: site.clone(), policy, keys, memory, lines, now, day, _lock: lock })
    }

    /// The number of the act that comes next.
    pub fn sequence(&self) -> u64 {
        ledger::next_sequence(&self.lines)
    }

    pub fn head(&self) -> Digest {
        ledger::head(&self.lines)
    }
}
