//! A run that is killed, at any step or at any time: the next one ends as if nothing had happened.
//!
//! A child process runs the night and aborts at one moment of the commit; this process then runs it again, and one more
//! night on the same exports. Keys and clock are fixed, so that every byte of the site must be what an uninterrupted
//! night leaves, `state/` and the ledger with their numbers and times included.

mod night;

use std::env;
use std::process::exit;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use afterloan::act::{BeginError, Refusal};
use afterloan::state::commit::{CommitError, Moment};

pub use night::{Night, child_of, look};

use crate::support::TestSite;
use crate::support::library::{Library, loans_site, only};
use night::{ABORT_AT, DAY, PLAN, SITE};

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
    night.assert_ends(&["keys/loan-2026-09.key"]);
    night.assert_brings(&["keys/loan-2026-10.key", "month=2026-09/collection.parquet"]);
    night.kill_at_every_step();
}

#[test]
fn a_night_that_is_killed_at_any_time() {
    let site = TestSite::small_koha();
    site.stamp("2026-11-01");
    let night = Night::of(site, "2026-11-01");
    for round in 0..8 {
        let site = night.fresh();
        let mut child = night.undisturbed(&site).spawn().unwrap();
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
    let plan = (!plan.is_empty()).then(|| plan.parse().unwrap());
    // As the program ends.
    exit(match site.run_on(&day, plan, &hook) {
        Ok(_) => 0,
        Err(
            Refusal::Begin(BeginError::Commit(CommitError::Unfinished(_)))
            | Refusal::Commit(CommitError::Unfinished(_)),
        ) => 3,
        Err(_) => 2,
    })
}
