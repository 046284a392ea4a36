//! A night that is disturbed, and what must come of it.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use afterloan::state::commit::{Moment, no_hook};
use afterloan::words::Digest;

use crate::support::TestSite;

pub const SITE: &str = "AFTERLOAN_TEST_SITE";
pub const DAY: &str = "AFTERLOAN_TEST_DAY";
pub const PLAN: &str = "AFTERLOAN_TEST_PLAN";
pub const ABORT_AT: &str = "AFTERLOAN_TEST_ABORT_AT";

/// Everything in a site: path, mode, bytes of a file.
pub type Look = Vec<(PathBuf, u32, Option<Vec<u8>>)>;

pub fn look(site: &TestSite) -> Look {
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

pub fn files_of(look: &Look) -> impl Iterator<Item = &Path> {
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
    /// What is exported again before another run, since the night's deleted it.
    again: fn(&TestSite),
}

impl Night {
    pub fn of(base: TestSite, day: &'static str) -> Night {
        Night::exported_again(base, day, |_| {})
    }

    pub fn exported_again(base: TestSite, day: &'static str, again: fn(&TestSite)) -> Night {
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
        again(&site);
        site.accept_on(day);
        site.assert_verifies();
        let sequence = done.committed.unwrap().sequence;
        let twice = look(&site);
        Night { base, day, plan, moments: moments.into_inner().unwrap(), before, after, twice, sequence, again }
    }

    fn child(&self, site: &TestSite, plan: Option<Digest>, abort_at: usize) -> Command {
        child_of(site, self.day, plan, abort_at)
    }

    /// A process that runs the night, and is not stopped by itself.
    pub fn undisturbed(&self, site: &TestSite) -> Command {
        self.child(site, Some(self.plan), usize::MAX)
    }

    /// The site before the night.
    pub fn fresh(&self) -> TestSite {
        self.base.copy()
    }

    /// The night makes a file for each of these parts of paths, or ends what lay there.
    pub fn assert_brings(&self, parts: &[&str]) {
        let without = |look: &Look, part: &str| !files_of(look).any(|path| path.to_string_lossy().contains(part));
        for part in parts {
            assert!(without(&self.before, part) && !without(&self.after, part), "{part}");
        }
    }

    pub fn assert_ends(&self, parts: &[&str]) {
        let without = |look: &Look, part: &str| !files_of(look).any(|path| path.to_string_lossy().contains(part));
        for part in parts {
            assert!(!without(&self.before, part) && without(&self.after, part), "{part}");
        }
    }

    pub fn is_committed(&self, site: &TestSite) -> bool {
        fs::read_to_string(site.at("reports/ledger.jsonl")).is_ok_and(|ledger| {
            // A torn line counts for nothing.
            ledger.matches('\n').count() as u64 >= self.sequence
        })
    }

    /// What a killed run may have left: nothing outside `state/` that isn't of the site before or after, and no worklist
    /// whose transactions aren't safe in `state/`.
    pub fn check_left(&self, left: &Look, when: &str) {
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
    pub fn nobody_is_accused(&self, site: &TestSite, when: &str) {
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

    /// Whether it is the site that was there before, at once or once a plan has thrown away what counts for nothing.
    pub fn is_undone(&self, site: &TestSite) -> bool {
        if self.is_committed(site) {
            return false;
        }
        let left = look(site);
        left == self.before
            || site.plan_on(self.day).is_ok_and(|plan| plan.digest == self.plan) && look(site) == self.before
    }

    /// Runs until as many nights are committed as the reference has.
    pub fn finish(&self, site: &TestSite, when: &str) {
        if is_sealed(&look(site)) {
            // A plan that nobody made: the run puts in order what was left, and then refuses.
            let no_plan = Some(Digest([7; 32]));
            site.run_on(self.day, no_plan, &no_hook).map(|_| ()).unwrap_err();
        }
        for _ in 0..3 {
            if self.is_committed(site) {
                (self.again)(site);
            }
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
