//! The TOML of a pipeline, as written. Every key is documented here; an unknown one is an error.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::dialect::undeclared;
use crate::export::Chunks;
use crate::treat::Scheme;
use crate::words::{Kind, Need};

/// A pipeline file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// 1.
    pub format: u32,
    pub kind: Kind,
    /// Lower-case letters, digits and dashes: it becomes part of file names.
    pub name: String,
    /// One line for people.
    pub about: String,
    pub read: Read,
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
    pub columns: Columns,
    #[serde(default, rename = "lookup")]
    pub lookups: Vec<Lookup>,
    #[serde(default, rename = "state")]
    pub states: Vec<State>,
    #[serde(default)]
    pub needs: Needs,
    #[serde(default, rename = "publish")]
    pub publish: Vec<Publish>,
    #[serde(default)]
    pub statistics: Vec<Statistics>,
    #[serde(default)]
    pub purge: Vec<Purge>,
    /// How a transaction begins in the system's SQL.
    #[serde(default = "begin")]
    pub begin: String,
    #[serde(default, rename = "test")]
    pub tests: Vec<Test>,
}

fn begin() -> String {
    "BEGIN".into()
}

/// How the files of this system are written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    pub format: Format,
    /// csv: a comma unless declared; delimited: `|` unless declared.
    pub delimiter: Option<char>,
    /// delimited alone: a delimiter ends the last cell of a line, too.
    #[serde(default)]
    pub trailing: bool,
    /// csv and delimited: lines that begin with it are no records.
    pub comment: Option<char>,
    /// Blanks around cells are no part of them.
    #[serde(default)]
    pub trim: bool,
    /// A label such as "utf-16le" or "windows-1252"; UTF-8 unless declared. Never guessed: a wrong guess could hide a
    /// patron's name from the leak search.
    pub encoding: Option<String>,
    /// json alone: the member that holds the list of records, in a document as an API pages it.
    pub records: Option<String>,
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
pub enum Format {
    /// RFC 4180, with a header.
    Csv,
    /// PostgreSQL's `COPY … TO STDOUT (FORMAT text, HEADER)`.
    PsqlText,
    /// A line a record, cut at a delimiter, and nothing is quoted.
    Delimited,
    /// A JSON object a line, an array of objects, or documents that hold one. Columns are members by their paths
    /// (`status.name`); one that is absent is an empty cell.
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// Every transaction that the system still has: what is kept tonight comes again tomorrow.
    Snapshot,
}

/// Where an export comes from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// The newest file of the inbox that matches; `split`: all files that have the newest `{date}`.
    Files {
        pattern: &'a str,
        split: bool,
    },
    /// A program and its arguments: what it prints is the export, and never touches the disk. It runs in the site's
    /// folder, without a shell.
    Command(&'a [String]),
    StandardInput,
}

impl<'a> Origin<'a> {
    fn of(files: Option<&'a String>, command: Option<&'a Vec<String>>, split: bool) -> Origin<'a> {
        match (files.map(String::as_str), command) {
            (Some("-"), _) => Origin::StandardInput,
            (Some(pattern), _) => Origin::Files { pattern, split },
            (None, command) => Origin::Command(command.map_or(&[], Vec::as_slice)),
        }
    }
}

/// One export of transactions. It has either `files` or a `command`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub part: String,
    /// A file name pattern; `-` is standard input.
    pub files: Option<String>,
    pub command: Option<Vec<String>>,
    #[serde(default)]
    pub split: bool,
    /// The names of the cells, in order, of a file that doesn't begin with them.
    pub header: Option<Vec<String>>,
}

/// What the columns of a transaction mean. Each column of the export is named once somewhere in the pipeline.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    pub transaction: TransactionColumn,
    pub patron: Patron,
    /// Patron values that name nobody, beside null.
    #[serde(default)]
    pub nobody: Vec<String>,
    /// Other persons (staff, proxies, requestors): never leave.
    #[serde(default)]
    pub people: Vec<String>,
    pub item: Option<String>,
    pub opened: String,
    pub closed: Option<Closed>,
    /// How often it was renewed, where that is a number on the row.
    pub renewals: Option<String>,
    /// The transaction that this one renews, where a renewal is a row of its own.
    pub renews: Option<String>,
    /// Never leave, and searched for, anywhere in a text, in all that does.
    #[serde(default)]
    pub identifiers: Vec<String>,
    /// Parts of a person's name: the full name is searched for anywhere, each part as a text of its own.
    #[serde(default)]
    pub names: Vec<String>,
    /// Never leave as they are; searched for as a text of their own (birth dates, post codes, patron numbers).
    #[serde(default)]
    pub alone: Vec<String>,
    /// Not used, and never leave.
    #[serde(default)]
    pub drop: Vec<String>,
}

/// Where the patron is named.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "write a column, or { first = [columns] }")]
pub enum Patron {
    Column(String),
    /// The first of these that names somebody: a row without a login may still name a device.
    First {
        first: Vec<String>,
    },
}

impl Patron {
    pub fn columns(&self) -> &[String] {
        match self {
            Patron::Column(column) => std::slice::from_ref(column),
            Patron::First { first } => first,
        }
    }

    pub fn has(&self, name: &str) -> bool {
        self.columns().iter().any(|column| column == name)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransactionColumn {
    pub column: String,
    /// Ids end up in SQL: a row whose id isn't of this type is rejected.
    pub r#type: IdType,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdType {
    Integer,
    /// Letters, digits and `-_.:`, up to 64 of them (a UUID, say).
    Text,
}

/// Where the closing time stands.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "write a column, { first = [columns] } or { latest = [columns] }")]
pub enum Closed {
    Column(String),
    /// The first of these that is set.
    First {
        first: Vec<String>,
    },
    /// The latest of these that are set.
    Latest {
        latest: Vec<String>,
    },
}

impl Closed {
    pub fn columns(&self) -> &[String] {
        match self {
            Closed::Column(column) => std::slice::from_ref(column),
            Closed::First { first } => first,
            Closed::Latest { latest } => latest,
        }
    }
}

/// Another export, joined by key. A column of it that isn't named is not read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    pub name: String,
    /// As of a source.
    pub files: Option<String>,
    pub command: Option<Vec<String>>,
    #[serde(default)]
    pub split: bool,
    /// Without it the pipeline stops. Only a lookup that decides nothing and names nobody may say `false`.
    #[serde(default = "yes")]
    pub required: bool,
    #[serde(default)]
    pub rows: Rows,
    /// The names of the cells, in order, of a file that doesn't begin with them.
    pub header: Option<Vec<String>>,
    /// Ours = theirs; theirs may be a list, of which each that is set is a key.
    pub on: BTreeMap<String, Keys>,
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
        Origin::of(self.files.as_ref(), self.command.as_ref(), self.split)
    }
}

impl Lookup {
    pub fn origin(&self) -> Origin<'_> {
        Origin::of(self.files.as_ref(), self.command.as_ref(), self.split)
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

    /// The columns of a header that the lookup says nothing about.
    pub fn undeclared(&self, chunks: &Chunks) -> Vec<String> {
        undeclared(chunks, &self.declared().collect::<Vec<_>>())
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

/// The first state whose condition holds is the transaction's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    pub is: StateName,
    #[serde(default)]
    pub when: BTreeMap<String, Condition>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StateName {
    Open,
    Closed,
    Disputed,
    Lost,
}

/// A condition on one cell.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "write \"set\", \"unset\", \"positive\", true, false, a list of values, or { not = [values] }"
)]
pub enum Condition {
    /// On something gathered.
    Is(bool),
    /// "set", "unset" or "positive": an amount above zero. One that can't be read may be.
    Word(String),
    /// One of these values. "" stands for null.
    OneOf(Vec<String>),
    Not {
        not: Vec<String>,
    },
}

/// When which need holds, beyond the state.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// Asked of closed transactions; of open, disputed and lost ones only where a lookup gathers it: what is out for ever
    /// is lost, and its bill is no reason of its own.
    pub owing: Option<BTreeMap<String, Condition>>,
    pub settled: Option<At>,
    pub refund: Option<At>,
    pub history: Option<BTreeMap<String, Condition>>,
    pub disputed: Option<BTreeMap<String, Condition>>,
    pub lost: Option<BTreeMap<String, Condition>>,
    /// The item is gone from the collection: nobody needs its last borrower.
    pub withdrawn: Option<BTreeMap<String, Condition>>,
}

/// A need that ends some days after a time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct At {
    pub at: String,
    #[serde(default)]
    pub when: BTreeMap<String, Condition>,
}

/// One published column: the allowlist.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    pub name: String,
    pub from: From,
    pub treatment: Treatment,
    pub half: Halves,
    /// The values are codes that the library itself declared (branches, item types), so a code that looks like a
    /// patron's number is not one.
    #[serde(default)]
    pub codes: bool,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "write a column, or a list of columns")]
pub enum From {
    One(String),
    Many(Vec<String>),
}

impl From {
    pub fn columns(&self) -> &[String] {
        match self {
            From::One(column) => std::slice::from_ref(column),
            From::Many(columns) => columns,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "write \"collection\", \"community\", a list of both, or \"statistics\"")]
pub enum Halves {
    One(Half),
    Both(Vec<Half>),
}

impl Halves {
    pub fn has(&self, half: Half) -> bool {
        match self {
            Halves::One(one) => *one == half,
            Halves::Both(halves) => halves.contains(&half),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Half {
    /// What, where and when.
    Collection,
    /// What kind of patron.
    Community,
    /// In no half: counted in statistics alone.
    Statistics,
}

/// What turns an input into a published value: a closed list.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Treatment {
    /// As it is. An error on an identifier.
    Keep,
    /// The first n characters.
    Prefix(u8),
    /// A number, by the lower edges of its bands.
    Band(Vec<i32>),
    /// Years from the first input (a birth date) to the second (a time), by the lower edges of their bands.
    Age(Vec<i32>),
    Day,
    Week,
    Month,
    Year,
    Hour,
    Weekday,
    /// Days from the first input (a time) to the second, by the lower edges of their bands. Unfinished: the top band.
    Duration(Vec<i32>),
    /// A call number's class.
    Class(Scheme),
    /// A URL's host, without a leading `www.`: never a path, a query or a login.
    Platform,
    /// A value's other name; one that isn't listed reads `other`.
    Map(BTreeMap<String, String>),
    /// A small number as it is: how often a loan was renewed.
    Count,
}

/// A table of figures by these columns; `["weekday", "hour"]` is counted over the opening time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    pub name: String,
    pub by: Vec<String>,
}

/// How the system severs its own link: in this order, in one transaction, guarded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purge {
    /// `{ids}` becomes a list of transaction ids.
    pub sql: String,
}

/// A transaction, what other exports say of it, and what must follow.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    pub name: String,
    pub as_of: String,
    /// Which source the rows come from; the first, if it isn't said.
    pub part: Option<String>,
    /// The first is the one that is tested. Columns that aren't named are null.
    pub rows: Vec<BTreeMap<String, String>>,
    /// Rows of lookups, by the lookup's name.
    #[serde(default)]
    pub lookup: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    pub expect: Expect,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// "due", "kept", "unlinked" or "rejected".
    pub decision: String,
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Published values, by column.
    #[serde(default)]
    pub publish: BTreeMap<String, String>,
}
