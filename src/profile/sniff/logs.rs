//! Logs: which of them a file is, and what their lines hold. A row of a log is no row of a table, so nothing of it is
//! guessed by its columns' names; there is a pipeline for each of these logs, and `init` begins with that.

use std::convert::Infallible;

use encoding_rs::Encoding;

use super::beginning::{beginning, first_chunk};
use super::declared::Declared;
use super::encoding::encoding;
use super::format::FileFormat;
use crate::export::{Chunk, Chunks, Dialect, ExportError, Format, Found, Keys, Mistake, Row};

/// The cells of a history log that aren't data.
const HEAD: [&str; 5] = ["time", "station", "sequence", "command", "event"];

/// So many lines are looked at to tell a log.
const LINES: usize = 50;

/// A log that there is a pipeline for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Log {
    /// A web server's or a proxy's.
    Web,
    /// Symphony's history log.
    Symphony,
}

/// Which log a file is. None: it is none that is known.
pub fn log(found: &Found) -> Result<Option<Log>, ExportError> {
    let bytes = beginning(found)?;
    let text = match encoding(&bytes, &mut Vec::new()) {
        Some(encoding) => encoding.decode(&bytes).0,
        None => String::from_utf8_lossy(&bytes),
    };
    Ok(kind(&text))
}

fn kind(text: &str) -> Option<Log> {
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(LINES);
    let most =
        |is: fn(&str) -> bool| lines().count() > 0 && lines().filter(|line| is(line)).count() * 2 > lines().count();
    if most(is_web) {
        return Some(Log::Web);
    }
    most(is_symphony).then_some(Log::Symphony)
}

/// The encoding of several files that a pipeline reads alike. None: nothing in them tells it from ASCII.
pub fn common_encoding(files: &[Found], doubts: &mut Vec<String>) -> Result<Option<&'static Encoding>, ExportError> {
    let mut common: Option<&'static Encoding> = None;
    for found in files {
        let bytes = beginning(found)?;
        let one = match encoding(&bytes, doubts) {
            None if bytes.is_ascii() => continue,
            one => one.unwrap_or(encoding_rs::UTF_8),
        };
        if common.is_some_and(|before| before != one) {
            doubts.push(format!(
                "{} is in another encoding than the files before it: `encoding` is for all",
                found.name()
            ));
        }
        common = common.or(Some(one));
    }
    doubts.dedup();
    Ok(common)
}

/// How a web log is written whose layout is known.
pub fn web(layout: &str, encoding: Option<&'static Encoding>) -> Result<FileFormat, Mistake> {
    let keys = [("layout", layout.into())];
    Ok(written(Dialect { encoding: other(encoding), ..read("weblog", keys.into_iter().collect())? }))
}

/// How a history log is written: its cells are those that some line has. All of the file is read for that.
pub fn symphony(found: &Found, encoding: Option<&'static Encoding>) -> Result<FileFormat, ExportError> {
    let mut names = HEAD.map(String::from).to_vec();
    let unusable = |mistake: Mistake| ExportError::Unusable { path: found.path.clone(), why: mistake.to_string() };
    let dialect = |names: &[String]| {
        let dialect = read("symphony-history", Keys::default()).map_err(unusable)?.named(names);
        // As the pipeline says: item numbers are filled up with blanks.
        Ok::<_, ExportError>(Dialect { encoding: other(encoding), trim: true, ..dialect })
    };
    let head = dialect(&names)?;
    let chunks = Chunks::new(found.open()?, &head)?;
    let (mut chunk, mut row) = (Chunk::default(), Row::default());
    while chunks.next(&mut chunk)? {
        let _ = row.parse_each::<Infallible>(chunk.bytes(), &head, |_, _| Ok(()));
    }
    names.extend(chunks.unasked());
    Ok(written(dialect(&names)?))
}

/// By the keys that a pipeline would have.
fn read(format: &str, keys: Keys) -> Result<Dialect, Mistake> {
    let format = Format::named(format).ok_or_else(|| Mistake::new("format", "there is no such format"))?;
    Dialect::read(format, keys)
}

fn other(encoding: Option<&'static Encoding>) -> Option<&'static Encoding> {
    encoding.filter(|encoding| *encoding != encoding_rs::UTF_8)
}

fn written(dialect: Dialect) -> FileFormat {
    FileFormat { dialect, declared: Declared::default(), named: true, nested: Vec::new(), doubts: Vec::new() }
}

/// The first whole lines of a file, in UTF-8.
pub(super) fn first_lines(found: &Found, encoding: Option<&'static Encoding>) -> Result<Chunk, ExportError> {
    // Whatever its layout, a record is a line.
    let any = web("%h", encoding);
    let any = any.map_err(|mistake| ExportError::Unusable { path: found.path.clone(), why: mistake.to_string() })?;
    first_chunk(found, &any.dialect)
}

/// A time as web servers write it: `[03/Aug/2026:09:30:01 -0400]`.
fn is_web(line: &str) -> bool {
    line.match_indices('[').any(|(at, _)| {
        let time: String = line[at..].chars().take(28).map(shape).collect();
        time == "[99/aaa/9999:99:99:99 -9999]" || time == "[99/aaa/9999:99:99:99 +9999]"
    })
}

/// `E`, a time, and cells between carets: `E202608031012440634R ^S86CV…`.
fn is_symphony(line: &str) -> bool {
    let start: String = line.chars().take(15).map(shape).collect();
    start == "a99999999999999" && line.starts_with('E') && line.contains(" ^S")
}

fn shape(c: char) -> char {
    match c {
        '0'..='9' => '9',
        c if c.is_ascii_alphabetic() => 'a',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_history_log_is_what_its_syntax_knows() {
        let dialect = read("symphony-history", Keys::default()).unwrap();
        assert!(HEAD.iter().all(|name| dialect.refuses(name).is_none()));
    }

    #[test]
    fn logs_are_told_from_tables() {
        let time = "[03/Aug/2026:09:30:01 -0400]";
        assert_eq!(kind(&format!("10.0.0.1 - ann {time} \"GET / HTTP/1.1\" 200 1\n")), Some(Log::Web));
        assert_eq!(kind("E202608031012440634R ^S86CVFFCIRC^FEMAIN^^O00113\n"), Some(Log::Symphony));
        assert_eq!(kind(&format!("id,note\n1,{time}\n2,\n3,\n")), None, "one cell of three");
        assert!(kind("").is_none() && kind("id,time\n1,[today]\n").is_none() && kind("E2026,^S\n").is_none());
    }
}
