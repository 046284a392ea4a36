//! An act's folder in `state/` while the act is at work.

use std::path::PathBuf;

use super::super::disk::{self, DiskError};
use super::super::site::Site;

pub const PASS: &str = "pass";
pub const FILES: &str = "files";
pub const MANIFEST: &str = "manifest.json";
pub const HALF_MANIFEST: &str = "manifest.json.part";

pub fn run_folder(site: &Site, sequence: u64) -> PathBuf {
    site.state().join(format!("run-{sequence:06}"))
}

/// The folders of runs that didn't end, by number.
pub fn run_folders(site: &Site) -> Result<Vec<(u64, PathBuf)>, DiskError> {
    let mut found = Vec::new();
    for name in disk::names(&site.state())? {
        if let Some(sequence) = name.strip_prefix("run-").and_then(|digits| digits.parse().ok()) {
            found.push((sequence, site.state().join(name)));
        }
    }
    Ok(found)
}
