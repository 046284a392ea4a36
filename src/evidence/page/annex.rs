//! The annex: what a disposition form asks for, on one sheet to be signed. Series, dates, volume, method, custodian, authority.
//!
//! One file without scripts, fonts or links, as the page is; up to twelve pipelines print on one page of A4 or Letter. Its figures
//! are totals that the report for staff shows, so it tells nothing more.

mod style;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::words::{in_words, plain};
use crate::evidence::figure::grouped;
use crate::evidence::report::{PipelineReport, Report};
use crate::words::{Month, Side};

/// Who signs, in this order.
const SIGNERS: [&str; 3] = ["Custodian", "Records officer", "Witness"];

/// Whether a run leaves one: it retired something.
pub fn has_annex(report: &Report) -> bool {
    report.totals.retired > 0
}

/// The whole HTML file.
pub fn annex(report: &Report) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { "Certificate of disposition, " (report.run.day) ", " (plain(&report.library)) }
                style { (PreEscaped(style::CSS)) }
            }
            body {
                header {
                    p.kicker { (plain(&report.library)) }
                    h1 { "Certificate of disposition" }
                    p { "Annex to the purge report of " (in_words(report.run.day)) ", run " (report.run.sequence) }
                }
                main {
                    (authority(report))
                    (disposed(report))
                    p.small { "Worklists name what the library system severs; a later report says what was found severed. Sign once "
                        "they were carried out." }
                    (signatures())
                    p.small { "Not attested: backups, vendors and other systems, paper and copies elsewhere, and what no export "
                        "contained; the purge report says more." }
                    p.small { "Plan " code { (report.evidence.plan) } }
                }
            }
        }
    }
    .into_string()
}

fn authority(report: &Report) -> Markup {
    let authority = &report.authority;
    let stated = [
        ("Custodian", &authority.custodian),
        ("Record series", &authority.series),
        ("Statute", &authority.statute),
        ("Records schedule", &authority.schedule),
        ("Authorization", &authority.authorization),
    ];
    html! {
        dl {
            @for (what, text) in stated {
                dt { (what) } dd { @match text { Some(text) => (plain(text)), None => "none stated" }
                    @if let (Some(until), "Authorization") = (authority.until, what) { ", good until " (in_words(until)) } }
            }
        }
    }
}

fn disposed(report: &Report) -> Markup {
    let all: Vec<&PipelineReport> = report.pipelines.iter().filter(|one| one.totals.retired > 0).collect();
    html! {
        table {
            caption { "What was disposed of" }
            thead { tr {
                th scope="col" { "Records" } th scope="col" { "Opened" } th.n scope="col" { "Volume" }
                th scope="col" { "Method of destruction" } th scope="col" { "Published by this run" }
            } }
            tbody { @for one in &all { tr {
                th scope="row" { (plain(&one.name)) }
                td data-is="Opened" { (opened(one)) }
                td.n data-is="Volume" { (grouped(one.totals.retired)) }
                td data-is="Method" { (method(one)) }
                td data-is="Published by this run" { (published(one)) }
            } } }
            tfoot { tr {
                th scope="row" { "In all" } td {} td.n { (grouped(report.totals.retired)) } td { "transactions" } td {}
            } }
        }
    }
}

/// Inclusive dates, as far as the report tells them: months.
fn opened(pipeline: &PipelineReport) -> String {
    let mut months = pipeline.retired_by_month.keys();
    let Some(first) = months.next() else { return "not stated".into() };
    span(*first, *months.next_back().unwrap_or(first))
}

fn span(first: Month, last: Month) -> String {
    let word = |month: Month| month.first_day().date().strftime("%b %Y").to_string();
    if first == last { word(first) } else { format!("{} to {}", word(first), word(last)) }
}

fn method(pipeline: &PipelineReport) -> String {
    if pipeline.logs.is_some() {
        return "log files retired whole".into();
    }
    let what = match pipeline.side {
        Side::Patron => "link to the patron severed in the library system",
        Side::Material => "link to the material severed in the library system",
        Side::Contact => "contact data emptied in the library system",
    };
    let by_purge = pipeline.worklist.iter().flat_map(|list| &list.paths).any(|path| path.ends_with(".batches"));
    format!("{what}, by {}", if by_purge { "purge" } else { "worklist" })
}

/// The months that this run published; others were published before, or are once they have settled.
fn published(pipeline: &PipelineReport) -> String {
    let mut months = pipeline.released.iter().filter(|month| month.closed.is_none()).map(|month| month.month);
    match (months.next(), months.next_back()) {
        (None, _) => "none".into(),
        (Some(first), last) => span(first, last.unwrap_or(first)),
    }
}

fn signatures() -> Markup {
    html! {
        table.signatures {
            caption { "Signatures" }
            thead { tr { th scope="col" { "As" } th scope="col" { "Name and signature" } th scope="col" { "Date" } } }
            tbody { @for signer in SIGNERS { tr { th scope="row" { (signer) } td {} td {} } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::report::tests::sample;
    use crate::words::Day;

    fn with(pipelines: usize) -> Report {
        let mut report = sample(24);
        let one = report.pipelines[0].clone();
        report.pipelines = (0..pipelines)
            .map(|at| PipelineReport { name: format!("evergreen-circulations-{at}"), ..one.clone() })
            .collect();
        let authority = &mut report.authority;
        authority.custodian = Some("Head of Circulation <and> Access".into());
        authority.series = Some("M11-20, Circulation records of patrons and their material, all branches".into());
        authority.until = Some("2027-06-30".parse::<Day>().unwrap());
        report.sum_up();
        report.for_staff(10)
    }

    #[test]
    fn it_answers_what_a_disposition_form_asks() {
        let html = annex(&with(1));
        for part in [
            "<h1>Certificate of disposition</h1>",
            "Head of Circulation &lt;and&gt; Access",
            "M11-20, Circulation",
            "Conn. Gen. Stat. § 11-25",
            ", good until 30 June 2027",
            "<th scope=\"row\">evergreen-circulations-0</th>",
            "link to the patron severed in the library system, by worklist",
            "<caption>Signatures</caption>",
            "<th scope=\"row\">Witness</th>",
            "Not attested:",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert_eq!(html.matches("Oct 2024 to Sep 2026").count(), 1, "{html}");
        for forbidden in ["<script", "<img", "<link", "http:", "https:", "url("] {
            assert!(!html.contains(forbidden), "{forbidden}");
        }
    }

    #[test]
    fn how_it_was_destroyed_is_said_in_plain_words() {
        let mut one = sample(24).pipelines[0].clone();
        for (side, says) in [
            (Side::Material, "link to the material severed in the library system, by worklist"),
            (Side::Contact, "contact data emptied in the library system, by worklist"),
            (Side::Patron, "link to the patron severed in the library system, by worklist"),
        ] {
            one.side = side;
            assert_eq!(method(&one), says);
        }
        let list = crate::evidence::report::Worklist {
            paths: vec!["worklists/x.csv".into(), "worklists/x.batches".into()],
            rows: 1,
        };
        one.worklist = Some(list);
        assert_eq!(method(&one), "link to the patron severed in the library system, by purge");
    }

    #[test]
    fn a_run_that_retired_nothing_leaves_none() {
        assert!(has_annex(&sample(24)));
        let mut quiet = sample(24);
        quiet.pipelines.clear();
        quiet.sum_up();
        assert!(!has_annex(&quiet));
    }

    /// Writes the fullest sheet to look at, and to print: `cargo test --lib look_at_the_annex -- --ignored`.
    #[test]
    #[ignore = "for eyes"]
    fn look_at_the_annex() {
        let path = std::env::temp_dir().join("afterloan-annex.html");
        std::fs::write(&path, annex(&with(12))).unwrap();
        eprintln!("{}", path.display());
    }
}
