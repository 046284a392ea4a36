//! A statistic as a page: one sentence, a chart, the table. It needs no other file, no script and no network.

use std::collections::BTreeMap;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::figures::{Figures, printable};
use crate::words::{Kind, Month};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}\
    table{border-collapse:collapse;width:100%}th,td{padding:.2rem .6rem;border-bottom:1px solid #ddd;text-align:left}\
    td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}svg{width:100%;height:auto}svg text{font-size:12px}";
/// Bars beyond these would not be read.
const BARS: usize = 40;

pub(super) fn page(name: &str, kind: Kind, month: Month, by: &[String], rows: &[Figures], names: &[&str]) -> String {
    let title = format!("{name}: {kind}s, {month}");
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                p {
                    "Each line counts the transactions opened in the month, and the distinct patrons they are of, by "
                    (by.join(" and ")) ". What would be about too few patrons is counted under “other”; a dash \
                    stands for what is counted there or not told."
                }
                (chart(by, rows, names))
                table {
                    thead { tr {
                        @for name in by { th { (name) } }
                        @for name in names { th.n { (name) } }
                    } }
                    tbody {
                        @for row in rows { tr {
                            @for label in &row.labels { td { (printable(label)) } }
                            @for figure in &row.figures {
                                td.n { @match figure { Some(figure) => (figure), None => "–" } }
                            }
                        } }
                    }
                }
            }
        }
    };
    page.into_string()
}

/// Transactions by the first column's values, in the table's order; the largest, where there are too many.
fn chart(by: &[String], rows: &[Figures], names: &[&str]) -> Markup {
    let mut bars: Vec<(&str, u64)> = Vec::new();
    let mut place: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        let Some(label) = row.labels.first() else { continue };
        let at = *place.entry(label).or_insert_with(|| {
            bars.push((label, 0));
            bars.len() - 1
        });
        bars[at].1 += row.figures.first().copied().flatten().unwrap_or_default();
    }
    if bars.len() > BARS {
        bars.sort_by_key(|(_, figure)| std::cmp::Reverse(*figure));
        bars.truncate(BARS);
    }
    let most = bars.iter().map(|(_, figure)| *figure).max().unwrap_or_default().max(1);
    let height = bars.len() * 20;
    let first = by.first().map_or("", String::as_str);
    html! {
        svg viewBox=(format!("0 0 800 {height}")) role="img" aria-label=(format!("{} by {first}", names[0])) {
            @for (at, (label, figure)) in bars.iter().enumerate() {
                @let y = at * 20;
                text x="195" y=(y + 14) text-anchor="end" { (shortened(label)) }
                rect x="200" y=(y + 3) width=(u128::from(*figure) * 520 / u128::from(most)) height="14" fill="#4a7ba6" {}
                text x=(205 + u128::from(*figure) * 520 / u128::from(most)) y=(y + 14) { (figure) }
            }
        }
    }
}

fn shortened(label: &str) -> String {
    let text = printable(label);
    if text.chars().count() > 28 { text.chars().take(27).chain(['…']).collect() } else { text }
}
