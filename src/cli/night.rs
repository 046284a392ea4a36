//! `plan` and `run`.

use super::progress::Bar;
use super::table::{bold, figures, paragraph, warn};
use super::{Ended, Failed, print_json};
use crate::evidence::figure::grouped;
use crate::night::{self, Options, Outcome, PipelineOutcome, Progress, Seams};
use crate::state::commit::no_hook;
use crate::state::entropy::System;
use crate::state::site::Site;

pub fn plan(site: &Site, options: Options, again: &str, json: bool) -> Result<Ended, Failed> {
    let bar = Bar::default();
    let progress = |progress: Progress<'_>| bar.show(progress);
    let seams = Seams { entropy: &mut System, hook: &no_hook, progress: &progress };
    let outcome = night::plan(site, options, seams)?;
    drop(bar);
    show(&outcome, again, json)
}

pub fn run(site: &Site, options: Options, again: &str, json: bool) -> Result<Ended, Failed> {
    let bar = Bar::default();
    let progress = |progress: Progress<'_>| bar.show(progress);
    let seams = Seams { entropy: &mut System, hook: &no_hook, progress: &progress };
    let outcome = night::run(site, options, seams)?;
    drop(bar);
    show(&outcome, again, json)
}

fn show(outcome: &Outcome, again: &str, json: bool) -> Result<Ended, Failed> {
    if json {
        print_json(outcome)?;
    } else {
        words(outcome, again);
    }
    if outcome.pipelines.is_empty() {
        let why: Vec<String> =
            outcome.stopped.iter().map(|stopped| format!("\n  {}: {}", stopped.pipeline, stopped.why)).collect();
        return Err(Failed::Plain(format!("no pipeline could be read{}", why.concat())));
    }
    Ok(if outcome.attention.is_empty() { Ended::Done } else { Ended::Look })
}

fn words(outcome: &Outcome, again: &str) {
    let done = outcome.committed.is_some();
    println!("{}", bold(&format!("{} for {}", if done { "Run" } else { "Plan" }, outcome.day)));
    for pipeline in &outcome.pipelines {
        println!();
        of_pipeline(pipeline, done);
    }
    for stopped in &outcome.stopped {
        println!();
        println!("{} {}", bold(&stopped.pipeline), warn("stopped"));
        paragraph("  ", &stopped.why);
    }
    if !outcome.attention.is_empty() {
        println!("\n{}", bold("For a person to look at"));
        for attention in &outcome.attention {
            let who = attention.pipeline.as_deref().unwrap_or("the site");
            paragraph("  - ", &format!("{who}: {}", attention.what));
        }
    }
    println!();
    match &outcome.committed {
        Some(committed) => {
            println!("Report:  {}", committed.page);
            println!("Head:    {}", committed.head);
            paragraph("", "Note the head elsewhere: `afterloan verify --head` compares with it.");
        }
        None if !outcome.brakes.is_empty() => {
            println!("Nothing was changed. If this plan is right:");
            println!("  afterloan run{again} --accept \\\n    {}", outcome.digest);
        }
        None if outcome.pipelines.is_empty() => println!("Nothing was changed, and a run would do nothing."),
        None => println!("Nothing was changed. This does it:\n  afterloan run{again}"),
    }
}

fn of_pipeline(pipeline: &PipelineOutcome, done: bool) {
    let held = if pipeline.held { format!("  {}", warn("held")) } else { String::new() };
    println!("{}{held}", bold(&pipeline.name));
    let totals = &pipeline.totals;
    let mut rows = vec![
        ("read".to_string(), totals.read),
        (if done && !pipeline.held { "retired" } else { "to retire" }.to_string(), totals.retired),
        ("already retired".to_string(), totals.already_retired),
        ("kept".to_string(), totals.kept),
    ];
    rows.extend(totals.kept_by_need.iter().map(|(need, count)| (format!("  {need}"), *count)));
    rows.push(("unlinked".to_string(), totals.unlinked));
    rows.push(("rejected".to_string(), totals.rejected));
    for (label, figure) in [("confirmed", pipeline.confirmed), ("residual", pipeline.residual), ("late", pipeline.late)]
    {
        if figure > 0 {
            rows.push((label.to_string(), figure));
        }
    }
    rows.extend(pipeline.mailing.iter().map(|(name, patrons)| (format!("mailing list {name}"), *patrons)));
    figures(&rows);
    if let Some(logs) = pipeline.log_files {
        println!("  logs: {} retired whole, {} retired before, {} waiting", logs.retired, logs.again, logs.waiting);
    }
    if let Some(requests) = pipeline.requests {
        println!("  requests that count: {}", grouped(requests.counted));
    }
    let closed = pipeline.released.iter().filter(|month| month.closed.is_some()).count();
    if !pipeline.released.is_empty() {
        let word = if done && !pipeline.held { "released" } else { "to release" };
        let months: Vec<String> = [pipeline.released.first(), pipeline.released.last()]
            .into_iter()
            .flatten()
            .map(|month| month.month.to_string())
            .collect();
        println!("  months {word}: {} ({}), of which closed: {closed}", pipeline.released.len(), months.join(" to "));
        for month in pipeline.released.iter().filter(|month| month.closed.is_some()) {
            let why = month.closed.as_deref().unwrap_or_default();
            paragraph("  - ", &format!("{} is closed, and nothing of it is ever published: {why}", month.month));
        }
    }
    for rejected in &pipeline.rejected {
        let lines: Vec<String> = rejected.lines.iter().take(5).map(u64::to_string).collect();
        let more = if rejected.rows > 5 { ", …" } else { "" };
        paragraph(
            "  - ",
            &format!(
                "rejected, {}: {} in {} on line {}{more}",
                rejected.reason.text(),
                grouped(rejected.rows),
                rejected.file.as_ref().unwrap_or(&rejected.part),
                lines.join(", ")
            ),
        );
    }
}
