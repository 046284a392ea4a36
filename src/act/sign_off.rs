//! The sign-off: a person has seen a run's report, and with it all before. Before it is committed the whole evidence is verified:
//! nobody signs what doesn't hold.

use jiff::Timestamp;
use serde::Serialize;

use super::begin::Ground;
use super::begin::evidence_holds::problems;
use super::begin::known_to_state::KnownToState;
use super::by_hand::{self, said};
use super::refusal::Refusal;
use crate::evidence::ledger::{self, Act, Entry, SignOff, Signed};
use crate::evidence::verify;
use crate::policy::Policy;
use crate::state::commit::Hook;
use crate::state::site::Site;
use crate::words::Digest;

/// What was signed.
#[derive(Debug, Serialize)]
pub struct SignedRun {
    /// The run whose report it names.
    pub run: u64,
    pub by: String,
    /// Runs that nobody had signed before, with that one.
    pub covers: Vec<u64>,
    /// Its own number in the ledger, and the ledger's new head.
    pub sequence: u64,
    pub head: Digest,
}

/// Signs the report of a run, the newest unless it is given.
pub fn sign_off(site: &Site, now: Timestamp, by: &str, run: Option<u64>, hook: Hook<'_>) -> Result<SignedRun, Refusal> {
    let by = said("the name", by)?;
    let ground = Ground::of(site, now, hook)?;
    let verified = verify::verify(site.root(), None, Some(&KnownToState::of(site, &ground.keys)));
    if let Some(problems) = problems(&verified) {
        return Err(Refusal::Plain(format!("the evidence doesn't hold, so nobody can sign it: {problems}")));
    }
    let entry = run_to_sign(&ground, run)?;
    let (run, Some(report)) = (entry.sequence, entry.act.report()) else {
        return Err(Refusal::Plain("the run has no report; please report this fault of afterloan".into()));
    };
    refuse_twice(&ground, run, &by)?;
    let before = Signed::of(&ground.lines).unsigned;
    let covers = before.iter().map(|one| one.run).filter(|one| *one <= run).collect();
    let head = by_hand::commit(&ground, hook, |_, _| Ok(Act::SignOff(SignOff { of: run, report, by: by.clone() })))?;
    Ok(SignedRun { run, by, covers, sequence: ground.sequence(), head })
}

/// The newest run, or the one that is asked for.
fn run_to_sign(ground: &Ground, run: Option<u64>) -> Result<&Entry, Refusal> {
    let mut runs = ground.lines.iter().map(|line| &line.entry).filter(|entry| matches!(entry.act, Act::Run(_)));
    let Some(newest) = runs.clone().next_back() else {
        return Err(Refusal::Plain("there was no run yet, so there is no report to sign".into()));
    };
    let Some(run) = run else { return Ok(newest) };
    runs.find(|entry| entry.sequence == run).ok_or_else(|| {
        let entry = ground.lines.iter().map(|line| &line.entry).find(|entry| entry.sequence == run);
        let is = entry
            .map_or("isn't in the ledger".into(), |entry| format!("of the ledger is no run ({})", entry.act.name()));
        Refusal::Plain(format!("entry {run} {is}: the newest run is {}. Nothing was signed", newest.sequence))
    })
}

/// A second person may sign the same report; the same one again adds nothing.
fn refuse_twice(ground: &Ground, run: u64, by: &str) -> Result<(), Refusal> {
    let is_it = |entry: &&Entry| matches!(&entry.act, Act::SignOff(known) if known.of == run && known.by == by);
    match ground.lines.iter().map(|line| &line.entry).find(is_it) {
        None => Ok(()),
        Some(known) => {
            Err(Refusal::Plain(format!("{by} signed run {run} already, at {}. Nothing was added", known.at)))
        }
    }
}

/// Runs that should be signed by now, as the policy says (`sign_within`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Overdue {
    pub first: u64,
    pub last: u64,
    /// How old the oldest is.
    pub days: i64,
    /// How old an unsigned run may be.
    pub sign_within: i32,
}

impl Overdue {
    /// None where the policy doesn't ask, all that is old enough is signed, or something can't be read: whoever needs that
    /// says so better.
    pub fn of(site: &Site, now: Timestamp) -> Option<Overdue> {
        let sign_within = Policy::load(&site.policy()).ok()?.authority.sign_within?;
        Overdue::among(&Signed::of(&ledger::read(&site.ledger()).ok()?), sign_within, now)
    }

    fn among(signed: &Signed, sign_within: i32, now: Timestamp) -> Option<Overdue> {
        let age = |at: &String| at.parse::<Timestamp>().map_or(0, |at| now.duration_since(at).as_hours() / 24);
        let mut late = signed.unsigned.iter().filter(|run| age(&run.at) > i64::from(sign_within));
        let first = late.next()?;
        let last = late.next_back().map_or(first.run, |last| last.run);
        Some(Overdue { first: first.run, last, days: age(&first.at), sign_within })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::ledger::Unsigned;

    #[test]
    fn a_run_is_overdue_once_it_is_older_than_the_policy_says() {
        let now: Timestamp = "2026-11-30T12:00:00Z".parse().unwrap();
        let overdue = |runs: &[(u64, &str)], sign_within| {
            let unsigned = runs.iter().map(|(run, at)| Unsigned { run: *run, at: (*at).to_owned() }).collect();
            Overdue::among(&Signed { up_to: None, unsigned }, sign_within, now)
        };
        let found = |first, last, days, sign_within| Some(Overdue { first, last, days, sign_within });
        let (old, on_the_day, new) =
            ((3, "2026-10-20T11:00:00Z"), (5, "2026-10-31T11:00:00Z"), (9, "2026-11-29T11:00:00Z"));
        assert_eq!(overdue(&[], 30), None);
        assert_eq!(overdue(&[on_the_day, new], 30), None, "the thirtieth day counts");
        assert_eq!(overdue(&[old, on_the_day, new], 30), found(3, 3, 41, 30));
        assert_eq!(overdue(&[old, on_the_day, new], 29), found(3, 5, 41, 29));
        assert_eq!(overdue(&[old, on_the_day, new], 0), found(3, 9, 41, 0));
        assert_eq!(overdue(&[(1, "no time")], 0), None);
    }
}
