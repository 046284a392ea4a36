//! The exports of a system that nobody knows: how each is written, what its columns look like, and what they may mean.

use std::path::PathBuf;

use super::shipped_names::{self, TAKEN};
use crate::export::{ExportError, Found};
use crate::profile::guess::{Meaning, Published, Role, Said, guess};
use crate::profile::sniff::FileFormat;
use crate::profile::{TableProfile, read, sniff, told_apart};
use crate::toml_file::meant;

/// All that was seen, and the meaning that was guessed.
pub struct Study<'a> {
    pub files: &'a [PathBuf],
    pub tables: &'a [TableProfile],
    pub written: &'a [FileFormat],
    pub meaning: &'a Meaning,
    /// What a person said.
    pub said: &'a Said,
}

/// Which part of the rows columns must tell apart to be an id together: the rest is kept, undetermined.
const APART: f64 = 0.97;

/// The files, as they look.
pub struct Exports {
    pub tables: Vec<TableProfile>,
    /// How each is written.
    pub written: Vec<FileFormat>,
}

/// Why files can't be studied.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error("--header: {0}")]
    Header(String),
    #[error("{0}")]
    Said(String),
}

impl Exports {
    /// Reads a sample of each. `sheets`: of workbooks that have several, the one that is meant. `headers`: names of cells, as a person gave them.
    pub fn read(
        found: &[Found],
        files: &[PathBuf],
        sheets: &[Option<String>],
        headers: &[String],
    ) -> Result<Exports, StudyError> {
        let headers = headers.iter().map(|text| header(text, files)).collect::<Result<Vec<_>, _>>()?;
        let mut exports = Exports { tables: Vec::new(), written: Vec::new() };
        for (place, found) in found.iter().enumerate() {
            let sheet = sheets.get(place).and_then(Option::as_deref);
            let mut guessed = sniff::sniff_sheet(found, sheet)?;
            if let Some((_, names)) = headers.iter().find(|(file, _)| *file == found.name()) {
                guessed = guessed.named(names);
            } else if !guessed.named
                && let Some((names, known)) = shipped_names::names(found)
            {
                guessed = guessed.named(&names);
                guessed.doubts.push(format!("{TAKEN} {known} has for a file of this name: hold them against yours"));
            }
            exports.tables.push(match read(found, &guessed) {
                Err(cut @ ExportError::Cut { .. }) => read_to_open_end(found, &mut guessed).ok_or(cut)?,
                read => read?,
            });
            exports.written.push(guessed);
        }
        Ok(exports)
    }

    /// What they may mean, with what a person said. None: no file looks like one of transactions.
    pub fn guess(&self, found: &[Found], said: &Said) -> Result<Option<Meaning>, StudyError> {
        if let Some((option, column)) = said.unknown(&self.tables) {
            let all = self.tables.iter().flat_map(|table| &table.columns);
            let near = meant(column, all.map(|column| column.name.as_str()));
            return Err(StudyError::Said(format!("{option}: no file has a column called `{column}`{near}")));
        }
        let Some(mut meaning) = guess(&self.tables, said) else { return Ok(None) };
        if meaning.first(Role::Transaction).is_none() && meaning.made.is_empty() {
            meaning.made = self.made(found, &meaning)?;
        }
        Ok(Some(meaning))
    }

    /// The first set of columns that together tell all rows apart, or nearly: what names the patron goes in last.
    fn made(&self, found: &[Found], meaning: &Meaning) -> Result<Vec<usize>, StudyError> {
        let source = meaning.sources[0];
        let columns = &self.tables[source].columns;
        let Some(opened) = meaning.first(Role::Opened) else { return Ok(Vec::new()) };
        let place = meaning.all(Role::Published(Published::Branch)).next();
        let (item, patron) = (meaning.first(Role::Item), meaning.patrons.first().copied());
        let set = |parts: &[Option<usize>]| -> Option<Vec<usize>> {
            parts.iter().copied().collect::<Option<Vec<usize>>>().map(|mut set| {
                set.push(opened);
                set
            })
        };
        let sets =
            [set(&[item]), set(&[item, place]), set(&[patron]), set(&[patron, item]), set(&[patron, item, place])];
        let sets: Vec<Vec<usize>> = sets.into_iter().flatten().collect();
        let sets: Vec<Vec<usize>> = sets.into_iter().filter(|set| set.iter().all(|c| columns[*c].filled > 0)).collect();
        let apart = told_apart(&found[source], &self.written[source], &sets)?;
        Ok(sets.into_iter().zip(apart).find(|(_, apart)| *apart >= APART).map(|(set, _)| set).unwrap_or_default())
    }
}

/// Reads a file whose last line has no line end. None: that line isn't whole.
fn read_to_open_end(found: &Found, written: &mut FileFormat) -> Option<TableProfile> {
    written.dialect.open_end = true;
    written.declared.open_end = true;
    let table = read(found, written).ok()?;
    written.doubts.push(
        "its last line has no line end, and is whole: so such files are taken (`open_end`). Where it was cut, or is still \
         being written, export it anew: that can't be told any more"
            .into(),
    );
    Some(table)
}

/// A file's name and the names of its cells.
fn header(text: &str, files: &[PathBuf]) -> Result<(String, Vec<String>), StudyError> {
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let names: Vec<String> = files.iter().map(name).collect();
    let Some((file, columns)) = text.split_once('=') else {
        return Err(StudyError::Header("write the file's name, =, and the names of its cells between commas".into()));
    };
    if !names.iter().any(|name| name == file) {
        let near = meant(file, names.iter().map(String::as_str));
        return Err(StudyError::Header(format!("none of the files is called `{file}`{near}")));
    }
    let columns: Vec<String> = columns.split(',').map(|column| column.trim().to_string()).collect();
    let twice = columns.iter().enumerate().find(|(place, column)| columns[..*place].contains(column));
    match twice {
        Some((_, column)) => Err(StudyError::Header(format!("`{file}` names `{column}` twice"))),
        None => Ok((file.to_string(), columns)),
    }
}
