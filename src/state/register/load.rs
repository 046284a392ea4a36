//! The register of a site, read whole or not at all.

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::super::disk::{self, DiskError};
use super::super::json::{self, FormatError, JsonError};
use super::super::site::Site;
use super::file;
use super::hold::{FORMAT, Fault, Hold, normal};

#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    #[error("the hold register is missing ({0}): nothing is retired without it. Put it back from a backup of state/")]
    Missing(DiskError),
    #[error("the hold register can't be read: {0}. Nothing is retired until it is mended")]
    Unreadable(JsonError),
    #[error("the hold register {0}")]
    Format(#[from] FormatError),
    #[error("the hold register {} says that it has {said} holds and has {found}: it was cut or changed by hand. \
        Nothing is retired until it is mended", path.display())]
    Count { path: PathBuf, said: u64, found: u64 },
    #[error("hold {position} in {} {fault}. Nothing is retired until it is mended", path.display())]
    Hold { path: PathBuf, position: usize, fault: Fault },
}

impl From<JsonError> for RegisterError {
    fn from(error: JsonError) -> RegisterError {
        match error {
            JsonError::Disk(error) if error.is_missing() => RegisterError::Missing(error),
            JsonError::Format(error) => RegisterError::Format(error),
            other => RegisterError::Unreadable(other),
        }
    }
}

/// All holds that were ever placed.
pub struct Register {
    pub(super) holds: Vec<Hold>,
    bytes: Vec<u8>,
}

impl Register {
    pub fn load(site: &Site) -> Result<Register, RegisterError> {
        let path = site.holds();
        let bytes = disk::read(&path).map_err(JsonError::Disk)?;
        Register::parse(bytes, &path)
    }

    pub(super) fn parse(bytes: Vec<u8>, path: &Path) -> Result<Register, RegisterError> {
        let file: file::Register = json::parse(&bytes, path, FORMAT)?;
        let found = file.holds.len() as u64;
        if file.count != found {
            return Err(RegisterError::Count { path: path.to_path_buf(), said: file.count, found });
        }
        let mut matters = HashSet::new();
        let mut holds = Vec::new();
        for (at, hold) in file.holds.into_iter().enumerate() {
            let hold = hold
                .checked()
                .and_then(|hold| if matters.insert(normal(&hold.matter)) { Ok(hold) } else { Err(Fault::SameMatter) });
            holds.push(hold.map_err(|fault| RegisterError::Hold {
                path: path.to_path_buf(),
                position: at + 1,
                fault,
            })?);
        }
        Ok(Register { holds, bytes })
    }

    /// The holds that beat every rule at `as_of`, in the register's order.
    pub fn in_force(&self, as_of: Timestamp) -> Vec<&Hold> {
        self.holds.iter().filter(|hold| hold.in_force(as_of)).collect()
    }

    /// The file as read: for keyed digests, and nothing else.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[register]")
    }
}
