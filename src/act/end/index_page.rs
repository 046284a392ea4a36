//! `reports/index.html`, made anew by every act that changes what it says.

use std::fs;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::{EndError, cant_write};
use crate::act::begin::memory::Memory;
use crate::evidence::exposure::{Exposure, PipelineExposure};
use crate::evidence::ledger::{self, Act, KeyChange, Line, Signed};
use crate::evidence::page::{ActDone, Index, index};
use crate::evidence::report::Report;
use crate::plain_file;
use crate::policy::Policy;
use crate::state::commit::Pending;
use crate::state::site::Site;
use crate::words::Day;

const PATH: &str = "reports/index.html";

/// The act that is being made.
pub struct ThisAct<'a> {
    pub site: &'a Site,
    pub policy: &'a Policy,
    pub sequence: u64,
    /// The clock when it began.
    pub at: Timestamp,
    pub day: Day,
    /// What it will be called.
    pub what: String,
    /// Those that it leaves in `reports/`.
    pub files: &'a [String],
    /// A sign-off: of which run, and by whom.
    pub signs: Option<(u64, &'a str)>,
}

/// Writes the page as it is after this act. `memory`: as the act leaves it; `last`: the report of the last run, as staff have it.
pub fn write(pending: &Pending<'_>, memory: &Memory, last: &Report, this: &ThisAct<'_>) -> Result<(), EndError> {
    let lines = ledger::read(&this.site.ledger()).map_err(|error| EndError::Plain(error.to_string()))?;
    let zone = &this.policy.timezone;
    let what = format!("{}: {}", this.sequence, this.what);
    let made = done(zone, &this.at.to_string(), what, this.files.iter().map(String::as_str));
    let before = lines.iter().rev().map(|line| {
        let what = format!("{}: {}", line.entry.sequence, words(&line.entry.act));
        done(zone, &line.entry.at, what, line.entry.files.iter().map(|file| file.path.as_str()))
    });
    let html = index(&Index {
        library: &this.policy.library.name,
        day: this.day,
        exposure: &as_of_now(memory, last),
        history: &memory.history,
        last,
        signed: signed(&lines, this.signs),
        acts: std::iter::once(made).chain(before).collect(),
    });
    let at = pending.file(PATH)?;
    fs::write(&at, html).map_err(|error| cant_write(&at, error))
}

/// What is remembered now of the pipelines that the last run had. Staff read it: small figures stay hidden.
fn as_of_now(memory: &Memory, last: &Report) -> Exposure {
    let known = last.exposure.iter().flat_map(|exposure| &exposure.pipelines);
    let now = known.map(|one| PipelineExposure { counted: memory.exposure.get(&one.name).cloned(), ..one.clone() });
    let mut exposure = Exposure::of(now.collect());
    exposure.protect(last.threshold);
    exposure
}

/// The report of the last run, as staff have it. None: there was none, or it can't be read.
pub fn last_report(site: &Site) -> Option<Report> {
    let lines = ledger::read(&site.ledger()).ok()?;
    let last = lines.iter().rev().find(|line| matches!(line.entry.act, Act::Run(_)))?;
    let is_report = |path: &&str| path.starts_with("reports/") && path.ends_with(".json");
    let path = last.entry.files.iter().map(|file| file.path.as_str()).find(is_report)?;
    serde_json::from_slice(&plain_file::read(&site.at(path)).ok()?).ok()
}

/// What an act is called in the list of all.
pub fn words(act: &Act) -> String {
    match act {
        Act::Run(_) => "run".into(),
        Act::Purge(purge) => format!("purge of what run {} listed", purge.run),
        Act::Director => "an act of the director".into(),
        Act::SignOff(sign) => format!("the report of run {} was signed by {}", sign.of, sign.by),
        Act::Key(key) => match &key.change {
            KeyChange::Signing { .. } => format!("the signing key was exchanged by {}", key.by),
            KeyChange::Destroyed { .. } => format!("a key was destroyed by {}", key.by),
        },
        Act::Takedown(takedown) => format!("published files were withdrawn by {}", takedown.by),
    }
}

fn done<'f>(zone: &TimeZone, at: &str, what: String, files: impl Iterator<Item = &'f str>) -> ActDone {
    let day = at.parse::<Timestamp>().map(|at| zone.to_datetime(at).date().to_string());
    let named = |path: &'f str| {
        let name = path.strip_prefix("reports/").filter(|name| *name != "index.html")?;
        match name.rsplit_once('.')? {
            (stem, "html") if stem.ends_with("annex") => Some(("annex", path.to_string())),
            (_, "html") => Some(("report", path.to_string())),
            (_, "json") => Some(("figures", path.to_string())),
            _ => None,
        }
    };
    let mut files: Vec<(&'static str, String)> = files.filter_map(named).collect();
    files.sort_by_key(|(name, _)| *name != "report");
    ActDone { day: day.unwrap_or_default(), what, files }
}

/// Who has seen the reports, in a sentence. `signs`: by this act.
fn signed(lines: &[Line], signs: Option<(u64, &str)>) -> String {
    let known = Signed::of(lines).up_to;
    let known = known.as_ref().map(|known| (known.run, known.by.as_str()));
    match signs.into_iter().chain(known).max_by_key(|(run, _)| *run) {
        Some((run, by)) => format!("The reports up to run {run} were seen and signed by {by}."),
        None => "Nobody has signed a report yet.".into(),
    }
}
