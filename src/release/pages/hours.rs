//! When the library is used: a field for each hour of the week, the darker the more.
//!
//! Ranges of hours are joined differently from weekday to weekday and from period to period. The picture colours all hours of a
//! range evenly; figures stand in the table beside it, for whole ranges, as they are published.

use maud::{Markup, html};

use super::chart::percent;
use super::figures::{place_of, sums, weekday};
use super::prose::{column, grouped, plain, sentence_case};
use super::ranges::Range;
use crate::release::node::Table;
use crate::release::shape::{HOURS, WEEKDAY};
use crate::release::vocabulary::WEEKDAYS;

const DAYS: usize = 7;
const DAY: usize = 24;
/// Of fields, and of the hours' names above them.
const HEIGHT: usize = 26;
const ABOVE: usize = 20;
/// What of the width the weekdays' names take, of a hundred.
const NAMES: i64 = 10;
/// Shades beside none.
const SHADES: i64 = 5;
/// Of a row, as hours share it.
const PARTS: i64 = 1_000;

/// A range of hours on a weekday, and its figure.
type Cell = (usize, String, i64);

/// The picture and its table; nothing where no weekday's hours are told.
pub fn week(title: &str, tables: &[&Table], figure: &str) -> Option<Markup> {
    let sums = sums(tables, &[WEEKDAY, HOURS], figure);
    let mut cells: Vec<Cell> = sums
        .into_iter()
        .filter_map(|(texts, sum)| Some((weekday(texts.first()?), texts.get(1)?.clone(), sum)))
        .collect();
    cells.sort_by(|(day, text, _), (other_day, other, _)| {
        (day, place_of(HOURS, text)).cmp(&(other_day, place_of(HOURS, other)))
    });
    let (fields, not_drawn) = fields(&cells);
    let told: Vec<usize> = (0..DAY).filter(|hour| fields.iter().any(|day| day[*hour] > 0)).collect();
    let (first, last) = (*told.first()?, *told.last()?);
    Some(html! {
        figure {
            (picture(title, &fields, first, last))
            p.legend { "An hour has "
                span.key { svg width="5.5em" height="1em" aria-hidden="true" { @for shade in 1..=SHADES {
                    rect class=(format!("s{shade}")) x=(percent(shade - 1, SHADES)) width=(percent(1, SHADES)) height="100%" {}
                } } }
                " less to more. A range of hours colours all of its hours evenly."
                @if not_drawn > 0 { " Not drawn: " (grouped(not_drawn)) " whose weekday or hours aren't told." }
            }
        }
        details {
            summary { "The figures of this picture: by weekday and hours" }
            (table(title, figure, &cells))
        }
    })
}

/// For each hour of the week what its ranges have, shared evenly; and what is in none.
fn fields(cells: &[Cell]) -> ([[i64; DAY]; DAYS], i64) {
    let mut fields = [[0_i64; DAY]; DAYS];
    let mut not_drawn = 0_i64;
    for (day, text, figure) in cells {
        let hours = Range::parse(text).and_then(|range| {
            let (low, high) = (usize::try_from(range.low).ok()?, usize::try_from(range.high?).ok()?);
            (high < DAY).then_some(low..=high)
        });
        match hours.filter(|_| *day < DAYS) {
            Some(hours) => {
                let each = figure.saturating_mul(PARTS) / (hours.end() - hours.start() + 1) as i64;
                hours.for_each(|hour| fields[*day][hour] = fields[*day][hour].saturating_add(each));
            }
            None => not_drawn = not_drawn.saturating_add(*figure),
        }
    }
    (fields, not_drawn)
}

fn picture(title: &str, fields: &[[i64; DAY]; DAYS], first: usize, last: usize) -> Markup {
    let most = fields.iter().flatten().copied().max().unwrap_or(0).max(1);
    let many = (last - first + 1) as i64;
    let every = if many > 16 {
        3
    } else if many > 10 {
        2
    } else {
        1
    };
    let x = |hour: usize| percent(NAMES * many + (hour - first) as i64 * (100 - NAMES), many * 100);
    let shade = |part: i64| {
        if part <= 0 { 0 } else { 1 + (part.saturating_mul(SHADES) / most.saturating_add(1)).min(SHADES - 1) }
    };
    html! {
        svg.week width="100%" height=(ABOVE + DAYS * HEIGHT) role="img"
            aria-label=(format!("{title}. The table has all figures.")) {
            @for hour in (first..=last).step_by(every) {
                text.hour x=(x(hour)) y="13" { (format!("{hour:02}")) }
            }
            @for (day, hours) in fields.iter().enumerate() {
                text x="0" y=(ABOVE + day * HEIGHT + 17) { (&WEEKDAYS[day][..3]) }
                @for hour in first..=last {
                    rect class=(format!("s{}", shade(hours[hour]))) x=(x(hour)) y=(ABOVE + day * HEIGHT)
                        width=(percent(100 - NAMES, many * 100)) height=(HEIGHT) {}
                }
            }
        }
    }
}

fn table(title: &str, figure: &str, cells: &[Cell]) -> Markup {
    html! {
        table {
            caption.hidden { (title) }
            thead { tr { th scope="col" { "Weekday" } th scope="col" { "Hours" } th.n scope="col" { (sentence_case(&column(figure))) } } }
            tbody { @for (day, hours, figure) in cells { tr {
                th scope="row" { (WEEKDAYS[(*day).min(DAYS)]) } td { (plain(hours)) } td.n { (grouped(*figure)) }
            } } }
        }
    }
}
