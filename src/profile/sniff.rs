//! How a file is written: its encoding, its syntax, and whether it begins with the names of its columns.
//!
//! What begins a file may be a patron's row: it counts as names only where it can't be one. Everything here is a guess
//! for a person to check, and what is doubtful says so; a pipeline's encoding drives a run only once somebody has
//! written it down.

use std::path::Path;

use encoding_rs::Encoding;

use super::column::MARKERS;
use super::words;
use crate::export::{Chunk, Chunks, Dialect, ExportError, Found, Row};

mod declared;
mod layout;
mod logs;
mod members;
mod workbook;

pub use declared::Declared;
pub use layout::{Cell, Fitted, NoLayout, layout};
pub use logs::{Log, common_encoding, log, symphony, web};

/// How much of a file is looked at.
const BEGINNING: usize = 1 << 18;

/// How a file is written.
#[derive(Clone, Debug)]
pub struct Written {
    pub dialect: Dialect,
    /// The same as a pipeline would say it; empty where a pipeline has said it.
    pub declared: Declared,
    /// Whether the columns' names are the file's own.
    pub named: bool,
    /// Members of JSON that hold an object or a list.
    pub nested: Vec<String>,
    /// What isn't certain, in words.
    pub doubts: Vec<String>,
}

impl Written {
    /// The same, with the names of its cells from a person.
    pub fn named(mut self, names: &[String]) -> Written {
        let first = Dialect { names: None, ..self.dialect };
        self.dialect = first.named(names);
        self.named = true;
        self.doubts.retain(|doubt| doubt != NAMELESS);
        self
    }
}

const NAMELESS: &str = "the file doesn't seem to begin with the names of its columns: give them with --header. Until then \
                        nothing of it is told by its name";

fn beginning(found: &Found) -> Result<Vec<u8>, ExportError> {
    let mut bytes = Vec::new();
    found.open()?.read(&mut bytes, BEGINNING)?;
    match bytes.is_empty() {
        true => Err(ExportError::Empty { path: found.path.clone() }),
        false => Ok(bytes),
    }
}

/// Guesses from the first bytes of a file that is no log.
pub fn sniff(found: &Found) -> Result<Written, ExportError> {
    let bytes = beginning(found)?;
    if bytes.starts_with(workbook::MAGIC) {
        return workbook::sniff(found);
    }
    let mut doubts = Vec::new();
    let encoding = encoding(&bytes, &mut doubts);
    let text = match encoding {
        Some(encoding) => encoding.decode(&bytes).0.into_owned(),
        None => String::from_utf8_lossy(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes)).into_owned(),
    };
    if matches!(text.trim_start().as_bytes().first(), Some(b'{' | b'[')) {
        return members::sniff(found, &text, encoding, doubts);
    }
    // The last line may be cut.
    let whole = match bytes.len() < BEGINNING {
        true => text.as_str(),
        false => text.rsplit_once('\n').map_or(text.as_str(), |(whole, _)| whole),
    };
    Ok(lines(whole, encoding, doubts))
}

/// UTF-8 wherever it can be; UTF-16 by its mark or its zeros. Anything else is one of many that can't be told apart.
fn encoding(bytes: &[u8], doubts: &mut Vec<String>) -> Option<&'static Encoding> {
    if let Some((marked, _)) = Encoding::for_bom(bytes) {
        return (marked != encoding_rs::UTF_8).then_some(marked);
    }
    let zeros = |odd: usize| bytes.iter().skip(odd).step_by(2).take(2_000).filter(|byte| **byte == 0).count();
    let pairs = (bytes.len() / 2).min(2_000);
    if pairs > 4 && zeros(1) * 2 > pairs {
        return Some(encoding_rs::UTF_16LE);
    }
    if pairs > 4 && zeros(0) * 2 > pairs {
        return Some(encoding_rs::UTF_16BE);
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => None,
        // Cut within a character.
        Err(error) if error.error_len().is_none() => None,
        // A few lines that something else wrote: read as UTF-8 they are rejected, which is seen.
        Err(_) if strangers(bytes) * 20 < bytes.split(|byte| *byte == b'\n').count() => {
            doubts.push("a few lines are not UTF-8, as the others are: they will be rejected".into());
            None
        }
        Err(_) => {
            doubts.push(
                "the encoding is not UTF-8: windows-1252 is assumed, the usual one in Western Europe and America; ask who \
                 made the export"
                    .into(),
            );
            Some(encoding_rs::WINDOWS_1252)
        }
    }
}

/// How many cells most rows have.
fn usual_width(rows: &[Vec<String>]) -> usize {
    let mut widths: Vec<usize> = rows.iter().map(Vec::len).collect();
    widths.sort_unstable();
    widths.get(widths.len() / 2).copied().unwrap_or(0)
}

/// How many lines are not UTF-8.
fn strangers(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').filter(|line| std::str::from_utf8(line).is_err()).count()
}

fn lines(text: &str, encoding: Option<&'static Encoding>, mut doubts: Vec<String>) -> Written {
    let comments: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
    let body: Vec<&str> = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).collect();
    let body = &body[..body.len().min(400)];
    let delimiter = delimiter(body);
    let quoted = |line: &&str| {
        let mark = |mark: String| line.contains(&mark);
        line.starts_with('"') || mark(format!("{delimiter}\""))
    };
    let quotes = body.iter().any(quoted);
    let has = |text: &str| body.iter().any(|line| line.split(delimiter).any(|cell| cell == text));
    let trailing = delimiter != ',' && body.iter().all(|line| line.ends_with(delimiter)) && !quotes;
    let format = if delimiter == '\t' && has("\\N") && comments.is_empty() {
        "psql-text"
    } else if quotes || delimiter == ',' || delimiter == ';' {
        "csv"
    } else {
        "delimited"
    };
    let mut declared = Declared {
        format,
        delimiter: Some(delimiter as u8),
        trailing: trailing && format == "delimited",
        comment: !comments.is_empty() && format != "psql-text",
        encoding,
        ..Declared::default()
    };
    let cells: Vec<Vec<String>> = rows(body, &declared.dialect());
    let width = usual_width(&cells);
    // Columns of fixed width, filled with blanks.
    let padded = cells.iter().flatten().filter(|cell| cell.len() > 1 && (cell.starts_with(' ') || cell.ends_with(' ')));
    declared.trim = padded.count() * 4 > cells.iter().map(Vec::len).sum::<usize>();
    let mut dialect = declared.dialect();
    // The names may stand in the last comment before the rows.
    let commented = comments.last().map(|comment| -> Vec<String> {
        comment.trim_start_matches(['#', ' ']).split(delimiter).map(|name| name.trim().to_string()).collect()
    });
    let named = match commented.filter(|names| names.len() == width && are_names(names, &cells)) {
        Some(names) => {
            dialect = dialect.named(&names);
            true
        }
        None => cells.first().is_some_and(|first| are_names(first, cells.get(1..).unwrap_or_default())),
    };
    if !named {
        let names: Vec<String> = (1..=width).map(|place| format!("column_{place}")).collect();
        dialect = dialect.named(&names);
        doubts.push(NAMELESS.into());
    }
    Written { dialect, declared, named, nested: Vec::new(), doubts }
}

/// The delimiter that cuts most lines into the same number of cells, two or more.
fn delimiter(lines: &[&str]) -> char {
    let score = |delimiter: char| {
        let mut counts: Vec<usize> = lines.iter().map(|line| cut(line, delimiter)).collect();
        counts.sort_unstable();
        let usual = counts.get(counts.len() / 2).copied().unwrap_or(1);
        let same = counts.iter().filter(|count| **count == usual).count();
        if usual < 2 { 0 } else { same * 1_000 / lines.len().max(1) + usual.min(100) }
    };
    // Where several cut alike the first counts.
    ['\t', '|', ',', ';', '^', '~'].into_iter().rev().max_by_key(|delimiter| score(*delimiter)).unwrap_or(',')
}

/// How many cells a line has, quoted delimiters apart.
fn cut(line: &str, delimiter: char) -> usize {
    let mut quoted = false;
    let mut cells = 1;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c == delimiter && !quoted => cells += 1,
            _ => {}
        }
    }
    cells
}

fn rows(lines: &[&str], dialect: &Dialect) -> Vec<Vec<String>> {
    let mut text = lines.join("\n");
    text.push('\n');
    let mut all = Vec::new();
    let plain = Dialect { encoding: None, ..dialect.clone() };
    let _ = Row::default().parse_each::<std::convert::Infallible>(text.as_bytes(), &plain, |row, _| {
        all.push(row.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect());
        Ok(())
    });
    all
}

/// Whether a first row is the names of columns, and can't be somebody's data: no cell of it is empty, a number, a time or
/// an address, none comes again below, each is another, and either most are words that columns are called by or, in
/// two columns at least, numbers or times stand below letters.
fn are_names(first: &[String], below: &[Vec<String>]) -> bool {
    let is_name = |name: &&String| {
        let length = name.chars().count();
        (1..=80).contains(&length)
            && name.starts_with(char::is_alphabetic)
            && !MARKERS.contains(&name.as_str())
            && !name.contains('@')
            && !name.contains(char::is_control)
            && name.chars().filter(char::is_ascii_digit).count() <= 2
    };
    let unique = first.iter().enumerate().all(|(place, name)| !first[..place].contains(name));
    if first.is_empty() || !unique || !first.iter().all(|name| is_name(&name)) {
        return false;
    }
    let again = |(place, name): (usize, &String)| below.iter().any(|row| row.get(place) == Some(name));
    if first.iter().enumerate().any(again) {
        return false;
    }
    let known = first.iter().filter(|name| words::is_known(name)).count();
    let below_are_numbers = |place: usize| {
        let filled = below.iter().filter_map(|row| row.get(place)).map(|cell| cell.trim());
        let filled: Vec<&str> = filled.filter(|cell| !MARKERS.contains(cell)).collect();
        !filled.is_empty() && filled.iter().all(|cell| cell.starts_with(|c: char| c.is_ascii_digit() || c == '-'))
    };
    let contrasts = (0..first.len()).filter(|place| below_are_numbers(*place)).count();
    known * 2 >= first.len() && contrasts >= 1
        || known * 5 >= first.len() * if below.is_empty() { 3 } else { 4 }
        || contrasts >= 2 && (known >= 1 || contrasts * 2 >= first.len())
}

/// The part of a file's name that stays the same every night, as a pattern: a date becomes `*`, and so does a month.
pub fn pattern(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plain = ["gz", "zst", "zip"].iter().find_map(|ending| name.strip_suffix(&format!(".{ending}")));
    let mut pattern = String::new();
    let mut rest = plain.unwrap_or(&name);
    while let Some(next) = rest.chars().next() {
        let digits = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '-').collect::<String>();
        let date = digits.trim_end_matches('-');
        if next != '-' && (date.chars().filter(char::is_ascii_digit).count() >= 8 || is_month(date)) {
            if !pattern.ends_with('*') {
                pattern.push('*');
            }
            rest = &rest[date.len()..];
            continue;
        }
        match next {
            '*' | '?' | '[' | ']' => pattern += &format!("[{next}]"),
            '{' | '}' => pattern.push('?'),
            next => pattern.push(next),
        }
        rest = &rest[next.len_utf8()..];
    }
    pattern.push('*');
    pattern
}

/// `2026-08` or `202608`.
fn is_month(digits: &str) -> bool {
    let plain = digits.replacen('-', "", 1);
    let dashed = digits.find('-').is_none_or(|at| at == 4);
    plain.len() == 6
        && dashed
        && plain.split_at_checked(4).is_some_and(|(year, month)| {
            (year.starts_with("19") || year.starts_with("20")) && ("01"..="12").contains(&month)
        })
}

/// The first whole chunk of a file.
fn first_chunk(found: &Found, dialect: &Dialect) -> Result<Chunk, ExportError> {
    let chunks = Chunks::new(found.open()?, dialect)?;
    let mut chunk = Chunk::default();
    chunks.next(&mut chunk)?;
    Ok(chunk)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn written(bytes: &[u8]) -> Written {
        sniff(&Found::in_memory("export", bytes.to_vec(), Timestamp::UNIX_EPOCH)).unwrap()
    }

    fn told(bytes: &[u8]) -> String {
        let written = written(bytes);
        let (dialect, declared) = (&written.dialect, &written.declared);
        let delimiter = declared.delimiter.map(char::from).unwrap_or_default();
        let syntax = match declared.format {
            "csv" => format!("csv {delimiter:?}"),
            "delimited" => format!("delimited {delimiter:?} {}", declared.trailing),
            "json" => format!("json {:?}", declared.records),
            other => other.into(),
        };
        let encoding = dialect.encoding.map_or("utf-8", |encoding| encoding.name());
        let names = dialect.names.as_deref().unwrap_or_default().join(",");
        format!("{syntax} {encoding} {} {} {} {names}", dialect.trim, dialect.comment.is_some(), written.named)
    }

    #[test]
    fn files_are_read_as_they_are_written() {
        let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let csv = "loan_id,patron,out\n1,2,2026-01-02\n2,3,2026-01-03\n";
        let cases: [(&[u8], &str); 12] = [
            (
                b"# made in the night\nloan~reader~out\n1~2~20261001 100000\n2~3~20261002 100000\n",
                "delimited '~' false utf-8 false true true ",
            ),
            (csv.as_bytes(), "csv ',' utf-8 false false true "),
            (&utf16(csv), "csv ',' UTF-16LE false false true "),
            (b"id;name\n1;\"a;b\"\n", "csv ';' utf-8 false false true "),
            (b"id\tusr\tnote\n1\t\\N\tx\n", "psql-text utf-8 false false true "),
            (b"1\t\\N\tx\n2\t3\ty\n", "psql-text utf-8 false false false column_1,column_2,column_3"),
            (b"1|2|x|\n2|3|y|\n", "delimited '|' true utf-8 false false false column_1,column_2,column_3"),
            (
                b"# TABLE\tspooled\n# LOAN_ID\tPATRON_ID\n    1\t   51\n    2\t   52\n",
                "delimited '\\t' false utf-8 true true true LOAN_ID,PATRON_ID",
            ),
            (b"id,name\n1,caf\xE9\n", "csv ',' windows-1252 false false true "),
            (br#"{"id":1,"patron":{"id":"a"},"tags":[]}"#, "json None utf-8 false false true id,patron.id"),
            (br#"[{"id":1},{"id":2}]"#, "json None utf-8 false false true id"),
            (br#"{"loans":[{"id":1}],"total":1}"#, "json Some(\"loans\") utf-8 false false true id"),
        ];
        for (bytes, expected) in cases {
            let mut bytes = bytes.to_vec();
            if !bytes.contains(&0) && bytes.last() != Some(&b'\n') {
                bytes.push(b'\n');
            }
            assert_eq!(told(&bytes), expected, "{}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn a_persons_row_is_no_header() {
        for row in [
            "Zzyzx,Quilla,Resident\nVantablack,Orrin,Resident\n",
            "Zzyzx,Quilla,Elm Street\nVantablack,Orrin,Lane\n",
            "quilla,quilla@example.org\norrin,orrin@example.org\n",
            "29999000000517,Quilla\n29999000000525,Orrin\n",
            "Zzyzx,Quilla,\nVantablack,Orrin,3\n",
            "Zzyzx,NULL,NULL\nVantablack,1,2\n",
            "Zzyzx,Quilla,Resident\n",
        ] {
            let written = written(row.as_bytes());
            assert!(!written.named, "{row}");
            assert!(written.dialect.names.unwrap().iter().all(|name| name.starts_with("column_")));
        }
    }

    #[test]
    fn the_night_in_a_name_is_left_open() {
        for (name, expected) in [
            ("issues-2026-10-31.csv", "issues-*.csv*"),
            ("issues_20261031.csv.gz", "issues_*.csv*"),
            ("actor.usr.tsv", "actor.usr.tsv*"),
            ("ezproxy-2026-08.log.gz", "ezproxy-*.log*"),
            ("ex202608.log", "ex*.log*"),
            ("export-202613.csv", "export-202613.csv*"),
            ("export[1].csv", "export[[]1[]].csv*"),
        ] {
            assert_eq!(pattern(Path::new(name)), expected);
        }
    }
}
