//! What was read, which logs went and which wait, and what was rejected, by file and line.

use maud::{Markup, html};

use super::table::{Cell, table, text};
use super::words::{age, bars, name, plain, size};
use crate::evidence::figure::grouped;
use crate::evidence::report::{ExportRead, Logs, PipelineReport, RejectLine, Rejects, Report, WaitingLog};

/// As many columns as are named; the report as JSON names all.
const SHOWN: usize = 20;

pub fn read(report: &Report) -> Markup {
    let row = |pipeline: &PipelineReport, export: &ExportRead| {
        let file = html! { code { (plain(&export.file)) } };
        let names = [text(name(pipeline)), text(plain(&export.source)), Cell::Text(file), Cell::Number(export.records)];
        names.into_iter().chain([size(export.bytes), age(export.age_hours)].map(Cell::Right)).collect::<Vec<_>>()
    };
    let of = |pipeline| move |export| row(pipeline, export);
    let rows: Vec<_> = report.pipelines.iter().flat_map(|one| one.exports.iter().map(of(one))).collect();
    html! {
        section {
            h2 { "What was read" }
            (table("What was read", &["Pipeline", "For", "File", "Records", "Size", "Age"], &rows, |_| false))
            @for pipeline in &report.pipelines {
                @if !pipeline.undeclared_columns.is_empty() {
                    p { (name(pipeline)) " doesn't declare "
                        @for (i, column) in pipeline.undeclared_columns.iter().take(SHOWN).enumerate() {
                            @if i > 0 { ", " } code { (plain(column)) }
                        }
                        @if pipeline.undeclared_columns.len() > SHOWN {
                            " and " (pipeline.undeclared_columns.len() - SHOWN) " more"
                        }
                        ". Such columns are dropped; declare each as used, as an identifier or as dropped." }
                }
                @for note in &pipeline.notes { p { (name(pipeline)) ": " (plain(note)) } }
            }
        }
    }
}

pub fn logs(report: &Report) -> Markup {
    let of = |pipeline: &PipelineReport, logs: &Logs| {
        html! {
            p { (name(pipeline)) ": " (files(logs.retired)) " retired whole by this run, " (files(logs.again))
                " retired before or a copy of another, " (files(logs.waiting.len() as u64)) " waiting." }
            @if !logs.waiting.is_empty() {
                (table("Logs that wait", &["Waiting", "Due on"], &logs.waiting.iter().map(waits).collect::<Vec<_>>(), |_| false))
            }
            @if let Some(requests) = &logs.requests {
                h3 { (name(pipeline)) ": what the rows were" }
                (bars(report, &[
                    ("requests that count".to_owned(), requests.counted),
                    ("asked for again within seconds".to_owned(), requests.double_clicks),
                    ("failed, or part of a page".to_owned(), requests.uncounted),
                ], "Rows"))
            }
        }
    };
    html! {
        @if report.pipelines.iter().any(|pipeline| pipeline.logs.is_some()) { section {
            h2 { "Logs" }
            p { "A log waits until all of it is due. It is then retired whole, once." }
            @for pipeline in &report.pipelines { @if let Some(logs) = &pipeline.logs { (of(pipeline, logs)) } }
        } }
    }
}

fn files(count: u64) -> String {
    if count == 1 { "1 file".into() } else { format!("{} files", grouped(count)) }
}

pub fn rejected(report: &Report) -> Markup {
    let of = |pipeline| move |rejects| of_reason(pipeline, rejects);
    let rows: Vec<_> = report.pipelines.iter().flat_map(|one| one.rejects.iter().map(of(one))).collect();
    html! {
        @if report.totals.rejected > 0 { section {
            h2 { "Rows that could not be read" }
            p { "They are left alone: nothing in them is retired or published. Mend the export, or its pipeline." }
            @for pipeline in &report.pipelines { @if let Some(kept) = &pipeline.quarantine {
                p { (name(pipeline)) ": " (kept.rows.words()) " of them are kept until " (kept.until)
                    ", encrypted to the recipient whom the policy names, in " code { (plain(&kept.path)) } ". Repeats aren't kept"
                    @if kept.no_room { ", nor are those for which there was no room" } "." }
            } }
            (table("Rows that could not be read", &["Pipeline", "Because", "Rows", "First lines"], &rows, |_| false))
        } }
    }
}

/// A log that waits.
fn waits(waiting: &WaitingLog) -> Vec<Cell> {
    let file = html! { code { (plain(&waiting.file)) } };
    let until =
        waiting.until.map_or_else(|| "not known: a row can't be shown to be due".to_string(), |day| day.to_string());
    vec![Cell::Text(file), text(until)]
}

/// Rows of one reason.
fn of_reason(pipeline: &PipelineReport, rejects: &Rejects) -> Vec<Cell> {
    let why = html! { (rejects.reason.text()) " (" code { (rejects.reason.code()) } ")" };
    let lines = html! { @for (part, lines) in by_part(&rejects.lines) { p { (plain(&part)) ": " (lines) } } };
    vec![text(name(pipeline)), Cell::Text(why), Cell::Figure(rejects.rows), Cell::Text(lines)]
}

/// The line numbers of each part, or each file of it, as one text.
fn by_part(lines: &[RejectLine]) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in lines {
        let whence = match &line.file {
            Some(file) => format!("{}, {file}", line.part),
            None => line.part.clone(),
        };
        match parts.iter_mut().find(|(part, _)| *part == whence) {
            Some((_, text)) => *text += &format!(", {}", line.line),
            None => parts.push((whence, line.line.to_string())),
        }
    }
    parts
}
