//! Writes what a run leaves: months' files, worklists, reports, memory. All of it below the run's folder: nothing is in
//! place before the commit.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::after_run;
use super::attention::{attention, remembered};
use super::error::{EndError, cant_write};
use super::exposed;
use super::index_page::{self, ThisAct};
use super::night_done::NightDone;
use super::pipeline_files;
use super::public_files;
use super::remember::{forget_lists, remember};
use super::reported::Reported;
use super::reporting;
use crate::act::begin::Tonight;
use crate::act::begin::memory::{self, Memory, ToDelete};
use crate::act::months::PipelineDone;
use crate::evidence::page::{annex, has_annex, page};
use crate::state::commit::Pending;
use crate::state::json;
use crate::state::keys::pseudonym_path;
use crate::state::rejects;
use crate::words::{Kind, Month, Period};

/// Which exports go after the run, and the paths of the report and of its page.
pub type RunWritten = (Vec<ToDelete>, String, String);

pub fn write_all(tonight: &Tonight, pending: &mut Pending<'_>, night: &NightDone<'_>) -> Result<RunWritten, EndError> {
    let mut memory = tonight.memory.clone();
    memory.sequence = tonight.sequence;
    memory.previous_head = Some(tonight.head);
    memory.as_of = Some(tonight.options.as_of.to_string());
    memory.day = Some(tonight.day);
    memory.policy = Some(tonight.policy.digest);
    memory.register = Some(tonight.register_was);
    memory.holds = tonight.register.head();
    // A worklist that stands from an earlier night could sever what is needed since: the new one replaces it, and where
    // there is no new one there is none.
    for path in forget_lists(&mut memory) {
        pending.remove(&path)?;
    }
    let expired = rejects::expired(&tonight.site, tonight.day)?;
    for path in &expired {
        pending.remove(path)?;
    }
    let attention = attention(tonight, night);
    let (mut worklists, mut quarantines) = (BTreeMap::new(), BTreeMap::new());
    for one in night.carried_out() {
        let name = &one.outcome.name;
        pipeline_files::adopt(&one.out, pending)?;
        for path in &one.removals {
            pending.remove(path)?;
        }
        let paths = pipeline_files::write_worklists(tonight, pending, one)?;
        let standing: Vec<String> =
            paths.iter().cloned().chain(pipeline_files::write_review(tonight, pending, one)?).collect();
        let mailing = pipeline_files::write_mailing(tonight, pending, one)?;
        remember(&mut memory, tonight, one, standing, mailing, remembered(&attention, name));
        if let Some(quarantine) = pipeline_files::write_rejected(tonight, pending, one)? {
            quarantines.insert(name.clone(), quarantine);
        }
        worklists.insert(name.clone(), paths);
    }
    if night.carried_out().any(|one| one.outcome.released.iter().any(|released| released.closed.is_none())) {
        public_files::write(tonight, pending, night)?;
    }
    let to_delete = after_run::remember(tonight, night, &mut memory);
    exposed::remember(tonight, night.pipelines.iter().map(|one| &one.outcome), &mut memory);
    let staged = staged_months(tonight, night);
    let reported = Reported {
        tonight,
        night,
        worklists: &worklists,
        to_delete: &to_delete,
        expired: &expired,
        quarantines: &quarantines,
        staged: &staged,
        years: &remembered_years(tonight, night),
        memory: &memory,
    };
    let (report, page) = write_reports(pending, &reported, &memory)?;
    write_memory(tonight, pending, &memory)?;
    Ok((to_delete, report, page))
}

/// The exact report, the one for staff with its page, and what is for the director. Returns the paths of the second.
fn write_reports(
    pending: &Pending<'_>,
    reported: &Reported<'_>,
    memory: &Memory,
) -> Result<(String, String), EndError> {
    let tonight = reported.tonight;
    let exact = reporting::report(reported);
    let wrong = exact.imbalances();
    if !wrong.is_empty() {
        return Err(EndError::Plain(format!("the report doesn't add up: {}", wrong.join("; "))));
    }
    let staff = exact.for_staff(tonight.policy.release.threshold);
    let plain = |error: serde_json::Error| EndError::Plain(format!("the report can't be written: {error}"));
    let director = reporting::director(tonight, reported.night);
    let mut files = vec![
        (exact.exact_path(), exact.to_json().map_err(plain)?),
        (staff.json_path(), staff.to_json().map_err(plain)?),
        (staff.page_path(), page(&staff)),
        (format!("state/runs/{:06}-director.json", tonight.sequence), director),
        (
            format!("state/runs/{:06}-director.html", tonight.sequence),
            reporting::director_page(tonight, reported.night),
        ),
    ];
    if has_annex(&staff) {
        files.push((staff.annex_path(), annex(&staff)));
    }
    for (path, text) in files {
        write(pending, &path, text.as_bytes())?;
    }
    let (json, page) = (staff.json_path(), staff.page_path());
    let annex = has_annex(&staff).then(|| staff.annex_path());
    let listed: Vec<String> = [page.clone(), json.clone()].into_iter().chain(annex).collect();
    let this = ThisAct {
        site: &tonight.site,
        policy: &tonight.policy,
        sequence: tonight.sequence,
        at: tonight.options.now,
        day: tonight.day,
        what: "run".into(),
        files: &listed,
        signs: None,
    };
    index_page::write(pending, memory, &staff, &this)?;
    Ok((json, page))
}

fn write_memory(tonight: &Tonight, pending: &Pending<'_>, memory: &Memory) -> Result<(), EndError> {
    write(pending, memory::PATH, &json::to_bytes(memory, &tonight.site.at(memory::PATH))?)
}

fn write(pending: &Pending<'_>, path: &str, bytes: &[u8]) -> Result<(), EndError> {
    let now_at = pending.file(path)?;
    fs::write(&now_at, bytes).map_err(|error| cant_write(&now_at, error))
}

/// Kinds and months that have staged rows once the run is committed.
fn staged_months(tonight: &Tonight, night: &NightDone<'_>) -> Vec<(Kind, Month)> {
    let mut staged: BTreeSet<_> = tonight.keys.pseudonym_months().collect();
    let stages = |one: &&PipelineDone<'_>| one.outcome.side.is_released();
    for one in night.carried_out().filter(stages) {
        let kind = one.outcome.kind;
        let home = |month: Month| tonight.policy.release.calendar.regular(month).first;
        staged.retain(|(of, home)| !one.removals.contains(&pseudonym_path(*of, *home)));
        for month in one.outcome.tally.retired_by_month.keys() {
            let released = one.outcome.released.iter().any(|released| released.month == *month);
            if !released && !tonight.memory.is_final(kind, *month) {
                staged.insert((kind, home(*month)));
            }
        }
    }
    staged.into_iter().collect()
}

/// Kinds and years of which it is remembered who was there, once the run is committed.
fn remembered_years(tonight: &Tonight, night: &NightDone<'_>) -> Vec<(Kind, Period)> {
    let released = || night.carried_out().filter(|one| one.outcome.side.is_released());
    let is_asked = |kind: Kind| released().any(|one| one.outcome.kind == kind);
    let calendar = tonight.policy.release.calendar;
    let others = tonight.keys.years().filter(|(kind, _)| !is_asked(*kind));
    let mut years: Vec<(Kind, Period)> = others.map(|(kind, first)| (kind, calendar.year(first))).collect();
    years.extend(released().flat_map(|one| one.years.iter().map(|year| (one.outcome.kind, *year))));
    years.sort_unstable();
    years
}
