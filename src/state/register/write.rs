//! Adding to the register. Killed anywhere, it is the old one or the new one, whole.
//!
//! The new file is written beside the old one, synced, and put in its place: **the instant of the act**. Then its head is
//! remembered the same way. A head that is behind its register is fine; one that is ahead never is there.

use std::io;
use std::path::Path;

use jiff::Timestamp;

use super::super::disk;
use super::super::json::{self, Format};
use super::super::keys::Keys;
use super::super::site::Site;
use super::entry::{Act, File};
use super::head::Left;
use super::load::{Register, RegisterError, Written};
use super::lock::HoldsLock;

const MODE: u32 = 0o600;

/// What is done to the disk, in order; each once for the register, then for its head.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    Clear,
    Write,
    Sync,
    /// Of the register, the instant from which the act counts.
    Replace,
    SyncFolder,
}

/// An instant at which an act can be stopped: before or after a step, of the register or of its head.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    Before { step: Step, head: bool },
    After { step: Step, head: bool },
}

/// Called at every moment. An error from it is taken for the disk's.
pub type WriteHook<'h> = &'h dyn Fn(Moment) -> io::Result<()>;

/// For every act but those of tests.
pub fn no_stop(_: Moment) -> io::Result<()> {
    Ok(())
}

/// Adds acts to the register that was read, which must be the one that is there: the lock is the caller's. What was written by
/// hand is in `acts`, taken over.
pub fn append(
    site: &Site,
    keys: &Keys,
    (register, _lock): (&Register, &HoldsLock),
    acts: Vec<Act>,
    at: Timestamp,
    hook: WriteHook<'_>,
) -> Result<Register, RegisterError> {
    let path = site.holds();
    if disk::read(&path)? != register.bytes() {
        return Err(RegisterError::Changed(path));
    }
    let mut file = match &register.written {
        Written::Chained(file) => file.clone(),
        Written::ByHand(_) => File::empty(),
    };
    for act in acts {
        file.add(keys, at, act).ok_or_else(|| RegisterError::Changed(path.clone()))?;
    }
    // What couldn't be read again isn't written.
    file.holds(keys).map_err(|(_, fault)| RegisterError::Refused(fault))?;
    let bytes = json::to_bytes(&file, &path)?;
    let added = Register::parse(bytes.clone(), &path, keys)?;
    let head = json::to_bytes(&Left { format: Format, head: file.head() }, &site.holds_head())?;
    replace(site, (&path, false), &bytes, hook)?;
    replace(site, (&site.holds_head(), true), &head, hook)?;
    Ok(added)
}

/// Puts a file in another's place.
fn replace(site: &Site, (path, head): (&Path, bool), bytes: &[u8], hook: WriteHook<'_>) -> Result<(), RegisterError> {
    let next = path.with_extension("json.next");
    let act = |step: Step, action: &dyn Fn() -> Result<(), disk::DiskError>| -> Result<(), RegisterError> {
        hook(Moment::Before { step, head }).map_err(RegisterError::Step)?;
        action()?;
        hook(Moment::After { step, head }).map_err(RegisterError::Step)
    };
    act(Step::Clear, &|| disk::remove(&next))?;
    act(Step::Write, &|| disk::write_unsynced(&next, bytes, MODE))?;
    act(Step::Sync, &|| disk::sync(&next))?;
    act(Step::Replace, &|| disk::rename(&next, path))?;
    act(Step::SyncFolder, &|| disk::sync(&site.state()))
}
