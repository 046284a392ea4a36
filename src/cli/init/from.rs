//! `init --from`: a pipeline for a system that nobody knows, from a sample of its exports. What was seen is shown as a
//! table of columns: shapes, counts and guesses, never a cell.

use std::path::PathBuf;

use super::super::Failed;
use super::super::table::{bold, cut, paragraph, warn};
use super::proposal::{Proposal, Seen, propose};
use crate::evidence::figure::grouped;
use crate::export::Found;
use crate::profile::guess::{About, Guess, Role, guess};
use crate::profile::{Column, Table, read, sniff};
use crate::toml_file::meant;

/// So many columns of a file are shown; all are in the pipeline.
const SHOWN: usize = 200;

pub fn from(files: &[PathBuf], headers: &[String], about: Option<About>) -> Result<Proposal, Failed> {
    let headers = headers.iter().map(|text| header(text, files)).collect::<Result<Vec<_>, _>>()?;
    let (mut tables, mut written) = (Vec::new(), Vec::new());
    for path in files {
        let plain = |error: crate::export::ExportError| Failed::Plain(error.to_string());
        let found = Found::of_path(path).map_err(plain)?;
        let mut guessed = sniff::sniff(&found).map_err(plain)?;
        if let Some((_, names)) = headers.iter().find(|(file, _)| *file == found.name()) {
            guessed = guessed.named(names);
        }
        tables.push(read(&found, &guessed).map_err(plain)?);
        written.push(guessed);
    }
    let Some(meaning) = guess(&tables, about) else {
        return Err(Failed::Plain(
            "none of the files looks like one of transactions (loans, holds, sessions …): give the export of those, too, or \
             say with --kind what the rows of the largest file are"
                .into(),
        ));
    };
    for (place, table) in tables.iter().enumerate() {
        let joined = meaning.lookups.iter().find(|lookup| lookup.table == place);
        let (guesses, what): (&[Guess], String) = match joined {
            _ if meaning.sources.contains(&place) => (&meaning.guesses, "transactions".into()),
            Some(lookup) => (&lookup.guesses, format!("joined: {}", lookup.why)),
            None => (&[], "not used".into()),
        };
        show(table, guesses, &what, &written[place].doubts);
    }
    propose(&Seen { files, tables: &tables, written: &written, meaning: &meaning }).map_err(Failed::Plain)
}

/// A file's name and the names of its cells.
fn header(text: &str, files: &[PathBuf]) -> Result<(String, Vec<String>), Failed> {
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let names: Vec<String> = files.iter().map(name).collect();
    let Some((file, columns)) = text.split_once('=') else {
        return Err(Failed::Plain(
            "--header: write the file's name, =, and the names of its cells between commas".into(),
        ));
    };
    if !names.iter().any(|name| name == file) {
        let near = meant(file, names.iter().map(String::as_str));
        return Err(Failed::Plain(format!("--header: none of the files is called `{file}`{near}")));
    }
    let columns: Vec<String> = columns.split(',').map(|column| column.trim().to_string()).collect();
    let twice = columns.iter().enumerate().find(|(place, column)| columns[..*place].contains(column));
    match twice {
        Some((_, column)) => Err(Failed::Plain(format!("--header: `{file}` names `{column}` twice"))),
        None => Ok((file.to_string(), columns)),
    }
}

fn show(table: &Table, guesses: &[Guess], what: &str, doubts: &[String]) {
    let sampled = if table.is_whole() { String::new() } else { format!(", {} of them looked at", grouped(table.rows)) };
    println!("{}", bold(&printable(&table.file)));
    paragraph("  ", &format!("{} records{sampled}; {what}", grouped(table.records)));
    for doubt in doubts {
        paragraph("  ? ", &warn(doubt));
    }
    if table.faults > 0 {
        let line = table.first_fault.unwrap_or(0);
        paragraph(
            "  ! ",
            &warn(&format!(
                "{} records don't have as many cells as there are columns, the first on line {line}",
                grouped(table.faults)
            )),
        );
    }
    println!("  {:<22} {:>4} {:>8} {:<22} guess", "column", "set", "distinct", "shape");
    for (place, column) in table.columns.iter().take(SHOWN).enumerate() {
        println!("{}", line(column, guesses.get(place)));
    }
    if table.columns.len() > SHOWN {
        println!("  … and {} columns more", table.columns.len() - SHOWN);
    }
    println!();
}

fn line(column: &Column, guess: Option<&Guess>) -> String {
    let (shapes, others) = column.shapes(1);
    let mut shape = shapes.first().map_or(String::new(), |(shape, _)| shape.to_string());
    if others > 0 {
        shape = cut(&shape, 20) + " …";
    }
    let about = if column.distinct_is_exact() { "" } else { "~" };
    let distinct = format!("{about}{}", grouped(column.distinct()));
    let set = format!("{:.0}%", (column.fill() * 100.0).floor());
    let role = guess.map_or("", |guess| word(guess));
    format!("  {:<22} {set:>4} {distinct:>8} {:<22} {role}", cut(&printable(&column.name), 22), cut(&shape, 22))
}

/// What a guess is called, in one or two words.
pub fn word(guess: &Guess) -> &'static str {
    match guess.role {
        Role::Transaction => "transaction id",
        Role::Patron => "patron",
        Role::Item => "item",
        Role::Opened => "opened",
        Role::Closed => "closed",
        Role::Renewals => "renewals",
        Role::Renews => "renews",
        Role::People => "other people",
        Role::Identifier if guess.doubtful => "identifier?",
        Role::Identifier => "identifier",
        Role::Name => "name",
        Role::Alone => "not alone",
        Role::Status => "status",
        Role::Key => "key",
        Role::Owing => "what is owed",
        Role::Changed => "last change",
        Role::History => "history?",
        Role::Published(_) => "to publish?",
        Role::Harmless => "dropped",
        Role::Nested => "not readable",
    }
}

/// A name as a terminal may show it.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}
