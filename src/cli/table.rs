//! Short tables for people, at most 80 columns wide, with colours on a terminal alone.

use std::io::IsTerminal;

use crate::evidence::figure::grouped;
use crate::propose::doubts::{Danger, Doubt};

/// A text in a colour, where there are any.
pub fn paint(text: &str, code: &str) -> String {
    if std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    } else {
        text.to_string()
    }
}

pub fn bold(text: &str) -> String {
    paint(text, "1")
}

pub fn warn(text: &str) -> String {
    paint(text, "33")
}

/// A text of at most so many characters; what is missing shows as `…`.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() > most {
        text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
    } else {
        text.into()
    }
}

/// Prints labels and figures, the figures right-aligned.
pub fn figures(rows: &[(String, u64)]) {
    let wide = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
    for (label, figure) in rows {
        let pad = wide - label.chars().count();
        println!("  {label}{} {:>12}", " ".repeat(pad), grouped(*figure));
    }
}

/// Prints a paragraph, broken at 80 columns, with a hanging indent after `mark`.
pub fn paragraph(mark: &str, text: &str) {
    wrapped(mark, text).iter().for_each(|line| println!("{line}"));
}

/// Prints what is doubtful, the worst first, under what it leads to.
pub fn doubts(doubts: &[Doubt]) {
    let mut danger: Option<Danger> = None;
    for doubt in doubts {
        if danger != Some(doubt.danger) {
            println!("{}", bold(&format!("What {}", doubt.danger.text())));
            danger = Some(doubt.danger);
        }
        paragraph("  ? ", &warn(&doubt.what));
    }
}

/// A message for standard error: broken at 80 columns on a terminal alone, so that a log has it in one piece.
pub fn on_stderr(mark: &str, text: &str) -> String {
    if std::io::stderr().is_terminal() { message(mark, text) } else { format!("{mark}{text}") }
}

/// A text of several lines, each broken at 80 columns and indented as it was; the first stands after `mark`. Commands are
/// to be copied, so they stay whole.
fn message(mark: &str, text: &str) -> String {
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let words = line.trim_start();
        let indent = &line[..line.len() - words.len()];
        match number {
            0 => lines.extend(wrapped(&format!("{mark}{indent}"), words)),
            _ if words.starts_with("afterloan ") => lines.push(line.into()),
            _ => lines.extend(wrapped(indent, words)),
        }
    }
    lines.join("\n")
}

/// The lines of a paragraph, broken at 80 columns, with a hanging indent after `mark`.
fn wrapped(mark: &str, text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let indent = mark.chars().count();
    let mut line = mark.to_string();
    let mut length = indent;
    for word in text.split_whitespace() {
        let word_length = word.chars().count();
        if length > indent && length + 1 + word_length > 80 {
            lines.push(line.trim_end().to_string());
            line = " ".repeat(indent);
            length = indent;
        }
        if length > indent {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += word_length;
    }
    lines.push(line.trim_end().to_string());
    lines
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn an_error_is_broken_at_80_columns_and_keeps_its_lines() {
        let long = format!(
            "no pipeline could be read\n  koha-loans: {}\n  afterloan run{}",
            "word ".repeat(30),
            " --x".repeat(30)
        );
        let text = message("error: ", &long);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "error: no pipeline could be read");
        assert!(lines[1..lines.len() - 1].iter().all(|line| line.starts_with("  ") && line.len() <= 80), "{text}");
        assert!(lines.len() > 4 && lines[lines.len() - 1].starts_with("  afterloan run --x --x"), "{text}");
        assert!(lines.iter().all(|line| *line == line.trim_end()));
    }
}
