//! A site: one library's folder, its zones and who may read them.
//!
//! `create` makes the zones with the modes below; `check_modes` refuses a site in which one is looser, is a link, or
//! lies on another device than the others that a commit moves files between. Whose the site is `owner` looks at. Access lists
//! beyond the file mode are not looked at.

use std::fs::{self, Metadata};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::disk::{self, At, DiskError};
use super::register;
use crate::words::shown_path;

mod owner;

pub use owner::{check_owner, check_owner_of};

/// A part of the site with its own readers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Zone {
    Pipelines,
    Inbox,
    State,
    Worklists,
    Reports,
    Public,
}

impl Zone {
    pub const ALL: [Zone; 6] =
        [Zone::Pipelines, Zone::Inbox, Zone::State, Zone::Worklists, Zone::Reports, Zone::Public];

    /// The folder's name within the site.
    pub fn name(self) -> &'static str {
        match self {
            Zone::Pipelines => "pipelines",
            Zone::Inbox => "inbox",
            Zone::State => "state",
            Zone::Worklists => "worklists",
            Zone::Reports => "reports",
            Zone::Public => "public",
        }
    }

    pub fn folder_mode(self) -> u32 {
        match self {
            Zone::Inbox | Zone::State | Zone::Worklists => 0o700,
            Zone::Reports => 0o750,
            Zone::Pipelines | Zone::Public => 0o755,
        }
    }

    pub fn file_mode(self) -> u32 {
        self.folder_mode() & 0o666
    }

    /// Those that a commit moves files between.
    fn is_committed_to(self) -> bool {
        !matches!(self, Zone::Pipelines | Zone::Inbox)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    #[error("{}: there is no such folder. Is the name right? `afterloan init` makes a site", shown_path(.0))]
    NoFolder(PathBuf),
    #[error("{} is not a site: it has no {missing}. `afterloan init` makes a site", shown_path(root))]
    NotASite { root: PathBuf, missing: &'static str },
    #[error("{} exists already: a new site needs a folder without {name}", shown_path(path))]
    Exists { path: PathBuf, name: &'static str },
    #[error(
        "{path} has mode {found:04o}: others may read or change more than they should. \
         Mend it with: chmod {allowed:04o} '{path}'"
    )]
    TooOpen { path: String, found: u32, allowed: u32 },
    #[error("{} is a link: put the folder or file itself there", shown_path(.0))]
    Link(PathBuf),
    #[error("{} is not a {expected}", shown_path(path))]
    WrongType { path: PathBuf, expected: &'static str },
    #[error(
        "{} belongs to {owner}, and this is done as {ours}. What {ours} writes there {owner} could neither read nor change any \
         more, and each later night would fail. Nothing was done; do it as {owner}:",
        shown_path(path)
    )]
    Foreign { path: PathBuf, owner: String, ours: String },
    #[error("{} and {} lie on different devices: a run moves files between them, so they must be on one",
        shown_path(.0), shown_path(.1))]
    TwoDevices(PathBuf, PathBuf),
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// A site's paths. Holds nothing open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site {
    root: PathBuf,
}

impl Site {
    /// Takes `root` for a site if it has a `state/` folder; says nothing about modes.
    pub fn open(root: impl Into<PathBuf>) -> Result<Site, SiteError> {
        let site = Site { root: root.into() };
        if site.state().is_dir() {
            Ok(site)
        } else if site.root.is_dir() {
            Err(SiteError::NotASite { root: site.root, missing: "state folder" })
        } else {
            Err(SiteError::NoFolder(site.root))
        }
    }

    /// Makes the zones, an empty hold register and an empty ledger. The policy, the pipelines and the keys are the
    /// caller's to add. A folder that has any of the zones already is refused.
    pub fn create(root: impl Into<PathBuf>) -> Result<Site, SiteError> {
        let site = Site { root: root.into() };
        for zone in Zone::ALL {
            let path = site.zone(zone);
            if fs::symlink_metadata(&path).is_ok() {
                return Err(SiteError::Exists { path, name: zone.name() });
            }
        }
        fs::create_dir_all(&site.root).at("create the folder", &site.root)?;
        for zone in Zone::ALL {
            disk::create_folder(&site.zone(zone), zone.folder_mode())?;
        }
        for folder in [site.dataset(), site.statistics()] {
            disk::create_folder(&folder, Zone::Public.folder_mode())?;
        }
        disk::create_folder(&site.keys(), Zone::State.folder_mode())?;
        disk::write_new(&site.holds(), register::EMPTY, Zone::State.file_mode())?;
        disk::write_new(&site.ledger(), b"", Zone::Reports.file_mode())?;
        for folder in [site.state(), site.reports(), site.zone(Zone::Public), site.root.clone()] {
            disk::sync(&folder)?;
        }
        Ok(site)
    }

    /// Refuses a site that is looser than it was made.
    pub fn check_modes(&self) -> Result<(), SiteError> {
        let mut device: Option<(PathBuf, u64)> = None;
        for zone in Zone::ALL {
            let mut folders = vec![self.zone(zone)];
            match zone {
                Zone::Public => folders.extend([self.dataset(), self.statistics()]),
                Zone::State => folders.push(self.keys()),
                _ => {}
            }
            for path in folders {
                let found = self.checked(&path, zone.folder_mode(), true)?;
                let Some((first, number)) = device.as_ref().filter(|_| zone.is_committed_to()) else {
                    device = device.or(zone.is_committed_to().then(|| (path, found.dev())));
                    continue;
                };
                if *number != found.dev() {
                    return Err(SiteError::TwoDevices(first.clone(), path));
                }
            }
        }
        for (folder, mode) in [(self.keys(), 0o600), (self.pipelines(), 0o644)] {
            for name in disk::names(&folder)? {
                let path = folder.join(name);
                if mode == 0o600 || path.extension().is_some_and(|extension| extension == "toml") {
                    self.checked(&path, mode, false)?;
                }
            }
        }
        self.checked(&self.policy(), 0o644, false)?;
        for (path, mode) in [(self.holds(), 0o600), (self.ledger(), 0o640)] {
            // Whoever needs these says better than we could that they are missing.
            if fs::symlink_metadata(&path).is_ok() {
                self.checked(&path, mode, false)?;
            }
        }
        Ok(())
    }

    fn checked(&self, path: &Path, allowed: u32, folder: bool) -> Result<Metadata, SiteError> {
        let found = fs::symlink_metadata(path).at("look at", path)?;
        if found.is_symlink() {
            return Err(SiteError::Link(path.to_path_buf()));
        }
        if folder != found.is_dir() || folder == found.is_file() {
            let expected = if folder { "folder" } else { "file" };
            return Err(SiteError::WrongType { path: path.to_path_buf(), expected });
        }
        let mode = found.permissions().mode() & 0o777;
        match mode & !allowed {
            0 => Ok(found),
            // Never a chmod that would open what is shut now.
            _ => Err(SiteError::TooOpen { path: path.display().to_string(), found: mode, allowed: mode & allowed }),
        }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path of something that is named relative to the site.
    pub fn at(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    pub fn zone(&self, zone: Zone) -> PathBuf {
        self.at(zone.name())
    }

    pub fn policy(&self) -> PathBuf {
        self.at("policy.toml")
    }

    pub fn pipelines(&self) -> PathBuf {
        self.at("pipelines")
    }

    pub fn inbox(&self) -> PathBuf {
        self.at("inbox")
    }

    pub fn state(&self) -> PathBuf {
        self.at("state")
    }

    pub fn keys(&self) -> PathBuf {
        self.at("state/keys")
    }

    pub fn holds(&self) -> PathBuf {
        self.at("state/holds.json")
    }

    /// What whoever placed or released a hold last remembers of the register.
    pub fn holds_head(&self) -> PathBuf {
        self.at("state/holds-head.json")
    }

    pub fn holds_lock(&self) -> PathBuf {
        self.at("state/holds.lock")
    }

    pub fn lock(&self) -> PathBuf {
        self.at("state/lock")
    }

    pub fn worklists(&self) -> PathBuf {
        self.at("worklists")
    }

    pub fn reports(&self) -> PathBuf {
        self.at("reports")
    }

    pub fn ledger(&self) -> PathBuf {
        self.at("reports/ledger.jsonl")
    }

    pub fn dataset(&self) -> PathBuf {
        self.at("public/dataset")
    }

    pub fn statistics(&self) -> PathBuf {
        self.at("public/statistics")
    }
}

#[cfg(test)]
mod tests;
