//! `[read]`: how the files of a system are written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::export::{Dialect, FORMATS, Format, Keys, Mistake};
use crate::toml_file::{meant, nearest};

/// How the files of this system are written.
#[derive(Debug, Deserialize)]
pub struct Read {
    /// Of all files that don't say otherwise themselves.
    #[serde(flatten)]
    pub written: WrittenAs,
    pub coverage: Coverage,
    /// Cells that mean "no value".
    pub null: Vec<String>,
    /// "iso" (`YYYY-MM-DD`, with a time and an offset where there are any), a pattern in strftime's words, or a list of
    /// them, of which the first that fits counts: let all have day and month in the same order. In the
    /// library's time zone unless the text carries an offset.
    #[serde(default = "iso")]
    pub datetime: Datetime,
    /// What stands before the cents of an amount.
    #[serde(default = "point")]
    pub decimal: char,
    /// First and last plausible day; "now" is the as-of day. What lies outside leaves a transaction undetermined.
    #[serde(default = "plausible")]
    pub plausible: (String, String),
}

/// The keys of `[read]` that are about cells, and so of all files.
const OF_CELLS: [&str; 5] = ["coverage", "null", "datetime", "decimal", "plausible"];

/// How one file is written: by `[read]`, or where that isn't so by `read = { format = "json" }` in its `[[source]]` or
/// `[[lookup]]`. Nothing is taken from `[read]` then but what is about cells.
///
/// Each syntax has keys of its own (`export/syntax`). All have `trim`: blanks around cells are no part of them. What is text
/// has `encoding`, a label such as "utf-16le" or "windows-1252"; UTF-8 unless declared, and never guessed: a wrong guess
/// could hide a patron's name from the leak search. csv and delimited have `comment`: lines that begin with it are no
/// records. csv has `multiline`: columns, by the pipeline's names, in which a quoted cell may go on over several lines, such as
/// notes. In any other it has swallowed rows, and stops the pipeline; so it does where its lines would be records themselves.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "BTreeMap<String, Value>")]
pub struct WrittenAs {
    pub format: &'static Format,
    pub dialect: Dialect,
}

impl TryFrom<BTreeMap<String, Value>> for WrittenAs {
    type Error = String;

    fn try_from(mut all: BTreeMap<String, Value>) -> Result<WrittenAs, String> {
        if let Some(key) = OF_CELLS.into_iter().find(|key| all.contains_key(*key)) {
            return Err(format!("`{key}`: it is said once for all files, in [read]"));
        }
        let name = match all.remove("format") {
            Some(Value::String(name)) => name,
            Some(_) => return Err("`format`: write its name between quotes, such as \"csv\"".into()),
            None => return Err("missing field `format`".into()),
        };
        let names = FORMATS.iter().map(|format| format.name);
        let format =
            Format::named(&name).ok_or_else(|| format!("`format`: unknown value `{name}`{}", meant(&name, names)))?;
        let mut keys = Keys::default();
        all.into_iter().for_each(|(key, value)| keys.set(key, value));
        let dialect = Dialect::read(format, keys).map_err(|mistake| match mistake {
            Mistake::Unknown { format, key, known } => {
                let those = FORMATS.iter().filter(|other| other.keys().contains(&&*key));
                match those.map(|other| other.name).collect::<Vec<_>>().join(", ") {
                    those if those.is_empty() => format!("`{key}`: unknown key{}", hint(&key, known)),
                    those => format!("`{key}`: it is a key of {those} files, and these are {format}"),
                }
            }
            Mistake::Wrong { key, why } => format!("`{key}`: {why}"),
        })?;
        Ok(WrittenAs { format, dialect })
    }
}

/// A file's own `read` doesn't have the keys that are about cells, so these are named last.
fn hint(key: &str, mut known: Vec<&'static str>) -> String {
    known.push("format");
    match (nearest(key, known.iter().copied()), nearest(key, OF_CELLS.into_iter())) {
        (None, Some(near)) => format!("; did you mean `{near}`, which stands in [read] alone?"),
        _ => meant(key, known.into_iter()),
    }
}

fn iso() -> Datetime {
    Datetime::One("iso".into())
}

fn point() -> char {
    '.'
}

/// How times are written.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "write \"iso\", a pattern, or a list of patterns")]
pub enum Datetime {
    One(String),
    Several(Vec<String>),
}

impl Datetime {
    pub fn patterns(&self) -> &[String] {
        match self {
            Datetime::One(one) => std::slice::from_ref(one),
            Datetime::Several(several) => several,
        }
    }
}

fn plausible() -> (String, String) {
    ("1990-01-01".into(), "now".into())
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// Every transaction that the system still has: what is kept tonight comes again tomorrow.
    Snapshot,
    /// Files of finished events. All that match are read, and each waits until all of it is due, is retired whole, once,
    /// and is then deleted if the policy says so.
    Log,
}
