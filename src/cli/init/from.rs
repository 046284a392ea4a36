//! `init --from`: what was seen of the exports of a system that nobody knows is shown as a table of columns: shapes, counts
//! and guesses, never a cell.

use std::path::{Path, PathBuf};

use super::super::out::Failed;
use super::shown::show;
use crate::export::{ExportError, Found};
use crate::profile::guess::{About, Guess, Role, Said};
use crate::propose::{self, Exports, Proposal, Study};

pub fn from(files: &[PathBuf], headers: &[String], said: &Said) -> Result<Proposal, Failed> {
    let about = said.about;
    let plain = |error: ExportError| Failed::Plain(error.to_string());
    let (files, sheets): (Vec<PathBuf>, Vec<Option<String>>) = files.iter().map(|path| sheet_of(path)).unzip();
    let files = files.as_slice();
    let found = files.iter().map(|path| Found::of_path(path)).collect::<Result<Vec<_>, _>>().map_err(plain)?;
    if let Some(kind) = propose::log_of(&found).map_err(Failed::Plain)? {
        if let Some((option, _)) = said.columns().next() {
            let why = "the cells of a log have names and meanings of their own: leave it out";
            return Err(Failed::Plain(format!("{option}: {why}")));
        }
        let proposed = propose::propose_log(kind, &found, headers, about).map_err(Failed::Plain)?;
        for (table, words) in &proposed.tables {
            show(table, |place| words[place], "a log: retired whole, once all of it is due", false, &[]);
        }
        return Ok(proposed.proposal);
    }
    let exports = Exports::read(&found, files, &sheets, headers).map_err(|error| Failed::Plain(error.to_string()))?;
    let meaning = exports.guess(&found, said).map_err(|error| Failed::Plain(error.to_string()))?;
    let Some(meaning) = meaning else { return Err(unknown(&exports, about)) };
    for (place, table) in exports.tables.iter().enumerate() {
        let joined = meaning.lookups.iter().find(|lookup| lookup.table == place);
        let (guesses, what): (&[Guess], String) = match joined {
            _ if meaning.sources.contains(&place) => (&meaning.guesses, "transactions".into()),
            Some(lookup) => (&lookup.guesses, format!("joined: {}", lookup.why)),
            None => (&[], "not used".into()),
        };
        let doubts = &exports.written[place].doubts;
        show(table, |column| guesses.get(column).map_or("", word), &what, joined.is_some(), doubts);
    }
    let Exports { tables, written } = &exports;
    propose::propose(&Study { files, tables, written, meaning: &meaning, said }).map_err(Failed::Plain)
}

/// `book.xlsx#Loans` is a sheet of a workbook, unless there is a file of that name.
fn sheet_of(path: &Path) -> (PathBuf, Option<String>) {
    let text = path.to_string_lossy();
    match text.rsplit_once('#') {
        Some((book, sheet)) if !path.exists() && !sheet.is_empty() && Path::new(book).is_file() => {
            (book.into(), Some(sheet.into()))
        }
        _ => (path.to_path_buf(), None),
    }
}

/// How the files were read shows whether that was the mistake.
fn unknown(exports: &Exports, about: Option<About>) -> Failed {
    for (table, written) in exports.tables.iter().zip(&exports.written) {
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
    Failed::Plain(format!(
        "{why}. If the columns above are not the file's, it is written in a way that can't be guessed: `afterloan help \
         pipelines` lists those that a pipeline can declare"
    ))
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
