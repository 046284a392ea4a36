//! A TOML file whose mistakes can be pointed at: file, line, column, and the nearest key where one was misspelt.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::plain_file;
use crate::words::shown_path;

/// What is wrong in a TOML file, and where.
#[derive(Debug, thiserror::Error)]
pub enum TomlError {
    #[error("{path}: {source}; afterloan needs this file", path = shown_path(path))]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path}:{line}:{column}: {message}", path = shown_path(path))]
    Wrong { path: PathBuf, line: usize, column: usize, message: String },
}

/// The text of a TOML file, and where it lies.
#[derive(Clone, Debug)]
pub struct Located {
    pub path: PathBuf,
    pub text: String,
}

/// Reads a TOML file.
pub fn read(path: &Path) -> Result<Located, TomlError> {
    let text = plain_file::read_to_string(path).map_err(|source| TomlError::Read { path: path.into(), source })?;
    Ok(Located { path: path.into(), text })
}

impl Located {
    pub fn new(path: PathBuf, text: String) -> Located {
        Located { path, text }
    }

    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, TomlError> {
        toml::from_str(&self.text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            self.at(self.key_within(offset, error.message()), friendly(error.message()))
        })
    }

    /// Of a message that begins with a key, about a table that begins here: where that key stands.
    fn key_within(&self, table: usize, message: &str) -> usize {
        let Some((key, _)) = message.strip_prefix('`').and_then(|rest| rest.split_once("`:")) else { return table };
        let text = self.text.get(table..).unwrap_or("");
        let found = if text.starts_with('{') {
            let text = &text[..text.find('}').unwrap_or(text.len())];
            let mut all = text.match_indices(key).map(|(at, _)| at);
            all.find(|at| {
                text[..*at].ends_with([' ', ',', '{']) && text[at + key.len()..].trim_start().starts_with('=')
            })
        } else {
            key_offset(&text[..text.find("\n[").unwrap_or(text.len())], key)
        };
        found.map_or(table, |at| table + at)
    }

    /// An error about the first place that holds `needle`: a quoted value, else a key, else a text of several lines.
    pub fn error(&self, needle: &str, message: impl Into<String>) -> TomlError {
        let quoted = format!("\"{needle}\"");
        let offset = self.text.find(&quoted).or_else(|| key_offset(&self.text, needle));
        let offset = offset.or_else(|| self.text.find(needle)).unwrap_or(0);
        self.at(offset, message.into())
    }

    /// The line, from 1, on which a byte of the text stands.
    pub fn line(&self, offset: usize) -> usize {
        self.text.get(..offset).unwrap_or("").matches('\n').count() + 1
    }

    fn at(&self, offset: usize, message: String) -> TomlError {
        let before = self.text.get(..offset).unwrap_or("");
        let line = self.line(offset);
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        TomlError::Wrong { path: self.path.clone(), line, column, message }
    }
}

fn key_offset(text: &str, key: &str) -> Option<usize> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        if trimmed.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', ']'])) {
            return Some(offset + line.len() - trimmed.len());
        }
        offset += line.len();
    }
    None
}

/// serde's "unknown field `x`, expected one of `a`, `b`", in words that end with the nearest key.
fn friendly(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let rest = message.strip_prefix("unknown field").or_else(|| message.strip_prefix("unknown variant"));
    match (rest, quoted.next()) {
        (Some(_), Some(unknown)) => {
            let what = if message.starts_with("unknown field") { "key" } else { "value" };
            format!("unknown {what} `{unknown}`{}", meant(unknown, quoted))
        }
        _ if message.starts_with("invalid type") && message.ends_with("expected a string") => {
            format!("{message}: write it between quotes, such as \"30 days\"")
        }
        _ => message.to_string(),
    }
}

/// The name that a misspelt one most likely means; none where all are quite other words: a tip that is wrong is followed,
/// too. What both have before a point says nothing.
pub fn nearest<'a>(unknown: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let unlike = |name: &str| match (unknown.rsplit_once('.'), name.rsplit_once('.')) {
        (Some((before, unknown)), Some((same, name))) if before == same => distance(unknown, name),
        _ => distance(unknown, name),
    };
    let (distance, name) = names.map(|name| (unlike(name), name)).min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + unknown.rsplit('.').next().unwrap_or(unknown).chars().count() / 4).then_some(name)
}

fn distance(unknown: &str, name: &str) -> usize {
    // Half of a name, or more than all of it: `circulation` for `circ`.
    let (short, long) = if unknown.len() < name.len() { (unknown, name) } else { (name, unknown) };
    if short.len() > 3 && long.starts_with(short) { 1 } else { strsim::damerau_levenshtein(unknown, name) }
}

/// What to say of an unknown name: the one that is meant, or all that there are, if they are few.
pub fn meant<'a>(unknown: &str, names: impl Iterator<Item = &'a str>) -> String {
    const FEW: usize = 14;
    let names: Vec<&str> = names.collect();
    if let Some(near) = nearest(unknown, names.iter().copied()) {
        return format!("; did you mean `{near}`?");
    }
    match names.as_slice() {
        [] => String::new(),
        [one] => format!("; it can be `{one}`"),
        [first @ .., last] if names.len() <= FEW => format!("; it can be `{}` or `{last}`", first.join("`, `")),
        _ => String::new(),
    }
}
