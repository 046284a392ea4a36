//! The public key that a site's ledger is checked with: `reports/public-key`, a JSON object
//! `{"format":1,"ed25519":"…"}` and a newline.
//!
//! Lying beside the ledger, it proves only that ledger and key belong together. Who may write the folder can exchange
//! both: staff who want to notice that keep a copy of the key, or note heads (see [`super::ledger`]).

use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};

use super::hex::Hex;
use crate::plain_file;

/// An Ed25519 public key.
pub type PublicKey = Hex<32>;

/// Where it lies, from the site's folder.
pub const PATH: &str = "reports/public-key";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    ed25519: PublicKey,
}

#[derive(Debug, thiserror::Error)]
pub enum PublicKeyError {
    #[error("{path}: can't be read: {error}")]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{path}: is not a public key as afterloan writes it (`{{\"format\":1,\"ed25519\":…}}`)")]
    Malformed { path: PathBuf },
    #[error("{path}: has format {format}; this afterloan reads format 1")]
    Format { path: PathBuf, format: u32 },
}

/// The whole content of the file for a signing key.
pub fn file(key: &SigningKey) -> String {
    format!("{{\"format\":1,\"ed25519\":\"{}\"}}\n", of(key))
}

pub fn of(key: &SigningKey) -> PublicKey {
    Hex(key.verifying_key().to_bytes())
}

/// Reads the file, which must be written exactly as [`file`] writes it.
pub fn read(path: &Path) -> Result<PublicKey, PublicKeyError> {
    let text = plain_file::read(path).map_err(|error| PublicKeyError::Unreadable { path: path.into(), error })?;
    let malformed = || PublicKeyError::Malformed { path: path.into() };
    let file: File = serde_json::from_slice(&text).map_err(|_| malformed())?;
    match file.format {
        1 if text == format!("{{\"format\":1,\"ed25519\":\"{}\"}}\n", file.ed25519).as_bytes() => Ok(file.ed25519),
        1 => Err(malformed()),
        format => Err(PublicKeyError::Format { path: path.into(), format }),
    }
}
