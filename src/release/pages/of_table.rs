//! A table's page: what it counts, over all periods; its newest period; the way to the files and to other periods.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::chart::{bars, over_time};
use super::figures::{self, labels, largest};
use super::frame::{self, Head};
use super::grid::grid;
use super::guide::guide;
use super::of_kind::{BARS, period_table, unit};
use super::prose::{self, column, list, plain, sentence_case};
use super::said::{Said, page_name};
use super::{hours, prose::kinds};
use crate::release::coarsening::COARSENING;
use crate::release::node::Table;
use crate::release::series::series_path;
use crate::release::shape::{HOURS, WEEKDAY};
use crate::release::years::years_path;
use crate::words::Period;

pub fn page(said: &Said<'_>, name: &str) -> String {
    let Some(of_table) = said.of_kind.tables.get(name) else { return String::new() };
    let periods: Vec<(Period, &Table)> = of_table.iter().map(|(period, table)| (*period, table)).collect();
    let title = said.title(name);
    let body = html! {
        @if let Some((newest, table)) = periods.last() {
            p.lead { (counts(said, name, table)) }
            p { a href={ "../" (series_path(said.kind, name)) } { "CSV of all periods" } ", or "
                a href={ "../statistics/" (said.kind) "/" (name) "/" } { "a folder of Parquet files" } "." }
            (over_periods(said, &periods))
            (newest_chart(said, *newest, table))
            section {
                h2 { (prose::period(*newest)) }
                (grid(said.about, &format!("{title}, {}", prose::period(*newest)), table))
                h3 { "What the columns mean" }
                dl { @for column in &table.columns {
                    dt { (sentence_case(&prose::column(&column.name))) } dd { (plain(&column.means)) }
                } }
            }
        }
        (years(said, name, &title))
        section {
            h2 { "Other periods" }
            ul.inline { @for (period, _) in periods.iter().rev().skip(1) {
                li { a href={ (page_name(said.kind, &period.to_string())) "#" (name) } { (prose::period(*period)) } }
            } }
            @if periods.len() < 2 { p { "There are none yet." } }
        }
        section { h2 { "How to read these figures" } (guide(said.about.threshold)) }
    };
    frame::page(&Head { library: said.about.library, title: &title, root: "../" }, &body)
}

/// The newest year's sums, and the way to all.
fn years(said: &Said<'_>, name: &str, title: &str) -> Markup {
    let newest = said.of_kind.years.get(name).and_then(BTreeMap::last_key_value);
    html! { @if let Some((year, table)) = newest {
        section {
            h2 { "The year: " (prose::period(*year)) }
            p { a href={ "../" (years_path(said.kind, name)) } { "CSV of all years" } }
            (grid(said.about, &format!("{title}, {}", prose::period(*year)), table))
        }
    } }
}

/// What a line of the table is.
fn counts(said: &Said<'_>, name: &str, table: &Table) -> String {
    if name == COARSENING {
        return format!(
            "Each line says of one published column in how many {} it tells what it came with, and in how many something \
             coarser, so that no figure is about too few patrons.",
            prose::counted(said.kind)
        );
    }
    let columns: Vec<String> = labels(table).map(|label| column(&label.name)).collect();
    let figures: Vec<String> = figures::figures(table).map(|figure| column(&figure.name)).collect();
    let figures = list(&figures);
    if columns.is_empty() {
        format!("Each period is one line for the whole library: its {figures}.")
    } else {
        format!("Each line is one combination of {}, with its {figures}.", list(&columns))
    }
}

fn over_periods(said: &Said<'_>, periods: &[(Period, &Table)]) -> Markup {
    let Some(figure) = periods.last().and_then(|(_, newest)| figures::shown(newest)) else { return html! {} };
    let totals: Vec<(Period, i64)> =
        periods.iter().filter_map(|(period, table)| Some((*period, figures::total(table, figure)?))).collect();
    let title = format!("{} by {}", sentence_case(&prose::figure(said.kind, figure)), unit(&totals));
    html! { section {
        h2 { (title) }
        figure { (over_time(&title, &totals)) }
        (period_table(&title, periods, figure))
    } }
}

/// The largest values of the first column; of a week, its picture.
fn newest_chart(said: &Said<'_>, period: Period, table: &Table) -> Markup {
    let Some(figure) = figures::shown(table) else { return html! {} };
    let Some(first) = labels(table).next() else { return html! {} };
    let words = sentence_case(&prose::figure(said.kind, figure));
    if first.name == WEEKDAY && table.column(HOURS).is_some() {
        let title = format!("{words} by weekday and hour, {}", prose::period(period));
        return html! { @if let Some(week) = hours::week(&title, &[table], figure) { section { h2 { (title) } (week) } } };
    }
    let title = format!("{words} by {}, {}", column(&first.name), prose::period(period));
    let all = largest(figures::bars(&[table], &first.name, figure), BARS);
    html! { section {
        h2 { (title) }
        (bars(&format!("{}: {title}", kinds(said.kind)), &sentence_case(&column(&first.name)), &prose::head(said.kind, figure), &all, |value| said.label(&first.name, value)))
    } }
}
