//! What the first page says of a kind: its last year in charts, what that cost in detail, its tables and periods.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::chart::{bars, over_time};
use super::figures::{self, labels, largest};
use super::guide::totals_alone;
use super::prose::{self, DASH, column, grouped, kinds, list, sentence_case};
use super::said::{Said, page_path};
use super::year::Year;
use super::{coarse, hours};
use crate::release::coarsening::COARSENING;
use crate::release::meanings::about_of;
use crate::release::names::PATRONS_OF_YEAR;
use crate::release::node::Table;
use crate::release::series::series_path;
use crate::release::shape::{About, HOURS, WEEKDAY};
use crate::words::Period;

/// Bars that are read at a glance.
pub const BARS: usize = 10;

pub fn section(said: &Said<'_>) -> Markup {
    let periods = said.periods();
    let year = Year::of(&periods);
    html! {
        section {
            h2 id=(said.kind) { (kinds(said.kind)) }
            @if let Some(year) = year { (charts(said, year)) }
            (patrons_of_year(said))
            @if periods.last().is_some_and(|newest| said.is_totals_alone(*newest)) { (totals_alone(said.about.threshold)) }
            @if let Some(sentence) = year.and_then(|year| coarse::sentence(said, year)) { h3 { "How much detail is published" } p { (sentence) } }
            h3 { (kinds(said.kind)) ": tables" }
            ul { @for (name, _) in said.tables() {
                li { a href=(page_path(said.kind, name)) { (said.title(name)) } }
            } }
            h3 { (kinds(said.kind)) ": periods" }
            (by_year(said, &periods))
            (gaps(said))
        }
    }
}

/// The newest year's distinct patrons: at least so many, since they are rounded down.
fn patrons_of_year(said: &Said<'_>) -> Markup {
    let newest = said.of_kind.patrons_of_years.last_key_value();
    let figure = newest.and_then(|(year, table)| Some((year, table.column("patrons")?.cells.number(0)?)));
    html! { @if let Some((year, patrons)) = figure {
        p { "Distinct patrons in " (prose::period(*year)) ": at least " strong { (grouped(patrons)) } " ("
            a href=(series_path(said.kind, PATRONS_OF_YEAR)) { "CSV of all years" } ")." }
    } }
}

fn charts(said: &Said<'_>, year: Year) -> Markup {
    let Some((_, periods)) = year.best(said.of_kind, &[]) else { return html! {} };
    html! {
        (by_period(said, &periods))
        @for name in columns(said, year) {
            @if let Some((_, tables)) = year.best(said.of_kind, &[&name]) { (by_column(said, &name, &tables, periods.len())) }
        }
        (by_hours(said, year, periods.len()))
    }
}

/// The whole, period by period, with all that the table says of it.
fn by_period(said: &Said<'_>, periods: &[(Period, &Table)]) -> Markup {
    let Some(figure) = periods.last().and_then(|(_, newest)| figures::shown(newest)) else { return html! {} };
    let totals: Vec<(Period, i64)> =
        periods.iter().filter_map(|(period, table)| Some((*period, figures::total(table, figure)?))).collect();
    let (Some((first, _)), Some((last, _))) = (totals.first(), totals.last()) else { return html! {} };
    let sum = totals.iter().fold(0_i64, |sum, (_, figure)| sum.saturating_add(*figure));
    let span = Period { first: first.first, last: last.last };
    let title = format!("{} by {}", sentence_case(&prose::figure(said.kind, figure)), unit(&totals));
    html! {
        p.lead { "In " (prose::period(span)) ": " strong { (grouped(sum)) } " " (prose::figure(said.kind, figure)) "." }
        h3 { (title) }
        figure { (over_time(&title, &totals)) }
        (period_table(&title, periods, figure))
    }
}

/// Months, unless one of the periods is longer.
pub fn unit(totals: &[(Period, i64)]) -> &'static str {
    if totals.iter().all(|(period, _)| period.length() == 1) { "month" } else { "period" }
}

/// The table of a chart over time. Where the whole stands in one line a period, with all its figures; else the sum alone.
pub fn period_table(title: &str, periods: &[(Period, &Table)], figure: &str) -> Markup {
    let is_whole = periods.iter().all(|(_, table)| table.rows == 1 && labels(table).next().is_none());
    let mut names: Vec<String> = vec![figure.to_owned()];
    if is_whole {
        let all = periods.iter().rev().flat_map(|(_, table)| figures::figures(table)).map(|column| column.name.clone());
        all.for_each(|name| {
            if !names.contains(&name) {
                names.push(name)
            }
        });
    }
    let shown = |table: &Table, name: &str| {
        let number = if is_whole {
            table.column(name).and_then(|column| column.cells.number(0))
        } else {
            figures::total(table, name)
        };
        number.map_or(DASH.to_owned(), grouped)
    };
    html! {
        details {
            summary { "The figures of this chart" }
            div.wide tabindex="0" role="region" aria-label=(title) { table {
                caption.hidden { (title) }
                thead { tr { th scope="col" { "Period" } @for name in &names { th.n scope="col" { (sentence_case(&column(name))) } } } }
                tbody { @for (period, table) in periods { tr {
                    th scope="row" { (prose::period(*period)) }
                    @for name in &names { td.n { (shown(table, name)) } }
                } } }
            } }
        }
    }
}

/// Columns that have a chart: places, uses, then what is about patrons, as the tables have them.
fn columns(said: &Said<'_>, year: Year) -> Vec<String> {
    let mut columns: Vec<(usize, String)> = Vec::new();
    for (name, periods) in said.tables() {
        let Some((_, newest)) = year.of_table(periods).last().filter(|_| name != COARSENING) else { continue };
        for label in labels(newest).filter(|label| label.name != WEEKDAY && label.name != HOURS) {
            let place = match about_of(&label.means) {
                Some(About::Place) => 0,
                Some(About::Patron) => 2,
                Some(About::Use) | None => 1,
            };
            if !columns.iter().any(|(_, known)| *known == label.name) {
                columns.push((place, label.name.clone()));
            }
        }
    }
    columns.sort_by_key(|(place, _)| *place);
    columns.into_iter().map(|(_, name)| name).collect()
}

fn by_column(said: &Said<'_>, name: &str, tables: &[(Period, &Table)], of_year: usize) -> Markup {
    let Some(figure) = tables.last().and_then(|(_, newest)| figures::shown(newest)) else { return html! {} };
    let all = largest(figures::bars(&alone(tables), name, figure), BARS);
    if all.iter().all(|(text, _)| figures::is_rest(text)) {
        return html! {};
    }
    let title = format!("{} by {}", sentence_case(&prose::figure(said.kind, figure)), column(name));
    let dated = dated(&title, tables);
    html! {
        h3 { @if tables.len() == of_year { (title) } @else { (dated) } }
        (bars(&dated, &sentence_case(&column(name)), &prose::head(said.kind, figure), &all, |value| said.label(name, value)))
    }
}

fn by_hours(said: &Said<'_>, year: Year, of_year: usize) -> Markup {
    let Some((_, tables)) = year.best(said.of_kind, &[WEEKDAY, HOURS]) else { return html! {} };
    let Some(figure) = tables.last().and_then(|(_, newest)| figures::shown(newest)) else { return html! {} };
    let title = format!("{} by weekday and hour", sentence_case(&prose::figure(said.kind, figure)));
    let dated = dated(&title, &tables);
    html! { @if let Some(week) = hours::week(&dated, &alone(&tables), figure) {
        h3 { @if tables.len() == of_year { (title) } @else { (dated) } }
        (week)
    } }
}

fn alone<'t>(tables: &[(Period, &'t Table)]) -> Vec<&'t Table> {
    tables.iter().map(|(_, table)| *table).collect()
}

/// A title with the months that it is of: what isn't told of the whole year says so.
fn dated(title: &str, tables: &[(Period, &Table)]) -> String {
    match (tables.first(), tables.last()) {
        (Some((first, _)), Some((last, _))) => {
            format!("{title}, {}", prose::period(Period { first: first.first, last: last.last }))
        }
        _ => title.to_owned(),
    }
}

/// Links to the periods' pages, the newest year first.
fn by_year(said: &Said<'_>, periods: &[Period]) -> Markup {
    let mut years: BTreeMap<i32, Vec<Period>> = BTreeMap::new();
    periods.iter().for_each(|period| years.entry(period.first.year()).or_default().push(*period));
    let short = |period: &Period| {
        if period.first == period.last {
            prose::short(period.first).to_owned()
        } else {
            format!("{} to {}", prose::short(period.first), prose::short(period.last))
        }
    };
    html! { dl.years { @for (year, periods) in years.iter().rev() {
        dt { (year) }
        dd { @for period in periods {
            a href=(page_path(said.kind, &period.to_string())) aria-label=(prose::period(*period)) { (short(period)) } " "
        } }
    } } }
}

fn gaps(said: &Said<'_>) -> Markup {
    let gaps: Vec<String> = said.gaps().into_iter().map(prose::month).collect();
    html! { @if !gaps.is_empty() {
        p { "Nothing is published of " (list(&gaps)) "." }
    } }
}
