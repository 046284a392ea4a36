//! The exports of a system that nobody knows: how each is written, what its columns look like, and what they may mean.

use std::path::PathBuf;

use super::shipped_names::{self, TAKEN};
use crate::export::{ExportError, Found};
use crate::profile::guess::{About, Meaning, guess};
use crate::profile::sniff::FileFormat;
use crate::profile::{TableProfile, read, sniff};
use crate::toml_file::meant;

/// All that was seen, and the meaning that was guessed.
pub struct Study<'a> {
    pub files: &'a [PathBuf],
    pub tables: &'a [TableProfile],
    pub written: &'a [FileFormat],
    pub meaning: &'a Meaning,
}

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
}

impl Exports {
    /// Reads a sample of each. `headers`: names of cells, as a person gave them.
    pub fn read(found: &[Found], files: &[PathBuf], headers: &[String]) -> Result<Exports, StudyError> {
        let headers = headers.iter().map(|text| header(text, files)).collect::<Result<Vec<_>, _>>()?;
        let mut exports = Exports { tables: Vec::new(), written: Vec::new() };
        for found in found {
            let mut guessed = sniff::sniff(found)?;
            if let Some((_, names)) = headers.iter().find(|(file, _)| *file == found.name()) {
                guessed = guessed.named(names);
            } else if !guessed.named
                && let Some((names, known)) = shipped_names::names(found)
            {
                guessed = guessed.named(&names);
                guessed.doubts.push(format!("{TAKEN} {known} has for a file of this name: hold them against yours"));
            }
            exports.tables.push(read(found, &guessed)?);
            exports.written.push(guessed);
        }
        Ok(exports)
    }

    /// What they may mean. None: no file looks like one of transactions.
    pub fn guess(&self, about: Option<About>) -> Option<Meaning> {
        guess(&self.tables, about)
    }
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
