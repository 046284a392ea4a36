//! Whether a site may be added to: what is there must be what the act before left, and `state/` and ledger of one night.

use super::error::BeginError;
use super::known_to_state::KnownToState;
use super::memory::Memory;
use crate::evidence::verify::{self, Verified};
use crate::state::keys::Keys;
use crate::state::site::Site;

/// `sequence`: the number of the act that would come next.
pub fn check_memory(memory: &Memory, sequence: u64) -> Result<(), BeginError> {
    if memory.sequence + 1 == sequence {
        return Ok(());
    }
    Err(BeginError::Plain(format!(
        "state/ remembers run {} and the ledger ends with run {}: one of them was put back from a backup. Put back \
         the other of the same night, too",
        memory.sequence,
        sequence - 1
    )))
}

/// What an act builds on must be what the one before left: the ledger, and of `state/` what is read.
pub fn check_evidence(site: &Site, keys: &Keys) -> Result<(), BeginError> {
    let known = KnownToState::of(site, keys);
    let verified = verify::before_adding(site.root(), &known);
    match problems(&verified) {
        None => Ok(()),
        Some(problems) => Err(BeginError::Plain(format!(
            "the evidence doesn't hold, so nothing is added to it: {problems}. `afterloan verify` tells all of it; what was \
             changed or lost must be put back from a backup, all of the site as of one night"
        ))),
    }
}

/// The first problem, and how many more there are.
pub fn problems(verified: &Verified) -> Option<String> {
    let first = verified.problems.first()?;
    let more = match verified.problems.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    Some(format!("{first}{more}"))
}
