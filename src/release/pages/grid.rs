//! A table as it is published, in a box that scrolls by itself where a screen is narrow.

use std::cmp::Reverse;

use maud::{Markup, html};

use super::figures::{is_figure, labels, place_of, shown};
use super::prose::{DASH, column, grouped, plain, sentence_case};
use crate::release::catalogue::PackageAbout;
use crate::release::node::Table;

/// More lines than these nobody reads on a page: the CSV has all.
const LINES: usize = 400;

/// The table, in the order in which people look for a line; of a long one, the lines with the largest figures. Its caption is
/// for who hears it: a heading that says the same stands above.
pub fn grid(about: &PackageAbout<'_>, caption: &str, table: &Table) -> Markup {
    let lines = lines(about, table);
    html! {
        div.wide tabindex="0" role="region" aria-label=(plain(caption)) { table {
            caption.hidden { (plain(caption)) }
            thead { tr { @for head in &table.columns {
                th class=[is_figure(head).then_some("n")] scope="col" { (sentence_case(&column(&head.name))) }
            } } }
            tbody { @for row in &lines { tr { @for (at, column) in table.columns.iter().enumerate() {
                @if is_figure(column) {
                    td.n { @match column.cells.number(*row) { Some(number) => (grouped(number)), None => (DASH) } }
                } @else if at == 0 {
                    th scope="row" { (plain(about.label(&column.name, &column.cells.shown(*row)))) }
                } @else {
                    td { (plain(about.label(&column.name, &column.cells.shown(*row)))) }
                }
            } } } }
        } }
        @if lines.len() < table.rows {
            p.small { "The " (grouped(lines.len() as i64)) " largest of " (grouped(table.rows as i64)) " lines; the CSV has all." }
        }
    }
}

fn lines(about: &PackageAbout<'_>, table: &Table) -> Vec<usize> {
    let mut lines: Vec<usize> = (0..table.rows).collect();
    if lines.len() > LINES {
        let figure = shown(table).and_then(|name| table.column(name));
        lines.sort_by_key(|row| (Reverse(figure.and_then(|figure| figure.cells.number(*row))), *row));
        lines.truncate(LINES);
    }
    let shown = |row: usize| {
        let labels = labels(table).map(|label| {
            let shown = label.cells.shown(row);
            (label.name.as_str(), about.label(&label.name, &shown).to_owned())
        });
        labels.collect::<Vec<_>>()
    };
    // A table without labels is of one line; that of what coarsening cost has an order of its own.
    let has_order = table.column("column").is_none();
    lines.sort_by_cached_key(|row| {
        let shown = shown(*row);
        let places = shown.iter().map(|(column, text)| {
            let (is_rest, day, range, text) = place_of(column, text);
            (is_rest, day, range, text.to_owned())
        });
        (if has_order { places.collect() } else { Vec::new() }, *row)
    });
    lines
}
