//! What is left, and where: every place in which the system keeps who it was, as the pipelines list them.

use maud::{Markup, html};

use super::table::{Cell, table, text};
use super::words::{name, plain};
use crate::evidence::report::{PipelineReport, Report, TraceReport};

pub fn traces(report: &Report) -> Markup {
    let row = |trace: &TraceReport| {
        let left = trace.left.map_or_else(|| Cell::Right("not counted".into()), Cell::Figure);
        vec![text(plain(&trace.name)), text(plain(&trace.about)), Cell::Text(done(trace)), left]
    };
    let listed = |pipeline: &&PipelineReport| !pipeline.traces.is_empty();
    html! {
        @if report.pipelines.iter().any(|pipeline| listed(&pipeline)) { section {
            h2 { "What is left, and where" }
            p { "A trace is a place in the library system that still says whose a transaction was. \"Confirmed\" above is said of "
                "the trace that the exports show; of the others it is said here, when the worklist was last carried out by "
                "afterloan itself, which counts them." }
            @for pipeline in report.pipelines.iter().filter(listed) {
                h3 { (name(pipeline)) }
                (table(
                    &format!("Traces of {}", name(pipeline)),
                    &["Trace", "Where", "What is done", "Left, when last counted"],
                    &pipeline.traces.iter().map(row).collect::<Vec<_>>(),
                    |_| false,
                ))
            }
        } }
        @if !report.unspoken_columns.is_empty() { section {
            h2 { "Columns that nobody has spoken of" }
            p { "The system's database has columns that lead to patrons, and no pipeline says what becomes of them: "
                @for (i, column) in report.unspoken_columns.iter().enumerate() {
                    @if i > 0 { ", " } code { (plain(column)) }
                }
                ". Let a pipeline list each as a trace, or say under [database.ignored] why it is none." }
        } }
    }
}

fn done(trace: &TraceReport) -> Markup {
    html! {
        @match (&trace.never, &trace.instead) {
            (Some(never), Some(instead)) => { "Not severed by afterloan, as " (plain(never)) ". Instead: " (plain(instead)) },
            (Some(never), None) => { "Not severed by afterloan, as " (plain(never)) },
            _ => { "Severed with the worklist" },
        }
    }
}
