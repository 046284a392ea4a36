//! The legal hold register: `state/holds.json`. It is read here; the commands that write it come later.
//!
//! Format 1:
//!
//! ```json
//! {"format":1,"count":1,"holds":[
//!   {"matter":"…","placed":"2026-03-01T09:00:00-05:00","placed_by":"…","trigger":"…",
//!    "released":null,"released_by":null,
//!    "scope":{"identifiers":["…"],"opened_from":"2025-01-01"}}]}
//! ```
//!
//! Every field of a hold is required. `count` is the number of holds, so that a register from which some were cut is
//! caught. Times are RFC 3339. A hold is in force unless it was released at or before as-of.
//!
//! A scope has `everything: true` alone, or any of: `kinds`; `patron_ids` (the library system's own patron number,
//! exact); `identifiers` (card, login, e-mail: matched through the patron exports, both sides trimmed and in lower
//! case; one that meets nobody keeps everything); `items`; `branches`; `opened_from` and `opened_to` (days, both
//! included). Fields narrow each other; the values within one widen it. `patron_ids` and `identifiers` both say who, so
//! they count as one field: a patron whom either names is held. No field, and an empty list, are errors: who wrote them
//! meant something else.
//!
//! A register that is missing, cut or unreadable is an error, and nothing may be retired. What a hold says is secret:
//! errors name its position in the list and never its matter or scope, and it doesn't print.

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::disk::DiskError;
use super::json::{self, FormatError, JsonError};
use super::site::Site;
use crate::words::{Day, Kind};

mod file;

const FORMAT: u32 = 1;

/// A new site's register.
pub const EMPTY: &[u8] = b"{\"format\":1,\"count\":0,\"holds\":[]}\n";

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

/// What is wrong with one hold, without a word of what it says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    #[error("has no matter, or doesn't say who placed it and why")]
    NotSaid,
    #[error("has the matter of an earlier one")]
    SameMatter,
    #[error("was placed or released at a time that isn't one (RFC 3339)")]
    NotATime,
    #[error("was released before it was placed")]
    ReleasedBeforePlaced,
    #[error("must say both when and by whom it was released, or neither")]
    HalfReleased,
    #[error("has an empty scope: for all transactions, write \"everything\": true")]
    EmptyScope,
    #[error("has \"everything\" beside other fields, or not as true: it stands alone")]
    NotEverything,
    #[error("has an empty list or an empty value in its scope")]
    EmptyValue,
    #[error("ends its time of opening before it starts")]
    BackwardDates,
}

/// All holds that were ever placed.
pub struct Register {
    holds: Vec<Hold>,
    bytes: Vec<u8>,
}

/// One matter. Prints as `[hold]`.
#[derive(Clone, PartialEq, Eq)]
pub struct Hold {
    pub matter: String,
    pub placed: Timestamp,
    pub placed_by: String,
    pub trigger: String,
    pub released: Option<Released>,
    pub scope: Scope,
}

#[derive(Clone, PartialEq, Eq)]
pub struct Released {
    pub at: Timestamp,
    pub by: String,
}

/// What a hold covers: everything, or what meets each of the fields that are given.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Scope {
    pub everything: bool,
    pub kinds: Option<Vec<Kind>>,
    pub patron_ids: Option<Vec<String>>,
    /// Normalised by [`normal`].
    pub identifiers: Option<Vec<String>>,
    pub items: Option<Vec<String>>,
    pub branches: Option<Vec<String>>,
    pub opened_from: Option<Day>,
    pub opened_to: Option<Day>,
}

/// How an identifier is written before it is compared: trimmed, in lower case.
pub fn normal(identifier: &str) -> String {
    identifier.trim().to_lowercase()
}

impl Hold {
    pub fn in_force(&self, as_of: Timestamp) -> bool {
        self.released.as_ref().is_none_or(|released| released.at > as_of)
    }
}

impl Register {
    pub fn load(site: &Site) -> Result<Register, RegisterError> {
        let path = site.holds();
        let bytes = super::disk::read(&path).map_err(JsonError::Disk)?;
        Register::parse(bytes, &path)
    }

    fn parse(bytes: Vec<u8>, path: &Path) -> Result<Register, RegisterError> {
        let file: file::Register = json::parse(&bytes, path, FORMAT)?;
        let found = file.holds.len() as u64;
        if file.count != found {
            return Err(RegisterError::Count { path: path.to_path_buf(), said: file.count, found });
        }
        let mut matters = HashSet::new();
        let mut holds = Vec::new();
        for (at, hold) in file.holds.into_iter().enumerate() {
            let hold = hold.checked().and_then(|hold| match matters.insert(normal(&hold.matter)) {
                true => Ok(hold),
                false => Err(Fault::SameMatter),
            });
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

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hold]")
    }
}

impl fmt::Debug for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[register]")
    }
}

#[cfg(test)]
mod tests;
