//! `init --from`: a pipeline for a system that nobody knows, from a sample of its exports. What was seen is shown as a
//! table of columns: shapes, counts and guesses, never a cell.

use std::path::PathBuf;

use super::super::out::Failed;
use super::bare::{self, TAKEN};
use super::log;
use super::proposal::{Proposal, Seen, propose};
use super::shown::show;
use crate::export::{ExportError, Found};
use crate::profile::guess::{About, Guess, Role, guess};
use crate::profile::{read, sniff};
use crate::toml_file::meant;

pub fn from(files: &[PathBuf], headers: &[String], about: Option<About>) -> Result<Proposal, Failed> {
    let plain = |error: ExportError| Failed::Plain(error.to_string());
    let found = files.iter().map(|path| Found::of_path(path)).collect::<Result<Vec<_>, _>>().map_err(plain)?;
    if let Some(kind) = log::of(&found)? {
        return log::propose(kind, &found, headers, about);
    }
    let headers = headers.iter().map(|text| header(text, files)).collect::<Result<Vec<_>, _>>()?;
    let (mut tables, mut written) = (Vec::new(), Vec::new());
    for found in &found {
        let mut guessed = sniff::sniff(found).map_err(plain)?;
        if let Some((_, names)) = headers.iter().find(|(file, _)| *file == found.name()) {
            guessed = guessed.named(names);
        } else if !guessed.named
            && let Some((names, known)) = bare::names(found)
        {
            guessed = guessed.named(&names);
            guessed.doubts.push(format!("{TAKEN} {known} has for a file of this name: hold them against yours"));
        }
        tables.push(read(found, &guessed).map_err(plain)?);
        written.push(guessed);
    }
    let Some(meaning) = guess(&tables, about) else {
        // How they were read shows whether that was the mistake.
        for (table, written) in tables.iter().zip(&written) {
            show(table, |_| "", "not used", false, &written.doubts);
        }
        let why = match about {
            None => {
                "none of the files looks like one of transactions (loans, holds, sessions …): give the export of those, \
                 too, or say with --kind what the rows of the largest file are"
            }
            Some(About::Bills) => "none of the files has both times and amounts, as bills have",
            Some(_) => "none of the files has a column of times, so none of their rows can be transactions",
        };
        return Err(Failed::Plain(format!(
            "{why}. If the columns above are not the file's, it is written in a way that can't be guessed: `afterloan help \
             pipelines` lists those that a pipeline can declare"
        )));
    };
    for (place, table) in tables.iter().enumerate() {
        let joined = meaning.lookups.iter().find(|lookup| lookup.table == place);
        let (guesses, what): (&[Guess], String) = match joined {
            _ if meaning.sources.contains(&place) => (&meaning.guesses, "transactions".into()),
            Some(lookup) => (&lookup.guesses, format!("joined: {}", lookup.why)),
            None => (&[], "not used".into()),
        };
        show(table, |column| guesses.get(column).map_or("", word), &what, joined.is_some(), &written[place].doubts);
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

/// What a guess is called, in one or two words.
fn word(guess: &Guess) -> &'static str {
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
