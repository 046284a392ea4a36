use std::fs::Permissions;
use std::os::unix::fs::symlink;

use super::*;
use crate::state::lock::{Lock, LockError};

fn site() -> (tempfile::TempDir, Site) {
    let folder = crate::state::scratch();
    let site = Site::create(folder.path().join("site")).unwrap();
    fs::write(site.policy(), "").unwrap();
    fs::write(site.pipelines().join("koha-loans.toml"), "").unwrap();
    set(&site, "policy.toml", 0o644);
    set(&site, "pipelines/koha-loans.toml", 0o644);
    (folder, site)
}

fn set(site: &Site, path: &str, mode: u32) {
    fs::set_permissions(site.at(path), Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_new_site_is_as_shut_as_it_must_be_and_is_made_once() {
    let (_folder, site) = site();
    site.check_modes().unwrap();
    assert!(Site::open(site.root()).is_ok());
    assert!(matches!(Site::create(site.root()), Err(SiteError::Exists { .. })));
    assert!(matches!(Site::open(site.inbox()), Err(SiteError::NotASite { .. })));
}

/// A looser mode is named with the command that mends it; a stricter one is fine.
#[test]
fn a_looser_mode_is_refused() {
    let loose = [
        ("inbox", 0o750, "0700"),
        ("inbox", 0o701, "0700"),
        ("state", 0o711, "0700"),
        ("state/keys", 0o755, "0700"),
        ("state/holds.json", 0o604, "0600"),
        ("worklists", 0o770, "0700"),
        ("reports", 0o755, "0750"),
        ("reports/ledger.jsonl", 0o660, "0640"),
        ("public", 0o775, "0755"),
        ("public/dataset", 0o777, "0755"),
        ("public/statistics", 0o757, "0755"),
        ("pipelines", 0o775, "0755"),
        ("pipelines/koha-loans.toml", 0o664, "0644"),
        ("policy.toml", 0o646, "0644"),
    ];
    for (path, mode, mended) in loose {
        let (_folder, site) = site();
        set(&site, path, mode);
        let error = site.check_modes().unwrap_err().to_string();
        let whole = site.at(path).display().to_string();
        assert!(error.starts_with(&format!("{whole} has mode {mode:04o}")), "{error}");
        assert!(error.ends_with(&format!("chmod {mended} '{whole}'")), "{error}");
    }
    let (_folder, site) = site();
    set(&site, "reports", 0o700);
    set(&site, "policy.toml", 0o600);
    site.check_modes().unwrap();
}

#[test]
fn a_linked_or_missing_zone_is_refused() {
    let (folder, site) = site();
    let elsewhere = folder.path().join("elsewhere");
    fs::rename(site.worklists(), &elsewhere).unwrap();
    assert!(matches!(site.check_modes(), Err(SiteError::Disk(_))));
    symlink(&elsewhere, site.worklists()).unwrap();
    assert!(matches!(site.check_modes(), Err(SiteError::Link(_))));
    fs::remove_file(site.worklists()).unwrap();
    fs::write(site.worklists(), "").unwrap();
    assert!(matches!(site.check_modes(), Err(SiteError::WrongType { .. })));
}

#[test]
fn two_runs_exclude_each_other() {
    let (_folder, site) = site();
    let lock = Lock::take(&site).unwrap();
    assert!(matches!(Lock::take(&site), Err(LockError::Held(_))));
    drop(lock);
    Lock::take(&site).unwrap();
}
