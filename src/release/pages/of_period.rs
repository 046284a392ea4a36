//! A period's page: all of its tables.

use maud::html;

use super::frame::{self, Head};
use super::grid::grid;
use super::guide::{guide, totals_alone};
use super::prose::{self, kinds};
use super::said::{Said, page_name};
use crate::words::Period;

pub fn page(said: &Said<'_>, period: Period) -> String {
    let title = format!("{}, {}", kinds(said.kind), prose::period(period));
    let periods = said.periods();
    let place = periods.iter().position(|known| *known == period).unwrap_or(0);
    let beside = [("Before: ", place.checked_sub(1)), ("After: ", Some(place + 1))];
    let tables = said.tables();
    let tables = tables.iter().filter_map(|(name, periods)| Some((*name, periods.get(&period)?)));
    let tables: Vec<_> = tables.collect();
    let body = html! {
        nav aria-label="Other periods" { ul.inline { @for (words, place) in beside {
            @if let Some(period) = place.and_then(|place| periods.get(place)) {
                li { (words) a href=(page_name(said.kind, &period.to_string())) { (prose::period(*period)) } }
            }
        } } }
        @if said.is_totals_alone(period) { (totals_alone(said.about.threshold)) }
        @if tables.is_empty() { p { "There is a data set of this period, and no table." } }
        @for (name, table) in tables {
            section id=(name) {
                h2 { (said.title(name)) }
                (grid(said.about, &format!("{}, {}", said.title(name), prose::period(period)), table))
                p.small { a href=(page_name(said.kind, name)) { "All periods of this table" } }
            }
        }
        section { h2 { "How to read these figures" } (guide(said.about.threshold)) }
    };
    frame::page(&Head { library: said.about.library, title: &title, root: "../" }, &body)
}
