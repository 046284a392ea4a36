//! A site in a temporary folder, and ways to run nights on it.

#![allow(dead_code)]

pub mod inbox;
pub mod library;
pub mod text;
pub mod workbook;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use afterloan::act::{self, Options, Outcome, Refusal, Seams};
use afterloan::state::commit::{Hook, no_hook};
use afterloan::state::entropy::Fixed;
use afterloan::state::site::Site;
use afterloan::words::Digest;
use jiff::Timestamp;

/// The first moment of 1 November 2026 in New York.
pub const AS_OF: &str = "2026-11-01T00:00:00-04:00";

/// A site that goes with the test.
pub struct TestSite {
    root: PathBuf,
    /// None: the site is another process's.
    _folder: Option<tempfile::TempDir>,
}

/// The binary. `AFTERLOAN_PROGRAM` names another one: whether a test would have found a fault is seen where it fails with the
/// version that had it.
pub fn afterloan() -> Command {
    Command::new(std::env::var_os("AFTERLOAN_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_afterloan").into()))
}

/// The fixtures' generator: `args` as for `afterloan-fixtures`.
pub fn generate(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_afterloan-fixtures")).args(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

impl TestSite {
    /// `init --ils` with an authorization.
    pub fn init(ils: &str) -> TestSite {
        TestSite::init_with(ils, &[])
    }

    /// The same, with services.
    pub fn init_with(ils: &str, more: &[&str]) -> TestSite {
        let folder = tempfile::tempdir().unwrap();
        let site = TestSite { root: folder.path().join("site"), _folder: Some(folder) };
        let output = afterloan().args(["init", "--ils", ils]).args(more).arg(site.root()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        site.edit("policy.toml", |text| text.replace("authorization = \"\"", "authorization = \"RC-075\""));
        site
    }

    /// A Koha library of about 330 loans, dirty as exports are.
    pub fn small_koha() -> TestSite {
        let site = TestSite::init("koha");
        generate(&["small", site.at("inbox").to_str().unwrap()]);
        site
    }

    /// A site that lies at `site` in this folder, and goes with it.
    pub fn holding(folder: tempfile::TempDir) -> TestSite {
        TestSite { root: folder.path().join("site"), _folder: Some(folder) }
    }

    /// With a hold register that is written by hand, as older sites have it.
    pub fn by_hand(self) -> TestSite {
        self.edit("state/holds.json", |_| r#"{"format":1,"count":0,"holds":[]}"#.into());
        self
    }

    pub fn root(&self) -> PathBuf {
        self.root.clone()
    }

    pub fn at(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }

    pub fn site(&self) -> Site {
        Site::open(self.root()).unwrap()
    }

    /// Rewrites a file, keeping its mode.
    pub fn edit(&self, relative: &str, change: impl FnOnce(String) -> String) {
        let path = self.at(relative);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, change(text)).unwrap();
    }

    /// Writes an export into the inbox.
    pub fn export(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.at("inbox").join(name);
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// The binary on this site.
    pub fn cli(&self, args: &[&str]) -> Output {
        afterloan().args(args).arg("--site").arg(self.root()).output().unwrap()
    }

    pub fn plan(&self, as_of: &str) -> Result<Outcome, Refusal> {
        let seams = Seams { entropy: &mut Fixed::new(1), hook: &no_hook, progress: &|_| {} };
        act::plan(&self.site(), options(as_of, None), seams)
    }

    /// A run with keys that a test can make again.
    pub fn run(&self, as_of: &str, accept: Option<Digest>) -> Result<Outcome, Refusal> {
        self.run_with(as_of, accept, &no_hook)
    }

    pub fn run_with(&self, as_of: &str, accept: Option<Digest>, hook: Hook<'_>) -> Result<Outcome, Refusal> {
        let seams = Seams { entropy: &mut Fixed::new(1), hook, progress: &|_| {} };
        act::run(&self.site(), options(as_of, accept), seams)
    }

    /// A plan, accepted and carried out.
    pub fn accept_and_run(&self, as_of: &str) -> Outcome {
        let plan = self.plan(as_of).unwrap();
        self.run(as_of, Some(plan.digest)).unwrap()
    }
}

pub fn options(as_of: &str, accept: Option<Digest>) -> Options {
    Options { as_of: as_of.parse().unwrap(), now: Timestamp::now(), accept }
}

/// Every file below a folder, relative to it, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(here) = folders.pop() {
        for entry in fs::read_dir(&here).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() && !path.is_symlink() {
                true => folders.push(path),
                false => found.push(path.strip_prefix(folder).unwrap().to_path_buf()),
            }
        }
    }
    found.sort();
    found
}

/// Every file below a folder with its bytes. Not the lock files, which are empty, and made by the first run.
pub fn snapshot(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    files(folder)
        .into_iter()
        .filter(|path| path != Path::new("state/lock") && path != Path::new("state/holds.lock"))
        .map(|path| (path.clone(), fs::read(folder.join(&path)).unwrap()))
        .collect()
}
