//! Figures, names, sizes and days as the page words them.

use maud::{Markup, html};

use crate::evidence::figure::Figure;
use crate::evidence::report::{PipelineReport, Report};
use crate::words::Day;

/// A table of figures with a bar each. Hidden figures have none.
pub fn bars(report: &Report, rows: &[(String, Figure)], what: &str) -> Markup {
    let largest = rows.iter().filter_map(|(_, rows)| rows.0).max().unwrap_or(0).max(1);
    html! {
        table.bars {
            caption.hidden { (what) " and rows" }
            thead { tr { th scope="col" { (what) } th.n scope="col" { "Rows" } td {} } }
            tbody { @for (label, rows) in rows { tr {
                th scope="row" { (label) } (figure(*rows))
                td.bar { @if let Some(count) = rows.0 {
                    svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" {
                        rect width=(u128::from(count) * 1000 / u128::from(largest)) height="10" {}
                    }
                } }
            } } }
        }
        @if rows.iter().any(|(_, rows)| rows.is_hidden()) {
            p.small { "“" (Figure::HIDDEN.words()) "” stands for figures of fewer than " (report.threshold)
                ", and for a larger one where that would otherwise give a small one away by subtraction." }
        }
    }
}

pub fn figure(figure: Figure) -> Markup {
    html! { td.n.few[figure.is_hidden()] { (figure.words()) } }
}

pub fn name(pipeline: &PipelineReport) -> String {
    plain(&pipeline.name)
}

/// Text without long runs of hexadecimal, which belong under "Evidence".
pub fn plain(text: &str) -> String {
    const LONG: usize = 16;
    const SHOWN: usize = 8;
    let is_hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (digits, others) = rest.split_at(rest.find(|c| !is_hex(c)).unwrap_or(rest.len()));
        match digits.get(..SHOWN) {
            Some(start) if digits.len() >= LONG => plain.extend([start, "…"]),
            _ => plain.push_str(digits),
        }
        let (text, others) = others.split_at(others.find(is_hex).unwrap_or(others.len()));
        plain.push_str(text);
        rest = others;
    }
    plain
}

pub fn size(bytes: u64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

pub fn age(hours: i64) -> String {
    match hours {
        i64::MIN..0 => "after as-of".into(),
        1 => "1 hour".into(),
        0.. => format!("{hours} hours"),
    }
}

pub fn in_words(day: Day) -> String {
    day.date().strftime("%-d %B %Y").to_string()
}
