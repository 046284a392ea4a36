//! The director's page: which legal holds are in force, what they keep, and why rows are undetermined. It lies in `state/` beside
//! the exact report: what staff read says nothing of it.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::style;
use super::table::{Cell, table, text};
use super::words::{in_words, plain};
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
                style { (PreEscaped(style::CSS)) }
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
    let row = |hold: &HoldInForce<'_>| {
        let until = hold.until.map_or_else(|| "not said".to_string(), |until| until.to_string());
        vec![text(hold.matter), text(hold.since), text(hold.trigger), text(hold.by), text(until)]
    };
    let rows: Vec<_> = told.holds.iter().map(row).collect();
    let heads = ["Matter", "Since", "Called for by", "Placed by", "Until"];
    html! {
        @if !rows.is_empty() {
            section {
                h2 { "In force" }
                (table("Legal holds in force, in the order in which they were placed", &heads, &rows, |_| false))
            }
        }
    }
}

fn rows(told: &Director<'_>) -> Markup {
    let row = |one: &HeldRows<'_>| vec![text(one.name), Cell::Number(one.under_legal_hold)];
    let rows: Vec<_> = told.pipelines.iter().map(row).collect();
    html! {
        section {
            h2 { "What they keep" }
            p { "Rows under a legal hold, by pipeline; some have other needs, too." }
            (table("Rows under a legal hold, by pipeline", &["Pipeline", "Rows"], &rows, |_| false))
        }
    }
}

fn undetermined(told: &Director<'_>) -> Markup {
    let row = |one: &HeldRows<'_>, (reason, rows): &(Reason, u64)| {
        vec![text(one.name), text(reason.text()), Cell::Number(*rows)]
    };
    let of = |one| move |reason| row(one, reason);
    let rows: Vec<_> = told.pipelines.iter().flat_map(|one| one.reasons.iter().map(of(one))).collect();
    html! {
        section {
            h2 { "Why rows are undetermined" }
            @if rows.is_empty() { p { "None is, but for what a hold keeps." } } @else {
                p { "A row may have several reasons." }
                (table("Reasons, by pipeline", &["Pipeline", "Why", "Rows"], &rows, |_| false))
            }
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
            "<caption",
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
