//! A chart of nights: what led to a patron at the end of each, in two parts, and how much was severed until then. Widths are
//! shares of the page, so that texts keep their size on a phone.

use maud::{Markup, html};

use super::words::in_words;
use crate::evidence::exposure::Point;
use crate::evidence::figure::grouped;

/// More nights than this are drawn a month each.
const NIGHTS: usize = 62;
/// Above, room for a figure; beneath, for days.
const ABOVE: u64 = 18;
const PLOT: u64 = 130;
const BENEATH: u64 = 22;
/// One night alone would be a wall.
const SLOTS: usize = 8;

/// What is drawn of a point: the lower part and the upper.
type Parts = fn(&Point) -> [u64; 2];

/// Both charts, and the table of what they show.
pub fn over_time(points: &[Point]) -> Markup {
    let drawn = drawn(points);
    html! {
        figure {
            figcaption { "Transactions that lead to a patron: "
                span.key.needed aria-hidden="true" {} " needed, " span.key.waiting aria-hidden="true" {} " not needed, waiting to be severed" }
            (chart("Transactions that lead to a patron", &drawn, |point| [point.needed, point.waiting]))
        }
        figure {
            figcaption { "Transactions that were severed, of those that were asked for until then" }
            (chart("Transactions that were severed", &drawn, |point| [point.severed, 0]))
        }
        details {
            summary { "The figures of these charts" }
            table {
                caption.hidden { "Transactions by night" }
                thead { tr {
                    th scope="col" { "Night" } th.n scope="col" { "Needed" } th.n scope="col" { "Waiting" } th.n scope="col" { "Severed" }
                    th.n scope="col" { "Asked for" }
                } }
                tbody { @for point in drawn.iter().rev() { tr {
                    th scope="row" { (point.day) }
                    @for figure in [point.needed, point.waiting, point.severed, point.asked] { td.n { (grouped(figure)) } }
                } } }
            }
        }
    }
}

/// All nights, or of many the last of each month.
fn drawn(points: &[Point]) -> Vec<Point> {
    let last_of_month = |at: &usize| points.get(at + 1).is_none_or(|next| next.day.month() != points[*at].day.month());
    if points.len() <= NIGHTS {
        return points.to_vec();
    }
    (0..points.len()).filter(last_of_month).map(|at| points[at]).collect()
}

fn chart(title: &str, points: &[Point], parts: Parts) -> Markup {
    let whole = |point: &Point| parts(point).iter().sum::<u64>();
    let most = points.iter().map(whole).max().unwrap_or(0).max(1);
    let slots = points.len().max(SLOTS) as u64;
    let high = |figure: u64| u64::try_from(u128::from(figure) * u128::from(PLOT) / u128::from(most)).unwrap_or(PLOT);
    let ends = points.first().zip(points.last()).filter(|_| points.len() > 1);
    html! {
        svg.time width="100%" height=(ABOVE + PLOT + BENEATH) role="img" aria-label=(described(title, points, whole)) {
            @for (at, point) in points.iter().enumerate() {
                @let [lower, upper] = parts(point).map(high);
                @let (x, width) = (percent(at as u64 * 10 + 1, slots * 10), percent(8, slots * 10));
                rect.needed x=(x) width=(width) y=(ABOVE + PLOT - lower) height=(lower) {}
                rect.waiting x=(x) width=(width) y=(ABOVE + PLOT - lower - upper) height=(upper) {}
            }
            line.axis x1="0" x2="100%" y1=(ABOVE + PLOT) y2=(ABOVE + PLOT) {}
            @if let Some(last) = points.last() {
                @let at = points.len() as u64;
                @let anchor = if at * 2 > slots { "end" } else { "start" };
                @let x = if at * 2 > slots { percent(at, slots) } else { percent(at - 1, slots) };
                text x=(x) y=(ABOVE + PLOT - high(whole(last)) - 5) text-anchor=(anchor) { (grouped(whole(last))) }
            }
            @if let Some((first, last)) = ends {
                text x="0" y=(ABOVE + PLOT + 16) { (in_words(first.day)) }
                text x=(percent(points.len() as u64, slots)) y=(ABOVE + PLOT + 16) text-anchor="end" { (in_words(last.day)) }
            }
        }
    }
}

/// What a chart says, for who doesn't see it.
fn described(title: &str, points: &[Point], whole: impl Fn(&Point) -> u64) -> String {
    let of = |point: Option<&Point>| {
        point.map_or(String::new(), |point| format!("{} on {}", grouped(whole(point)), in_words(point.day)))
    };
    format!("{title}: from {} to {}. The table beneath has all figures.", of(points.first()), of(points.last()))
}

/// A part of a whole as an SVG says it: `12.50%`.
fn percent(part: u64, whole: u64) -> String {
    let hundredths = u128::from(part) * 10_000 / u128::from(whole.max(1));
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}
