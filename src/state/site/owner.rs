//! Whose a site is. What one user writes into another's site its owner can't read or change any more: one run as root, and every
//! later night of the service user fails.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::{Site, SiteError};
use crate::plain_file;
use crate::state::disk::At;

/// Refuses whoever isn't the owner, before anything is written.
pub fn check_owner(site: &Site) -> Result<(), SiteError> {
    check_owner_of(&site.state())
}

/// The same of a folder in which a site is to be made.
pub fn check_owner_of(folder: &Path) -> Result<(), SiteError> {
    let owner = fs::symlink_metadata(folder).at("look at", folder)?.uid();
    let ours = rustix::process::geteuid().as_raw();
    if owner == ours {
        return Ok(());
    }
    Err(SiteError::Foreign { path: folder.into(), owner: name(owner), ours: name(ours) })
}

/// A user's name; of one that isn't known here, the number as `sudo -u` takes it.
fn name(uid: u32) -> String {
    let known = plain_file::read_to_string(Path::new("/etc/passwd")).unwrap_or_default();
    let of = |line: &str| -> Option<String> {
        let mut cells = line.split(':');
        let (name, number) = (cells.next()?, cells.nth(1)?);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        (number.parse() == Ok(uid) && name.chars().all(is_plain) && !name.is_empty()).then(|| name.into())
    };
    known.lines().find_map(of).unwrap_or_else(|| format!("'#{uid}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_called_by_name_or_by_number() {
        assert_eq!(name(0), "root");
        assert_eq!(name(3_999_999_999), "'#3999999999'");
        let folder = tempfile::tempdir().unwrap();
        assert!(check_owner_of(folder.path()).is_ok());
    }
}
