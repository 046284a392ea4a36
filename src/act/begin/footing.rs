//! Where a site stands: what only a commit changes, or the withdrawal of a worklist. Who looks without the lock compares it before
//! and after; what is read in between is of one night, or isn't shown.

use super::error::BeginError;
use super::{memory, withdrawing};
use crate::state::commit::leftover;
use crate::state::disk;
use crate::state::site::Site;
use crate::words::Digest;

#[derive(PartialEq, Eq)]
pub struct Footing {
    files: [Option<Digest>; 3],
    committing: bool,
}

impl Footing {
    /// What can't be read is as good as nothing here: whoever needs it says so.
    pub fn of(site: &Site) -> Footing {
        let paths = [site.ledger(), site.at(memory::PATH), site.at(withdrawing::PATH)];
        let files = paths.map(|path| disk::read(&path).ok().map(|bytes| Digest::of(&bytes)));
        let committing = leftover(site).ok().flatten().is_some_and(|left| left.in_ledger);
        Footing { files, committing }
    }

    /// Whatever was read since must be of one night.
    pub fn check_same(&self, site: &Site) -> Result<(), BeginError> {
        if *self == Footing::of(site) { Ok(()) } else { Err(BeginError::ChangedMeanwhile) }
    }
}
