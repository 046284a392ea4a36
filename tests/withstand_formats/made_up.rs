//! A made-up library system: twelve loans, their patrons and bills, one pipeline; and the dialects in which it might
//! write its exports. Only what stands under `[read]`, and where exports come from, differs from dialect to dialect.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};

use crate::support::inbox::{CANARY, CliNight, both, date, write_at};
use crate::support::{AS_OF, TestSite, afterloan, files};

const PIPELINE: &str = r#"
format = 1
kind = "loan"
name = "made-up-loans"
about = "A made-up system"

[read]
{read}
coverage = "snapshot"
null = ["", "NEVER"]

[[source]]
part = "loans"
{loans}

[columns]
transaction = { column = "id", type = "text" }
patron = "patron.id"
item = "item"
opened = "out"
closed = "back"
identifiers = ["note"]

[[lookup]]
name = "patrons"
{patrons}
on = { "patron.id" = "id" }
use = ["history"]
identifiers = ["card"]
names = ["name.last", "name.first"]

[[lookup]]
name = "bills"
{bills}
rows = "many"
on = { id = "loan" }
drop = ["number"]
[lookup.gather]
owing = { any_positive = "owed" }

[[state]]
is = "open"
when = { back = "unset", "status.name" = ["ausgeliehen"] }
[[state]]
is = "closed"
when = { back = "set", "status.name" = ["zurückgegeben"] }

[needs]
owing = { "bills.owing" = true }
history = { "patrons.history" = ["behält"] }

[[publish]]
name = "branch"
from = "branch"
treatment = "keep"
half = ["collection", "community"]
codes = true
[[publish]]
name = "day"
from = "out"
treatment = "day"
half = "collection"

[[purge]]
sql = "UPDATE loans SET patron = NULL WHERE id IN ({ids})"
"#;

/// What a night comes to on whole exports: read, retired, kept, unlinked, rejected.
pub const TOTALS: [u64; 5] = [12, 6, 5, 1, 0];

/// The loan of this number in the worklist; 1 to 6 are due, and the notes of 5 hold the canary.
pub fn id(number: usize) -> String {
    match number % 3 {
        0 => format!("7b2F1f0e-9d0f-4c5a-8f00-0123456789{number:02}"),
        1 => format!("{number}"),
        _ => format!("Loan_{number}:2026.08-x"),
    }
}

/// An export before it is written.
#[derive(Clone)]
pub struct Table {
    pub name: &'static str,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
}

pub fn loans() -> Table {
    let columns = vec!["id", "note", "patron.id", "item", "out", "back", "status.name", "branch"];
    let row = |number: usize| {
        let note = match number {
            3 => "12\" disc, its sleeve # 4 torn",
            5 => CANARY,
            _ => "",
        };
        let back = match number {
            8 => "2026-10-20 09:00:00",
            9 => "",
            _ => "2026-08-12 17:00:00",
        };
        let status = match number {
            7 => "verschollen",
            9 => "ausgeliehen",
            _ => "zurückgegeben",
        };
        let patron = if number == 12 { String::new() } else { format!("{}", 7000 + number) };
        let item = format!("{}", 300_000 + number);
        let [note, back, status, out, branch] = [note, back, status, "2026-08-03 10:30:00", "MAIN"].map(String::from);
        vec![id(number), note, patron, item, out, back, status, branch]
    };
    Table { name: "loans", columns, rows: (1..=12).map(row).collect() }
}

fn patrons() -> Table {
    let row = |number: usize| {
        let history = if number == 11 { "behält" } else { "löscht" };
        let [card, last] = [format!("29999{number:09}"), format!("Größe{number}")];
        vec![format!("{}", 7000 + number), card, last, "Zoë".into(), history.into()]
    };
    let columns = vec!["id", "card", "name.last", "name.first", "history"];
    Table { name: "patrons", columns, rows: (1..=11).map(row).collect() }
}

fn bills() -> Table {
    let row = |number: usize, loan: usize, owed: &str| vec![number.to_string(), id(loan), owed.to_string()];
    let rows = vec![row(1, 1, "0"), row(2, 10, "2.50"), row(3, 10, "0"), row(4, 2, "0.00")];
    Table { name: "bills", columns: vec!["number", "loan", "owed"], rows }
}

/// Where exports come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum From {
    Files,
    /// Of several files each.
    Split,
    /// What `cat` prints.
    Command,
    /// The loans from standard input, the others from files.
    StandardInput,
}

/// A way of writing exports.
#[derive(Clone, Copy)]
pub struct Dialect {
    pub name: &'static str,
    /// What stands under `[read]`.
    pub read: &'static str,
    pub ending: &'static str,
    /// Whether the names of cells stand in the pipeline, and not in the file.
    pub bare: bool,
    pub text: fn(&Table) -> String,
    pub encode: fn(&str) -> Vec<u8>,
    pub pack: fn(&[u8]) -> Vec<u8>,
    pub from: From,
}

fn utf8(text: &str) -> Vec<u8> {
    text.into()
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    bytes.into()
}

const PLAIN: Dialect = Dialect {
    name: "csv",
    read: "format = \"csv\"",
    ending: ".csv",
    bare: false,
    text: csv_text,
    encode: utf8,
    pack: unpacked,
    from: From::Files,
};

pub const CSV: Dialect = PLAIN;
/// Blanks around cells, and comment lines with quotes in them, before the first record, between records, and last.
pub const COMMENTED: Dialect = Dialect {
    name: "csv without a header, with comment lines and blanks",
    read: "format = \"csv\"\ndelimiter = \";\"\ncomment = \"#\"\ntrim = true",
    bare: true,
    text: |table| {
        let mut text = commented(&cells(table, ';', false, |cell| match cell.contains(['"', ',']) {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => format!("  {cell} "),
        }));
        text.insert_str(0, "# begun; \"by night\n");
        text
    },
    ..PLAIN
};
pub const PSQL: Dialect = Dialect {
    name: "psql-text",
    read: "format = \"psql-text\"",
    ending: ".txt",
    text: |table| cells(table, '\t', true, |cell| cell.to_string()),
    ..PLAIN
};
/// Nothing is quoted, no time of return reads `NEVER`.
pub const BAR: Dialect = Dialect {
    name: "delimited",
    read: "format = \"delimited\"",
    ending: ".txt",
    text: |table| cells(table, '|', true, never),
    ..PLAIN
};
pub const TRAILING: Dialect = Dialect {
    name: "delimited, trailing, without a header",
    read: "format = \"delimited\"\ntrailing = true",
    bare: true,
    text: |table| cells(table, '|', false, never).replace('\n', "|\n"),
    ..BAR
};
pub const PADDED: Dialect = Dialect {
    name: "delimited, with comment lines and blanks",
    read: "format = \"delimited\"\ndelimiter = \"^\"\ncomment = \"#\"\ntrim = true",
    text: |table| {
        let padded = cells(table, '^', true, |cell| format!("\u{20}{}  ", never(cell)));
        format!("# begun^ \"by night\n{}", commented(&padded))
    },
    ..BAR
};
pub const JSON_LINES: Dialect = Dialect {
    name: "json lines",
    read: "format = \"json\"",
    ending: ".jsonl",
    bare: false,
    text: |table| objects(table).iter().map(|object| format!("{object}\n")).collect(),
    ..PLAIN
};
pub const JSON_ARRAY: Dialect = Dialect {
    name: "json array",
    ending: ".json",
    text: |table| format!("[\n{}\n]", objects(table).join(",\n")),
    ..JSON_LINES
};
pub const JSON_PRETTY: Dialect = Dialect {
    name: "json array over many lines",
    text: |table| {
        let all: Vec<Value> = objects(table).iter().map(|object| serde_json::from_str(object).unwrap()).collect();
        serde_json::to_string_pretty(&all).unwrap().replace('\n', "\r\n")
    },
    ..JSON_ARRAY
};
/// Two documents, as two answers of an API lie one after the other.
pub const JSON_PAGES: Dialect = Dialect {
    name: "json pages",
    read: "format = \"json\"\nrecords = \"records\"",
    text: |table| {
        let objects = objects(table);
        let (first, second) = objects.split_at(objects.len() - 3);
        let page = |objects: &[String], of: usize| {
            format!("{{\"totalRecords\":{of},\"records\":[\n{}\n],\"next\":{{}}}}\n", objects.join(",\n"))
        };
        page(first, table.rows.len()) + &page(second, table.rows.len())
    },
    ..JSON_ARRAY
};
pub const UTF_16: Dialect = Dialect {
    name: "csv in utf-16le with a byte order mark",
    read: "format = \"csv\"\nencoding = \"utf-16le\"",
    encode: |text| utf_16(&format!("\u{feff}{text}")),
    ..PLAIN
};
pub const WINDOWS: Dialect = Dialect {
    name: "delimited in windows-1252",
    read: "format = \"delimited\"\nencoding = \"windows-1252\"",
    // All characters of the exports are the first of Unicode.
    encode: |text| text.chars().map(|c| u8::try_from(c as u32).unwrap()).collect(),
    ..BAR
};
pub const GZ: Dialect = Dialect { name: "csv.gz", ending: ".csv.gz", pack: gz, ..PLAIN };
pub const ZST: Dialect = Dialect { name: "csv.zst", ending: ".csv.zst", pack: zst, ..PLAIN };
pub const ZIP: Dialect = Dialect { name: "csv.zip", ending: ".csv.zip", pack: |bytes| zip(&["a.csv"], bytes), ..PLAIN };
pub const UTF_16_ZIP: Dialect = Dialect {
    name: "json pages in utf-16le, zipped",
    read: "format = \"json\"\nrecords = \"records\"\nencoding = \"utf-16le\"",
    ending: ".json.zip",
    encode: UTF_16.encode,
    pack: ZIP.pack,
    ..JSON_PAGES
};
pub const SPLIT: Dialect = Dialect { name: "split csv", from: From::Split, ..PLAIN };
pub const SPLIT_JSON: Dialect =
    Dialect { name: "split json lines, zst", ending: ".jsonl.zst", pack: zst, from: From::Split, ..JSON_LINES };
pub const COMMAND: Dialect = Dialect { name: "csv from a command", from: From::Command, ..PLAIN };
pub const COMMAND_JSON: Dialect = Dialect { name: "json pages from a command", from: From::Command, ..JSON_PAGES };
pub const INPUT: Dialect = Dialect { name: "csv from standard input", from: From::StandardInput, ..PLAIN };
pub const INPUT_BAR: Dialect = Dialect { name: "delimited from standard input", from: From::StandardInput, ..TRAILING };

pub const ALL: [Dialect; 22] = [
    CSV,
    COMMENTED,
    PSQL,
    BAR,
    TRAILING,
    PADDED,
    JSON_LINES,
    JSON_ARRAY,
    JSON_PRETTY,
    JSON_PAGES,
    UTF_16,
    WINDOWS,
    GZ,
    ZST,
    ZIP,
    UTF_16_ZIP,
    SPLIT,
    SPLIT_JSON,
    COMMAND,
    COMMAND_JSON,
    INPUT,
    INPUT_BAR,
];

fn csv_text(table: &Table) -> String {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(&table.columns).unwrap();
    table.rows.iter().for_each(|row| csv.write_record(row).unwrap());
    String::from_utf8(csv.into_inner().unwrap()).unwrap()
}

fn cells(table: &Table, delimiter: char, header: bool, cell: impl Fn(&str) -> String) -> String {
    let line = |cells: Vec<String>| cells.join(&delimiter.to_string()) + "\n";
    let names = if header { line(table.columns.iter().map(|name| name.to_string()).collect()) } else { String::new() };
    let rows = table.rows.iter().map(|row| line(row.iter().map(|text| cell(text)).collect()));
    names + &rows.collect::<String>()
}

fn never(cell: &str) -> String {
    if cell.is_empty() { "NEVER".into() } else { cell.into() }
}

/// A comment after each third line, and last.
fn commented(text: &str) -> String {
    let comment = format!("#\"{CANARY};^, 12\" and \"\"\"\n");
    let lines = text.lines().enumerate().map(|(index, line)| match index % 3 {
        2 => format!("{line}\n{comment}"),
        _ => format!("{line}\n"),
    });
    lines.collect::<String>() + &comment
}

/// An object for each row: `status.name` lies in `status`; what is empty is absent, or null; amounts are numbers.
fn objects(table: &Table) -> Vec<String> {
    let object = |(number, row): (usize, &Vec<String>)| {
        let mut object = Map::new();
        for (column, cell) in table.columns.iter().zip(row) {
            let value = match cell.as_str() {
                "" if number % 2 == 0 => continue,
                "" => Value::Null,
                amount if *column == "owed" => json!(amount.parse::<f64>().unwrap()),
                text => json!(text),
            };
            match column.split_once('.') {
                Some((outer, inner)) => {
                    object.entry(outer).or_insert_with(|| json!({}))[inner] = value;
                }
                None => {
                    object.insert(column.to_string(), value);
                }
            }
        }
        Value::Object(object).to_string()
    };
    table.rows.iter().enumerate().map(object).collect()
}

pub fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

pub fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zst(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zip(names: &[&str], bytes: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in names {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The exports of one night in one dialect, to be broken in one place.
pub struct Exports {
    pub dialect: Dialect,
    /// Each file's name, without the folder, and its bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// For each table, how the pipeline says where it is.
    origins: [(&'static str, String); 3],
}

impl Exports {
    pub fn new(dialect: &Dialect) -> Exports {
        let tables = [loans(), patrons(), bills()];
        let origins = tables.each_ref().map(|table| (table.name, origin(dialect, table)));
        let files = tables.iter().flat_map(|table| {
            let pieces = if dialect.from == From::Split { 3 } else { 1 };
            let rows = table.rows.len().div_ceil(pieces);
            table.rows.chunks(rows).enumerate().map(move |(piece, rows)| {
                let part = Table { rows: rows.to_vec(), ..table.clone() };
                let piece = if pieces > 1 { format!("-{}", piece + 1) } else { String::new() };
                let name = format!("{}-2026-11-01{piece}{}", table.name, dialect.ending);
                (name, (dialect.pack)(&(dialect.encode)(&(dialect.text)(&part))))
            })
        });
        Exports { dialect: *dialect, files: files.collect(), origins }
    }

    /// Says another way to a table's records.
    pub fn origin(&mut self, table: &str, lines: impl Into<String>) -> &mut Exports {
        self.origins.iter_mut().find(|(name, _)| *name == table).unwrap().1 = lines.into();
        self
    }

    pub fn file(&mut self, name: &str) -> &mut Vec<u8> {
        let found = self.files.iter_mut().find(|(known, _)| known.starts_with(name));
        &mut found.unwrap_or_else(|| panic!("no file {name}")).1
    }

    /// The name of a file in the inbox.
    pub fn name(&self, begins: &str) -> &str {
        &self.files.iter().find(|(known, _)| known.starts_with(begins)).unwrap().0
    }

    /// A site with this pipeline alone and these exports.
    pub fn site(&self) -> TestSite {
        let site = TestSite::init("koha");
        for other in files(&site.at("pipelines")) {
            fs::remove_file(site.at("pipelines").join(other)).unwrap();
        }
        let mut pipeline = PIPELINE.replace("{read}", self.dialect.read);
        for (table, lines) in &self.origins {
            pipeline = pipeline.replace(&format!("{{{table}}}"), lines);
        }
        fs::write(site.at("pipelines/made-up-loans.toml"), pipeline).unwrap();
        for (name, bytes) in &self.files {
            let path = write_at(&site, name, bytes, AS_OF);
            if matches!(self.dialect.from, From::StandardInput | From::Command) {
                // What a program prints is of now.
                date(&path, &jiff::Timestamp::now().to_string());
            }
        }
        site
    }

    /// The plan, and the run that accepts it.
    pub fn night(&self, site: &TestSite) -> CliNight {
        let plan = self.cli(site, &["plan", "--as-of", AS_OF]);
        let mut printed = both(&plan);
        let said = String::from_utf8_lossy(&plan.stdout).to_string();
        let digest = said.split("--accept \\\n").nth(1).map(str::trim);
        let accept: Vec<&str> = digest.iter().flat_map(|digest| ["--accept", digest]).collect();
        let run = self.cli(site, &[&["run", "--json", "--as-of", AS_OF], &accept[..]].concat());
        printed += &both(&run);
        assert!(!printed.contains("panicked"), "{printed}");
        let json = serde_json::from_slice(&run.stdout).unwrap_or_default();
        CliNight { code: run.status.code().unwrap(), json, printed }
    }

    /// The binary on the site, with the loans on standard input where they come from there.
    fn cli(&self, site: &TestSite, args: &[&str]) -> std::process::Output {
        if self.dialect.from != From::StandardInput {
            return site.cli(args);
        }
        let path = site.at("inbox").join(self.name("loans"));
        let input = fs::File::open(path).unwrap();
        afterloan().args(args).arg("--site").arg(site.root()).stdin(Stdio::from(input)).output().unwrap()
    }
}

/// The pipeline's lines for a table.
fn origin(dialect: &Dialect, table: &Table) -> String {
    let name = table.name;
    let ending = dialect.ending;
    let from = match dialect.from {
        From::StandardInput if name == "loans" => "files = \"-\"".into(),
        From::Files | From::StandardInput => format!("files = \"{name}-*{ending}\""),
        From::Split => format!("files = \"{name}-{{date}}-*{ending}\"\nsplit = true"),
        From::Command => format!("command = [\"cat\", \"inbox/{name}-2026-11-01{ending}\"]"),
    };
    if dialect.bare { format!("{from}\nheader = {:?}", table.columns) } else { from }
}

/// The worklist's ids, sorted; none where there is no list.
pub fn worklist(site: &TestSite) -> Vec<String> {
    let mut ids: Vec<String> = list(site, ".csv").lines().skip(1).map(String::from).collect();
    ids.sort();
    ids
}

/// The worklist with this ending.
pub fn list(site: &TestSite, ending: &str) -> String {
    let lists = files(&site.at("worklists"));
    let found = lists.iter().find(|path| path.to_string_lossy().ends_with(ending));
    found.map(|path| fs::read_to_string(site.at("worklists").join(path)).unwrap()).unwrap_or_default()
}

/// The ids of loans, as the worklist sorts them.
pub fn ids(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    let mut ids: Vec<String> = numbers.into_iter().map(id).collect();
    ids.sort();
    ids
}
