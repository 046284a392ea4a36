//! Files of lines: which delimiter cuts them, and what names their cells.

use encoding_rs::Encoding;

use super::declared::Declared;
use super::format::{FileFormat, NAMELESS};
use super::header::are_names;
use crate::export::{Dialect, Row};

/// How many cells most rows have.
fn usual_width(rows: &[Vec<String>]) -> usize {
    let mut widths: Vec<usize> = rows.iter().map(Vec::len).collect();
    widths.sort_unstable();
    widths.get(widths.len() / 2).copied().unwrap_or(0)
}

/// How lines are cut into cells, and whether the first, or a comment before it, names them.
pub(super) fn lines(text: &str, encoding: Option<&'static Encoding>, mut doubts: Vec<String>) -> FileFormat {
    let comments: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
    let body: Vec<&str> = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).collect();
    let body = &body[..body.len().min(400)];
    let delimiter = delimiter(body);
    let quoted = |line: &&str| {
        let mark = |mark: String| line.contains(&mark);
        line.starts_with('"') || mark(format!("{delimiter}\""))
    };
    let quotes = body.iter().any(quoted);
    let has = |text: &str| body.iter().any(|line| line.split(delimiter).any(|cell| cell == text));
    let trailing = delimiter != ',' && body.iter().all(|line| line.ends_with(delimiter)) && !quotes;
    let format = if delimiter == '\t' && has("\\N") && comments.is_empty() {
        "psql-text"
    } else if quotes || delimiter == ',' || delimiter == ';' {
        "csv"
    } else {
        "delimited"
    };
    let mut declared = Declared {
        format,
        delimiter: Some(delimiter as u8),
        trailing: trailing && format == "delimited",
        comment: !comments.is_empty() && format != "psql-text",
        encoding,
        ..Declared::default()
    };
    let cells: Vec<Vec<String>> = rows(body, &declared.dialect());
    let width = usual_width(&cells);
    // Columns of fixed width, filled with blanks.
    let padded = cells.iter().flatten().filter(|cell| cell.len() > 1 && (cell.starts_with(' ') || cell.ends_with(' ')));
    declared.trim = padded.count() * 4 > cells.iter().map(Vec::len).sum::<usize>();
    let mut dialect = declared.dialect();
    // The names may stand in the last comment before the rows.
    let commented = comments.last().map(|comment| -> Vec<String> {
        comment.trim_start_matches(['#', ' ']).split(delimiter).map(|name| name.trim().to_string()).collect()
    });
    let named = match commented.filter(|names| names.len() == width && are_names(names, &cells)) {
        Some(names) => {
            dialect = dialect.named(&names);
            true
        }
        None => cells.first().is_some_and(|first| are_names(first, cells.get(1..).unwrap_or_default())),
    };
    if !named {
        let names: Vec<String> = (1..=width).map(|place| format!("column_{place}")).collect();
        dialect = dialect.named(&names);
        doubts.push(NAMELESS.into());
    }
    FileFormat { dialect, declared, named, nested: Vec::new(), doubts }
}

/// The delimiter that cuts most lines into the same number of cells, two or more.
fn delimiter(lines: &[&str]) -> char {
    let score = |delimiter: char| {
        let mut counts: Vec<usize> = lines.iter().map(|line| cut(line, delimiter)).collect();
        counts.sort_unstable();
        let usual = counts.get(counts.len() / 2).copied().unwrap_or(1);
        let same = counts.iter().filter(|count| **count == usual).count();
        if usual < 2 { 0 } else { same * 1_000 / lines.len().max(1) + usual.min(100) }
    };
    // Where several cut alike the first counts.
    ['\t', '|', ',', ';', '^', '~'].into_iter().rev().max_by_key(|delimiter| score(*delimiter)).unwrap_or(',')
}

/// How many cells a line has, quoted delimiters apart.
fn cut(line: &str, delimiter: char) -> usize {
    let mut quoted = false;
    let mut cells = 1;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c == delimiter && !quoted => cells += 1,
            _ => {}
        }
    }
    cells
}

fn rows(lines: &[&str], dialect: &Dialect) -> Vec<Vec<String>> {
    let mut text = lines.join("\n");
    text.push('\n');
    let mut all = Vec::new();
    let plain = Dialect { encoding: None, ..dialect.clone() };
    let _ = Row::default().parse_each::<std::convert::Infallible>(text.as_bytes(), &plain, |row, _| {
        all.push(row.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect());
        Ok(())
    });
    all
}
