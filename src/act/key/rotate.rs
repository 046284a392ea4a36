//! A new key to sign the ledger with. The old one signs the entry that hands over, and the new one agrees; both key files and
//! `reports/public-key` change with that entry's commit, so a site that is killed anywhere has one good key. What the old one
//! signed stays good: the chain says until when it counted.

use std::fs;

use jiff::Timestamp;
use serde::Serialize;

use crate::act::begin::{BeginError, Ground};
use crate::act::by_hand::{self, said};
use crate::act::end::cant_write;
use crate::act::refusal::Refusal;
use crate::evidence::ledger::{Act, KeyAct, rotation_proof};
use crate::evidence::public_key::{self, PublicKey};
use crate::state::commit::Hook;
use crate::state::entropy::Entropy;
use crate::state::keys::new_signing;
use crate::state::site::Site;
use crate::words::Digest;

#[derive(Debug, Serialize)]
pub struct RotatedKey {
    /// Its number in the ledger, and the ledger's new head.
    pub sequence: u64,
    pub head: Digest,
    /// What staff who keep a copy of the public key must take in its place.
    pub public_key: PublicKey,
}

pub fn rotate(
    site: &Site,
    now: Timestamp,
    (by, why): (&str, &str),
    entropy: &mut dyn Entropy,
    hook: Hook<'_>,
) -> Result<RotatedKey, Refusal> {
    let (by, why) = (said("the name", by)?, said("the reason", why)?);
    let ground = Ground::of(site, now, hook)?;
    let (next, bytes) = new_signing(entropy).map_err(BeginError::from)?;
    if next.verifying_key() == ground.keys.signing().verifying_key() {
        return Err(Refusal::Plain("the new key is the old one: the system's randomness can't be trusted".into()));
    }
    let change = rotation_proof(&next, ground.head());
    let head = by_hand::commit(&ground, hook, |pending, _| {
        let path = pending.signing_key()?;
        fs::write(&path, &bytes).map_err(|error| cant_write(&path, error))?;
        let path = pending.file(public_key::PATH)?;
        fs::write(&path, public_key::file(&next)).map_err(|error| cant_write(&path, error))?;
        Ok(Act::Key(KeyAct { change, by, why }))
    })?;
    Ok(RotatedKey { sequence: ground.sequence(), head, public_key: public_key::of(&next) })
}
