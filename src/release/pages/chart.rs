//! Charts, drawn by ourselves: columns over time, bars beside a table's figures. Widths are shares of the page, so that texts
//! keep their size on a phone.

use maud::{Markup, html};

use super::figures::{Bar, is_rest};
use super::prose::{grouped, plain, short};
use crate::words::Period;

/// A part of a whole as an SVG says it: `12.50%`.
pub fn percent(part: i64, whole: i64) -> String {
    let hundredths = i128::from(part.max(0)) * 10_000 / i128::from(whole.max(1));
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// Above, room for figures; beneath, for months, the end of a longer period, and years.
const ABOVE: i64 = 18;
const PLOT: i64 = 132;
const BENEATH: i64 = 36;
/// How much more for the ends of longer periods.
const END: i64 = 14;
/// From so many periods on columns have no figures and no months: years alone.
const MANY: usize = 14;
/// How many years have room for their names on a phone.
const YEARS: usize = 8;
/// Few columns don't fill the width: one month alone would be a wall.
const SLOTS: usize = 6;

/// A column a period.
pub fn over_time(title: &str, periods: &[(Period, i64)]) -> Markup {
    let most = periods.iter().map(|(_, figure)| *figure).max().unwrap_or(0).max(1);
    let many = periods.len().max(SLOTS) as i64;
    let largest = periods.iter().position(|(_, figure)| *figure == most).map(|at| at as i64);
    let is_dense = periods.len() > MANY;
    let end = if !is_dense && periods.iter().any(|(period, _)| period.length() > 1) { END } else { 0 };
    html! {
        svg.time width="100%" height=(ABOVE + PLOT + end + BENEATH) role="img" aria-label=(described(title, periods)) {
            @for (at, (period, figure)) in periods.iter().enumerate() {
                @let at = at as i64;
                @let high = column_height(*figure, most);
                @let middle = percent(at * 2 + 1, many * 2);
                rect.column x=(percent(at * 10 + 1, many * 10)) width=(percent(8, many * 10)) y=(ABOVE + PLOT - high) height=(high) {
                    title { (super::prose::period(*period)) ": " (grouped(*figure)) }
                }
                @if is_dense && largest == Some(at) {
                    @let anchor = if at * 2 < many { "start" } else { "end" };
                    text x=(middle) y=(ABOVE - 5) text-anchor=(anchor) { (grouped(*figure)) ", " (super::prose::period(*period)) }
                }
                @if !is_dense {
                    text.figure.most[largest == Some(at)] x=(middle) y=(ABOVE + PLOT - high - 5) text-anchor="middle" { (grouped(*figure)) }
                    text x=(middle) y=(ABOVE + PLOT + 14) text-anchor="middle" { (short(period.first)) }
                    @if period.first != period.last {
                        text x=(middle) y=(ABOVE + PLOT + 28) text-anchor="middle" { "–" (short(period.last)) }
                    }
                }
            }
            line.axis x1="0" x2="100%" y1=(ABOVE + PLOT) y2=(ABOVE + PLOT) {}
            @for (at, year) in years(periods) {
                @let at = at as i64;
                @if is_dense {
                    line.axis x1=(percent(at, many)) x2=(percent(at, many)) y1=(ABOVE + PLOT) y2=(ABOVE + PLOT + 6) {}
                    text.year x=(percent(at, many)) y=(ABOVE + PLOT + 20) { (year) }
                } @else {
                    text.year x=(percent(at * 2 + 1, many * 2)) y=(ABOVE + PLOT + end + 30) text-anchor="middle" { (year) }
                }
            }
        }
    }
}

fn column_height(figure: i64, most: i64) -> i64 {
    i64::try_from(i128::from(figure.max(0)) * i128::from(PLOT) / i128::from(most)).unwrap_or(PLOT)
}

/// Where a year begins, or the chart: as many as have room.
fn years(periods: &[(Period, i64)]) -> Vec<(usize, i32)> {
    let mut years: Vec<(usize, i32)> = Vec::new();
    for (at, (period, _)) in periods.iter().enumerate() {
        if years.last().is_none_or(|(_, year)| *year != period.first.year()) {
            years.push((at, period.first.year()));
        }
    }
    // Where the first year is a month or two, its name would run into the next.
    let per_year = periods.len().div_ceil(YEARS);
    if periods.len() > MANY && years.len() > 1 && years[1].0 < per_year {
        years.remove(0);
    }
    let every = years.len().div_ceil(YEARS);
    years.into_iter().step_by(every.max(1)).collect()
}

/// What a chart says, in a sentence, for who doesn't see it; the table tells the rest.
fn described(title: &str, periods: &[(Period, i64)]) -> String {
    let of = |found: Option<&(Period, i64)>| {
        found.map_or(String::new(), |(period, figure)| {
            format!("{} in {}", grouped(*figure), super::prose::period(*period))
        })
    };
    let least = of(periods.iter().min_by_key(|(_, figure)| *figure));
    let most = of(periods.iter().max_by_key(|(_, figure)| *figure));
    format!("{title}: {} columns, from {least} to {most}. The table has all figures.", periods.len())
}

/// A table with a bar for each figure: the chart and its table in one. `label`: what a value is called.
pub fn bars<'t>(title: &str, what: &str, figure: &str, bars: &'t [Bar], label: impl Fn(&'t str) -> &'t str) -> Markup {
    let most = bars.iter().map(|(_, figure)| *figure).max().unwrap_or(0).max(1);
    html! {
        table.bars {
            caption.hidden { (title) }
            thead { tr { th scope="col" { (what) } th.n scope="col" { (figure) } td {} } }
            tbody { @for (text, figure) in bars {
                tr {
                    th class=[is_rest(text).then_some("rest")] scope="row" { (plain(label(text))) }
                    td.n { (grouped(*figure)) }
                    td.bar { svg aria-hidden="true" width="100%" height="12" {
                        rect class=[is_rest(text).then_some("rest")] width=(percent(*figure, most)) height="12" {}
                    } }
                }
            } }
        }
    }
}
