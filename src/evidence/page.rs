//! The page: a purge report to be read, by a library director first.
//!
//! One file without scripts, fonts or links, so that it opens anywhere and prints as it looks. It begins with what
//! was asked to be severed, what was kept and why, and what needs a person; then the tables in the order of the
//! questions that follow from that. Hexadecimal stands under "Evidence", at the end, and nowhere else: a long run of
//! it in a name or a note is cut short. All text is escaped.
//!
//! It says nothing that the report which it is given doesn't: made from the staff copy it hides what that hides.

mod sentence;
mod style;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::figure::{Figure, grouped};
use super::report::{Accounting, Logs, PipelineReport, Report};
use crate::words::Need;

pub use sentence::lead;

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
                    @if !report.pipelines.is_empty() {
                        (severed(report))
                        (kept(report))
                        (accounting(report))
                        (read(report))
                        (logs(report))
                        (rejected(report))
                        (published(report))
                        (mailing(report))
                    }
                    (relink(report))
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
    html! {
        section {
            h2 { "What was asked to be severed" }
            p { "afterloan lists transactions that nobody needs linked any more; the library system severs them. "
                "A transaction is confirmed once a later export no longer shows it linked, and residual while it does. One "
                "that turned up for a month already published is late." }
            div.wide { table {
                thead { tr {
                    th { "Pipeline" } th { "Severs the" } th.n { "New on the worklist" } th.n { "There before, still due" }
                    th.n { "Confirmed now" } th.n { "Residual" } th.n { "Late" }
                } }
                tbody { @for pipeline in &report.pipelines { tr {
                    th { (name(pipeline)) } td { (pipeline.side) }
                    (number(pipeline.totals.retired)) (number(pipeline.totals.already_retired))
                    (number(pipeline.confirmed)) (number(pipeline.residual)) (number(pipeline.late))
                } } }
            } }
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
    let row = |what: Markup, totals: &Accounting| {
        html! {
            th { (what) }
            (number(totals.read)) (number(totals.retired)) (number(totals.already_retired)) (number(totals.kept))
            (number(totals.unlinked)) (number(totals.rejected))
        }
    };
    html! {
        section {
            h2 { "Every row accounted for" }
            p { "Rows read are the sum of the other columns. Unlinked rows name nobody, or nobody any more." }
            div.wide { table {
                thead { tr {
                    th { "Source" } th.n { "Read" } th.n { "Retired" } th.n { "Already retired" } th.n { "Kept" }
                    th.n { "Unlinked" } th.n { "Rejected" }
                } }
                tbody {
                    @for pipeline in &report.pipelines {
                        @for part in &pipeline.parts {
                            tr { (row(html! { (name(pipeline)) ", " (plain(&part.part)) }, &part.totals)) }
                        }
                        @if pipeline.parts.len() != 1 {
                            tr.sum { (row(html! { (name(pipeline)) ", in all" }, &pipeline.totals)) }
                        }
                    }
                    @if report.pipelines.len() > 1 { tr.sum { (row(html! { "All" }, &report.totals)) } }
                }
            } }
        }
    }
}

fn read(report: &Report) -> Markup {
    html! {
        section {
            h2 { "What was read" }
            div.wide { table {
                thead { tr {
                    th { "Pipeline" } th { "For" } th { "File" } th.n { "Records" } th.n { "Size" } th.n { "Age" }
                } }
                tbody { @for pipeline in &report.pipelines { @for export in &pipeline.exports { tr {
                    th { (name(pipeline)) } td { (plain(&export.source)) } td { code { (plain(&export.file)) } }
                    (number(export.records)) td.n { (size(export.bytes)) } td.n { (age(export.age_hours)) }
                } } } }
            } }
            @for pipeline in &report.pipelines {
                @if !pipeline.undeclared_columns.is_empty() {
                    p { (name(pipeline)) " doesn't declare "
                        @for (i, column) in pipeline.undeclared_columns.iter().enumerate() {
                            @if i > 0 { ", " } code { (plain(column)) }
                        }
                        ". Such columns are dropped; declare each as used, as an identifier or as dropped." }
                }
                @for note in &pipeline.notes { p { (name(pipeline)) ": " (plain(note)) } }
            }
        }
    }
}

fn logs(report: &Report) -> Markup {
    let of = |pipeline: &PipelineReport, logs: &Logs| {
        html! {
            p { (name(pipeline)) ": " (files(logs.retired)) " retired whole by this run, " (files(logs.again))
                " retired before or a copy of another, " (files(logs.waiting.len() as u64)) " waiting." }
            @if !logs.waiting.is_empty() {
                div.wide { table {
                    thead { tr { th { "Waiting" } th { "Due on" } } }
                    tbody { @for waiting in &logs.waiting { tr {
                        td { code { (plain(&waiting.file)) } }
                        td { @match waiting.until { Some(day) => (day), None => "not known: a row can't be shown to be due" } }
                    } } }
                } }
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

fn rejected(report: &Report) -> Markup {
    html! {
        @if report.totals.rejected > 0 { section {
            h2 { "Rows that could not be read" }
            p { "They are left alone: nothing in them is retired or published. Mend the export, or its pipeline." }
            @for pipeline in &report.pipelines { @if let Some(kept) = &pipeline.quarantine {
                p { (name(pipeline)) ": " (kept.rows.words(report.threshold)) " of them are kept until " (kept.until)
                    ", encrypted to the recipient whom the policy names, in " code { (plain(&kept.path)) } ". Repeats aren't kept"
                    @if kept.no_room { ", nor are those for which there was no room" } "." }
            } }
            div.wide { table {
                thead { tr { th { "Pipeline" } th { "Because" } th.n { "Rows" } th { "First lines" } } }
                tbody { @for pipeline in &report.pipelines { @for rejects in &pipeline.rejects { tr {
                    th { (name(pipeline)) }
                    td { (rejects.reason.text()) " (" code { (rejects.reason.code()) } ")" }
                    (figure(report, rejects.rows))
                    td.lines { @for (part, lines) in by_part(&rejects.lines) { p { (plain(&part)) ": " (lines) } } }
                } } } }
            } }
        } }
    }
}

/// The line numbers of each part, or each file of it, as one text.
fn by_part(lines: &[super::report::RejectLine]) -> Vec<(String, String)> {
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

fn published(report: &Report) -> Markup {
    let months: usize = report.pipelines.iter().map(|pipeline| pipeline.released.len()).sum();
    let table = html! {
        div.wide { table {
            thead { tr { th { "Pipeline" } th { "Month" } th.n { "Transactions" } th { "What became of it" } } }
            tbody { @for pipeline in &report.pipelines { @for month in &pipeline.released { tr {
                th { (name(pipeline)) } td { (month.month) } (figure(report, month.rows))
                td {
                    @match &month.closed {
                        Some(why) => { "Closed, nothing published: " (plain(why)) },
                        None => "Released",
                    }
                    @for (what, rows) in &month.counts { @if !rows.is_zero() {
                        "; " (plain(what)) ": " span.nowrap { (rows.words(report.threshold)) }
                    } }
                }
            } } } }
        } }
    };
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

fn mailing(report: &Report) -> Markup {
    let any = report.pipelines.iter().any(|pipeline| !pipeline.mailing.is_empty());
    html! {
        @if any { section {
            h2 { "Mailing lists" }
            p { "For purposes that the policy names, with patrons who asked for it and with what the purpose needs. They lie in "
                "the site's " code { "state" } " folder." }
            div.wide { table {
                thead { tr { th { "List" } th { "Purpose" } th.n { "Patrons" } } }
                tbody { @for pipeline in &report.pipelines { @for list in &pipeline.mailing { tr {
                    th { (plain(&list.name)) } td { (plain(&list.purpose)) } (figure(report, list.patrons))
                } } } }
            } }
        } }
    }
}

fn relink(report: &Report) -> Markup {
    let table = html! {
        div.wide { table {
            thead { tr { th { "Kind" } th { "Month" } th { "Ends on" } } }
            tbody { @for risk in &report.relink_risk {
                tr { th { (risk.kind) } td { (risk.month) } td { (risk.key_destroyed) } }
            } }
        } }
    };
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
            dl {
                @for (what, text) in stated {
                    dt { (what) } dd { @match text { Some(text) => (plain(text)), None => "none stated" } }
                }
                dt { "Threshold" }
                dd { (report.threshold) " patrons"
                    @if let Some(note) = report.threshold_note() { ". " (note) } }
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
                div.wide { table {
                    thead { tr { th { "Published column" } th { "Looks like" } th { "Reason" } th { "In this run" } } }
                    tbody { @for accepted in &report.accepted_patterns { tr {
                        th { code { (plain(&accepted.column)) } } td { (accepted.pattern.text()) }
                        td { (plain(&accepted.reason)) } td { @if accepted.used { "met" } @else { "not met" } }
                    } } }
                } }
            }
        }
    }
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

/// A table of figures with a bar each. Hidden figures have none.
fn bars(report: &Report, rows: &[(String, Figure)], what: &str) -> Markup {
    let largest = rows.iter().filter_map(|(_, rows)| rows.0).max().unwrap_or(0).max(1);
    html! {
        table.bars {
            thead { tr { th { (what) } th.n { "Rows" } th {} } }
            tbody { @for (label, rows) in rows { tr {
                th { (label) } (figure(report, *rows))
                td.bar { @if let Some(count) = rows.0 {
                    svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" {
                        rect width=(u128::from(count) * 1000 / u128::from(largest)) height="10" {}
                    }
                } }
            } } }
        }
        @if rows.iter().any(|(_, rows)| rows.is_hidden()) {
            p.small { "“" (Figure::HIDDEN.words(report.threshold)) "” also stands for a larger figure where that would "
                "otherwise give a small one away by subtraction." }
        }
    }
}

fn number(number: u64) -> Markup {
    html! { td.n { (grouped(number)) } }
}

fn figure(report: &Report, figure: Figure) -> Markup {
    html! { td.n.few[figure.is_hidden()] { (figure.words(report.threshold)) } }
}

fn name(pipeline: &PipelineReport) -> String {
    plain(&pipeline.name)
}

/// Text without long runs of hexadecimal, which belong under "Evidence".
fn plain(text: &str) -> String {
    const LONG: usize = 16;
    const SHOWN: usize = 8;
    let is_hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (digits, others) = rest.split_at(rest.find(|c| !is_hex(c)).unwrap_or(rest.len()));
        match digits.get(..SHOWN) {
            Some(start) if digits.len() >= LONG => plain.extend([start, "…"]),
            _ => plain.push_str(digits),
        }
        let (text, others) = others.split_at(others.find(is_hex).unwrap_or(others.len()));
        plain.push_str(text);
        rest = others;
    }
    plain
}

fn size(bytes: u64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

fn age(hours: i64) -> String {
    match hours {
        i64::MIN..0 => "after as-of".into(),
        1 => "1 hour".into(),
        0.. => format!("{hours} hours"),
    }
}

fn in_words(day: crate::words::Day) -> String {
    day.date().strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests;
