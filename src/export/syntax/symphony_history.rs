//! A line of Symphony's history log as a row of cells: its head, and the data codes that a pipeline names.
//!
//! `E202608031012440634R ^S86CVFFCIRC^FEMAIN^UO21234000012345^NQ31234000054321^^O00113`: fourteen digits of time, the
//! station, a sequence number and a command of two letters; then data, each under a code of two characters, the first
//! right after the command; and an end. Cells by name: `time`, `station`, `sequence`, `command`, `event` (the first three
//! of these together, which tell a line from all others), and each code.
//!
//! What could hide a patron is a fault: a line without its end was cut, and a code that comes twice with two values has
//! one that nobody would see. A code that isn't asked for is noted by its two characters and left.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::members::Named;
use super::{Asked, Format, LineSyntax, Mistake, Names, Sample, Syntax};
use crate::export::{Fault, Row};

pub(super) const FORMAT: Format = Format {
    name: "symphony-history",
    names: Names::Records,
    is_log: true,
    is_text: true,
    comments: false,
    sheets: false,
    read: |_| Ok(Syntax::of_lines(Codes::default())),
    samples: &[Sample {
        keys: "{}",
        asked: &["event", "time", "UO"],
        file: "E202608031012440634R ^S86CVFFCIRC^FEMAIN^UO21234000012345^NQ31234000054321^^O00113\n",
    }],
    wrap: None,
};

/// The cells that aren't data.
const HEAD: [&str; 5] = ["time", "station", "sequence", "command", "event"];
/// How many pairs of ASCII characters there are.
const PAIRS: usize = 1 << 14;

/// The named cells.
#[derive(Debug)]
struct Codes {
    named: Named,
    /// Where each part of the head goes.
    head: [Option<usize>; HEAD.len()],
    /// The cell of each code, plus one; 0: it isn't asked for.
    places: Box<[u16]>,
    /// A bit for each code that was met and isn't asked for.
    unasked: Box<[AtomicU64]>,
}

impl Default for Codes {
    fn default() -> Codes {
        Codes::new(&[])
    }
}

/// Whether this is a data code: two letters or digits.
fn is_code(name: &str) -> bool {
    name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn pair(code: &[u8]) -> usize {
    usize::from(code[0]) << 7 | usize::from(code[1])
}

impl Codes {
    fn new(names: &[String]) -> Codes {
        let mut places = vec![0; PAIRS].into_boxed_slice();
        for (place, name) in names.iter().enumerate().filter(|(_, name)| is_code(name)) {
            places[pair(name.as_bytes())] = u16::try_from(place + 1).unwrap_or(0);
        }
        let unasked = (0..PAIRS / 64).map(|_| AtomicU64::new(0)).collect();
        let head = HEAD.map(|part| names.iter().position(|name| name == part));
        Codes { named: Named::new(names), head, places, unasked }
    }

    /// Notes a code that isn't asked for, of a line that is read: of another, two letters of a note could be told.
    fn note(&self, data: &[u8]) {
        let pair = pair(data);
        if self.places[pair] == 0 {
            let (word, bit) = (&self.unasked[pair / 64], 1 << (pair % 64));
            if word.load(Ordering::Relaxed) & bit == 0 {
                word.fetch_or(bit, Ordering::Relaxed);
            }
        }
    }

    /// None: what stands there is no code, or has another value already.
    fn put<'l>(&self, data: &'l [u8], cells: &mut [Option<&'l [u8]>]) -> Option<()> {
        let (code, value) = data.split_at_checked(2).filter(|(code, _)| code.iter().all(u8::is_ascii_alphanumeric))?;
        let pair = pair(code);
        let Some(place) = usize::from(self.places[pair]).checked_sub(1) else { return Some(()) };
        let before = cells[place].replace(value);
        before.is_none_or(|before| before == value).then_some(())
    }
}

impl LineSyntax for Codes {
    fn cells(&self, line: &[u8], row: &mut Row) {
        let mut cells: Vec<Option<&[u8]>> = vec![None; self.named.len()];
        let read = Line::cut(line).and_then(|line| {
            let (time, event) = (line.iso(), line.event());
            line.data.iter().try_for_each(|data| self.put(data, &mut cells))?;
            Some((line, time, event))
        });
        let Some((line, time, event)) = read else {
            return row.reject(Fault::Malformed, self.named.len());
        };
        line.data.iter().for_each(|data| self.note(data));
        row.begin();
        let parts = [&time, line.station, line.sequence, line.command, &event];
        for (part, place) in parts.iter().zip(self.head) {
            if let Some(place) = place {
                cells[place] = Some(part);
            }
        }
        for (place, cell) in cells.iter().enumerate() {
            if cell.is_some() {
                self.named.meet(place);
            }
            row.push(cell.unwrap_or_default());
        }
    }

    fn refuses(&self, name: &str) -> Option<Mistake> {
        let known = HEAD.contains(&name) || is_code(name);
        (!known).then(|| {
            let why = format!(
                "`{name}` is no cell of a history log: these are {}, and data codes of two letters or digits",
                HEAD.join(", ")
            );
            Mistake::new(name, why)
        })
    }

    fn of_file(&self, asked: &Asked<'_>) -> Option<Arc<dyn LineSyntax>> {
        Some(Arc::new(Codes::new(asked.names)))
    }

    fn code(&self) -> Option<&'static str> {
        Some("command")
    }

    fn named(&self) -> Option<&Named> {
        Some(&self.named)
    }

    fn unasked(&self) -> Vec<String> {
        let met = (0..PAIRS).filter(|pair| self.unasked[pair / 64].load(Ordering::Relaxed) >> (pair % 64) & 1 == 1);
        met.map(|pair| [(pair >> 7) as u8 as char, (pair & 0x7F) as u8 as char].iter().collect()).collect()
    }
}

/// A line, cut.
struct Line<'l> {
    time: &'l [u8],
    station: &'l [u8],
    sequence: &'l [u8],
    command: &'l [u8],
    data: Vec<&'l [u8]>,
}

impl<'l> Line<'l> {
    /// None: it isn't such a line, or not a whole one.
    fn cut(line: &'l [u8]) -> Option<Line<'l>> {
        let rest = line.strip_prefix(b"E")?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (time, station) = rest[..digits].split_at_checked(14)?;
        if !(1..=10).contains(&station.len()) {
            return None;
        }
        let rest = rest[digits..].strip_prefix(b"R")?.trim_ascii_start().strip_prefix(b"^S")?;
        // `^^O` and a number of its own end the line.
        let end = rest.windows(3).rposition(|window| window == b"^^O")?;
        if !rest[end + 3..].trim_ascii_end().iter().all(|byte| byte.is_ascii_digit() || b"^O".contains(byte)) {
            return None;
        }
        let (sequence, rest) = rest[..end].split_at_checked(2)?;
        let (command, rest) = rest.split_at_checked(2)?;
        if !sequence.iter().chain(command).all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let data = rest.split(|byte| *byte == b'^').filter(|data| !data.is_empty()).collect();
        Some(Line { time, station, sequence, command, data })
    }

    /// `2026-08-03 10:12:44`.
    fn iso(&self) -> Vec<u8> {
        let mut iso = Vec::with_capacity(19);
        for (from, upto, before) in [(0, 4, ""), (4, 6, "-"), (6, 8, "-"), (8, 10, " "), (10, 12, ":"), (12, 14, ":")] {
            iso.extend_from_slice(before.as_bytes());
            iso.extend_from_slice(&self.time[from..upto]);
        }
        iso
    }

    fn event(&self) -> Vec<u8> {
        [self.time, self.station, self.sequence].join(&b'-')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 9] = ["event", "command", "time", "FE", "UO", "Uf", "0E", "station", "sequence"];

    fn codes() -> Codes {
        Codes::new(&NAMES.map(String::from))
    }

    fn read(codes: &Codes, line: &str) -> (Vec<String>, Option<Fault>) {
        let mut row = Row::default();
        codes.cells(line.as_bytes(), &mut row);
        (row.cells().map(|cell| String::from_utf8(cell.to_vec()).unwrap()).collect(), row.fault())
    }

    #[test]
    fn a_line_becomes_cells() {
        let cells = |uo: &str, pin: &str, mail: &str, station: &str| {
            let event = format!("20260803101244-{station}-86");
            let cells = [&*event, "CV", "2026-08-03 10:12:44", "MAIN", uo, pin, mail, station, "86"];
            (cells.map(String::from).to_vec(), None)
        };
        let cases = [
            ("E202608031012440634R ^S86CVFFCIRC^FEMAIN^UO21234^^O00113", cells("21234", "", "", "0634")),
            ("E20260803101244634R^S86CV^FEMAIN^UO21234^Uf1978^^O", cells("21234", "1978", "", "634")),
            ("E202608031012440634R ^S86CVFEMAIN^0Ea@b.example^UO^zz^^O^O0", cells("", "", "a@b.example", "0634")),
            ("E202608031012440634R ^S86CVFEMAIN^UO 7 ^FEMAIN^^NQ1^^O ", cells(" 7 ", "", "", "0634")),
        ];
        for (line, expected) in cases {
            assert_eq!(read(&codes(), line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_no_whole_line_is_malformed() {
        let cases = [
            "",
            "E202608031012440634R ^S86CVFFCIRC^FEMAIN^UO21234",
            "E202608031012440634R ^S86CVFFCIRC^FEMAIN^UO21234^O",
            "202608031012440634R ^S86CVFFCIRC^^O",
            "E20260803101244R ^S86CVFFCIRC^^O",
            "E2026080310R ^S86CVFFCIRC^^O",
            "E202608031012440634 ^S86CVFFCIRC^^O",
            "E202608031012440634R ^S8^^O",
            "E202608031012440634R ^S86C^^O",
            "E202608031012440634R ^S86CVF^^O",
            "E202608031012440634R ^S86CVFEMAIN^UO1^UO2^^O",
            "E202608031012440634R ^S86CVFEMAIN^NEa note^ with a caret^^O",
            "E202608031012440634R ^S86CVFEMAIN^^O00113^UO21234",
            "E202608031012440634R ^S86CVFEMAIN^\u{e9}O1^^O",
            "<html>",
        ];
        for line in cases {
            let (cells, fault) = read(&codes(), line);
            assert_eq!((cells.len(), fault), (NAMES.len(), Some(Fault::Malformed)), "{line}");
            assert!(cells.iter().all(String::is_empty), "{line}: {cells:?}");
        }
    }

    #[test]
    fn codes_that_are_not_asked_for_are_noted_without_their_values() {
        let codes = codes();
        read(&codes, "E202608031012440634R ^S86CVFFCIRC^FEMAIN^HMQuillfeather^UO1^^O");
        read(&codes, "E202608031012450634R ^S87CVFFCIRC^FEMAIN^HMQuillfeather^0zx^UO1^^O");
        assert_eq!(codes.unasked(), ["0z", "FF", "HM"]);
        assert_eq!(codes.named.never_met().collect::<Vec<_>>(), ["Uf", "0E"]);
    }
}
