//! `reports/index.html`, made anew by every act that changes what it says.

use std::fs;

use jiff::Timestamp;

use super::error::{EndError, cant_write};
use super::exposed::exposure;
use crate::act::begin::Tonight;
use crate::act::begin::memory::Memory;
use crate::evidence::ledger::{self, Act, KeyChange, Line, SignOff};
use crate::evidence::page::{ActDone, Index, index};
use crate::evidence::report::Report;
use crate::plain_file;
use crate::state::commit::Pending;

const PATH: &str = "reports/index.html";

/// What the act that is being made will be called, and the files that it leaves in `reports/`.
pub struct ThisAct<'a> {
    pub what: String,
    pub files: &'a [String],
}

/// Writes the page as it is after this act. `memory`: as the act leaves it; `last`: the report of the last run, as staff have it.
pub fn write(
    tonight: &Tonight,
    pending: &Pending<'_>,
    memory: &Memory,
    last: &Report,
    this: &ThisAct<'_>,
) -> Result<(), EndError> {
    let lines = ledger::read(&tonight.site.ledger()).map_err(|error| EndError::Plain(error.to_string()))?;
    let what = format!("{}: {}", tonight.sequence, this.what);
    let this = done(tonight, &tonight.options.now.to_string(), what, this.files.iter().map(String::as_str));
    let before = lines.iter().rev().map(|line| {
        let what = format!("{}: {}", line.entry.sequence, words(&line.entry.act));
        done(tonight, &line.entry.at, what, line.entry.files.iter().map(|file| file.path.as_str()))
    });
    let html = index(&Index {
        library: &tonight.policy.library.name,
        day: tonight.day,
        exposure: &exposure(tonight, memory),
        history: &memory.history,
        last,
        signed: signed(&lines),
        acts: std::iter::once(this).chain(before).collect(),
    });
    let at = pending.file(PATH)?;
    fs::write(&at, html).map_err(|error| cant_write(&at, error))
}

/// The report of the last run, as staff have it. None: there was none, or it can't be read.
pub fn last_report(tonight: &Tonight) -> Option<Report> {
    let lines = ledger::read(&tonight.site.ledger()).ok()?;
    let last = lines.iter().rev().find(|line| matches!(line.entry.act, Act::Run(_)))?;
    let is_report = |path: &&str| path.starts_with("reports/") && path.ends_with(".json");
    let path = last.entry.files.iter().map(|file| file.path.as_str()).find(is_report)?;
    serde_json::from_slice(&plain_file::read(&tonight.site.at(path)).ok()?).ok()
}

fn words(act: &Act) -> String {
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

fn done<'f>(tonight: &Tonight, at: &str, what: String, files: impl Iterator<Item = &'f str>) -> ActDone {
    let day = at.parse::<Timestamp>().map(|at| tonight.policy.timezone.to_datetime(at).date().to_string());
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

/// Who has seen the reports, in a sentence.
fn signed(lines: &[Line]) -> String {
    let sign = |line: &Line| match &line.entry.act {
        Act::SignOff(SignOff { of, by, .. }) => Some((*of, by.clone())),
        _ => None,
    };
    match lines.iter().rev().find_map(sign) {
        Some((of, by)) => format!("The reports up to run {of} were seen and signed by {by}."),
        None => "Nobody has signed a report yet.".into(),
    }
}
