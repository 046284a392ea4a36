//! The register of a site, read whole or not at all.

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;

use super::super::disk::{self, DiskError};
use super::super::json::{self, FormatError, JsonError};
use super::super::keys::Keys;
use super::super::site::Site;
use super::by_hand::{self, Read};
use super::entry::{Act, File, Placed, Withdrawn};
use super::head::Head;
use super::hold::{Fault, Hold, normal};
use super::names::Names;

/// The newest format.
const FORMAT: u32 = 2;

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
    #[error("entry {position} of the hold register {} {fault}. Nothing is retired until it is put back from a backup of state/",
        path.display())]
    Entry { path: PathBuf, position: usize, fault: Fault },
    #[error("the hold register {} is not as it was written: it was cut or changed by hand, or is another site's. Nothing is \
        retired until it is put back from a backup of state/", .0.display())]
    Changed(PathBuf),
    #[error("the hold register {} is an older copy of what it was, or was replaced: acts that are remembered aren't in it. \
        Nothing is retired until the newest one is put back", .0.display())]
    Older(PathBuf),
    #[error(
        "what is remembered of the hold register can't be read: {0}. Nothing is retired until it is put back from a backup \
        of state/"
    )]
    Remembered(JsonError),
    #[error("{0}")]
    Refused(Fault),
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("the hold register can't be written: {0}")]
    Step(std::io::Error),
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
    pub(super) written: Written,
    bytes: Vec<u8>,
}

/// How it is written.
pub(super) enum Written {
    /// By hand; of each hold, in the clear, whom it means.
    ByHand(Vec<Vec<String>>),
    Chained(File),
}

#[derive(Deserialize)]
struct Peek {
    format: Option<u64>,
}

impl Register {
    pub fn load(site: &Site, keys: &Keys) -> Result<Register, RegisterError> {
        let path = site.holds();
        let bytes = disk::read(&path).map_err(JsonError::Disk)?;
        let register = Register::parse(bytes, &path, keys)?;
        register.check_extends(Head::left(site).map_err(RegisterError::Remembered)?.as_ref(), site)?;
        Ok(register)
    }

    pub(super) fn parse(bytes: Vec<u8>, path: &Path, keys: &Keys) -> Result<Register, RegisterError> {
        let peeked = serde_json::from_slice::<Peek>(&bytes).ok();
        match peeked.and_then(|peeked| peeked.format) {
            Some(1) => Register::by_hand(bytes, path, keys),
            // What is no JSON is said by whoever reads it.
            _ => Register::chained(bytes, path, keys),
        }
    }

    fn chained(bytes: Vec<u8>, path: &Path, keys: &Keys) -> Result<Register, RegisterError> {
        let changed = || RegisterError::Changed(path.to_path_buf());
        let file: File = json::parse(&bytes, path, FORMAT)?;
        let holds = file.holds(keys).map_err(|(position, fault)| RegisterError::Entry {
            path: path.to_path_buf(),
            position,
            fault,
        })?;
        // Spaces count, too: what differs in them was written by somebody else.
        if !file.is_whole(keys) || json::to_bytes(&file, path)? != bytes {
            return Err(changed());
        }
        Ok(Register { holds, written: Written::Chained(file), bytes })
    }

    fn by_hand(bytes: Vec<u8>, path: &Path, keys: &Keys) -> Result<Register, RegisterError> {
        let file: by_hand::Register = json::parse(&bytes, path, FORMAT)?;
        let found = file.holds.len() as u64;
        if file.count != found {
            return Err(RegisterError::Count { path: path.to_path_buf(), said: file.count, found });
        }
        let (mut matters, names) = (HashSet::new(), Names::of(keys));
        let (mut holds, mut identifiers) = (Vec::new(), Vec::new());
        for (at, hold) in file.holds.into_iter().enumerate() {
            let read = hold.checked(&names).and_then(|read: Read| {
                if matters.insert(normal(&read.hold.matter)) { Ok(read) } else { Err(Fault::SameMatter) }
            });
            let Read { hold, identifiers: whom } =
                read.map_err(|fault| RegisterError::Hold { path: path.to_path_buf(), position: at + 1, fault })?;
            holds.push(hold);
            identifiers.push(whom);
        }
        Ok(Register { holds, written: Written::ByHand(identifiers), bytes })
    }

    /// Refuses an older copy, and one by hand where there was another already.
    pub fn check_extends(&self, known: Option<&Head>, site: &Site) -> Result<(), RegisterError> {
        let Some(known) = known else { return Ok(()) };
        match &self.written {
            Written::Chained(file) if file.extends(known) => Ok(()),
            _ => Err(RegisterError::Older(site.holds())),
        }
    }

    /// None: it was written by hand.
    pub fn head(&self) -> Option<Head> {
        match &self.written {
            Written::Chained(file) => Some(file.head()),
            Written::ByHand(_) => None,
        }
    }

    /// All holds, in the register's order.
    pub fn holds(&self) -> &[Hold] {
        &self.holds
    }

    /// The holds that beat every rule at `as_of`, in the register's order.
    pub fn in_force(&self, as_of: Timestamp) -> Vec<&Hold> {
        self.holds.iter().filter(|hold| hold.in_force(as_of)).collect()
    }

    /// Of holds that were written by hand, whom they name: with the place of the hold.
    pub fn named_by_hand(&self) -> Vec<(usize, &[String])> {
        match &self.written {
            Written::ByHand(identifiers) => {
                identifiers.iter().enumerate().map(|(place, whom)| (place, whom.as_slice())).collect()
            }
            Written::Chained(_) => Vec::new(),
        }
    }

    /// What was written by hand, as acts. `found`: of each hold, by place, whom its identifiers mean, in their order.
    pub fn taken_over(&self, mut found: impl FnMut(usize) -> Vec<super::Patron>) -> Vec<Act> {
        let Written::ByHand(_) = &self.written else { return Vec::new() };
        let mut acts = Vec::new();
        for (place, hold) in self.holds.iter().enumerate() {
            let Hold { matter, placed, placed_by, trigger, note, until, released, mut scope } = hold.clone();
            if let Some(patrons) = &mut scope.patrons {
                patrons.retain(|patron| patron.number);
                patrons.extend(found(place));
            }
            let (by, since) = (placed_by, Some(placed.to_string()));
            acts.push(Act::Placed(Box::new(Placed { matter: matter.clone(), trigger, note, by, since, until, scope })));
            if let Some(released) = released {
                let (by, since) = (released.by, Some(released.at.to_string()));
                acts.push(Act::Released(Withdrawn { matter, by, why: released.why, since }));
            }
        }
        acts
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
