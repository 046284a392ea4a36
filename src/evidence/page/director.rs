//! The director's page: which legal holds are in force, what they keep, and why rows are undetermined. It lies in `state/` beside
//! the exact report: what staff read says nothing of it.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::style;
use super::words::{in_words, number, plain};
use crate::evidence::figure::grouped;
use crate::words::{Day, Reason};

/// What the page says. It doesn't print.
pub struct Director<'a> {
    pub library: &'a str,
    pub sequence: u64,
    pub day: Day,
    /// In force, in the register's order.
    pub holds: Vec<HoldInForce<'a>>,
    pub pipelines: Vec<HeldRows<'a>>,
}

pub struct HoldInForce<'a> {
    pub matter: &'a str,
    pub since: Day,
    pub trigger: &'a str,
    pub by: &'a str,
    /// A reminder; it is in force all the same.
    pub until: Option<Day>,
}

/// Of a pipeline.
pub struct HeldRows<'a> {
    pub name: &'a str,
    pub under_legal_hold: u64,
    pub reasons: Vec<(Reason, u64)>,
}

/// Long names of matters break rather than widen the page.
const BREAKS: &str =
    "td, th { overflow-wrap: anywhere; } caption { text-align: left; color: var(--soft); padding: .3rem 0; }";

/// The whole HTML file.
pub fn director(told: &Director<'_>) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { "Legal holds on " (told.day) ", " (plain(told.library)) }
                style { (PreEscaped(style::CSS)) (BREAKS) }
            }
            body {
                header {
                    p.kicker { (plain(told.library)) ", for the director alone" }
                    h1 { "Legal holds on " (in_words(told.day)) }
                }
                main {
                    div.lead { p { (lead(told)) } }
                    (past(told))
                    (in_force(told))
                    (rows(told))
                    (undetermined(told))
                    p.small { "Run " (told.sequence) ". What a hold keeps reads undetermined in every report for staff. "
                        code { "afterloan hold list" } " shows what each covers, and those that were released." }
                }
            }
        }
    }
    .into_string()
}

fn lead(told: &Director<'_>) -> String {
    let kept: u64 = told.pipelines.iter().map(|one| one.under_legal_hold).sum();
    let rows = if kept == 1 { "1 row".to_string() } else { format!("{} rows", grouped(kept)) };
    match told.holds.len() {
        0 => "No legal hold is in force.".into(),
        1 => format!("1 legal hold is in force; it keeps {rows}."),
        many => format!("{many} legal holds are in force; they keep {rows}."),
    }
}

fn past(told: &Director<'_>) -> Markup {
    let past: Vec<&HoldInForce<'_>> =
        told.holds.iter().filter(|hold| hold.until.is_some_and(|until| until < told.day)).collect();
    html! {
        @if !past.is_empty() {
            section.person {
                h2 { "What needs a person" }
                ul { @for hold in past { li {
                    (hold.matter) " is past its date, and in force all the same: release it, or leave it."
                } } }
            }
        }
    }
}

fn in_force(told: &Director<'_>) -> Markup {
    html! {
        @if !told.holds.is_empty() {
            section {
                h2 { "In force" }
                div.wide { table {
                    caption { "Legal holds in force, in the order in which they were placed" }
                    thead { tr {
                        th scope="col" { "Matter" } th scope="col" { "Since" } th scope="col" { "Called for by" }
                        th scope="col" { "Placed by" } th scope="col" { "Until" }
                    } }
                    tbody { @for hold in &told.holds { tr {
                        th scope="row" { (hold.matter) }
                        td.nowrap { (hold.since) } td { (hold.trigger) } td { (hold.by) }
                        td.nowrap { @if let Some(until) = hold.until { (until) } @else { "not said" } }
                    } } }
                } }
            }
        }
    }
}

fn rows(told: &Director<'_>) -> Markup {
    html! {
        section {
            h2 { "What they keep" }
            div.wide { table {
                caption { "Rows under a legal hold, by pipeline; some have other needs, too" }
                thead { tr { th scope="col" { "Pipeline" } th.n scope="col" { "Rows" } } }
                tbody { @for one in &told.pipelines { tr {
                    th scope="row" { (one.name) } (number(one.under_legal_hold))
                } } }
            } }
        }
    }
}

fn undetermined(told: &Director<'_>) -> Markup {
    let any = told.pipelines.iter().any(|one| !one.reasons.is_empty());
    html! {
        section {
            h2 { "Why rows are undetermined" }
            @if any {
                p { "A row may have several reasons." }
                div.wide { table {
                    caption { "Reasons, by pipeline" }
                    thead { tr { th scope="col" { "Pipeline" } th scope="col" { "Why" } th.n scope="col" { "Rows" } } }
                    tbody { @for one in &told.pipelines { @for (reason, rows) in &one.reasons { tr {
                        th scope="row" { (one.name) } td { (reason.text()) } (number(*rows))
                    } } } }
                } }
            } @else { p { "None is, but for what a hold keeps." } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told<'a>(holds: Vec<HoldInForce<'a>>, kept: u64) -> Director<'a> {
        let reasons = vec![(Reason::FutureDate, 3)];
        let pipelines = vec![HeldRows { name: "koha-loans", under_legal_hold: kept, reasons }];
        Director { library: "Library", sequence: 7, day: "2026-11-01".parse().unwrap(), holds, pipelines }
    }

    fn hold(matter: &str) -> HoldInForce<'_> {
        let (since, until) = ("2026-03-01".parse().unwrap(), Some("2026-10-31".parse().unwrap()));
        HoldInForce { matter, since, trigger: "subpoena", by: "A. Director", until }
    }

    #[test]
    fn the_page_says_what_is_in_force_first() {
        let page = director(&told(vec![hold("Doe <v> Library")], 1_204));
        for words in [
            "1 legal hold is in force; it keeps 1,204 rows.",
            "Doe &lt;v&gt; Library",
            "<main>",
            "scope=\"row\"",
            "<caption>",
            "past its date",
            "a date lies after the as-of date",
            "width=device-width",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(page.find("1,204").unwrap() < page.find("<table").unwrap());
        assert!(director(&told(Vec::new(), 0)).contains("No legal hold is in force."));
        assert!(
            director(&told(vec![hold("a"), hold("b")], 1)).contains("2 legal holds are in force; they keep 1 row.")
        );
    }
}
