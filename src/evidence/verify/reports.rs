//! Each report against its entry, against itself, and against what was published.

use std::collections::BTreeMap;

use super::chain::{Chain, Placed};
use super::files::Files;
use super::found::{Fault, Verified};
use super::place::Places;
use super::published::{self, Released};
use crate::evidence::ledger::{self, Act, Entry, FileDigest, FileEntry, RunAct};
use crate::evidence::report::Report;
use crate::plain_file;
use crate::words::{Kind, Period};

pub(super) fn check(places: Places<'_>, chain: &Chain, files: &Files, verified: &mut Verified) {
    for Placed { number, line } in &chain.lines {
        let entry = &line.entry;
        // Acts that leave no report have none that could be missing.
        let Some(report) = entry.act.report() else { continue };
        let is_its_report = |file: &&FileEntry| {
            file.digest == FileDigest::Sha256(report)
                && file.path.starts_with("reports/")
                && file.path.ends_with(".json")
        };
        let Some(listed) = entry.files.iter().find(is_its_report) else {
            let what = "is an entry without its report: it names no file with the report's digest";
            verified.problem(Fault::EntryWithoutReport, ledger::PATH, Some(*number), what);
            continue;
        };
        let path = listed.path.as_str();
        let page = format!("{}.html", path.trim_end_matches(".json"));
        let has_page = entry.files.iter().any(|file| file.path == page);
        if matches!(entry.act, Act::Run(_)) && !has_page {
            let what = format!("doesn't name {page}, the page of its report");
            verified.problem(Fault::EntryWithoutReport, ledger::PATH, Some(*number), what);
        }
        // One that was edited or removed has been named; one that a later run wrote again is that run's.
        let is_current = files.named.get(path).is_some_and(|(named_by, _)| named_by == number);
        if let Act::Run(run) = &entry.act
            && is_current
            && files.sound.contains(path)
        {
            check_report(places, path, entry, run, files, verified);
        }
    }
}

fn check_report(places: Places<'_>, path: &str, entry: &Entry, act: &RunAct, files: &Files, verified: &mut Verified) {
    let bytes = match plain_file::read(&places.of(path)) {
        Ok(bytes) => bytes,
        Err(error) => return verified.problem(Fault::Unreadable, path, None, format!("can't be read: {error}")),
    };
    let report: Report = match serde_json::from_slice(&bytes) {
        Ok(report) => report,
        Err(error) => {
            let what = "is not a report that this afterloan can read: use the one that wrote it, or a newer one";
            return verified.problem(Fault::Unreadable, path, Some(error.line()), what);
        }
    };
    let before = verified.problems.len();
    let run = &report.run;
    let same = [
        ("format", report.is_readable()),
        ("run's number", run.sequence == entry.sequence),
        ("as-of", run.as_of == act.as_of),
        ("time", run.at == entry.at),
        ("version of afterloan", run.afterloan == entry.afterloan),
        ("plan", report.evidence.plan == act.plan),
        ("previous head", report.evidence.previous_head == entry.previous),
    ];
    for (what, _) in same.into_iter().filter(|(_, same)| !same) {
        let what = format!("isn't the report of run {}: its {what} differs from the ledger's", entry.sequence);
        verified.problem(Fault::EntryWithoutReport, path, None, what);
    }
    for what in report.imbalances() {
        verified.problem(Fault::Accounting, path, None, format!("doesn't add up: {what}"));
    }
    for ((kind, period), released) in released(&report) {
        published::check(places, path, (kind, period), released, files, verified);
    }
    verified.checked.reports += u64::from(verified.problems.len() == before);
}

/// The periods with files, and their rows over all months and pipelines of a kind.
fn released(report: &Report) -> BTreeMap<(Kind, Period), Released> {
    let mut periods = BTreeMap::new();
    for pipeline in &report.pipelines {
        for month in pipeline.released.iter().filter(|month| month.closed.is_none()) {
            let period = month.period.unwrap_or(Period::of_month(month.month));
            let released = periods
                .entry((pipeline.kind, period))
                .or_insert(Released { rows: Some(0u64), totals_alone: month.totals_alone });
            released.rows = released.rows.zip(month.rows.0).map(|(sum, rows)| sum.saturating_add(rows));
        }
    }
    periods
}
