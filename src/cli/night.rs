//! `plan` and `run`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::choices::{choices, differ};
use super::out::{Ended, Failed, print_json};
use super::progress::Bar;
use super::purge;
use super::table::{bold, doubts, figures, paragraph, warn};
use crate::act::Refusal;
use crate::act::{self, LogFile, Options, Outcome, PipelineOutcome, Progress, Publishes, Purged, Seams, Stands};
use crate::evidence::figure::grouped;
use crate::evidence::ledger;
use crate::state::commit::no_hook;
use crate::state::entropy::System;
use crate::state::site::Site;
use crate::words::{Digest, Month};

pub fn plan(site: &Site, options: Options, again: &str, json: bool) -> Result<Ended, Failed> {
    let bar = Bar::default();
    let progress = |progress: Progress<'_>| bar.show(progress);
    let seams = Seams { entropy: &mut System, hook: &no_hook, progress: &progress };
    let outcome = act::plan(site, options, seams)?;
    drop(bar);
    show(site, &outcome, again, json)
}

/// `purge`: what carries the worklists out, once the run is committed.
pub fn run(
    site: &Site,
    options: Options,
    again: &str,
    json: bool,
    purge: Option<&dyn Fn() -> Result<Purged, Failed>>,
) -> Result<Ended, Failed> {
    let bar = Bar::default();
    let progress = |progress: Progress<'_>| bar.show(progress);
    let seams = Seams { entropy: &mut System, hook: &no_hook, progress: &progress };
    let outcome = act::run(site, options, seams)?;
    drop(bar);
    let Some(purge) = purge.filter(|_| outcome.committed.is_some()) else { return show(site, &outcome, again, json) };
    if !json {
        words(site, &outcome, again);
    }
    let purged = purge()?;
    let ended = purge::ended(&purged, &Night { run: &outcome, purge: &purged }, again, json)?;
    Ok(if outcome.attention.is_empty() { ended } else { Ended::Look })
}

/// A night and its purge, as one object.
#[derive(Serialize)]
struct Night<'a> {
    #[serde(flatten)]
    run: &'a Outcome,
    purge: &'a Purged,
}

/// Refuses a site whose ledger never had the head that was noted: it was put back from a backup, or rewritten.
pub fn has_head(site: &Site, head: Option<Digest>) -> Result<(), Failed> {
    let Some(head) = head else { return Ok(()) };
    if ledger::had(&site.ledger(), head).map_err(Refusal::from)? {
        return Ok(());
    }
    Err(Failed::Plain(format!(
        "no line of {} has the head that was noted ({head}): the site was put back from an older backup, or its ledger was \
         rewritten. Nothing was done. Put back the newest backup, all of it (see docs/restore.md)",
        site.ledger().display()
    )))
}

/// The command that accepts a plan.
pub fn accept(again: &str, plan: Digest) -> String {
    format!("afterloan run{again} --accept \\\n    {plan}")
}

fn show(site: &Site, outcome: &Outcome, again: &str, json: bool) -> Result<Ended, Failed> {
    if !json {
        words(site, outcome, again);
    }
    if outcome.pipelines.is_empty() {
        let why: Vec<String> =
            outcome.stopped.iter().map(|stopped| format!("\n  {}: {}", stopped.pipeline, stopped.why)).collect();
        return Err(Failed::with(format!("no pipeline could be read{}", why.concat()), outcome, json)?);
    }
    if json {
        print_json(outcome)?;
    }
    Ok(if outcome.attention.is_empty() && outcome.doubts.is_empty() { Ended::Done } else { Ended::Look })
}

fn words(site: &Site, outcome: &Outcome, again: &str) {
    let done = outcome.committed.is_some();
    println!("{}", bold(&format!("{} for {}", if done { "Run" } else { "Plan" }, outcome.when.day)));
    for pipeline in &outcome.pipelines {
        println!();
        of_pipeline(pipeline, done, outcome.threshold);
    }
    differ(&outcome.pipelines.iter().filter_map(|pipeline| pipeline.choices.as_ref()).collect::<Vec<_>>());
    for stopped in &outcome.stopped {
        println!();
        println!("{} {}", bold(&stopped.pipeline), warn("stopped"));
        paragraph("  ", &stopped.why);
    }
    if !outcome.doubts.is_empty() {
        println!();
        doubts(&outcome.doubts);
    }
    for (heading, all) in [("For a person to look at", &outcome.attention), ("Still for a person", &outcome.still)] {
        if !all.is_empty() {
            println!("\n{}", bold(heading));
        }
        for attention in all {
            let who = attention.pipeline.as_deref().unwrap_or("the site");
            paragraph("  - ", &format!("{who}: {}", attention.what));
        }
    }
    println!();
    match &outcome.committed {
        Some(committed) => {
            println!("Report:  {}", site.at(&committed.page).display());
            println!("Head:    {}", committed.head);
            println!("Note the head elsewhere. Later this compares with it:");
            println!("  afterloan verify{} --head HEAD", only_site(again));
        }
        None if !outcome.brakes.is_empty() => {
            println!("Nothing was changed. If this plan is right:");
            println!("  {}", accept(again, outcome.digest));
        }
        None if outcome.pipelines.is_empty() => println!("Nothing was changed, and a run would do nothing."),
        None => println!("Nothing was changed. This does it:\n  afterloan run{again}"),
    }
}

fn of_pipeline(pipeline: &PipelineOutcome, done: bool, threshold: u32) {
    let braked = if pipeline.braked { format!("  {}", warn("held")) } else { String::new() };
    println!("{}{braked}", bold(&pipeline.name));
    let (totals, tally) = (&pipeline.totals, &pipeline.tally);
    let mut rows = vec![
        ("read".to_string(), totals.read),
        (if done && !pipeline.braked { "retired" } else { "to retire" }.to_string(), totals.retired),
        ("already retired".to_string(), totals.already_retired),
        ("kept".to_string(), totals.kept),
    ];
    rows.extend(totals.kept_by_need.iter().map(|(need, count)| (format!("  {need}"), *count)));
    rows.push(("unlinked".to_string(), totals.unlinked));
    rows.push(("rejected".to_string(), totals.rejected));
    for (label, figure) in [("confirmed", tally.confirmed), ("residual", tally.residual()), ("late", tally.late)] {
        if figure > 0 {
            rows.push((label.to_string(), figure));
        }
    }
    rows.extend(pipeline.lists.mailing.iter().map(|(name, patrons)| (format!("mailing list {name}"), *patrons)));
    figures(&rows);
    pipeline.exports.notes.iter().for_each(|note| paragraph("  ", note));
    if totals.kept_by_need.values().sum::<u64>() > totals.kept {
        paragraph("  ", "(one that is kept may be needed for several reasons, so they sum to more than \"kept\")");
    }
    if let Some(logs) = pipeline.logs() {
        let counts = logs.counts;
        println!(
            "  logs: {} retired whole, {} retired before, {} waiting",
            counts.retired, counts.again, counts.waiting
        );
        logs.files.iter().filter_map(waiting).take(WAITING_SHOWN).for_each(|text| paragraph("  - ", &text));
        if counts.waiting > 0 && totals.rejected > 0 {
            paragraph("  ", "(a line that can't be read is due like one of the day on which its file was written)");
        }
    }
    if let Some(requests) = pipeline.logs().and_then(|logs| logs.requests) {
        println!("  requests that count: {}", grouped(requests.counted));
    }
    months(pipeline, done && !pipeline.braked);
    if let Some(titles) = &pipeline.publishes.titles {
        left_out(titles);
    }
    if !done {
        choices(pipeline.choices.as_ref());
        leaves(&pipeline.publishes, threshold);
    }
    for rejected in &pipeline.exports.rejected {
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

/// So many waiting logs are named; the report has all.
const WAITING_SHOWN: usize = 12;

/// A log that waits, and until when.
fn waiting(log: &LogFile) -> Option<String> {
    let Stands::Waits { until } = log.stands else { return None };
    let until = match until {
        Some(day) => format!("all of it is due on {day}"),
        None if log.repeat.is_some() => "lines of it stand in another log, too (more below)".into(),
        None if !log.unlisted.is_empty() => {
            "it has lines of which the pipeline doesn't say what they are (more below)".into()
        }
        None => "a row can't be shown to be due".into(),
    };
    Some(format!("{} waits: {until}", log.found.name()))
}

/// The months that end with this run: how many are published, and which are closed for which reason.
fn months(pipeline: &PipelineOutcome, done: bool) {
    settled_months(pipeline, done);
    if !pipeline.waiting.is_empty() {
        let text = format!(
            "too few patrons in {}: published with what follows, or closed after a year",
            ranges(&pipeline.waiting)
        );
        paragraph("  - ", &text);
    }
}

fn settled_months(pipeline: &PipelineOutcome, done: bool) {
    let (Some(first), Some(last)) = (pipeline.released.first(), pipeline.released.last()) else { return };
    let mut closed: BTreeMap<&str, Vec<Month>> = BTreeMap::new();
    for month in &pipeline.released {
        if let Some(why) = &month.closed {
            closed.entry(why).or_default().push(month.month);
        }
    }
    let count = closed.values().map(Vec::len).sum::<usize>();
    let settled = pipeline.released.len();
    let (settles, publishes) = if done { ("settled", "published") } else { ("to settle", "to publish") };
    let span = match settled {
        1 => first.month.to_string(),
        _ => format!("{} to {}", first.month, last.month),
    };
    println!("  months {settles}: {settled} ({span}); {publishes}: {}; closed: {count}", settled - count);
    for (why, months) in &closed {
        let text = format!("closed: {} ({why}): {}. Nothing of them is ever published", months.len(), ranges(months));
        paragraph("  - ", &text);
    }
}

/// Months in order, those that follow one another as `2025-01 to 2025-09`.
fn ranges(months: &[Month]) -> String {
    let mut ranges: Vec<(Month, Month)> = Vec::new();
    for month in months {
        match ranges.last_mut() {
            Some((_, last)) if last.next() == *month => *last = *month,
            _ => ranges.push((*month, *month)),
        }
    }
    let range =
        |(first, last): &(Month, Month)| if first == last { first.to_string() } else { format!("{first} to {last}") };
    ranges.iter().map(range).collect::<Vec<_>>().join(", ")
}

/// Titles that aren't told: how many, never which.
fn left_out(titles: &act::PublishedTitles) {
    if titles.too_many {
        paragraph("  - ", "more titles than a night can tell apart: none of tonight's is published by itself");
    }
    if titles.left_out > 0 {
        let (many, hold) = if titles.left_out == 1 { ("title", "holds") } else { ("titles", "hold") };
        let text =
            format!("{} {many} {hold} what may lead to a patron: never published by name", grouped(titles.left_out));
        paragraph("  - ", &text);
    }
}

/// What leaves of a period that isn't closed: each column with its source, by what it is about, and the tables.
fn leaves(publishes: &Publishes, threshold: u32) {
    if publishes.columns.is_empty() {
        return;
    }
    paragraph(
        "  ",
        &format!(
            "What leaves of a period, once it has settled, for good; no figure is about fewer than {threshold} patrons:"
        ),
    );
    let column = |column: &act::PublishedColumn| match column.from.join(", ") {
        from if from == column.name => from,
        from => format!("{} ← {from}", column.name),
    };
    for about in ["place", "time", "use", "patron", "title"] {
        let of_this = publishes.columns.iter().filter(|column| column.about == about);
        let columns: Vec<String> = of_this.map(column).collect();
        if !columns.is_empty() {
            paragraph(&format!("    {about:<11} "), &columns.join("; "));
        }
    }
    let table = |table: &act::PublishedTable| match table.by.join(", ") {
        by if by.is_empty() => format!("{} (of all)", table.name),
        by => format!("{} (by {by})", table.name),
    };
    let tables: Vec<String> = publishes.tables.iter().map(table).collect();
    if tables.is_empty() {
        paragraph("    tables      ", "none: without [[statistics]] a month gets none, now or later")
    } else {
        paragraph("    tables      ", &tables.join("; "))
    }
}

/// `verify` takes no as-of.
fn only_site(again: &str) -> &str {
    again.split(" --as-of ").next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_that_follow_one_another_are_one_range() {
        let months: Vec<Month> =
            ["2024-11", "2024-12", "2025-01", "2025-03"].map(|month| month.parse().unwrap()).into();
        assert_eq!(ranges(&months), "2024-11 to 2025-01, 2025-03");
        assert_eq!(ranges(&months[3..]), "2025-03");
    }
}
