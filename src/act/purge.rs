//! The purge: the newest worklist, carried out on the live system, a batch at a time, and counted.
//!
//! Each batch is one transaction: each trace in its order is counted, severed, and counted again, the link last. What changed
//! must be what is gone from the count, else the batch is taken back and its pipeline stops. After each batch the progress is
//! kept and synced: killed anywhere, or with the server gone, the next call goes on. Before each the hold register is looked
//! at again, and stays as it is until the batch is committed. The end is an entry in the ledger: rows by trace, left by trace, who ran it.

mod batch;
mod last_run;
mod list;
mod progress;
mod report;
mod stop;
mod summed;

use std::time::Instant;

use self::batch::{Carried, carry_out};
use self::last_run::{GOOD_FOR, LastRun, check_register, last_run};
use self::list::List;
use self::progress::{InProgress, Progressed};
use self::stop::Stop;
pub use self::summed::{PipelinePurged, TracePurged};
use super::begin::{self, Tonight};
use super::commit::{self, Place};
use super::options::Options;
use super::refusal::Refusal;
use crate::evidence::ledger::{Act, FileDigest, PurgeAct};
use crate::live::{Account, Session};
use crate::state::commit::Hook;
use crate::state::register::HoldsLock;
use crate::state::site::Site;

/// How many ids a batch has at first, and how many at least: below that, what a batch costs isn't for its ids. Where another
/// client holds a lock, a batch may be as small as the last.
const FIRST: usize = 250;
const LEAST: usize = 100;
const LEAST_LOCKED: usize = 10;
/// A batch that held its locks for longer is followed by a smaller one; for less than half of it, by a larger one.
const MILLISECONDS: u64 = 400;
/// How often a batch is tried again that met another client's lock.
const TRIES: u32 = 5;

/// A purge that isn't over: of which run, and how many transactions were gone through. What can't be read says so when it goes on.
pub fn unfinished(site: &Site) -> Option<(u64, u64)> {
    let kept = InProgress::any(site)?;
    Some((kept.run, kept.progressed.values().map(|one| one.done).sum()))
}

/// What a purge came to.
#[derive(Debug, serde::Serialize)]
pub struct Purged {
    /// The run whose worklists were carried out.
    pub run: u64,
    /// Its own number in the ledger; none: it isn't over, and the next call goes on.
    pub sequence: Option<u64>,
    pub head: Option<String>,
    pub report: Option<String>,
    pub pipelines: Vec<PipelinePurged>,
    /// Why it stopped before its end.
    pub stopped: Option<String>,
}

/// Carries the newest worklists out. `by`: who does it.
pub fn purge(
    site: &Site,
    options: Options,
    by: &str,
    hook: Hook<'_>,
    told: &dyn Fn(&str, u64, u64),
) -> Result<Purged, Refusal> {
    let (_lock, tonight) = begin::begin(site, options, hook)?;
    let run = last_run(&tonight)?;
    let live = tonight.live.as_ref().ok_or_else(|| {
        Refusal::Plain("the site has no connection to the library system: worklists are carried out by hand (system.toml names one)".into())
    })?;
    let lists = List::all(&tonight, &run)?;
    let mut kept = InProgress::load(site, run.sequence)?;
    let mut work = Work { tonight: &tonight, run: &run, kept: &mut kept, clock: Instant::now(), told };
    let stopped = match Session::open(&live.system.database, Account::Purger) {
        Ok(mut session) => work.all(&lists, &mut session).err(),
        Err(error) => Some(Stop::Database(error)),
    };
    if let Some(Stop::Refused(refusal)) = stopped {
        return Err(refusal);
    }
    let pipelines = summed::of(&lists, &kept.progressed);
    let why = stopped.map(|stop| stop.to_string());
    if why.is_some() {
        return Ok(Purged { run: run.sequence, sequence: None, head: None, report: None, pipelines, stopped: why });
    }
    commit_purge(&tonight, &run, by, pipelines, hook)
}

/// A purge at work.
struct Work<'a> {
    tonight: &'a Tonight,
    run: &'a LastRun,
    kept: &'a mut InProgress,
    clock: Instant,
    told: &'a dyn Fn(&str, u64, u64),
}

impl Work<'_> {
    /// Every pipeline's list, and last what no list can sever.
    fn all(&mut self, lists: &[List<'_>], session: &mut Session) -> Result<(), Stop> {
        session.wait_for_locks(5)?;
        let mut odd = None;
        for list in lists {
            match self.one(list, session) {
                // Another pipeline's statements are no worse for it.
                Err(stop @ Stop::Odd { .. }) => odd = odd.or(Some(stop)),
                other => other?,
            }
        }
        if let Some(stop) = odd {
            return Err(stop);
        }
        for list in lists {
            self.count_the_rest(list, session)?;
        }
        Ok(())
    }

    fn one(&mut self, list: &List<'_>, session: &mut Session) -> Result<(), Stop> {
        let name = list.pipeline.name();
        let mut size = FIRST;
        let mut tries = 0;
        loop {
            let done = self.kept.of(name).done;
            let Some((of, ids)) = list.after(done, size) else { break };
            let holding = self.check_still()?;
            let pending = self.kept.of(name).pending.take();
            let carried = carry_out(list.pipeline, of, &ids, session, pending.as_ref(), &mut |made| {
                self.kept.of(name).pending = Some(made.clone());
                self.kept.save(&self.tonight.site)
            });
            // A hold that waits is placed now, before the batch is so much as noted.
            drop(holding);
            match carried {
                Ok(made) => {
                    self.take(name, &made, ids.len())?;
                    tries = 0;
                    size = match made.held_ms {
                        took if took > MILLISECONDS => (size / 2).max(LEAST),
                        took if took < MILLISECONDS / 2 => (size * 2).min(list::MOST),
                        _ => size,
                    };
                    (self.told)(name, self.kept.of(name).done, list.count());
                }
                Err(Stop::Database(error)) if error.is_locked() && tries < TRIES => {
                    tries += 1;
                    size = (size / 4).max(LEAST_LOCKED);
                }
                Err(stop) => return Err(stop),
            }
        }
        Ok(())
    }

    /// What was severed is kept before anything else is.
    fn take(&mut self, name: &str, made: &Carried, ids: usize) -> Result<(), Stop> {
        let progressed: &mut Progressed = self.kept.of(name);
        progressed.pending = None;
        progressed.add(made, ids as u64);
        self.save()
    }

    fn save(&self) -> Result<(), Stop> {
        self.kept.save(&self.tonight.site).map_err(|error| Stop::Refused(Refusal::Plain(error.to_string())))
    }

    /// Before each batch: the day isn't over, and nobody has placed a hold; nor can anybody until it is committed.
    fn check_still(&self) -> Result<HoldsLock, Stop> {
        let holding = check_register(self.tonight)?;
        let old = self.tonight.options.now.duration_since(self.run.begun).unsigned_abs() + self.clock.elapsed();
        if old > GOOD_FOR { Err(Stop::TooLate) } else { Ok(holding) }
    }

    /// Traces that aren't severed are counted once, of all patrons.
    fn count_the_rest(&mut self, list: &List<'_>, session: &mut Session) -> Result<(), Stop> {
        for trace in &list.pipeline.declaration.traces {
            if let Some(count) = trace.count.as_ref().filter(|count| !count.contains("{ids}")) {
                let rows = session.number(count)?;
                self.kept.of(list.pipeline.name()).rest.insert(trace.name.clone(), rows);
            }
        }
        self.save()
    }
}

fn commit_purge(
    tonight: &Tonight,
    run: &LastRun,
    by: &str,
    pipelines: Vec<PipelinePurged>,
    hook: Hook<'_>,
) -> Result<Purged, Refusal> {
    let mut pending = begin::pending(tonight, hook)?;
    let path = match report::write(tonight, run.sequence, by, &pipelines, &mut pending) {
        Ok(path) => path,
        Err(refusal) => {
            pending.discard()?;
            return Err(refusal);
        }
    };
    let place = Place {
        site: &tonight.site,
        keys: &tonight.keys,
        sequence: tonight.sequence,
        previous: tonight.head,
        at: tonight.options.now,
        // What was severed is severed: whatever was placed since, it must be in the ledger.
        still: &|| Ok(None),
    };
    let threshold = tonight.policy.release.threshold;
    let head = commit::commit(&place, pending, |files| {
        let report = files.iter().find(|file| file.path == path).map(|file| file.digest);
        let Some(FileDigest::Sha256(report)) = report else {
            return Err(Refusal::Plain("the purge has no report; please report this fault of afterloan".into()));
        };
        let traces = summed::for_ledger(&pipelines, threshold);
        Ok(Act::Purge(PurgeAct { run: run.sequence, by: by.into(), report, traces }))
    })?;
    InProgress::forget(&tonight.site)?;
    Ok(Purged {
        run: run.sequence,
        sequence: Some(tonight.sequence),
        head: Some(head.to_string()),
        report: Some(path),
        pipelines,
        stopped: None,
    })
}
