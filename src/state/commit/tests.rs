//! Every crash that a run can have, one after the other, in one process: a hook stops the run at its k-th moment, by
//! panicking (a kill: nothing is tidied up) or with an error (a full disk). Then the next start recovers, itself
//! stopped at each of its moments in turn, and the site must be as before the run or as after it, nothing else.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};

use super::super::disk;
use super::super::site::Site;
use super::*;
use std::fs;
use std::io;
use std::path::Path;

/// Every folder and file of a site with its mode, but for the lock.
type Tree = BTreeMap<String, (u32, Option<Vec<u8>>)>;

fn tree(site: &Site) -> Tree {
    fn walk(folder: &Path, root: &Path, tree: &mut Tree) {
        for name in disk::names(folder).unwrap() {
            let path = folder.join(name);
            let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            let content = path.is_file().then(|| fs::read(&path).unwrap());
            tree.insert(path.strip_prefix(root).unwrap().display().to_string(), (mode, content));
            if path.is_dir() {
                walk(&path, root, tree);
            }
        }
    }
    let mut all = Tree::new();
    walk(site.root(), site.root(), &mut all);
    all
}

/// A site after its first run: with something to replace and something to remove.
fn site() -> (tempfile::TempDir, Site) {
    let folder = crate::state::scratch();
    let site = Site::create(folder.path().join("site")).unwrap();
    fs::write(site.ledger(), "{\"sequence\":1}\n").unwrap();
    for (path, content) in [
        ("state/known/koha-loans/2026-01.known", "known 1"),
        ("state/staging/koha-loans/month=2026-01/run-000001.parquet", "staged 1"),
        ("state/keys/loan-2026-01.key", "key"),
    ] {
        fs::create_dir_all(site.at(path).parent().unwrap()).unwrap();
        fs::write(site.at(path), content).unwrap();
    }
    (folder, site)
}

const LINE: &str = "{\"sequence\":2,\"files\":[]}";

fn run(site: &Site, hook: Hook<'_>) -> Result<(), CommitError> {
    let mut pending = Pending::begin(site, 2, hook)?;
    fs::write(pending.pass_folder().join("000.run"), "rows").unwrap();
    for (path, content) in [
        ("state/known/koha-loans/2026-01.known", "known 2"),
        ("reports/2026-03-01-run-000002.json", "report"),
        ("worklists/koha-loans/2026-03-01.csv", "1"),
    ] {
        fs::write(pending.file(path)?, content).unwrap();
    }
    let public = pending.folder("public")?.join("dataset/loan/collection/month=2026-01");
    fs::create_dir_all(&public).unwrap();
    fs::write(public.join("collection.parquet"), "rows").unwrap();
    pending.remove("state/staging/koha-loans/month=2026-01")?;
    pending.remove("state/keys/loan-2026-01.key")?;
    pending.prepare()?.seal(LINE)?.commit()
}

/// Stops at the `stop`-th moment; counts all.
struct Stopper {
    moments: AtomicU32,
    stop: u32,
    by_panic: bool,
}

impl Stopper {
    fn new(stop: u32, by_panic: bool) -> Stopper {
        Stopper { moments: AtomicU32::new(0), stop, by_panic }
    }

    fn at(&self, moment: Moment) -> io::Result<()> {
        if self.moments.fetch_add(1, Ordering::Relaxed) != self.stop {
            return Ok(());
        }
        if self.by_panic {
            // Without the panic's message.
            std::panic::resume_unwind(Box::new(()));
        }
        Err(io::Error::other(format!("stopped {moment}")))
    }
}

/// None if it was stopped.
fn stopped<T>(stop: u32, by_panic: bool, action: impl FnOnce(Hook<'_>) -> Result<T, CommitError>) -> Option<T> {
    let stopper = Stopper::new(stop, by_panic);
    catch_unwind(AssertUnwindSafe(|| action(&|moment| stopper.at(moment)))).ok().and_then(Result::ok)
}

#[test]
fn a_run_puts_its_files_in_place_with_their_modes() {
    let (_folder, site) = site();
    run(&site, &no_hook).unwrap();
    let tree = tree(&site);
    let mode = |path: &str| format!("{:o}", tree[path].0);
    assert_eq!(mode("public/dataset/loan"), "755");
    assert_eq!(mode("public/dataset/loan/collection/month=2026-01/collection.parquet"), "644");
    assert_eq!(mode("reports/2026-03-01-run-000002.json"), "640");
    assert_eq!(mode("worklists/koha-loans"), "700");
    assert_eq!(mode("worklists/koha-loans/2026-03-01.csv"), "600");
    assert_eq!(tree["state/known/koha-loans/2026-01.known"], (0o600, Some(b"known 2".to_vec())));
    assert_eq!(tree["reports/ledger.jsonl"].1, Some(format!("{{\"sequence\":1}}\n{LINE}\n").into_bytes()));
    assert!(
        !tree.keys().any(|path| path.contains("run-000001") || path.ends_with(".key") || path.contains("state/run"))
    );
    assert_eq!(recover(&site, &no_hook).unwrap(), None);
}

#[test]
fn killed_at_any_moment_the_site_is_as_before_or_as_after() {
    let (_folder, done) = site();
    let before = tree(&done);
    run(&done, &no_hook).unwrap();
    let after = tree(&done);
    let endings = Cell::new((0, 0));
    for by_panic in [true, false] {
        for stop in 0.. {
            let (_folder, site) = site();
            let whole = stopped(stop, by_panic, |hook| run(&site, hook)).is_some();
            let committed = fs::read_to_string(site.ledger()).unwrap().contains(LINE);
            // A recovery may be killed too, and the one after that.
            for again in 0.. {
                if stopped(again, by_panic, |hook| recover(&site, hook)).is_some() {
                    break;
                }
            }
            let (was, is) = endings.get();
            let expected = if committed { &after } else { &before };
            endings.set(if committed { (was, is + 1) } else { (was + 1, is) });
            assert!(tree(&site) == *expected, "stopped at {stop}, panic {by_panic}, committed {committed}");
            if !committed {
                run(&site, &no_hook).unwrap();
                assert!(tree(&site) == after, "the run after one stopped at {stop}");
            }
            if whole {
                break;
            }
        }
    }
    assert!(endings.get().0 > 30 && endings.get().1 > 30, "{:?}", endings.get());
}

#[test]
fn an_error_says_whether_the_run_is_committed() {
    let mut stop = 0;
    loop {
        let (_folder, site) = site();
        let stopper = Stopper::new(stop, false);
        let ended = run(&site, &|moment| stopper.at(moment));
        let committed = fs::read_to_string(site.ledger()).unwrap().contains(LINE);
        match ended {
            Ok(()) => return,
            Err(CommitError::Unfinished(_)) => assert!(committed, "{stop}"),
            Err(_) => assert!(!committed, "{stop}"),
        }
        stop += 1;
    }
}

/// A run that is sealed, and killed before its line is in the ledger.
fn sealed() -> (tempfile::TempDir, Site) {
    let (folder, site) = site();
    let kill = |moment| match moment {
        Moment::Before(Step::AppendLedger) => std::panic::resume_unwind(Box::new(())),
        _ => Ok(()),
    };
    assert!(catch_unwind(AssertUnwindSafe(|| run(&site, &kill))).is_err());
    (folder, site)
}

#[test]
fn a_torn_line_is_cut_off_if_the_pending_run_began_it_and_else_an_error() {
    let first = "{\"sequence\":1}\n";
    for torn in 1..=LINE.len() {
        let (_folder, site) = sealed();
        fs::write(site.ledger(), format!("{first}{}", &LINE[..torn])).unwrap();
        assert_eq!(recover(&site, &no_hook).unwrap().unwrap(), Recovered { sequence: 2, ending: Ending::Discarded });
        assert_eq!(fs::read_to_string(site.ledger()).unwrap(), first);
    }
    let strange = |site: &Site| fs::write(site.ledger(), format!("{first}{{\"sequence\":3")).unwrap();
    for (_folder, site) in [sealed(), site()] {
        strange(&site);
        assert!(matches!(recover(&site, &no_hook), Err(CommitError::TornLedger(_))));
    }
    let (_folder, site) = site();
    strange(&site);
    assert!(matches!(run(&site, &no_hook), Err(CommitError::TornLedger(_))), "and nothing is appended to it");
}

#[test]
fn what_somebody_changed_meanwhile_is_not_moved() {
    type Harm = fn(&Site);
    let harms: [Harm; 3] = [
        |site| fs::write(site.at("state/run-000002/files/reports/2026-03-01-run-000002.json"), "Report").unwrap(),
        |site| fs::remove_file(site.at("state/run-000002/files/reports/2026-03-01-run-000002.json")).unwrap(),
        |site| fs::write(site.at("state/run-000002/manifest.json"), "{\"format\":1").unwrap(),
    ];
    for harm in harms {
        let (_folder, site) = sealed();
        fs::write(site.ledger(), format!("{{\"sequence\":1}}\n{LINE}\n")).unwrap();
        harm(&site);
        assert!(recover(&site, &no_hook).is_err());
    }
    let (_folder, site) = sealed();
    fs::create_dir(site.at("state/run-000003")).unwrap();
    assert!(matches!(recover(&site, &no_hook), Err(CommitError::TwoRuns(..))));
    fs::remove_dir(site.at("state/run-000003")).unwrap();
    assert!(matches!(Pending::begin(&site, 3, &no_hook), Err(CommitError::Leftover(_))));
}

#[test]
fn a_run_writes_and_removes_only_what_is_its_own() {
    let good = ["public/dataset/x", "reports/x", "worklists/p/x", "state/known/p/x", "state/keys/loan-2026-01.key"];
    let bad = [
        "",
        "x",
        "public",
        "public/dataset",
        "reports",
        "reports/ledger.jsonl",
        "inbox/x",
        "policy.toml",
        "pipelines/x",
        "state",
        "state/lock",
        "state/holds.json",
        "state/keys",
        "state/keys/site.key",
        "state/run-000003/files/x",
        "reports/../../x",
        "/etc/x",
        "worklists/./../state/lock",
    ];
    for path in good {
        assert_eq!(manifest::checked(Path::new(path)).unwrap(), path);
    }
    for path in bad {
        assert!(manifest::checked(Path::new(path)).is_err(), "{path}");
    }
    let (_folder, site) = site();
    let mut pending = Pending::begin(&site, 2, &no_hook).unwrap();
    fs::write(pending.file("state/known/p/2026-01.known").unwrap(), "x").unwrap();
    pending.remove("state/known/p").unwrap();
    assert!(matches!(pending.prepare().unwrap().seal(LINE), Err(CommitError::NotOurs { .. })));
}

#[test]
fn a_signing_key_is_replaced_by_who_asks_for_that_alone_and_never_removed() {
    let (_folder, site) = site();
    let key = site.keys().join("signing.key");
    fs::write(&key, "old").unwrap();
    let mut pending = Pending::begin(&site, 2, &no_hook).unwrap();
    assert!(pending.file("state/keys/signing.key").is_err());
    assert!(pending.remove("state/keys/signing.key").is_err());
    assert!(manifest::placeable(Path::new("state/keys/site.key")).is_err());
    fs::write(pending.signing_key().unwrap(), "new").unwrap();
    pending.prepare().unwrap().seal(LINE).unwrap().commit().unwrap();
    assert_eq!(fs::read_to_string(&key).unwrap(), "new");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
}

/// `cargo test --lib commit -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn a_first_night_of_sixty_months() {
    let (_folder, site) = site();
    let start = std::time::Instant::now();
    let mut last = start;
    let mut lap = |what: &str| {
        println!("{what}: {:?}", last.elapsed());
        last = std::time::Instant::now();
    };
    let pending = Pending::begin(&site, 2, &no_hook).unwrap();
    for month in 0..60 {
        for table in 0..11 {
            let path = pending.file(format!("public/dataset/loan/{table}/month={month}/table")).unwrap();
            fs::write(path, vec![month as u8; if table < 2 { 400_000 } else { 4_000 }]).unwrap();
        }
    }
    lap("write");
    let prepared = pending.prepare().unwrap();
    lap("prepare");
    let sealed = prepared.seal(LINE).unwrap();
    lap("seal");
    sealed.commit().unwrap();
    lap("commit");
}
