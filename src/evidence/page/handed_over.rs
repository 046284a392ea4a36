//! What could be handed over tomorrow: by pipeline, by age, and what lies elsewhere.

use maud::{Markup, html};

use super::table::{Cell, table, text};
use super::words::{bars, in_words, plain};
use crate::evidence::exposure::{Counted, PipelineExposure};
use crate::evidence::figure::{Figure, grouped};
use crate::evidence::report::{PipelineReport, Report, TraceReport};

pub fn handed_over(report: &Report) -> Markup {
    let Some(exposure) = &report.exposure else { return html! {} };
    let besides = besides(report);
    let ages: Vec<(String, Figure)> =
        exposure.by_age().into_iter().map(|(age, rows)| (age.to_string(), rows)).collect();
    let heads = ["Pipeline", "What", "Lead there", "Needed", "Waiting", "Severed so far", "Last seen"];
    let rows: Vec<_> = exposure.pipelines.iter().map(|one| row(report, one)).collect();
    html! { section {
        h2 { "What could be handed over tomorrow" }
        p { "Whoever has the library's systems, by right or by force, can read from them who the patron was of each of these. "
            "What isn't there can't be handed over." }
        (table("By pipeline: how much leads to a patron", &heads, &rows, |_| false))
        @if !ages.is_empty() {
            h3 { "How long ago they were opened" }
            (bars(report, &ages, "Opened"))
        }
        @if exposure.unread > 0 {
            p { (grouped(exposure.unread)) " rows can't be read, and are in none of these figures: some may lead to a patron." }
        }
        @if exposure.traced > 0 {
            p { (grouped(exposure.traced)) " transactions name nobody any more, and are on the worklist for other traces that do." }
        }
        @if !besides.is_empty() {
            h3 { "Besides" }
            ul { @for one in &besides { li { (plain(one)) } } }
        }
    } }
}

fn row(report: &Report, one: &PipelineExposure) -> Vec<Cell> {
    let names = [text(plain(&one.name)), text(one.what())];
    let (figures, seen) = match &one.counted {
        Some(counted) => {
            let Counted { needed, waiting, severed, .. } = *counted;
            ([needed + waiting, needed, waiting, severed].map(Cell::Number), seen(report, counted))
        }
        None => ([(); 4].map(|()| Cell::Right("–".into())), "never: no run has read it yet".to_string()),
    };
    names.into_iter().chain(figures).chain([text(seen)]).collect()
}

fn seen(report: &Report, counted: &Counted) -> String {
    if counted.run == report.run.sequence { "tonight".into() } else { format!("on {}", in_words(counted.day)) }
}

/// What leads to patrons in other places, as far as the run knows.
fn besides(report: &Report) -> Vec<String> {
    let mut all = Vec::new();
    for pipeline in &report.pipelines {
        all.extend(pipeline.traces.iter().filter_map(|trace| left(pipeline, trace)));
        if let Some(quarantine) = &pipeline.quarantine {
            all.push(format!("{}: rejected rows, encrypted, until {}", pipeline.name, in_words(quarantine.until)));
        }
        for list in &pipeline.mailing {
            all.push(format!("mailing list {}: {} patrons, for one night", list.name, list.patrons.words()));
        }
    }
    let read: usize = report.pipelines.iter().map(|pipeline| pipeline.exports.len()).sum();
    let stay = read.saturating_sub(report.deletes.iter().filter(|path| path.starts_with("inbox/")).count());
    let is_live = |pipeline: &PipelineReport| pipeline.exports.iter().all(|export| export.file.is_empty());
    if stay > 0 && !report.pipelines.iter().all(is_live) {
        all.push(format!("the exports that were read and aren't deleted: {stay}"));
    }
    if let Some(last) = report.relink_risk.iter().map(|risk| risk.key_destroyed).max() {
        all.push(format!("staged rows that wait for publication, and can be linked again until {}", in_words(last)));
    }
    if let Some(last) = report.remembered_years.iter().map(|year| year.key_destroyed).max() {
        all.push(format!("hashes of who was there in a year, until {}", in_words(last)));
    }
    all
}

/// A trace that isn't severed, or of which something is left.
fn left(pipeline: &PipelineReport, trace: &TraceReport) -> Option<String> {
    let rows = trace.left.filter(|rows| !rows.is_zero())?;
    if trace.link {
        return None;
    }
    let instead = trace.instead.as_ref().map(|instead| format!("; {instead}")).unwrap_or_default();
    Some(format!(
        "{}, {}: {} rows, when last counted ({}{instead})",
        pipeline.name,
        trace.name,
        rows.words(),
        trace.about
    ))
}
