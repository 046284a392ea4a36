//! How a site stands: what a person asks of it in the morning. Changes nothing and takes no lock.

use std::time::Duration;

use serde::Serialize;

use super::begin::{BeginError, Footing, Tonight, look_around};
use super::end::{self, last_report};
use super::options::Options;
use super::purge::unfinished;
use super::sign_off::Overdue;
use crate::evidence::ledger::{self, Act, Line, PurgeAct, Signed};
use crate::evidence::page::matters;
use crate::evidence::report::{Halt, Report};
use crate::state::commit::leftover;
use crate::state::site::Site;
use crate::state::staging;
use crate::words::{Day, Digest, Kind, Period};

/// A run that is older than this was not last night's.
const A_NIGHT: Duration = Duration::from_secs(36 * 3_600);

#[derive(Debug, Serialize)]
pub struct Status {
    pub library: String,
    pub day: Day,
    /// None: there was no run yet.
    pub last_run: Option<LastRun>,
    /// A run or another act that is at work, or was killed: its number.
    pub unfinished_run: Option<u64>,
    pub unfinished_purge: Option<UnfinishedPurge>,
    /// Pipelines (or without a name, the site) that a brake held, and those that could not be read.
    pub held: Vec<Halt>,
    pub stopped: Vec<Halt>,
    /// What the last report says a person should look at, beside those.
    pub for_a_person: Vec<String>,
    pub linked: u64,
    pub needed: u64,
    pub waiting: u64,
    /// Pipelines that no run has read.
    pub never_read: Vec<String>,
    pub next_release: Option<NextRelease>,
    pub authorization: String,
    /// What should be done about it.
    pub renew: Option<String>,
    /// Up to which run people have signed, who did last, and how many runs nobody has.
    pub signed_up_to: Option<u64>,
    pub signed_by: Option<String>,
    pub unsigned_runs: u64,
    /// Where runs should be signed by now, as the policy says.
    pub overdue: Option<Overdue>,
    pub head: Digest,
}

#[derive(Debug, Serialize)]
pub struct LastRun {
    pub run: u64,
    /// RFC 3339.
    pub at: String,
    pub hours_ago: i64,
    pub is_old: bool,
    /// The page of its report, from the site's folder.
    pub report: Option<String>,
    /// Whether a purge carried its worklists out; none: there is no connection.
    pub purged: Option<bool>,
}

#[derive(Debug, Serialize)]
pub struct UnfinishedPurge {
    pub run: u64,
    /// Transactions that were gone through.
    pub done: u64,
}

#[derive(Debug, Serialize)]
pub struct NextRelease {
    pub kind: Kind,
    pub period: Period,
    /// From this day on.
    pub from: Day,
}

pub fn status(site: &Site, options: Options) -> Result<Status, BeginError> {
    let footing = Footing::of(site);
    let tonight = look_around(site, options)?;
    let lines = ledger::read(&site.ledger())?;
    let report = last_report(site);
    let signed = Signed::of(&lines);
    let today = Day::from_date(tonight.policy.timezone.to_datetime(options.now).date());
    let exposure = end::exposure(&tonight, &tonight.memory);
    let status = Status {
        library: tonight.policy.library.name.clone(),
        day: tonight.day,
        last_run: last_run(&tonight, &lines, report.as_ref()),
        unfinished_run: leftover(site)?.map(|left| left.sequence),
        unfinished_purge: unfinished(site).map(|(run, done)| UnfinishedPurge { run, done }),
        held: report.iter().flat_map(|report| report.held.clone()).collect(),
        stopped: report.iter().flat_map(|report| report.stopped.clone()).collect(),
        for_a_person: report.iter().flat_map(others).collect(),
        linked: exposure.linked,
        needed: exposure.needed,
        waiting: exposure.waiting,
        never_read: exposure.never_counted().map(String::from).collect(),
        next_release: next_release(&tonight)?,
        authorization: tonight.policy.authority.authorization.trim().to_string(),
        renew: tonight.policy.authority.on(today).notice(),
        signed_up_to: signed.up_to.as_ref().map(|up_to| up_to.run),
        signed_by: signed.up_to.as_ref().map(|up_to| up_to.by.clone()),
        unsigned_runs: signed.unsigned.len() as u64,
        overdue: Overdue::of(site, options.now),
        head: tonight.head,
    };
    footing.check_same(site)?;
    Ok(status)
}

fn last_run(tonight: &Tonight, lines: &[Line], report: Option<&Report>) -> Option<LastRun> {
    let last = lines.iter().rev().find(|line| matches!(line.entry.act, Act::Run(_)))?;
    let run = last.entry.sequence;
    let began = last.entry.at.parse::<jiff::Timestamp>().ok()?;
    let ago = tonight.options.now.duration_since(began);
    let is_its_purge = |line: &Line| matches!(&line.entry.act, Act::Purge(PurgeAct { run: of, .. }) if *of == run);
    Some(LastRun {
        run,
        at: last.entry.at.clone(),
        hours_ago: ago.as_hours(),
        is_old: ago.unsigned_abs() > A_NIGHT,
        report: report.map(Report::page_path),
        purged: tonight.live.as_ref().map(|_| lines.iter().any(is_its_purge)),
    })
}

/// What the report asks a person to look at, beside what was held or stopped.
fn others(report: &Report) -> Vec<String> {
    let known = report.held.len() + report.stopped.len();
    matters(report).into_iter().skip(known).collect()
}

/// The first period whose time will come, of all kinds.
fn next_release(tonight: &Tonight) -> Result<Option<NextRelease>, BeginError> {
    let calendar = tonight.policy.release.calendar;
    let mut next: Option<NextRelease> = None;
    for pipeline in tonight.pipelines.iter().filter(|one| one.declaration.side.is_released()) {
        let kind = pipeline.declaration.kind;
        let known = tonight.memory.released.get(&kind).and_then(|months| months.keys().next_back());
        let staged = staging::months(&tonight.site, pipeline.name());
        let staged = staged.map_err(|error| BeginError::Plain(error.to_string()))?.into_iter().min();
        let Some(month) = known.map(|month| month.next()).or(staged) else { continue };
        let period = calendar.regular(month);
        let from = period.last_day().plus(tonight.policy.release.settle);
        if next.as_ref().is_none_or(|known| from < known.from) {
            next = Some(NextRelease { kind, period, from });
        }
    }
    Ok(next)
}
