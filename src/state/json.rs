//! JSON files that carry their format.
//!
//! A type whose first field is `format: Format<N>` is written and read here. The format is looked at before anything
//! else, so that a file of a later version is named as that and not as damaged. Errors give line and column only:
//! serde's own words quote what a file holds.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::disk::{self, DiskError};

/// The number in a file's `format` field, as a type: a file with another number doesn't load.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Format<const N: u32>;

impl<const N: u32> Serialize for Format<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(N)
    }
}

impl<'de, const N: u32> Deserialize<'de> for Format<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            found if found == N => Ok(Format),
            _ => Err(serde::de::Error::custom("another format")),
        }
    }
}

/// A file of a format that this version doesn't know.
#[derive(Debug, thiserror::Error)]
#[error(
    "{} has format {found}; this is afterloan {}, which reads format {readable}: use the version that wrote the file, or \
     a later one",
    path.display(), env!("CARGO_PKG_VERSION")
)]
pub struct FormatError {
    pub path: PathBuf,
    pub found: u64,
    /// The newest format that this version reads.
    pub readable: u32,
}

#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error(transparent)]
    Format(#[from] FormatError),
    #[error("{} is empty", .0.display())]
    Empty(PathBuf),
    #[error("{} says no format: its first field should be \"format\"", .0.display())]
    NoFormat(PathBuf),
    #[error("{} ends too early, at line {line}, column {column}: it was cut", path.display())]
    Cut { path: PathBuf, line: usize, column: usize },
    #[error("{} isn't as its format says, at line {line}, column {column}{why}", path.display())]
    Malformed { path: PathBuf, line: usize, column: usize, why: String },
    #[error("{} can't be written as JSON", .0.display())]
    Unwritable(PathBuf),
}

/// Reads a file. `format` is the newest that the caller knows.
pub fn load<T: DeserializeOwned>(path: &Path, format: u32) -> Result<T, JsonError> {
    parse(&disk::read(path)?, path, format)
}

/// Reads bytes that came from `path`.
pub fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8], path: &Path, format: u32) -> Result<T, JsonError> {
    #[derive(Deserialize)]
    struct Peek {
        format: Option<u64>,
    }
    let failed = |error: serde_json::Error| {
        let (path, line, column) = (path.to_path_buf(), error.line(), error.column());
        if error.is_eof() {
            JsonError::Cut { path, line, column }
        } else {
            JsonError::Malformed { path, line, column, why: fields(&error.to_string()) }
        }
    };
    if bytes.trim_ascii().is_empty() {
        return Err(JsonError::Empty(path.to_path_buf()));
    }
    match serde_json::from_slice::<Peek>(bytes).map_err(failed)?.format {
        None => return Err(JsonError::NoFormat(path.to_path_buf())),
        Some(found) if found == 0 || found > format.into() => {
            Err(FormatError { path: path.to_path_buf(), found, readable: format })?
        }
        Some(_) => {}
    }
    serde_json::from_slice(bytes).map_err(failed)
}

/// Of serde's words those that are ours: the field that is missing, or those that there are.
fn fields(message: &str) -> String {
    if message.starts_with("missing field") {
        let name = message.split('`').nth(1).unwrap_or_default();
        return format!(": the field `{name}` is missing");
    }
    let expected = message.strip_prefix("unknown field").and_then(|rest| rest.split_once(", expected "));
    let Some((_, expected)) = expected else { return String::new() };
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    format!(": a field that isn't known there; those are {}", known.join(", "))
}

/// The bytes of a file: indented, fields in the order of the type, a newline at the end.
pub fn to_bytes<T: Serialize>(value: &T, path: &Path) -> Result<Vec<u8>, JsonError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|_| JsonError::Unwritable(path.to_path_buf()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Writes a file that must not exist yet, readable by its owner alone. Within a run, `path` is one that
/// [`super::commit::Pending::file`] gave.
pub fn save<T: Serialize>(path: &Path, value: &T) -> Result<(), JsonError> {
    Ok(disk::write_new(path, &to_bytes(value, path)?, 0o600)?)
}
