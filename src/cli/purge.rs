//! `purge`, and what `run --purge` says after its run.

use serde::Serialize;

use super::out::{Ended, Failed, print_json};
use super::table::{bold, figures, paragraph, warn};
use crate::act::{self, Options, PipelinePurged, Purged, TracePurged};
use crate::evidence::figure::grouped;
use crate::state::commit::no_hook;
use crate::state::site::Site;

pub fn run(site: &Site, options: Options, by: Option<&str>, again: &str, json: bool) -> Result<Ended, Failed> {
    let purged = carry_out(site, options, by)?;
    ended(&purged, &purged, again, json)
}

/// Carries the worklists out.
pub fn carry_out(site: &Site, options: Options, by: Option<&str>) -> Result<Purged, Failed> {
    let bar = indicatif::ProgressBar::no_length();
    let told = |pipeline: &str, done: u64, of: u64| {
        bar.set_length(of);
        bar.set_position(done);
        bar.set_message(pipeline.to_string());
    };
    let by = by.map_or_else(whoever, String::from);
    let purged = act::purge(site, options, &by, &no_hook, &told)?;
    bar.finish_and_clear();
    Ok(purged)
}

/// Says what a purge came to. `shown`: the object that JSON has of it.
pub fn ended(purged: &Purged, shown: &impl Serialize, again: &str, json: bool) -> Result<Ended, Failed> {
    if !json {
        words(purged);
    }
    if let Some(why) = &purged.stopped {
        let why = format!(
            "the purge stopped: {why}.\nWhat was severed stays severed and is remembered; this goes on where it stopped:\n  \
             afterloan purge{again}"
        );
        return Err(Failed::with(why, shown, json)?);
    }
    if json {
        print_json(shown)?;
    }
    let spared = purged.pipelines.iter().flat_map(|one| &one.traces).any(leaves);
    Ok(if spared { Ended::Look } else { Ended::Done })
}

/// Whose name the entry of the ledger has where none was given.
fn whoever() -> String {
    let named = ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    named.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "afterloan".into())
}

/// Whether rows are left of a trace that is severed.
fn leaves(trace: &TracePurged) -> bool {
    trace.severed.is_some() && trace.left.unwrap_or_default() > 0
}

fn words(purged: &Purged) {
    println!("{}", bold(&format!("Purge of what run {} listed", purged.run)));
    for pipeline in &purged.pipelines {
        println!();
        of_pipeline(pipeline);
    }
    println!();
    if let (Some(report), Some(head)) = (&purged.report, &purged.head) {
        println!("Report:  {report}");
        println!("Head:    {head}");
    }
}

fn of_pipeline(pipeline: &PipelinePurged) {
    println!("{}", bold(&pipeline.name));
    println!("  transactions: {} of {}", grouped(pipeline.done), grouped(pipeline.asked));
    let severed = pipeline.traces.iter().filter_map(|trace| Some((trace.name.clone(), trace.severed?)));
    println!("  rows severed:");
    figures(&severed.map(|(name, rows)| (format!("  {name}"), rows)).collect::<Vec<_>>());
    for trace in pipeline.traces.iter().filter(|trace| leaves(trace)) {
        let left = grouped(trace.left.unwrap_or_default());
        let why = "needed again since the run, or written since";
        paragraph("  - ", &format!("{}: {} {left} rows still lead to a patron ({why})", trace.name, warn("left:")));
    }
    for trace in pipeline.traces.iter().filter(|trace| trace.never.is_some()) {
        let rows = trace.left.map_or(String::new(), |rows| format!(" ({} rows)", grouped(rows)));
        let (never, instead) =
            (trace.never.as_deref().unwrap_or_default(), trace.instead.as_deref().unwrap_or_default());
        paragraph("  - ", &format!("{}{rows}: not severed, as {never}. Instead: {instead}", trace.name));
    }
}
