//! What a fixture's files know about patrons, read by the words of its pipeline and by none of afterloan's own code:
//! the cells that must stand nowhere in what leaves.
//!
//! Rough where it may be: a row that can't be read has no cells here.

use std::collections::BTreeSet;
use std::io::{self, Read};

use calamine::Reader;
use serde_json::Value;

use super::{Fixture, PipelineFile};

/// The shortest cell that is looked for; in a patron column, whose numbers may be anybody's figures, only long ones.
const SHORTEST: usize = 6;
const SHORTEST_PATRON: usize = 10;

/// A row: cells by column, or an object.
enum Record {
    Cells(Vec<(String, String)>),
    Object(Value),
}

/// Every cell of a column that the pipeline declares as an identifier, in lower case. An error: there are such columns,
/// and no such cell, so this reading is at fault.
pub fn needles(fixture: &Fixture, pipeline: &PipelineFile) -> Result<BTreeSet<String>, String> {
    let table = &pipeline.table;
    let read = table["read"].as_table().unwrap();
    let nulls = texts(read.get("null"));
    let columns = table["columns"].as_table().unwrap();
    let patron = texts(columns.get("patron"));
    let own = texts(columns.get("identifiers"));
    let traces = table.get("trace").and_then(toml::Value::as_array).into_iter().flatten();
    let purge: String =
        traces.filter_map(|one| one.get("sever")).map(|sql| sql.to_string().to_ascii_lowercase()).collect();
    let nobody = texts(columns.get("nobody"));
    // The statements' own words, whoever has them for a login; those that name nobody; and zeros, which begin every ledger.
    let is_word = |cell: &str| {
        let is_one_character = cell.chars().all(|c| cell.starts_with(c));
        is_one_character || purge.contains(&cell.to_ascii_lowercase()) || nobody.iter().any(|name| name == cell)
    };
    let (mut needles, mut asked) = (BTreeSet::new(), false);
    for (files, is_source) in [("source", true), ("lookup", false)] {
        for export in table.get(files).and_then(toml::Value::as_array).into_iter().flatten() {
            let export = export.as_table().unwrap();
            let identifiers = if is_source { own.clone() } else { texts(export.get("identifiers")) };
            asked |= !identifiers.is_empty();
            for record in records(fixture, read, export)? {
                let mut add = |columns: &[String], shortest: usize| {
                    let cells = columns.iter().filter_map(|column| record.cell(column));
                    let cells = cells.filter(|cell| cell.chars().count() >= shortest);
                    let cells = cells.filter(|cell| !nulls.contains(cell) && !is_word(cell));
                    needles.extend(cells.map(|cell| cell.to_ascii_lowercase()));
                };
                add(&identifiers, SHORTEST);
                if is_source {
                    add(&patron, SHORTEST_PATRON);
                }
            }
        }
    }
    if asked && needles.is_empty() {
        return Err(format!("{}: no identifier was found in the exports, so none can be looked for", pipeline.name));
    }
    Ok(needles)
}

/// Whether bytes (in lower case) hold the needle. A short one of hexadecimal digits alone may be part of a digest.
pub fn holds(bytes: &[u8], needle: &str) -> bool {
    let may_be_digest = needle.len() < 12 && needle.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_digest = |place: Option<&u8>| place.is_some_and(u8::is_ascii_hexdigit);
    memchr::memmem::find_iter(bytes, needle.as_bytes()).any(|at| {
        let within = is_digest(at.checked_sub(1).and_then(|before| bytes.get(before)))
            || is_digest(bytes.get(at + needle.len()));
        !(may_be_digest && within)
    })
}

/// A text, a list of texts, or the first of a list.
fn texts(value: Option<&toml::Value>) -> Vec<String> {
    match value {
        Some(toml::Value::Table(table)) => texts(table.get("first")),
        Some(toml::Value::String(text)) => vec![text.clone()],
        Some(toml::Value::Array(all)) => all.iter().filter_map(|one| one.as_str().map(String::from)).collect(),
        _ => Vec::new(),
    }
}

/// All rows of all files that match, however old.
fn records(fixture: &Fixture, read: &toml::Table, export: &toml::Table) -> Result<Vec<Record>, String> {
    let files = export.get("files").and_then(toml::Value::as_str).ok_or("a fixture's exports are files")?;
    let pattern = files.replace("{date}", "*");
    let pattern = glob::Pattern::new(&pattern).map_err(|error| error.to_string())?;
    let word = |key: &str| read.get(key).and_then(toml::Value::as_str);
    let mut all = Vec::new();
    for (name, bytes) in fixture.exports.iter().filter(|(name, _)| pattern.matches(name)) {
        if word("format") == Some("xlsx") {
            let mut rows = sheet_rows(bytes).into_iter();
            let header = rows.next().unwrap_or_default();
            all.extend(rows.map(|row| Record::Cells(header.iter().cloned().zip(row).collect())));
            continue;
        }
        let text = decode(&unpack(name, bytes)?, word("encoding").unwrap_or("utf-8"))?;
        let is = |key: &str| read.get(key).and_then(toml::Value::as_bool).unwrap_or(false);
        let delimiter = word("delimiter").and_then(|delimiter| delimiter.chars().next());
        let rows = match word("format").unwrap_or_default() {
            "json" => {
                all.extend(objects(&text, word("records")).into_iter().map(Record::Object));
                continue;
            }
            "symphony-history" => {
                all.extend(text.lines().map(|line| Record::Cells(history_cells(line))));
                continue;
            }
            "weblog" => {
                let names = ["host", "user"].map(String::from);
                let rows = text.lines().filter_map(logged).map(|row| names.iter().cloned().zip(row).collect());
                all.extend(rows.map(Record::Cells));
                continue;
            }
            "csv" => csv_rows(&text, delimiter.unwrap_or(',') as u8, word("comment")),
            format @ ("psql-text" | "delimited") => {
                let psql = format == "psql-text";
                let delimiter = if psql { '\t' } else { delimiter.unwrap_or('|') };
                let comment = word("comment").unwrap_or("\0");
                let cell = |cell: &str| if psql { unescape(cell) } else { cell.into() };
                let lines = text.lines().filter(|line| !line.starts_with(comment));
                lines.map(|line| line.split(delimiter).map(cell).collect()).collect()
            }
            format => return Err(format!("how {format} files are written isn't known here: teach it to this test")),
        };
        let trim = |cell: String| if is("trim") { cell.trim().to_string() } else { cell };
        let mut rows = rows.into_iter().map(|row| row.into_iter().map(trim).collect::<Vec<_>>());
        let header = match export.get("header") {
            Some(names) => texts(Some(names)),
            None => rows.next().unwrap_or_default(),
        };
        all.extend(rows.map(|row| Record::Cells(header.iter().cloned().zip(row).collect())));
    }
    Ok(all)
}

impl Record {
    fn cell(&self, column: &str) -> Option<String> {
        match self {
            Record::Cells(cells) => cells.iter().find(|(name, _)| name == column).map(|(_, cell)| cell.clone()),
            Record::Object(object) => {
                let mut value = object;
                for member in column.split('.') {
                    value = value.get(member)?;
                }
                match value {
                    Value::String(text) => Some(text.clone()),
                    Value::Number(number) => Some(number.to_string()),
                    _ => None,
                }
            }
        }
    }
}

/// All cells of the only sheet, as texts.
fn sheet_rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut workbook: calamine::Xlsx<_> = calamine::Xlsx::new(io::Cursor::new(bytes.to_vec())).unwrap();
    let name = workbook.sheet_names().remove(0);
    let range = workbook.worksheet_range(&name).unwrap();
    range.rows().map(|row| row.iter().map(|cell| cell.to_string()).collect()).collect()
}

/// Data codes and what stands under them; the first follows a command of two letters.
fn history_cells(line: &str) -> Vec<(String, String)> {
    let data = line.split('^').skip(1).enumerate().filter_map(|(place, data)| match place {
        0 => data.get(5..),
        _ => Some(data),
    });
    let data = data.filter(|data| data.len() > 2 && data.is_char_boundary(2));
    data.map(|data| (data[..2].to_string(), data[2..].trim().to_string())).collect()
}

fn csv_rows(text: &str, delimiter: u8, comment: Option<&str>) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    reader.has_headers(false).flexible(true).delimiter(delimiter);
    reader.comment(comment.and_then(|comment| comment.bytes().next()));
    let reader = reader.from_reader(text.as_bytes());
    reader.into_records().map(|record| record.unwrap().iter().map(String::from).collect()).collect()
}

/// Of a line each, a list, or documents with a list.
fn objects(text: &str, list: Option<&str>) -> Vec<Value> {
    let whole: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
    // Where it is lines, one that can't be read doesn't hide the others.
    let documents = whole.unwrap_or_else(|_| text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect());
    let objects = documents.into_iter().flat_map(|document| match (list, document) {
        (_, Value::Array(all)) => all,
        (Some(list), mut page @ Value::Object(_)) => match page.get_mut(list).map(Value::take) {
            Some(Value::Array(all)) => all,
            _ => vec![page],
        },
        (_, other) => vec![other],
    });
    objects.collect()
}

fn unescape(cell: &str) -> String {
    let (mut text, mut chars) = (String::new(), cell.chars());
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some('N')) if cell == "\\N" => return cell.into(),
            ('\\', Some(next)) => {
                text.push(match next {
                    'n' => '\n',
                    't' => '\t',
                    other => other,
                });
                chars.next();
            }
            _ => text.push(c),
        }
    }
    text
}

fn unpack(name: &str, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut unpacked = Vec::new();
    let read = match name.rsplit('.').next().unwrap_or_default() {
        "gz" => flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut unpacked),
        "zst" => zstd::Decoder::new(bytes).and_then(|mut text| text.read_to_end(&mut unpacked)),
        "zip" => zip::ZipArchive::new(io::Cursor::new(bytes))
            .map_err(io::Error::other)
            .and_then(|mut archive| archive.by_index(0).map_err(io::Error::other)?.read_to_end(&mut unpacked)),
        _ => return Ok(bytes.to_vec()),
    };
    read.map_err(|error| format!("{name}: {error}"))?;
    Ok(unpacked)
}

fn decode(bytes: &[u8], encoding: &str) -> Result<String, String> {
    let text = match encoding.to_ascii_lowercase().as_str() {
        "utf-8" => String::from_utf8_lossy(bytes).into_owned(),
        "utf-16le" => {
            let units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        // Alike but for dashes and quotes.
        "windows-1252" | "iso-8859-1" | "latin1" => bytes.iter().map(|byte| char::from(*byte)).collect(),
        other => return Err(format!("this test doesn't know the encoding {other}")),
    };
    Ok(text.trim_start_matches('\u{feff}').into())
}

/// Host and user of a line in EZproxy's default layout.
fn logged(line: &str) -> Option<[String; 2]> {
    let (before, _) = line.split_once(" [")?;
    let mut words = before.splitn(3, ' ');
    let (host, _, user) = (words.next()?, words.next()?, words.next()?);
    Some([host.into(), user.into()])
}

/// What is missed here would be looked for nowhere.
#[test]
fn identifiers_are_read_in_every_dialect() {
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let cases: [(&str, Vec<u8>); 8] = [
        ("format = 'csv'", b"id,card\n1,\"Elm, 5\nrear\"\n2,short\n3,NULL-NULL\n".into()),
        ("format = 'csv'\ncomment = '#'\ntrim = true\ndelimiter = \"\\t\"", b"# x\nid\tcard\n1\t Elm, 5\nrear".into()),
        ("format = 'csv'\nencoding = 'utf-16le'", utf_16("\u{feff}id,card\n1,\"Elm, 5\nrear\"\n")),
        ("format = 'psql-text'", b"id\tcard\n1\tElm, 5\\nrear\n2\t\\N\n".into()),
        ("format = 'json'", b"{\"card\": \"Elm, 5\\nrear\"}\nbroken\n".into()),
        ("format = 'json'\nrecords = 'people'", b"{\"people\": [{\"card\": \"Elm, 5\\nrear\"}]}".into()),
        ("format = 'delimited'\ntrailing = true", b"1|Elm, 5 rear|\n".into()),
        ("format = 'weblog'", b"h - Elm, 5 rear [x] \"GET / HTTP/1.1\" 200 5\n".into()),
    ];
    for (read, bytes) in cases {
        let header = if read.contains("delimited") { "header = ['id', 'card']\n" } else { "" };
        let table = format!(
            "[read]\n{read}\nnull = ['NULL-NULL', '\\N']\n[columns]\npatron = 'id'\n\
             [[lookup]]\nfiles = 'people-*'\nidentifiers = ['card', 'user']\n{header}"
        );
        let pipeline = PipelineFile { name: "x".into(), text: String::new(), table: table.parse().unwrap() };
        let exports = vec![("people-1".into(), bytes)];
        let found = needles(&Fixture { name: "x".into(), exports, decisions: Vec::new() }, &pipeline).unwrap();
        let found: Vec<String> = found.into_iter().map(|cell| cell.replace('\n', " ")).collect();
        let whole = if read.contains("trim") { "elm, 5" } else { "elm, 5 rear" };
        assert_eq!(found, [whole], "{read}");
    }
}

#[test]
fn data_codes_are_read() {
    let cells = history_cells("E202608031012440634R ^S86CVFFX^UO21234  ^0Ea@b.example^^O00113");
    let cells: Vec<(&str, &str)> = cells.iter().map(|(code, cell)| (&**code, &**cell)).collect();
    assert_eq!(cells, [("FF", "X"), ("UO", "21234"), ("0E", "a@b.example"), ("O0", "0113")]);
}

#[test]
fn a_short_number_within_a_digest_is_none() {
    for (bytes, needle, held) in [
        ("a card 104417 here", "104417", true),
        ("9f104417ab", "104417", false),
        ("x104417", "104417", true),
        ("atoteazel9ab", "oteazel9", true),
        ("0029999000061018ab", "29999000061018", true),
    ] {
        assert_eq!(holds(bytes.as_bytes(), needle), held, "{bytes}");
    }
}
