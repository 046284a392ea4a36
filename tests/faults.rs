//! A disk that refuses, is full, or goes away, at every single call by which a night writes: with releases, staging, a key
//! that goes, logs to delete and worklists.
//!
//! The program has no seam for it: `strace` counts the calls of an undisturbed night, and then lets one of them fail (`ENOSPC`,
//! `EIO`) or kills the process before it. Whatever happens, nothing lies outside `state/` that isn't of the site before or
//! after; `verify` speaks of an unfinished run at most, and a plan changes nothing; exit code 2 means that nothing was
//! committed, 3 that something was; and the next run ends in the same bytes as a night without a fault, so that nothing is
//! lost or doubled.
//!
//! `make test-faults` tries every call; `make test-faults EVERY=12` each twelfth, as CI does.

mod calls;
mod site;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use calls::{Call, Fault};

use crate::crashes::{Night, look};

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |value| value.parse().unwrap())
}

/// What came of the faults, by call and fault: tried and failed.
type Tried = BTreeMap<(String, Fault), [u64; 2]>;

#[test]
#[ignore = "needs strace, and takes minutes: make test-faults"]
fn at_every_writing_call() {
    assert!(Command::new("strace").arg("-V").output().is_ok(), "strace isn't installed");
    let (every, seed) = (number("AFTERLOAN_FAULTS_EVERY", 1), number("AFTERLOAN_FAULTS_SEED", 0));
    let night = site::night();
    let calls = calls::of(&night);
    let all: Vec<(Call, Fault)> =
        Fault::ALL.iter().flat_map(|fault| calls.iter().map(|call| (call.clone(), *fault))).collect();
    println!("{} writing calls, {} faults; every {every}. of them from {seed} on", calls.len(), all.len());
    let chosen: Vec<&(Call, Fault)> = all.iter().skip(seed % every).step_by(every).collect();
    let (next, tried, failed) = (AtomicUsize::new(0), Mutex::new(Tried::new()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some((call, fault)) = chosen.get(at) else { break };
                    if at > 0 && at.is_multiple_of(100) {
                        println!("  {at} of {}", chosen.len());
                    }
                    let is_whole = at.is_multiple_of(WHOLE);
                    let is_fine = catch_unwind(AssertUnwindSafe(|| withstands(&night, call, *fault, is_whole))).is_ok();
                    let mut tried = tried.lock().unwrap();
                    let counts = tried.entry((call.name.clone(), *fault)).or_default();
                    counts[0] += 1;
                    counts[1] += u64::from(!is_fine);
                    if !is_fine {
                        failed.lock().unwrap().push(format!("{fault:?} at {call}"));
                    }
                }
            });
        }
    });
    for ((call, fault), [tried, failed]) in tried.into_inner().unwrap() {
        println!("  {call:<12} {:<8} {tried:>5} tried, {failed} failed", format!("{fault:?}"));
    }
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} of {} failed, each said above:\n{}", failed.len(), chosen.len(), failed.join("\n"));
}

/// Where a fault leaves the very site that was there before, byte by byte, or makes a plan leave it, the next run is the
/// undisturbed one: it is done once for so many of these, and for all others always.
const WHOLE: usize = 10;

fn withstands(night: &Night, call: &Call, fault: Fault, is_whole: bool) {
    let when = format!("{fault:?} at {call}");
    let site = night.fresh();
    let code = calls::disturbed(night, &site, call, fault);
    let committed = night.is_committed(&site);
    match code {
        None => assert_eq!(fault, Fault::Kill, "{when}: it was killed"),
        Some(0 | 3) => assert!(committed, "{when}: exit code {code:?}, and nothing is committed"),
        Some(_) => assert!(!committed, "{when}: exit code {code:?} after the commit"),
    }
    night.check_left(&look(&site), &when);
    night.nobody_is_accused(&site, &when);
    if is_whole || !night.is_undone(&site) {
        night.finish(&site, &when);
    }
}
