//! One line of the ledger: an entry and its signature, in the one spelling that they have.

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::entry::{Entry, FORMAT};
use super::format1::Entry1;
use crate::evidence::hex::Hex;
use crate::evidence::public_key::{self, PublicKey};
use crate::words::Digest;

/// A line whose spelling has been checked. Its signature has not: see [`Line::is_signed_by`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub entry: Entry,
    pub signature: Hex<64>,
    /// SHA-256 of the whole line without its newline.
    pub digest: Digest,
    /// The bytes of the entry as they stand in the line: what is signed, whatever its format.
    signed: Box<[u8]>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignedEntry<E> {
    entry: E,
    signature: Hex<64>,
}

/// What stands before the entry in a line, and how much behind it: the signature of 128 digits between its name and the
/// end.
const BEFORE: usize = r#"{"entry":"#.len();
const BEHIND: usize = r#","signature":""#.len() + 128 + r#""}"#.len();

/// What is wrong with one line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LineError {
    #[error("is not a ledger line (column {column}): it was edited or cut")]
    Syntax { column: usize },
    #[error("is not written as afterloan writes it: it was edited")]
    NotCanonical,
    #[error("has format {0}; this afterloan reads formats 1 and 2: use a newer one")]
    Format(u32),
}

/// The line for an entry, signed, without a newline.
pub fn seal(mut entry: Entry, key: &SigningKey) -> Result<String, serde_json::Error> {
    entry.format = FORMAT;
    entry.public_key = public_key::of(key);
    let signature = Hex(key.sign(&serde_json::to_vec(&entry)?).to_bytes());
    serde_json::to_string(&SignedEntry { entry, signature })
}

/// The entry and signature of a line that is spelled as its format has it.
fn canonical<E: Serialize + DeserializeOwned>(text: &[u8]) -> Result<SignedEntry<E>, LineError> {
    let syntax = |error: serde_json::Error| LineError::Syntax { column: error.column() };
    let written: SignedEntry<E> = serde_json::from_slice(text).map_err(syntax)?;
    if serde_json::to_vec(&written).map_err(syntax)? != text {
        return Err(LineError::NotCanonical);
    }
    Ok(written)
}

/// The format that a line says it has; nothing else of it is looked at.
fn format_of(text: &[u8]) -> Result<u32, LineError> {
    #[derive(Deserialize)]
    struct Peek {
        format: u32,
    }
    #[derive(Deserialize)]
    struct PeekLine {
        entry: Peek,
    }
    let line: PeekLine = serde_json::from_slice(text).map_err(|error| LineError::Syntax { column: error.column() })?;
    Ok(line.entry.format)
}

impl Line {
    pub fn parse(text: &[u8]) -> Result<Line, LineError> {
        let (entry, signature) = match format_of(text)? {
            1 => {
                let SignedEntry { entry, signature } = canonical::<Entry1>(text)?;
                (Entry::from(entry), signature)
            }
            FORMAT => {
                let SignedEntry { entry, signature } = canonical::<Entry>(text)?;
                (entry, signature)
            }
            other => return Err(LineError::Format(other)),
        };
        if !entry.files.iter().all(|file| file.tells_length_as(entry.format)) {
            return Err(LineError::NotCanonical);
        }
        let signed = text.get(BEFORE..text.len().saturating_sub(BEHIND)).unwrap_or_default().into();
        Ok(Line { entry, signature, digest: Digest::of(text), signed })
    }

    /// Whether `key` signed this entry. Strict: one signature has one spelling.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(&self.signature.0);
        VerifyingKey::from_bytes(&key.0).is_ok_and(|key| key.verify_strict(&self.signed, &signature).is_ok())
    }
}
