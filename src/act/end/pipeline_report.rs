//! What a report tells of one pipeline.

use std::collections::BTreeMap;

use super::reported::Reported;
use crate::act::begin::Tonight;
use crate::act::log_files::Stands;
use crate::act::months::{LogsOutcome, PipelineOutcome, ReleasedMonth};
use crate::evidence::figure::Figure;
use crate::evidence::report::{
    self, ExportRead, PartReport, PipelineReport, RejectLine, Rejects, ResidualByAge, TraceReport, Worklist,
};
use crate::pipeline::declaration::Trace;
use crate::release::Counts;
use crate::words::{Reason, Side};

pub fn pipeline(reported: &Reported<'_>, outcome: &PipelineOutcome) -> PipelineReport {
    let as_of = reported.tonight.options.as_of;
    let mut residual_by_age = ResidualByAge::default();
    outcome.tally.residual_by_nights.iter().for_each(|(nights, rows)| residual_by_age.count(*nights, *rows));
    let paths = reported.worklists.get(&outcome.name).cloned();
    PipelineReport {
        name: outcome.name.clone(),
        kind: outcome.kind,
        side: outcome.side,
        exports: outcome
            .exports
            .files
            .iter()
            .map(|export| ExportRead {
                source: export.source.clone(),
                file: export.found.name(),
                records: export.records,
                bytes: export.found.bytes,
                age_hours: as_of.duration_since(export.found.written).as_hours(),
            })
            .collect(),
        totals: (&outcome.totals).into(),
        parts: outcome
            .parts
            .iter()
            .map(|(part, totals)| PartReport { part: part.clone(), totals: totals.into() })
            .collect(),
        kept_by_need: report::by_need(&outcome.totals.kept_by_need),
        review: outcome.tally.review,
        review_by_need: report::by_need(&outcome.tally.review_by_need),
        rejects: rejects(outcome),
        quarantine: reported.quarantines.get(&outcome.name).cloned(),
        undeclared_columns: outcome.exports.undeclared.clone(),
        notes: notes(outcome.side, severs_nothing(reported.tonight, &outcome.name)),
        mailing: mailing(reported.tonight, outcome),
        retired_by_month: outcome
            .tally
            .retired_by_month
            .iter()
            .map(|(month, rows)| (*month, Figure::from(*rows)))
            .collect(),
        worklist: paths.filter(|paths| !paths.is_empty()).map(|paths| Worklist { paths, rows: outcome.lists.worklist }),
        severs_nothing: severs_nothing(reported.tonight, &outcome.name),
        traces: traces(reported.tonight, &outcome.name),
        confirmed: outcome.tally.confirmed,
        residual: outcome.tally.residual(),
        residual_by_age,
        late: outcome.tally.late,
        released: outcome.released.iter().map(released).collect(),
        titles: outcome
            .publishes
            .titles
            .map(|titles| report::Titles { left_out: titles.left_out, too_many: titles.too_many }),
        logs: outcome.logs().map(logs),
    }
}

fn severs_nothing(tonight: &Tonight, name: &str) -> bool {
    let pipeline = tonight.pipelines.iter().find(|pipeline| pipeline.name() == name);
    pipeline.is_some_and(|pipeline| pipeline.declaration.severs_nothing())
}

/// Every trace that the pipeline lists, with what the last purge found left of it.
fn traces(tonight: &Tonight, name: &str) -> Vec<TraceReport> {
    let pipeline = tonight.pipelines.iter().find(|pipeline| pipeline.name() == name);
    let known = tonight.memory.pipelines.get(name);
    let of = |trace: &Trace| TraceReport {
        name: trace.name.clone(),
        about: trace.about.clone(),
        link: trace.link,
        never: trace.never.clone(),
        instead: trace.instead.clone(),
        left: known.and_then(|known| known.traces.get(&trace.name)).map(|rows| Figure::from(*rows)),
    };
    pipeline.iter().flat_map(|pipeline| &pipeline.declaration.traces).map(of).collect()
}

fn logs(logs: &LogsOutcome) -> report::Logs {
    let waiting = logs.files.iter().filter_map(|file| match file.stands {
        Stands::Waits { until } => Some(report::WaitingLog { file: file.found.name(), until }),
        Stands::Retired | Stands::Again => None,
    });
    report::Logs {
        retired: logs.counts.retired,
        again: logs.counts.again,
        waiting: waiting.collect(),
        requests: logs.requests.map(|requests| report::Requests {
            counted: requests.counted.into(),
            double_clicks: requests.double_clicks.into(),
            uncounted: requests.uncounted.into(),
        }),
    }
}

fn mailing(tonight: &Tonight, outcome: &PipelineOutcome) -> Vec<report::MailingList> {
    let asked = |name: &String| tonight.policy.mailing.get(name).map(|asked| asked.purpose.clone());
    let list = |(name, patrons): (&String, &u64)| report::MailingList {
        name: name.clone(),
        purpose: asked(name).unwrap_or_default(),
        patrons: (*patrons).into(),
    };
    outcome.lists.mailing.iter().map(list).collect()
}

/// What a reader of the figures must know of a pipeline.
fn notes(side: Side, severs_nothing: bool) -> Vec<String> {
    let contact = "Its rows are patron records, not transactions, and its worklist names them by patron number: give it to nobody \
                   but whoever carries it out, and delete it then.";
    let stays = "Its exports have no id that the library's system knows: what is due is decided, published and counted as retired here, \
                 and stays linked in the system. Nothing severs it.";
    let contact = (side == Side::Contact).then(|| contact.to_string());
    contact.into_iter().chain(severs_nothing.then(|| stays.to_string())).collect()
}

fn rejects(outcome: &PipelineOutcome) -> Vec<Rejects> {
    let mut by_reason: BTreeMap<Reason, Rejects> = BTreeMap::new();
    for rejected in &outcome.exports.rejected {
        let all = by_reason.entry(rejected.reason).or_insert_with(|| Rejects {
            reason: rejected.reason,
            rows: Figure::ZERO,
            lines: Vec::new(),
        });
        all.rows += rejected.rows;
        let of_line = |line: &u64| RejectLine { part: rejected.part.clone(), file: rejected.file.clone(), line: *line };
        let lines = rejected.lines.iter().map(of_line);
        let room = Rejects::SHOWN.saturating_sub(all.lines.len());
        all.lines.extend(lines.take(room));
    }
    by_reason.into_values().collect()
}

fn released(month: &ReleasedMonth) -> report::ReleasedMonth {
    report::ReleasedMonth {
        month: month.month,
        rows: month.rows.into(),
        period: Some(month.period).filter(|period| period.length() > 1),
        totals_alone: month.totals_alone,
        closed: month.closed.clone(),
        counts: month.counts.as_ref().map(counts).unwrap_or_default(),
    }
}

/// What coarsening cost, in words; what cost nothing is left out.
fn counts(counts: &Counts) -> BTreeMap<String, Figure> {
    let mut words: Vec<(String, u64)> =
        vec![("days read as weeks".to_owned(), counts.weeks), ("days read as the period".to_owned(), counts.no_day)];
    let columns = counts.columns.iter().map(|(name, kept)| (name.as_str(), kept));
    for (name, kept) in columns.chain(counts.hours.iter().map(|kept| ("hours", kept))) {
        words.push((format!("{name}: in a coarser group"), kept.coarser));
        words.push((format!("{name}: other"), kept.other));
    }
    words.into_iter().filter(|(_, rows)| *rows > 0).map(|(word, rows)| (word, rows.into())).collect()
}
