//! The page: a purge report to be read, by a library director first.
//!
//! One file without scripts or fonts, so that it opens anywhere and prints as it looks. It begins with what could be handed over,
//! what was asked to be severed, what was kept and why, and what needs a person; then the tables in the order of the
//! questions that follow from that. `index` is the page before all reports. Hexadecimal stands under "Evidence", at the end, and nowhere else: a long run of
//! it in a name or a note is cut short. All text is escaped.
//!
//! It says nothing that the report which it is given doesn't: made from the staff copy it hides what that hides.

mod annex;
mod director;
mod exports;
mod handed_over;
mod index;
mod over_time;
mod sentence;
mod style;
mod table;
mod traces;
mod words;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::figure::{Figure, grouped};
use super::report::{
    AcceptedPattern, Accounting, MailingList, PipelineReport, ReleasedMonth, RelinkRisk, RememberedYear, Report, Titles,
};
use crate::words::Need;

pub use annex::{annex, has_annex};
pub use director::{Director, HeldRows, HoldInForce, director};
use exports::{logs, read, rejected};
use handed_over::handed_over;
pub use index::{ActDone, Index, index};
pub use sentence::{lead, matters, who_allowed_it};
use table::{Cell, table, text};
use words::{bars, in_words, name, plain};

/// A breakdown by month folds away when it is longer than this.
const MONTHS_IN_SIGHT: usize = 6;

/// The whole HTML file.
pub fn page(report: &Report) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { "Purge report of " (report.run.day) ", " (plain(&report.library)) }
                style { (PreEscaped(style::CSS)) }
            }
            body {
                header {
                    p.kicker { (plain(&report.library)) }
                    h1 { "Purge report of " (in_words(report.run.day)) }
                }
                main {
                    div.lead { @for sentence in lead(report) { p { (plain(&sentence)) } } }
                    (needs_a_person(report))
                    (handed_over(report))
                    @if !report.pipelines.is_empty() {
                        (severed(report))
                        (traces::traces(report))
                        (kept(report))
                        (accounting(report))
                        (read(report))
                        (logs(report))
                        (rejected(report))
                        (published(report))
                        (titles(report))
                        (mailing(report))
                    }
                    (relink(report))
                    (years(report))
                    (deleted(report))
                    (rules(report))
                    (not_attested(report))
                    (evidence(report))
                }
            }
        }
    }
    .into_string()
}

/// A list of what a person should look at, each with the place where more is said.
fn needs_a_person(report: &Report) -> Markup {
    let matters = sentence::matters(report);
    html! {
        @if !matters.is_empty() {
            section.person {
                h2 { "What needs a person" }
                ul { @for matter in matters { li { (plain(&matter)) } } }
            }
        }
    }
}

fn severed(report: &Report) -> Markup {
    let row = |pipeline: &PipelineReport| {
        let (new, before) = (pipeline.totals.retired, pipeline.totals.already_retired);
        let figures = [new, before, pipeline.confirmed, pipeline.residual, pipeline.late];
        let names = [text(name(pipeline)), text(pipeline.side)];
        names.into_iter().chain(figures.map(Cell::Number)).collect::<Vec<_>>()
    };
    html! {
        section {
            h2 { "What was asked to be severed" }
            p { "afterloan lists transactions that nobody needs linked any more; the library system severs them. "
                "A transaction is confirmed once a later export no longer shows it linked, and residual while it does. One "
                "that turned up for a month already published is late." }
            (table(
                "What was asked to be severed, by pipeline",
                &["Pipeline", "Severs the", "New on the worklist", "There before, still due", "Confirmed now", "Residual", "Late"],
                &report.pipelines.iter().map(row).collect::<Vec<_>>(),
                |_| false,
            ))
            @for pipeline in &report.pipelines {
                @if let Some(worklist) = &pipeline.worklist {
                    p.small { "Worklist of " (name(pipeline)) ", which severs the " (pipeline.side) ", " (grouped(worklist.rows)) " rows: "
                        @for (i, path) in worklist.paths.iter().enumerate() {
                            @if i > 0 { ", " } code { (plain(path)) }
                        } }
                }
                @if pipeline.residual > 0 {
                    h3 { (name(pipeline)) ": residual, by nights since it was first asked for" }
                    (bars(report, &pipeline.residual_by_age.by_age().map(|(age, rows)| (age.to_owned(), rows)), "Age"))
                }
                @if !pipeline.retired_by_month.is_empty() {
                    h3 { (name(pipeline)) ": new on the worklist, by month of opening" }
                    (by_month(report, pipeline))
                }
            }
        }
    }
}

fn by_month(report: &Report, pipeline: &PipelineReport) -> Markup {
    let rows: Vec<_> = pipeline.retired_by_month.iter().map(|(month, rows)| (month.to_string(), *rows)).collect();
    let table = bars(report, &rows, "Month");
    html! {
        @if rows.len() > MONTHS_IN_SIGHT {
            details { summary { (rows.len()) " months, from " (rows[0].0) " to " (rows[rows.len() - 1].0) } (table) }
        } @else { (table) }
    }
}

fn kept(report: &Report) -> Markup {
    html! {
        section {
            h2 { "What was kept, and why" }
            p { "A transaction with several needs counts under each of them, so the lines can add up to more than the "
                "number kept." }
            @for pipeline in &report.pipelines { @if pipeline.totals.kept > 0 {
                h3 { (name(pipeline)) ": " (grouped(pipeline.totals.kept)) " kept" }
                (by_need(report, &pipeline.kept_by_need))
                @if pipeline.review > 0 {
                    h3 { (name(pipeline)) ": " (grouped(pipeline.review)) " kept for so long that a person should look" }
                    (by_need(report, &pipeline.review_by_need))
                }
            } }
        }
    }
}

fn by_need(report: &Report, figures: &std::collections::BTreeMap<Need, Figure>) -> Markup {
    let mut rows: Vec<_> = figures.iter().map(|(need, rows)| (sentence::why(*need).to_owned(), *rows)).collect();
    rows.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    bars(report, &rows, "Because")
}

fn accounting(report: &Report) -> Markup {
    let row = |what: String, totals: &Accounting| {
        let Accounting { read, retired, already_retired, kept, unlinked, rejected } = *totals;
        let figures = [read, retired, already_retired, kept, unlinked, rejected].map(Cell::Number);
        std::iter::once(text(plain(&what))).chain(figures).collect::<Vec<_>>()
    };
    let (mut rows, mut sums) = (Vec::new(), Vec::new());
    for pipeline in &report.pipelines {
        let name = name(pipeline);
        rows.extend(pipeline.parts.iter().map(|part| row(format!("{name}, {}", part.part), &part.totals)));
        if pipeline.parts.len() != 1 {
            sums.push(rows.len());
            rows.push(row(format!("{name}, in all"), &pipeline.totals));
        }
    }
    if report.pipelines.len() > 1 {
        sums.push(rows.len());
        rows.push(row("All".into(), &report.totals));
    }
    let heads = ["Source", "Read", "Retired", "Already retired", "Kept", "Unlinked", "Rejected"];
    html! {
        section {
            h2 { "Every row accounted for" }
            p { "Rows read are the sum of the other columns. Unlinked rows name nobody, or nobody any more." }
            (table("What became of every row, by source", &heads, &rows, |at| sums.contains(&at)))
        }
    }
}

fn published(report: &Report) -> Markup {
    let months: usize = report.pipelines.iter().map(|pipeline| pipeline.released.len()).sum();
    let row = |pipeline: &PipelineReport, month: &ReleasedMonth| {
        let became = html! {
            @match &month.closed {
                Some(why) => { "Closed, nothing published: " (plain(why)) },
                None => "Released",
            }
            @for (what, rows) in &month.counts { @if !rows.is_zero() {
                "; " (plain(what)) ": " span.nowrap { (rows.words()) }
            } }
        };
        vec![text(name(pipeline)), text(month.month), Cell::Figure(month.rows), Cell::Text(became)]
    };
    let of = |pipeline| move |month| row(pipeline, month);
    let rows: Vec<_> = report.pipelines.iter().flat_map(|one| one.released.iter().map(of(one))).collect();
    let heads = ["Pipeline", "Month", "Transactions", "What became of it"];
    let table = table("What became of each month", &heads, &rows, |_| false);
    html! {
        @if months > 0 { section {
            h2 { "What was published" }
            p { "A month is published once, from all its transactions, as data that says what was used and what kind of "
                "people used it, never both about the same row. It is then final." }
            @if months > MONTHS_IN_SIGHT {
                details { summary { (months) " months" } (table) }
            } @else { (table) }
        } }
    }
}

/// Titles that aren't told: how many, and never which.
fn titles(report: &Report) -> Markup {
    let of = |pipeline: &PipelineReport, titles: Titles| {
        html! {
            @if titles.left_out > 0 {
                p { (name(pipeline)) ", left out: " strong { (grouped(titles.left_out)) } "." }
            }
            @if titles.too_many {
                p { (name(pipeline)) ": there are more titles than a night can tell apart, so none of this night's is told." }
            }
        }
    };
    let has_any = |titles: Titles| titles.left_out > 0 || titles.too_many;
    let any = report.pipelines.iter().any(|pipeline| pipeline.titles.is_some_and(has_any));
    html! {
        @if any { section {
            h2 { "Titles that are not told" }
            p { "A title in which something may lead to a patron, a name above all, is never published by itself. Its "
                "transactions count among the others." }
            @for pipeline in &report.pipelines { @if let Some(titles) = pipeline.titles { (of(pipeline, titles)) } }
        } }
    }
}

fn mailing(report: &Report) -> Markup {
    let lists = report.pipelines.iter().flat_map(|pipeline| &pipeline.mailing);
    let row =
        |list: &MailingList| vec![text(plain(&list.name)), text(plain(&list.purpose)), Cell::Figure(list.patrons)];
    let rows: Vec<_> = lists.map(row).collect();
    html! {
        @if !rows.is_empty() { section {
            h2 { "Mailing lists" }
            p { "For purposes that the policy names, with patrons who asked for it and with what the purpose needs. They lie in "
                "the site's " code { "state" } " folder." }
            (table("Mailing lists", &["List", "Purpose", "Patrons"], &rows, |_| false))
        } }
    }
}

fn relink(report: &Report) -> Markup {
    let row = |risk: &RelinkRisk| vec![text(risk.kind), text(risk.month), text(risk.key_destroyed)];
    let rows: Vec<_> = report.relink_risk.iter().map(row).collect();
    let table = table("Months that wait for publication", &["Kind", "Month", "Ends on"], &rows, |_| false);
    html! {
        @if !report.relink_risk.is_empty() { section {
            h2 { "Until when links could be restored" }
            p { "Transactions of these months wait for publication. Until their month's key is destroyed, someone who "
                "holds the site's " code { "state" } " folder and a list of patrons could link them again." }
            @if report.relink_risk.len() > MONTHS_IN_SIGHT {
                details { summary { (report.relink_risk.len()) " months" } (table) }
            } @else { (table) }
        } }
    }
}

fn years(report: &Report) -> Markup {
    let row = |one: &RememberedYear| {
        vec![text(one.kind), text(format!("{} to {}", one.year.first, one.year.last)), text(one.key_destroyed)]
    };
    let rows: Vec<_> = report.remembered_years.iter().map(row).collect();
    html! {
        @if !report.remembered_years.is_empty() { section {
            h2 { "Of which years it is remembered who was there" }
            p { "To publish how many patrons a year had, the site keeps a keyed hash of each, and nothing else of her. Until the year's "
                "key is destroyed, someone who holds the " code { "state" } " folder and a list of patrons could tell who of them "
                "was there." }
            (table("Years of which hashes say who was there", &["Kind", "Year", "Ends on"], &rows, |_| false))
        } }
    }
}

fn deleted(report: &Report) -> Markup {
    let list = html! { ul { @for path in &report.deletes { li { code { (plain(path)) } } } } };
    html! {
        @if !report.deletes.is_empty() { section {
            h2 { "What is deleted after this run" }
            @if report.deletes.len() > MONTHS_IN_SIGHT {
                details { summary { (report.deletes.len()) " files and folders" } (list) }
            } @else { (list) }
        } }
    }
}

fn rules(report: &Report) -> Markup {
    let authority = &report.authority;
    let stated = [
        ("Statute", &authority.statute),
        ("Records schedule", &authority.schedule),
        ("Authorization", &authority.authorization),
    ];
    html! {
        section {
            h2 { "By what authority" }
            p { (plain(&sentence::who_allowed_it(&report.authority))) }
            dl {
                @for (what, text) in stated {
                    dt { (what) } dd { @match text { Some(text) => (plain(text)), None => "none stated" }
                        @if let (Some(until), "Authorization") = (authority.until, what) { ", good until " (in_words(until)) } }
                }
                @for (what, text) in [("Record series", &authority.series), ("Custodian", &authority.custodian)] {
                    @if let Some(text) = text { dt { (what) } dd { (plain(text)) } }
                }
                dt { "Threshold" }
                dd { (report.threshold) " patrons"
                    @if let Some(note) = report.threshold_note() { ". " (note) } }
            }
            @if has_annex(report) {
                p { "A certificate of disposition, to be printed and signed: "
                    a href=(report.annex_path().trim_start_matches("reports/")) { "the annex" } "." }
            }
            @if !report.retention.is_empty() {
                h3 { "Retention" }
                ul { @for rule in &report.retention { li { (plain(rule)) } } }
            }
            @if !report.accepted.is_empty() {
                h3 { "Accepted by a person for this run" }
                ul { @for brake in &report.accepted { li { (plain(&sentence::halt(brake))) } } }
            }
            @if !report.accepted_patterns.is_empty() {
                h3 { "Accepted by the policy, though it looks as if it led to people" }
                (table(
                    "Patterns that the policy accepts",
                    &["Published column", "Looks like", "Reason", "In this run"],
                    &report.accepted_patterns.iter().map(accepted).collect::<Vec<_>>(),
                    |_| false,
                ))
            }
        }
    }
}

fn accepted(accepted: &AcceptedPattern) -> Vec<Cell> {
    let column = html! { code { (plain(&accepted.column)) } };
    let met = if accepted.used { "met" } else { "not met" };
    vec![Cell::Text(column), text(accepted.pattern.text()), text(plain(&accepted.reason)), text(met)]
}

fn not_attested(report: &Report) -> Markup {
    html! {
        section {
            h2 { "What afterloan can't attest" }
            ul { @for sentence in &report.not_attested { li { (plain(sentence)) } } }
        }
    }
}

fn evidence(report: &Report) -> Markup {
    let evidence = &report.evidence;
    html! {
        section.evidence id="evidence" {
            h2 { "Evidence" }
            p { "For checking with " code { "afterloan verify" } ". Keyed digests can be checked only with the site's "
                code { "state" } " folder." }
            dl {
                dt { "Run" } dd { (grouped(report.run.sequence)) ", as of " (report.run.as_of) ", made at " (report.run.at)
                    ", afterloan " (report.run.afterloan) }
                dt { "Ledger head before this run" } dd { code { (evidence.previous_head) } }
                dt { "Plan" } dd { code { (evidence.plan) } }
                dt { "Policy" } dd { code { (evidence.policy) } }
                @for (pipeline, digest) in &evidence.pipelines { dt { "Pipeline " (pipeline) } dd { code { (digest) } } }
                @for export in &evidence.exports {
                    dt { "Export " (export.file) " (keyed)" } dd { code { (export.keyed) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
