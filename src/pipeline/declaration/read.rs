//! `[read]`: how the files of a system are written.

use serde::Deserialize;

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
    /// weblog alone: the server's own format string, such as `%h %l %u %t "%r" %s %b`.
    pub layout: Option<String>,
    /// xlsx alone: how many rows stand above the header, such as a report's title. They are not read.
    #[serde(default)]
    pub skip: u32,
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

/// How one file is written, where that isn't as `[read]` says: `read = { format = "json" }` in its `[[source]]` or
/// `[[lookup]]`. Nothing is taken from `[read]` but what is about cells (`null`, `datetime`, `decimal`).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    pub format: Format,
    pub delimiter: Option<char>,
    #[serde(default)]
    pub trailing: bool,
    pub comment: Option<char>,
    #[serde(default)]
    pub trim: bool,
    pub encoding: Option<String>,
    pub records: Option<String>,
    pub layout: Option<String>,
    #[serde(default)]
    pub skip: u32,
}

impl Read {
    pub fn written(&self) -> Written {
        Written {
            format: self.format,
            delimiter: self.delimiter,
            trailing: self.trailing,
            comment: self.comment,
            trim: self.trim,
            encoding: self.encoding.clone(),
            records: self.records.clone(),
            layout: self.layout.clone(),
            skip: self.skip,
        }
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
    /// SirsiDynix Symphony's history log, one event a line. Columns are `time`, `station`, `sequence`, `command`, `event`
    /// (time, station and sequence: an id), and data codes of two characters (`UO`); one that is absent is an empty cell.
    SymphonyHistory,
    /// A sheet of an .xlsx workbook, with a header. Dates come in ISO form, whatever the workbook shows.
    Xlsx,
    /// A web server's log, as EZproxy and Apache write it. `layout` says how; its cells have the names that
    /// `src/export/weblog/layout.rs` lists.
    Weblog,
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
