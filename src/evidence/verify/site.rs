//! A whole site: chain, files, reports, in this order; and the part of it that an act looks at before it adds to it.

use std::path::Path;

use super::chain::{self, Chain};
use super::files::{self, Which};
use super::found::{Fault, Verified};
use super::keyed::{KeyedCheck, LastRun};
use super::place::Places;
use super::reports;
use crate::evidence::ledger;
use crate::words::Digest;

/// What a run adds to: of `state/` what it reads beside its keys, since were it other than the run before left it, rows would be
/// staged twice, lost or requested anew; and all that was published, reported and listed before.
const ADDED_TO: [&str; 10] = [
    "state/absent/",
    "state/known/",
    "state/staging/",
    "state/logs/",
    "state/met/",
    "state/keys/",
    "state/memory.json",
    "public/",
    "reports/",
    "worklists/",
];

/// Checks the site at `site_root`. `head` was noted or printed earlier.
pub fn verify(site_root: &Path, head: Option<Digest>, state: Option<&dyn KeyedCheck>) -> Verified {
    let mut verified = Verified::default();
    let (chain, places) = check_chain(site_root, state, &mut verified);
    if let Some(head) = head {
        compare_head(head, &chain, &mut verified);
    }
    let files = files::check(places, &chain, state, Which::All, &mut verified);
    reports::check(places, &chain, &files, &mut verified);
    verified
}

/// What must hold before anything is added: the whole chain with its signatures, what `state/` remembers of it, and every file
/// that the next run builds on or adds to. A worklist may be gone that somebody carried out.
pub fn before_adding(site_root: &Path, state: &dyn KeyedCheck) -> Verified {
    let mut verified = Verified::default();
    let (chain, places) = check_chain(site_root, Some(state), &mut verified);
    files::check(places, &chain, Some(state), Which::Within(&ADDED_TO), &mut verified);
    verified
}

fn check_chain<'a>(
    site_root: &'a Path,
    state: Option<&'a dyn KeyedCheck>,
    verified: &mut Verified,
) -> (Chain, Places<'a>) {
    let unfinished = state.and_then(|state| state.unfinished());
    let chain = chain::read(site_root, unfinished, verified);
    let committed = unfinished.filter(|run| chain.has(Digest::of(run.line.as_bytes())));
    if let Some(run) = unfinished {
        verified.unfinished = Some((run.sequence, committed.is_some()));
    }
    let places = Places { root: site_root, unfinished: committed };
    let waits = state.filter(|_| committed.is_some()).and_then(|state| state.waiting_signing_key());
    chain::check(places, waits.or_else(|| state?.signing_key()), &chain, verified);
    if let Some(last) = state.and_then(|state| state.last_run()) {
        compare_last_run(last, &chain, committed.map(|run| run.sequence), verified);
    }
    (chain, places)
}

/// The ledger must hold the run that `state/` knows as the last, where it knows it; of a run that is committed and
/// unfinished, `state/` may not know yet.
fn compare_last_run(last: LastRun, chain: &Chain, unfinished: Option<u64>, verified: &mut Verified) {
    let newest = chain.lines.last().map_or(0, |placed| placed.line.entry.sequence);
    if chain.damaged || unfinished == Some(newest) && last.sequence + 1 == newest {
        return;
    }
    if newest != last.sequence {
        let what = format!(
            "ends with run {newest}, and state/ remembers run {}: lines were removed, or one of the two was put back from a \
             backup without the other",
            last.sequence
        );
        let fault = if newest < last.sequence { Fault::Removed } else { Fault::RolledBack };
        return verified.problem(fault, ledger::PATH, None, what);
    }
    let previous = chain.lines.last().map(|placed| placed.line.entry.previous);
    if previous.is_some() && last.previous.is_some() && previous != last.previous {
        let what = "is not the one that state/ remembers: the head before its last run is another. It was rewritten";
        verified.problem(Fault::RolledBack, ledger::PATH, None, what);
    }
}

/// `head` must be the ledger's, or have been.
fn compare_head(head: Digest, chain: &Chain, verified: &mut Verified) {
    let position = if head == ledger::BEFORE_THE_FIRST {
        Some(0)
    } else {
        chain.digests.iter().position(|digest| *digest == head).map(|before| before + 1)
    };
    match position {
        Some(lines) => verified.runs_since_head = Some((chain.digests.len() - lines) as u64),
        None => verified.problem(
            Fault::RolledBack,
            ledger::PATH,
            None,
            "was rolled back or rewritten: no line of it has the head that was noted",
        ),
    }
}
