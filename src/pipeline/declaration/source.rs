//! `[[source]]` and `[[lookup]]`: where exports come from, and what is taken of those that are joined by key.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::SignedDuration;
use serde::Deserialize;

use super::key::KeyType;
use super::meaning::Condition;
use super::read::WrittenAs;

/// Where an export comes from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// The newest file of the inbox that matches; `split`: all files that have the newest `{date}`.
    Files {
        pattern: &'a str,
        split: bool,
    },
    /// A program and its arguments: what it prints is the export, and never touches the disk. It runs in the site's
    /// folder, without a shell, and for no longer than this. Of the environment it is given `PATH`, `HOME`, `LANG`, `TZ` and
    /// what `env` names.
    Command {
        argv: &'a [String],
        env: &'a [String],
        limit: Duration,
    },
    StandardInput,
    /// A table of the system's own database.
    Table(&'a str),
    /// What a query of the system's own database answers with.
    Query(&'a str),
}

/// The keys of a source or lookup that say where it comes from.
struct Whence<'a> {
    files: Option<&'a str>,
    command: Option<&'a [String]>,
    env: &'a [String],
    split: bool,
    limit: Option<&'a str>,
    live: Option<Origin<'a>>,
}

impl<'a> Whence<'a> {
    fn origin(self) -> Origin<'a> {
        match (self.live, self.files) {
            (Some(live), _) => live,
            (None, Some("-")) => Origin::StandardInput,
            (None, Some(pattern)) => Origin::Files { pattern, split: self.split },
            (None, None) => Origin::Command {
                argv: self.command.unwrap_or_default(),
                env: self.env,
                limit: self.limit.and_then(time_limit).unwrap_or(TIME_LIMIT),
            },
        }
    }
}

fn live<'a>(on: bool, table: Option<&'a String>, query: Option<&'a String>) -> Option<Origin<'a>> {
    let table = table.map(|table| Origin::Table(table));
    table.or(query.map(|query| Origin::Query(query))).filter(|_| on)
}

/// How long a command may take where nothing is said.
const TIME_LIMIT: Duration = Duration::from_secs(2 * 3_600);

/// `30 minutes`, `2h`: more than none, and not more than a day.
pub(in crate::pipeline) fn time_limit(text: &str) -> Option<Duration> {
    let limit: SignedDuration = text.parse().ok()?;
    let limit = Duration::try_from(limit).ok()?;
    (!limit.is_zero() && limit <= Duration::from_secs(24 * 3_600)).then_some(limit)
}

/// One export of transactions. It has either `files` or a `command`; and beside them it may say how it is read from a database.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub part: String,
    /// A file name pattern; `-` is standard input.
    pub files: Option<String>,
    pub command: Option<Vec<String>>,
    /// Where the site has a connection to the system's database: the table that this is, PostgreSQL's as SCHEMA.TABLE. Of it
    /// those columns are read that the pipeline names.
    pub table: Option<String>,
    /// The same, where it is more than a table: a query.
    pub query: Option<String>,
    /// Whether it is read so.
    #[serde(skip)]
    pub(in crate::pipeline) live: bool,
    /// How long the command may take, such as "30 minutes"; two hours unless it is said.
    pub time_limit: Option<String>,
    /// Names of the environment that the command is given, such as "PGPASSWORD", beside `PATH`, `HOME`, `LANG` and `TZ`.
    #[serde(default)]
    pub env: Vec<String>,
    #[serde(default)]
    pub split: bool,
    /// xlsx alone: the sheet that is read. Where it isn't said, the workbook must have but one.
    pub sheet: Option<String>,
    /// The names of the cells, in order, of a file that doesn't begin with them.
    pub header: Option<Vec<String>>,
    /// How this file is written, where that isn't as `[read]` says.
    pub read: Option<WrittenAs>,
    /// What the file calls a column = what the pipeline calls it.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
    /// Columns that this part doesn't have: their cells are empty. A part that has one of them is refused.
    #[serde(default)]
    pub absent: Vec<String>,
    /// Where records name their own cells: published columns that all records may leave out. Where no record has one that
    /// isn't among these, the pipeline stops: it may have been renamed.
    #[serde(default)]
    pub optional: Vec<String>,
}

/// Another export, joined by key. A column of it that isn't named is not read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    pub name: String,
    /// As of a source.
    pub files: Option<String>,
    pub command: Option<Vec<String>>,
    /// Where the site has a connection to the system's database: the table that this is, PostgreSQL's as SCHEMA.TABLE. Of it
    /// those columns are read that the pipeline names.
    pub table: Option<String>,
    /// The same, where it is more than a table: a query.
    pub query: Option<String>,
    /// Whether it is read so.
    #[serde(skip)]
    pub(in crate::pipeline) live: bool,
    /// How long the command may take, such as "30 minutes"; two hours unless it is said.
    pub time_limit: Option<String>,
    /// Names of the environment that the command is given, such as "PGPASSWORD", beside `PATH`, `HOME`, `LANG` and `TZ`.
    #[serde(default)]
    pub env: Vec<String>,
    #[serde(default)]
    pub split: bool,
    /// Without it the pipeline stops. Only a lookup that decides nothing and names nobody may say `false`.
    #[serde(default = "yes")]
    pub required: bool,
    /// Its table has no rows in many libraries, and the program that exports it writes nothing then, not even a header: a file
    /// of no byte is an empty table. Without it such a file stops the pipeline, as an export that failed has none either.
    #[serde(default)]
    pub may_be_empty: bool,
    #[serde(default)]
    pub rows: Rows,
    /// xlsx alone: the sheet that is read. Where it isn't said, the workbook must have but one.
    pub sheet: Option<String>,
    /// The names of the cells, in order, of a file that doesn't begin with them.
    pub header: Option<Vec<String>>,
    /// How this file is written, where that isn't as `[read]` says.
    pub read: Option<WrittenAs>,
    /// What the file calls a column = what the pipeline calls it.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
    /// As of a source.
    #[serde(default)]
    pub optional: Vec<String>,
    /// Ours = theirs; theirs may be a list, of which each that is set is a key. Several of ours are one key together: a row
    /// belongs where all of them are the same, and one in which one of them is empty belongs nowhere.
    pub on: BTreeMap<String, Keys>,
    /// How the cells of a key are read, ours and theirs: each strictly, in one spelling. What isn't written as its type meets
    /// nothing.
    #[serde(default)]
    pub key: KeyType,
    /// Values of theirs and of ours that stand for no key, beside null.
    #[serde(default)]
    pub nothing: Vec<String>,
    /// Its rows leave in the ordinary course of things, as one of what is out does when it comes back. Of others, a row that was
    /// there when they were last read and is missing is looked at by a person first.
    #[serde(default)]
    pub rows_leave: bool,
    /// Columns that states, needs and publication use.
    #[serde(default)]
    pub r#use: Vec<String>,
    /// With `rows = "many"`: what is gathered from all rows of a key.
    #[serde(default)]
    pub gather: BTreeMap<String, Gather>,
    #[serde(default)]
    pub identifiers: Vec<String>,
    #[serde(default)]
    pub names: Vec<String>,
    #[serde(default)]
    pub alone: Vec<String>,
    #[serde(default)]
    pub drop: Vec<String>,
}

fn yes() -> bool {
    true
}

impl Source {
    pub fn origin(&self) -> Origin<'_> {
        let whence = Whence {
            files: self.files.as_deref(),
            command: self.command.as_deref(),
            env: &self.env,
            split: self.split,
            limit: self.time_limit.as_deref(),
            live: live(self.live, self.table.as_ref(), self.query.as_ref()),
        };
        whence.origin()
    }
}

impl Lookup {
    pub fn origin(&self) -> Origin<'_> {
        let whence = Whence {
            files: self.files.as_deref(),
            command: self.command.as_deref(),
            env: &self.env,
            split: self.split,
            limit: self.time_limit.as_deref(),
            live: live(self.live, self.table.as_ref(), self.query.as_ref()),
        };
        whence.origin()
    }

    /// A key's cell, null made empty; empty, too, where it stands for no key.
    #[inline]
    pub fn key_of<'c>(&self, cell: &'c [u8]) -> &'c [u8] {
        if self.nothing.iter().any(|nothing| nothing.as_bytes() == cell) { b"" } else { cell }
    }

    /// Every column that the lookup says anything about.
    pub fn declared(&self) -> impl Iterator<Item = &str> {
        let lists = [&self.r#use, &self.identifiers, &self.names, &self.alone, &self.drop];
        let gathered = self.gather.values().flat_map(|gather| {
            let conditions = gather.when.keys().chain(gather.any.iter().flat_map(|any| any.keys()));
            gather.any_positive.iter().chain(&gather.max).chain(conditions)
        });
        let keys = self.on.values().flat_map(Keys::columns);
        lists.into_iter().flatten().chain(keys).chain(gathered).map(String::as_str)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rows {
    /// A second row for a key stops the pipeline.
    #[default]
    One,
    Many,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "write a column, or a list of columns")]
pub enum Keys {
    One(String),
    Any(Vec<String>),
}

impl Keys {
    pub fn columns(&self) -> &[String] {
        match self {
            Keys::One(column) => std::slice::from_ref(column),
            Keys::Any(columns) => columns,
        }
    }
}

/// What is gathered from the rows of a key: exactly one of the first three.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gather {
    /// Whether any of these amounts is above zero. Not a sum: a credit must not hide a debt. One that can't be read
    /// counts as above zero.
    pub any_positive: Option<String>,
    /// The latest of these times: late rather than early.
    pub max: Option<String>,
    /// Whether any row meets the condition.
    pub any: Option<BTreeMap<String, Condition>>,
    /// Only rows that meet this are looked at (with `any_positive` and `max`).
    #[serde(default)]
    pub when: BTreeMap<String, Condition>,
}
