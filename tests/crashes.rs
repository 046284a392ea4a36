//! A run that is killed, at any step or at any time: the next one ends as if nothing had happened.
//!
//! A child process runs the night and aborts at one moment of the commit; this process then runs it again, and one more
//! night on the same exports. Keys and clock are fixed, so that every byte of the site must be what an uninterrupted
//! night leaves, `state/` and the ledger with their numbers and times included.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use afterloan::state::commit::{Moment, no_hook};
use afterloan::words::Digest;

use crate::support::TestSite;
use crate::support::library::{Library, loans_site, only};

const SITE: &str = "AFTERLOAN_TEST_SITE";
const DAY: &str = "AFTERLOAN_TEST_DAY";
const PLAN: &str = "AFTERLOAN_TEST_PLAN";
const ABORT_AT: &str = "AFTERLOAN_TEST_ABORT_AT";

/// Everything in a site: path, mode, bytes of a file.
type Look = Vec<(PathBuf, u32, Option<Vec<u8>>)>;

fn look(site: &TestSite) -> Look {
    let mut found = Vec::new();
    let mut folders = vec![site.root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let mode = fs::symlink_metadata(&path).unwrap().permissions().mode();
            let bytes = path.is_file().then(|| fs::read(&path).unwrap());
            if bytes.is_none() {
                folders.push(path.clone());
            }
            found.push((path.strip_prefix(site.root()).unwrap().to_path_buf(), mode, bytes));
        }
    }
    found.sort();
    found
}

fn files_of(look: &Look) -> impl Iterator<Item = &Path> {
    look.iter().filter(|(_, _, bytes)| bytes.is_some()).map(|(path, _, _)| path.as_path())
}

/// Whether a killed run came as far as its manifest.
fn is_sealed(look: &Look) -> bool {
    files_of(look).any(|path| path.starts_with("state") && path.ends_with("manifest.json"))
}

fn assert_same(found: &Look, expected: &Look, when: &str) {
    for pair in found.iter().zip(expected) {
        assert!(pair.0 == pair.1, "{when}: {} (or {}) differs", pair.0.0.display(), pair.1.0.display());
    }
    assert_eq!(found.len(), expected.len(), "{when}");
}

/// A process that runs a night and dies at a moment of its commit.
pub fn child_of(site: &TestSite, day: &str, plan: Option<Digest>, abort_at: usize) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "crashes::child", "--nocapture", "--ignored"]).stdout(Stdio::null());
    command.stderr(Stdio::null()).env(SITE, site.root()).env(DAY, day);
    command.env(PLAN, plan.map_or(String::new(), |plan| plan.to_string()));
    command.env(ABORT_AT, abort_at.to_string());
    command
}

/// A night of a site, as it goes where nobody disturbs it.
pub struct Night {
    base: TestSite,
    day: &'static str,
    plan: Digest,
    moments: Vec<Moment>,
    /// The site before the night, after it, and after one more run on the same exports.
    before: Look,
    after: Look,
    twice: Look,
    sequence: u64,
}

impl Night {
    pub fn of(base: TestSite, day: &'static str) -> Night {
        let site = base.copy();
        let plan = site.plan_on(day).unwrap().digest;
        let moments = Mutex::new(Vec::new());
        let hook = |moment| {
            moments.lock().unwrap().push(moment);
            Ok(())
        };
        let before = look(&site);
        let done = site.run_on(day, Some(plan), &hook).unwrap();
        let after = look(&site);
        site.accept_on(day);
        site.assert_verifies();
        let sequence = done.committed.unwrap().sequence;
        let twice = look(&site);
        Night { base, day, plan, moments: moments.into_inner().unwrap(), before, after, twice, sequence }
    }

    fn child(&self, site: &TestSite, plan: Option<Digest>, abort_at: usize) -> Command {
        child_of(site, self.day, plan, abort_at)
    }

    /// What a killed run may have left: nothing outside `state/` that isn't of the site before or after, and no worklist
    /// whose transactions aren't safe in `state/`.
    fn check_left(&self, left: &Look, when: &str) {
        let of = |look: &Look, path: &Path| files_of(look).any(|one| one == path);
        for path in files_of(left).filter(|path| !path.starts_with("state")) {
            assert!(of(&self.before, path) || of(&self.after, path), "{when}: {} was left", path.display());
        }
        for (path, mode, bytes) in left.iter().filter(|(path, _, _)| path.starts_with("state")) {
            // Below a run's folder, which is 0700, modes are those that the files will have.
            let inside =
                path.components().nth(1).is_some_and(|part| part.as_os_str().to_string_lossy().starts_with("run-"));
            assert!(
                inside && path.components().count() > 2 || mode & 0o077 == 0 || bytes.is_none(),
                "{when}: {path:?}"
            );
        }
        let fresh = files_of(left).any(|path| path.starts_with("worklists") && !of(&self.before, path));
        let deleted = files_of(&self.before).any(|path| path.starts_with("inbox") && !of(left, path));
        if fresh || deleted {
            let safe = |path: &&(PathBuf, u32, Option<Vec<u8>>)| {
                let folders = ["state/known", "state/logs", "state/staging", "state/keys"];
                folders.iter().any(|folder| path.0.starts_with(folder))
            };
            for one in self.after.iter().filter(safe) {
                let what = if fresh { "a worklist came" } else { "an export went" };
                assert!(left.contains(one), "{when}: {what} before {}", one.0.display());
            }
        }
    }

    /// Between a kill and the next run, `verify` speaks of an unfinished run at most, and a plan changes nothing.
    fn nobody_is_accused(&self, site: &TestSite, when: &str) {
        let left = look(site);
        let verify = site.cli(&["verify"]);
        let said = String::from_utf8_lossy(&verify.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(verify.status.code().is_some_and(|code| code < 2), "{when}: {said}");
        assert_eq!(said.contains("unfinished run:"), is_sealed(&left), "{when}: {said}");
        if said.contains("It is committed") {
            let refused = site.plan_on(self.day).map(|_| ()).unwrap_err().to_string();
            assert!(refused.contains("A plan changes nothing, so it leaves that as it is"), "{when}: {refused}");
            assert_same(&look(site), &left, when);
        }
    }

    /// Runs until as many nights are committed as the reference has.
    fn finish(&self, site: &TestSite, when: &str) {
        if is_sealed(&look(site)) {
            // A plan that nobody made: the run puts in order what was left, and then refuses.
            let no_plan = Some(Digest([7; 32]));
            site.run_on(self.day, no_plan, &no_hook).map(|_| ()).unwrap_err();
        }
        for _ in 0..3 {
            let done = site.accept_on(self.day).committed.unwrap().sequence;
            if done == self.sequence + 1 {
                return assert_same(&look(site), &self.twice, when);
            }
        }
        panic!("{when}: no end");
    }

    /// Every moment before a step; every moment after one, the first time that the step comes.
    pub fn kill_at_every_step(&self) {
        let mut chosen: Vec<usize> = Vec::new();
        for (at, moment) in self.moments.iter().enumerate() {
            if matches!(moment, Moment::Before(_)) || !self.moments[..at].contains(moment) {
                chosen.push(at);
            }
        }
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while let Some(at) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                        self.kill_at(*at);
                    }
                });
            }
        });
    }

    fn kill_at(&self, at: usize) {
        let when = format!("killed {}, moment {at}", self.moments[at]);
        let site = self.base.copy();
        let killed = self.child(&site, Some(self.plan), at).status().unwrap();
        assert!(!killed.success() && killed.code().is_none(), "{when}: the child aborts");
        self.check_left(&look(&site), &when);
        if is_sealed(&look(&site)) || at.is_multiple_of(4) {
            self.nobody_is_accused(&site, &when);
        }
        // Some die again while they put in order what the first one left.
        if at.is_multiple_of(5) {
            let _ = self.child(&site, None, at % 3).status().unwrap();
            self.check_left(&look(&site), &when);
        }
        self.finish(&site, &when);
    }
}

/// Two months of a first night: August is released, September staged.
fn first_night() -> (TestSite, Library) {
    let library = Library::default().loans(101, 24, "2026-08-03", Some("2026-08-12")).loans(
        201,
        24,
        "2026-09-01",
        Some("2026-09-09"),
    );
    let site = loans_site();
    library.write(&site);
    site.stamp("2026-10-15");
    (site, library)
}

#[test]
fn a_first_night_that_is_killed_at_any_step() {
    Night::of(first_night().0, "2026-10-15").kill_at_every_step();
}

/// A later night: confirmations, a residual, a release from staging with its key destroyed, new staging with a new key.
#[test]
fn a_later_night_that_is_killed_at_any_step() {
    let (site, library) = first_night();
    let mut library = library.loans(301, 24, "2026-10-01", Some("2026-10-01"));
    let first = site.night(&library, "2026-10-15");
    assert_eq!(only(&first).totals.retired, 48);
    library.sever(101..111);
    library.remove(201..213);
    library.write(&site);
    site.stamp("2026-10-31");
    let night = Night::of(site, "2026-10-31");
    let has = |look: &Look, path: &str| files_of(look).any(|one| one.to_string_lossy().contains(path));
    assert!(has(&night.before, "keys/loan-2026-09.key") && !has(&night.after, "keys/loan-2026-09.key"));
    assert!(has(&night.after, "keys/loan-2026-10.key") && has(&night.after, "month=2026-09/collection.parquet"));
    night.kill_at_every_step();
}

#[test]
fn a_night_that_is_killed_at_any_time() {
    let site = TestSite::small_koha();
    site.stamp("2026-11-01");
    let night = Night::of(site, "2026-11-01");
    for round in 0..8 {
        let site = night.base.copy();
        let mut child = night.child(&site, Some(night.plan), usize::MAX).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(20 + 35 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let when = format!("killed after {} ms", 20 + 35 * round);
        night.check_left(&look(&site), &when);
        // Whether it is still to be committed, nobody knows; either way it ends the same.
        night.finish(&site, &when);
    }
}

/// The night of the tests above, in a process of its own; without a plan: what the next start does.
#[test]
#[ignore = "a child of the other tests"]
fn child() {
    let Some(root) = env::var_os(SITE) else { return };
    let (day, plan) = (env::var(DAY).unwrap(), env::var(PLAN).unwrap());
    let abort_at: usize = env::var(ABORT_AT).unwrap().parse().unwrap();
    let moment = AtomicUsize::new(0);
    let hook = |_: Moment| {
        if moment.fetch_add(1, Ordering::SeqCst) == abort_at {
            std::process::abort();
        }
        Ok(())
    };
    let site = TestSite::around(root.into());
    match plan.is_empty() {
        true => drop(site.run_on(&day, None, &hook)),
        false => drop(site.run_on(&day, Some(plan.parse().unwrap()), &hook)),
    }
}
