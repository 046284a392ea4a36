//! Exports, read by the test itself: Koha's CSV, and what PostgreSQL writes as text.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::truth::{Numbers, Row, age_band, dewey, duration_band, mapped, or_unknown, wait_band};

/// A table: whole rows of valid text, by column; null is nothing.
pub struct Table {
    header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// All files of this name, whatever their date.
    pub fn csv(folder: &Path, name: &str) -> Table {
        let mut table = Table { header: Vec::new(), rows: Vec::new() };
        for path in super::files_named(folder, &format!("{name}-")) {
            let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_path(path).unwrap();
            let mut records = reader.byte_records().map(Result::unwrap);
            table.header =
                records.next().unwrap().iter().map(|cell| String::from_utf8(cell.to_vec()).unwrap()).collect();
            for record in records.filter(|record| record.len() == table.header.len()) {
                let cells: Result<Vec<String>, _> =
                    record.iter().map(|cell| String::from_utf8(cell.to_vec())).collect();
                table.rows.extend(cells);
            }
        }
        let null = |cell: &mut String| {
            if cell == "NULL" {
                cell.clear()
            }
        };
        table.rows.iter_mut().flatten().for_each(null);
        table
    }

    /// `COPY … TO STDOUT (FORMAT text, HEADER)`, plain or gzipped.
    pub fn psql(folder: &Path, name: &str) -> Table {
        let path = super::files_named(folder, &format!("{name}.tsv")).pop().unwrap();
        let bytes = fs::read(&path).unwrap();
        let mut text = String::new();
        match path.extension().is_some_and(|ending| ending == "gz") {
            true => flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).map(|_| ()).unwrap(),
            false => text = String::from_utf8(bytes).unwrap(),
        }
        let mut lines = text.lines().map(|line| line.split('\t').map(unescaped).collect::<Vec<String>>());
        let header = lines.next().unwrap();
        Table { rows: lines.filter(|row| row.len() == header.len()).collect(), header }
    }

    fn at(&self, name: &str) -> usize {
        self.header.iter().position(|column| column == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    fn keyed(self, key: &str) -> Keyed {
        let at = self.at(key);
        let places = self.rows.iter().enumerate().map(|(place, row)| (row[at].clone(), place)).collect();
        Keyed { table: self, places }
    }
}

/// A backslash and N is null; a backslash and another character stands for a control character or itself.
fn unescaped(cell: &str) -> String {
    if cell == "\\N" {
        return String::new();
    }
    let mut text = String::new();
    let mut characters = cell.chars();
    while let Some(c) = characters.next() {
        text.push(match c {
            '\\' => match characters.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                Some(c) => c,
                None => '\\',
            },
            c => c,
        });
    }
    text
}

struct Keyed {
    table: Table,
    places: BTreeMap<String, usize>,
}

impl Keyed {
    /// Nothing where there is no such row.
    fn get(&self, key: &str, column: &str) -> &str {
        self.places.get(key).map_or("", |place| &self.table.rows[*place][self.table.at(column)])
    }
}

pub const KOHA_MATERIALS: [(&str, &str); 17] = [
    ("BK", "book"),
    ("BOOK", "book"),
    ("LP", "book"),
    ("REF", "book"),
    ("DVD", "video"),
    ("BLU", "video"),
    ("VHS", "video"),
    ("VM", "video"),
    ("CD", "audio"),
    ("MU", "audio"),
    ("AUD", "audio"),
    ("MAG", "magazine"),
    ("CR", "magazine"),
    ("EBK", "electronic"),
    ("CF", "electronic"),
    ("TOOL", "thing"),
    ("MX", "thing"),
];

/// Koha's clocks are the library's. A date alone has no hour.
fn koha_time(cell: &str) -> Option<(Date, u8)> {
    match cell.len() {
        10 => Some((cell.parse().ok()?, 24)),
        19 => cell.parse::<DateTime>().ok().map(|time| (time.date(), time.hour() as u8)),
        _ => None,
    }
}

/// More than 65,535 read 65,535.
fn renewals(cell: &str) -> i64 {
    cell.parse().unwrap_or(0).clamp(0, 65_535)
}

fn plausible(day: Date, as_of: Date) -> bool {
    (jiff::civil::date(1990, 1, 1)..=as_of).contains(&day)
}

/// Koha's loans or holds: those that are open, and those that aren't.
pub fn koha(folder: &Path, kind: &str, as_of: Date) -> Vec<Row> {
    let (tables, id, opened, ended) = match kind {
        "loan" => (["issues", "old_issues"], "issue_id", "issuedate", "returndate"),
        _ => (["reserves", "old_reserves"], "reserve_id", "reservedate", "waitingdate"),
    };
    let patrons = Table::csv(folder, "borrowers").keyed("borrowernumber");
    let items = Table::csv(folder, "items").keyed("itemnumber");
    let (mut rows, mut numbers, mut seen) = (Vec::new(), Numbers::default(), BTreeSet::new());
    for table in tables.map(|name| Table::csv(folder, name)) {
        for row in &table.rows {
            let cell = |name: &str| row[table.at(name)].as_str();
            // An exact repeat is one transaction.
            let is_new = seen.insert(row.clone());
            let (Ok(_), true, Some((day, hour))) = (cell(id).parse::<u64>(), is_new, koha_time(cell(opened))) else {
                continue;
            };
            if !plausible(day, as_of) {
                continue;
            }
            let (item, patron) = (cell("itemnumber"), cell("borrowernumber"));
            let born = koha_time(patrons.get(patron, "dateofbirth")).map(|(day, _)| day);
            let read = |cell: &str| koha_time(cell).map(|(day, _)| day);
            let ends = if kind == "loan" {
                vec![duration_band(day, cell(ended), read)]
            } else {
                let (found, cancelled) = (cell("found"), !cell("cancellationdate").is_empty());
                let waits = ["", "W", "T", "P"].contains(&found);
                let how = match (found, cancelled) {
                    ("F", false) => "fulfilled",
                    (_, true) if waits && cell("cancellation_reason") == "EXPIRED" => "expired",
                    (_, true) if waits => "cancelled",
                    (_, false) if waits => "not ended",
                    _ => "unknown",
                };
                vec![wait_band(day, cell(ended), read), how.to_owned()]
            };
            let uses = vec![
                mapped(items.get(item, "itype"), &KOHA_MATERIALS),
                or_unknown(items.get(item, "itype")),
                or_unknown(items.get(item, "ccode")),
                dewey(items.get(item, "itemcallnumber")),
            ];
            rows.push(Row {
                patron: numbers.of(if patron == "0" { "" } else { patron }),
                day,
                hour,
                numbers: if kind == "loan" { vec![1, renewals(cell("renewals_count"))] } else { Vec::new() },
                places: vec![or_unknown(cell("branchcode"))],
                uses: [uses, ends].concat(),
                about: vec![or_unknown(patrons.get(patron, "categorycode")), age_band(born, day)],
            });
        }
    }
    rows
}

const EVERGREEN_MATERIALS: [(&str, &str); 19] = [
    ("book", "book"),
    ("new-book", "book"),
    ("bestseller", "book"),
    ("paperback", "book"),
    ("reference", "book"),
    ("dvd", "video"),
    ("blu-ray", "video"),
    ("video", "video"),
    ("cd", "audio"),
    ("music", "audio"),
    ("audiobook", "audio"),
    ("audio-book", "audio"),
    ("magazine", "magazine"),
    ("periodical", "magazine"),
    ("software", "electronic"),
    ("ereader", "electronic"),
    ("equipment", "thing"),
    ("kit", "thing"),
    ("toy", "thing"),
];

const HOLD_TYPES: [(&str, &str); 8] = [
    ("T", "title"),
    ("M", "any edition"),
    ("V", "call number"),
    ("I", "issue"),
    ("P", "part"),
    ("C", "copy"),
    ("F", "copy by staff"),
    ("R", "recall"),
];

/// A time with the offset it was written with, on the clocks of New York; or a date alone.
fn evergreen_time(cell: &str, zone: &TimeZone) -> Option<(Date, u8)> {
    if cell.len() == 10 {
        return Some((cell.parse().ok()?, 24));
    }
    // PostgreSQL writes whole hours of an offset alone.
    let full =
        if cell.as_bytes().get(cell.len().checked_sub(3)?) == Some(&b':') { cell.into() } else { format!("{cell}:00") };
    let time = full.replacen(' ', "T", 1).parse::<Timestamp>().ok()?.to_zoned(zone.clone());
    Some((time.date(), time.hour() as u8))
}

pub fn evergreen(folder: &Path, kind: &str, as_of: Date) -> Vec<Row> {
    let zone = TimeZone::get("America/New_York").unwrap();
    let (table, copy, branch, opened, ended) = match kind {
        "loan" => ("action.circulation", "target_copy", "circ_lib", "xact_start", "checkin_time"),
        _ => ("action.hold_request", "current_copy", "pickup_lib", "request_time", "capture_time"),
    };
    let patrons = Table::psql(folder, "actor.usr").keyed("id");
    let copies = Table::psql(folder, "asset.copy").keyed("id");
    let calls = Table::psql(folder, "asset.call_number").keyed("id");
    let branches = Table::psql(folder, "actor.org_unit").keyed("id");
    let table = Table::psql(folder, table);
    let (mut rows, mut numbers) = (Vec::new(), Numbers::default());
    for row in &table.rows {
        let cell = |name: &str| row[table.at(name)].as_str();
        let Some((day, hour)) = evergreen_time(cell(opened), &zone).filter(|(day, _)| plausible(*day, as_of)) else {
            continue;
        };
        let modifier = copies.get(cell(copy), "circ_modifier");
        let born = evergreen_time(patrons.get(cell("usr"), "dob"), &zone).map(|(day, _)| day);
        let read = |cell: &str| evergreen_time(cell, &zone).map(|(day, _)| day);
        let ends = if kind == "loan" {
            vec![duration_band(day, cell(ended), read)]
        } else {
            let is_set = |name: &str| !cell(name).is_empty();
            let how = match (is_set("fulfillment_time"), is_set("cancel_time")) {
                (true, true) => "unknown",
                (true, false) => "fulfilled",
                (false, true) if ["1", "2"].contains(&cell("cancel_cause")) => "expired",
                (false, true) => "cancelled",
                (false, false) => "not ended",
            };
            vec![wait_band(day, cell(ended), read), how.to_owned()]
        };
        let uses = vec![
            mapped(modifier, &EVERGREEN_MATERIALS),
            or_unknown(modifier),
            if kind == "loan" { or_unknown(cell("copy_location")) } else { mapped(cell("hold_type"), &HOLD_TYPES) },
            dewey(calls.get(copies.get(cell(copy), "call_number"), "label")),
        ];
        rows.push(Row {
            patron: numbers.of(cell("usr")),
            day,
            hour,
            numbers: match kind {
                "loan" if cell("parent_circ").is_empty() => vec![1, 0],
                "loan" => vec![0, 1],
                _ => Vec::new(),
            },
            places: vec![or_unknown(branches.get(cell(branch), "shortname"))],
            uses: [uses, ends].concat(),
            about: vec![or_unknown(patrons.get(cell("usr"), "profile")), age_band(born, day)],
        });
    }
    rows
}
