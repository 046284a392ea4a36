//! The report's first sentences, and the words for its needs.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::exposure::handed_over;
use crate::evidence::figure::grouped;
use crate::evidence::report::{Authority, Halt, PipelineReport, Report};
use crate::words::{Need, Side};

/// What could be handed over; what was asked to be severed; what was kept, and why; what needs a person.
pub fn lead(report: &Report) -> Vec<String> {
    let matters = matters(report).len();
    let person = match matters {
        0 => "Nothing needs a person.".to_owned(),
        1 => "One thing needs a person.".to_owned(),
        _ => format!("{} things need a person.", grouped(matters as u64)),
    };
    let exposed = report.exposure.as_ref().map(handed_over);
    exposed.into_iter().chain([severed(report), kept(report), person]).collect()
}

/// By whose word links are severed.
pub fn who_allowed_it(authority: &Authority) -> String {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let by = match (given(&authority.authorization), given(&authority.schedule)) {
        (Some(authorization), Some(schedule)) => {
            format!("It is allowed by the authorization {authorization}, under the records schedule {schedule}")
        }
        (Some(authorization), None) => format!("It is allowed by the authorization {authorization}"),
        (None, _) => return "Nobody's authorization is stated in the policy.".into(),
    };
    match given(&authority.statute) {
        Some(statute) => format!("{by}, and by the statute {statute}."),
        None => format!("{by}."),
    }
}

fn severed(report: &Report) -> String {
    if let Some(sentence) = stays(report) {
        return sentence;
    }
    let (new, again) = (report.totals.retired, report.totals.already_retired);
    let are = if again == 1 { "is still linked and stays" } else { "are still linked and stay" };
    let again_words = format!("{} asked for before {are} on the worklist", transactions(again));
    match (new, again) {
        (0, 0) => "Nothing was due: this run asked for no link to be severed.".to_owned(),
        (0, _) => format!("This run asked for no new link to be severed; {again_words}."),
        (_, 0) => format!("This run asked for {} to be severed {}.", transactions(new), from(report, new)),
        _ => format!("This run asked for {} to be severed {}; {again_words}.", transactions(new), from(report, new)),
    }
}

/// Where pipelines have no id that the system knows: no figure of theirs stands apart, which tables protect.
fn stays(report: &Report) -> Option<String> {
    let without: Vec<&str> =
        report.pipelines.iter().filter(|one| one.severs_nothing).map(|one| one.name.as_str()).collect();
    let due = report.totals.retired + report.totals.already_retired;
    if without.is_empty() || due == 0 {
        return None;
    }
    let they = if without.len() == report.pipelines.len() {
        "They stay linked".to_owned()
    } else {
        format!("The others were asked to be severed; those of {} stay linked", without.join(", "))
    };
    Some(format!(
        "Nobody needs to know any longer whose {} {was}. {they}: nothing severs them, since their exports have no id that \
         the library's system knows.",
        transactions(due),
        was = if due == 1 { "was" } else { "were" },
    ))
}

/// What they are severed from. Which pipeline severs how many is for the tables, which protect small figures.
fn from(report: &Report, new: u64) -> String {
    let sides: BTreeSet<Side> = report.pipelines.iter().map(|pipeline| pipeline.side).collect();
    let words = |side: &Side| match (side, new) {
        (Side::Patron, 1) => "its patron",
        (Side::Patron, _) => "their patrons",
        (Side::Material, 1) => "its material",
        (Side::Material, _) => "their material",
        (Side::Contact, _) => "contact data",
    };
    let words: Vec<&str> = sides.iter().map(words).collect();
    format!("from {}", words.join(" or "))
}

/// The three most frequent needs. Their figures are given only where every pipeline shows its own, so that the
/// sentence can't tell what the tables hide.
fn kept(report: &Report) -> String {
    let mut needs: BTreeMap<Need, Option<u64>> = BTreeMap::new();
    for (need, rows) in report.pipelines.iter().flat_map(|pipeline| &pipeline.kept_by_need) {
        let sum = needs.entry(*need).or_insert(Some(0));
        *sum = sum.zip(rows.0).map(|(sum, rows)| sum.saturating_add(rows));
    }
    let mut needs: Vec<_> = needs.into_iter().filter(|(_, rows)| *rows != Some(0)).collect();
    needs.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    let kept = report.totals.kept;
    if kept == 0 {
        return "It kept none.".to_owned();
    }
    let rest = needs.len().saturating_sub(3);
    let mut why: Vec<String> = needs
        .into_iter()
        .take(3)
        .map(|(need, rows)| match rows {
            Some(rows) => format!("{} ({})", why(need), grouped(rows)),
            None => why(need).to_owned(),
        })
        .collect();
    match rest {
        0 => {}
        1 => why.push("one other need".to_owned()),
        _ => why.push(format!("{rest} other needs")),
    }
    let are = if kept == 1 { "is" } else { "are" };
    if why.is_empty() {
        format!("It kept {}.", grouped(kept))
    } else {
        format!("It kept {} that {are} still needed: {}.", grouped(kept), why.join("; "))
    }
}

/// What a person should look at, one sentence each, the gravest first.
pub fn matters(report: &Report) -> Vec<String> {
    let summary = &report.summary;
    let mut matters: Vec<String> = Vec::new();
    matters.extend(report.stopped.iter().map(|stopped| format!("Stopped: {}", halt(stopped))));
    matters.extend(report.held.iter().map(|held| format!("Held until a person accepts it: {}", halt(held))));
    let mut some = |count: u64, one: &str, many: &str| match count {
        0 => {}
        1 => matters.push(format!("1 {one}")),
        _ => matters.push(format!("{} {many}", grouped(count))),
    };
    some(
        summary.residual,
        "residual: a transaction that was to be severed is still linked. Has the worklist been carried out?",
        "residuals: transactions that were to be severed are still linked. Has the worklist been carried out?",
    );
    some(
        summary.review,
        "transaction has been kept for longer than the policy's review period.",
        "transactions have been kept for longer than the policy's review period.",
    );
    some(report.totals.rejected, "row could not be read.", "rows could not be read.");
    some(
        summary.undeclared_columns,
        "column is not declared; it was dropped.",
        "columns are not declared; they were dropped.",
    );
    some(
        report.unspoken_columns.len() as u64,
        "column of the system's database leads to patrons, and no pipeline speaks of it.",
        "columns of the system's database lead to patrons, and no pipeline speaks of them.",
    );
    some(
        summary.late,
        "transaction turned up for a month that was already released; it is never published.",
        "transactions turned up for months that were already released; they are never published.",
    );
    if let (Some(until), Some(days)) = (report.authority.until, report.authority.ends_in) {
        let left = match days {
            0 => "today".to_owned(),
            1 => format!("{until}, for one more day"),
            days => format!("{until}, for {days} more days"),
        };
        matters
            .push(format!("The authorization is good until {left}. Have it renewed: without it nothing is retired."));
    }
    // Of an export as old as the as-of, or a night older or newer, there is nothing to say.
    let ahead = |pipeline: &PipelineReport| pipeline.exports.iter().map(|export| -export.age_hours).max().unwrap_or(0);
    for pipeline in report.pipelines.iter().filter(|pipeline| ahead(pipeline) > 36) {
        matters.push(format!(
            "{}: its exports are {} days newer than the as-of, so rows of the days to come are undetermined. Was the as-of \
             right?",
            pipeline.name,
            ahead(pipeline) / 24
        ));
    }
    if let Some(note) = report.threshold_note() {
        matters.push(format!("The policy's threshold is {}. {note}.", report.threshold));
    }
    matters
}

pub fn halt(halt: &Halt) -> String {
    match &halt.pipeline {
        Some(pipeline) => format!("{pipeline}: {}", halt.why),
        None => halt.why.clone(),
    }
}

/// A need, to be read after "because": what is still the case.
pub fn why(need: Need) -> &'static str {
    match need {
        Need::Open => "still open",
        Need::Grace => "closed so recently that damage may yet be claimed",
        Need::Owing => "something is owed",
        Need::Settled => "a bill was paid recently",
        Need::Refund => "a lost item was paid for recently and may be found",
        Need::Disputed => "in dispute",
        Need::Lost => "lost or long overdue",
        Need::Chain => "part of a chain of renewals, or of a log, that is still needed",
        Need::LastBorrower => "among the newest loans of its item",
        Need::History => "the patron asked to keep a history",
        // A legal hold is never named; one that got here reads like the rest of what can't be decided.
        Need::LegalHold | Need::Undetermined => "it can't be shown that nobody needs it",
    }
}

fn transactions(count: u64) -> String {
    match count {
        1 => "1 transaction".to_owned(),
        _ => format!("{} transactions", grouped(count)),
    }
}
