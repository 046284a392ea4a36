//! The dialects in which the made-up system might write its exports.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};

use super::made_up::Table;
use crate::support::inbox::CANARY;
use crate::support::workbook;

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
/// As Analytics saves it: a title above, numbers and dates as Excel has them.
pub const XLSX: Dialect = Dialect {
    name: "xlsx",
    read: "format = \"xlsx\"\nskip = 2",
    ending: ".xlsx",
    // A title, and a row that stays empty.
    text: |table| format!("Made-up report\n\n{}", cells(table, '\t', true, |cell| cell.to_string())),
    pack: |text| workbook::workbook(&[("Report", sheet(text))]),
    ..PLAIN
};
pub const SPLIT: Dialect = Dialect { name: "split csv", from: From::Split, ..PLAIN };
pub const SPLIT_JSON: Dialect =
    Dialect { name: "split json lines, zst", ending: ".jsonl.zst", pack: zst, from: From::Split, ..JSON_LINES };
pub const COMMAND: Dialect = Dialect { name: "csv from a command", from: From::Command, ..PLAIN };
pub const COMMAND_JSON: Dialect = Dialect { name: "json pages from a command", from: From::Command, ..JSON_PAGES };
pub const INPUT: Dialect = Dialect { name: "csv from standard input", from: From::StandardInput, ..PLAIN };
pub const INPUT_BAR: Dialect = Dialect { name: "delimited from standard input", from: From::StandardInput, ..TRAILING };

pub const ALL: [Dialect; 23] = [
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
    XLSX,
    SPLIT,
    SPLIT_JSON,
    COMMAND,
    COMMAND_JSON,
    INPUT,
    INPUT_BAR,
];

/// Tabs between cells: amounts and items as numbers, times as days since 1900, every other text inline.
pub fn sheet(text: &[u8]) -> Vec<Vec<workbook::Cell>> {
    let cell = |(place, text): (usize, &str)| match text {
        "" => workbook::Cell::Empty,
        text if text.parse::<f64>().is_ok() => workbook::Cell::Number(text.into()),
        text if text.len() == 19 && text.starts_with("2026-") => workbook::Cell::Date(days(text)),
        text if place % 2 == 0 => workbook::Cell::Shared(text.into()),
        text => workbook::Cell::Inline(text.into()),
    };
    let text = std::str::from_utf8(text).unwrap();
    text.lines().map(|line| line.split('\t').enumerate().map(cell).collect()).collect()
}

/// Days since the end of 1899.
fn days(time: &str) -> f64 {
    let time: jiff::civil::DateTime = time.parse().unwrap();
    let since = time.duration_since(jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0));
    since.as_secs_f64() / 86_400.0
}

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
