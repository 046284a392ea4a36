//! What an entry says of its act: which it is, and what that act must answer for.

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::evidence::figure::Figure;
use crate::evidence::hex::Hex;
use crate::evidence::public_key::{self, PublicKey};
use crate::words::Digest;

/// An act that enters the ledger. In JSON an object with the act's name as its one key; `director` is the name alone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// A night's run.
    Run(RunAct),
    /// A worklist that was carried out on the live system.
    Purge(PurgeAct),
    /// An act of the director. What it was stays in `state/`: every such entry reads alike.
    Director,
    /// A person has seen a report.
    SignOff(SignOff),
    /// A key of the site was exchanged or destroyed.
    Key(KeyAct),
    /// Published files were withdrawn: those that the entry removes.
    Takedown(Takedown),
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunAct {
    /// The time that decided, RFC 3339.
    pub as_of: String,
    /// SHA-256 of the JSON report in `reports/`.
    pub report: Digest,
    /// The digest of the plan that was carried out.
    pub plan: Digest,
    /// The exports that the previous run's policy had deleted.
    pub exports_deleted: ExportsDeleted,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportsDeleted {
    pub count: u64,
    /// Keyed, as in the report of the run that read them.
    pub digests: Vec<Digest>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurgeAct {
    /// The entry of the run whose worklists were carried out.
    pub run: u64,
    pub by: String,
    /// SHA-256 of its JSON report in `reports/`.
    pub report: Digest,
    pub traces: Vec<TraceRows>,
}

/// What became of one trace. Small figures are hidden, as in reports: staff read the ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceRows {
    pub pipeline: String,
    pub trace: String,
    pub severed: Figure,
    pub left: Figure,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOff {
    /// The entry whose report was seen.
    pub of: u64,
    /// SHA-256 of that report.
    pub report: Digest,
    pub by: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyAct {
    pub change: KeyChange,
    pub by: String,
    pub why: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum KeyChange {
    /// Later entries are signed by `next`. `proof` is its own word for that ([`rotation_proof`]): else somebody could
    /// write a history of her own, signed by a key of her own, and let it end by handing over to the site's.
    Signing { next: PublicKey, proof: Hex<64> },
    /// A key of `state/keys`, by its name, is gone.
    Destroyed { key: String },
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Takedown {
    pub by: String,
    pub why: String,
}

/// What a new signing key signs to take over from the entry after `previous`.
fn rotation_text(previous: Digest) -> Vec<u8> {
    format!("afterloan: signs from the entry after {previous} on").into_bytes()
}

/// The word of a new signing key that it takes over after the head `previous`.
pub fn rotation_proof(next: &SigningKey, previous: Digest) -> KeyChange {
    let proof = Hex(next.sign(&rotation_text(previous)).to_bytes());
    KeyChange::Signing { next: public_key::of(next), proof }
}

impl Act {
    /// Its name, as in the JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Act::Run(_) => "run",
            Act::Purge(_) => "purge",
            Act::Director => "director",
            Act::SignOff(_) => "sign-off",
            Act::Key(_) => "key",
            Act::Takedown(_) => "takedown",
        }
    }

    /// The report that it left in `reports/`, if it leaves one.
    pub fn report(&self) -> Option<Digest> {
        match self {
            Act::Run(run) => Some(run.report),
            Act::Purge(purge) => Some(purge.report),
            Act::Director | Act::SignOff(_) | Act::Key(_) | Act::Takedown(_) => None,
        }
    }

    /// The key that signs the entries after this one, which follows the head `previous`, where it hands over to another
    /// that agrees.
    pub fn next_key(&self, previous: Digest) -> Option<PublicKey> {
        let Act::Key(KeyAct { change: KeyChange::Signing { next, proof }, .. }) = self else { return None };
        let proof = ed25519_dalek::Signature::from_bytes(&proof.0);
        let key = VerifyingKey::from_bytes(&next.0).ok()?;
        key.verify_strict(&rotation_text(previous), &proof).is_ok().then_some(*next)
    }
}
