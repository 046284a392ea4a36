//! The page before all reports: what could be handed over tomorrow, how that has changed, how the last night went, by whose word,
//! and a line for each act of the ledger with its files. It says nothing that the reports don't.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::over_time::over_time;
use super::sentence::{lead, matters, who_allowed_it};
use super::style;
use super::table::{Cell, table, text};
use super::words::{in_words, plain};
use crate::evidence::exposure::{Exposure, History, handed_over, how_it_changed};
use crate::evidence::report::Report;
use crate::words::Day;

/// So many acts are listed; the ledger has all.
const LISTED: usize = 500;

/// What the page is made of.
pub struct Index<'a> {
    pub library: &'a str,
    pub day: Day,
    /// As of now: after a purge less than the last run's report says.
    pub exposure: &'a Exposure,
    pub history: &'a History,
    /// Of the last run, the copy for staff.
    pub last: &'a Report,
    /// A sentence of who has seen the reports.
    pub signed: String,
    /// The newest first.
    pub acts: Vec<ActDone>,
}

/// An act of the ledger.
pub struct ActDone {
    pub day: String,
    /// In words, with its number.
    pub what: String,
    /// In the reports' own folder, with what each is called.
    pub files: Vec<(&'static str, String)>,
}

/// The whole HTML file.
pub fn index(index: &Index<'_>) -> String {
    let Index { library, day, exposure, history, last, signed, acts } = index;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { "What " (plain(library)) " could be made to hand over" }
                style { (PreEscaped(style::CSS)) }
            }
            body {
                header {
                    p.kicker { (plain(library)) ", " (in_words(*day)) }
                    h1 { "What could we be made to hand over?" }
                }
                main {
                    div.lead {
                        p { (handed_over(exposure)) }
                        @if let Some(sentence) = how_it_changed(history) { p { (sentence) } }
                        p { (plain(&who_allowed_it(&last.authority))) " " (plain(signed)) }
                    }
                    @let never: Vec<&str> = exposure.never_counted().collect();
                    @if !never.is_empty() {
                        p { "Nothing is known yet of what these pipelines read: " (plain(&never.join(", "))) "." }
                    }
                    @if !history.is_empty() { section { h2 { "How it has changed" } (over_time(history.points())) } }
                    (last_night(last))
                    (all(acts))
                }
            }
        }
    }
    .into_string()
}

fn last_night(last: &Report) -> Markup {
    let matters = matters(last);
    // What could be handed over stands above, as of now.
    let sentences = lead(last).into_iter().skip(usize::from(last.exposure.is_some()));
    html! {
        section {
            h2 { "The last night, " (in_words(last.run.day)) }
            @for sentence in sentences { p { (plain(&sentence)) } }
            @if !matters.is_empty() { div.person { ul { @for matter in &matters { li { (plain(matter)) } } } } }
            p { a href=(file_name(&last.page_path())) { "The whole report" } }
        }
    }
}

fn all(acts: &[ActDone]) -> Markup {
    let row = |act: &ActDone| {
        let files = html! { @for (at, (name, path)) in act.files.iter().enumerate() {
            @if at > 0 { ", " } a href=(file_name(path)) { (name) }
        } };
        vec![text(&act.day), text(plain(&act.what)), Cell::Text(files)]
    };
    let rows: Vec<_> = acts.iter().take(LISTED).map(row).collect();
    html! {
        section {
            h2 { "All reports" }
            (table("Acts of the ledger, the newest first", &["Day", "Act", "Files"], &rows, |_| false))
            @if acts.len() > LISTED { p.small { "Older acts stand in the ledger." } }
        }
    }
}

/// A file beside the page.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
