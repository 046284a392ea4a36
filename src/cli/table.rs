//! Short tables for people, at most 80 columns wide, with colours on a terminal alone.

use std::io::IsTerminal;

use crate::evidence::figure::grouped;

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
    match text.chars().count() > most {
        true => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
        false => text.into(),
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
    let indent = mark.chars().count();
    let mut line = mark.to_string();
    let mut length = indent;
    for word in text.split_whitespace() {
        let word_length = word.chars().count();
        if length > indent && length + 1 + word_length > 80 {
            println!("{}", line.trim_end());
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
    println!("{}", line.trim_end());
}
