//! One column of a sample: counts, shapes and hashes of this run. Never a cell.

use std::collections::BTreeMap;

use super::looks::{LOOKS, Look, look};
use super::minhash::MinHash;
use super::shape::shape;
use super::times::Times;
use super::words;
use crate::leak::hash;

/// Texts by which systems say that there is no value: a list of ours, so that one that was met can be named.
pub const MARKERS: [&str; 11] =
    ["", "NULL", "\\N", "null", "(null)", "None", "N/A", "n/a", "NEVER", "0000-00-00 00:00:00", "0000-00-00"];

/// So many cells are shaped one and all; of the rest one in sixteen.
const SHAPED: u64 = 2_048;
/// So many shapes are told apart.
const SHAPES: usize = 32;

/// What the cells of one column look like.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    /// The name in English, for whoever looks at words.
    pub called: String,
    called_a_time: bool,
    /// Cells that say something.
    pub filled: u64,
    /// Markers that were met, by their place in the list.
    pub nulls: [u64; MARKERS.len()],
    values: MinHash,
    /// The value that may be in most cells, by its hash, and by how many more cells it is there than others: so often at least.
    leading: (u64, u64),
    looks: [u64; LOOKS],
    pub times: Times,
    shapes: BTreeMap<String, u64>,
    /// Cells whose shape is none of those kept.
    other_shapes: u64,
    /// The most characters of a cell.
    pub longest: usize,
    /// Cells with a letter.
    pub letters: u64,
    /// Whole numbers as data frames write them where a column has gaps: `51.0`.
    floats: u64,
    /// Cells that are whole numbers in their one spelling, and those that are UUIDs, without a blank around them.
    pub whole_numbers: u64,
    pub uuids: u64,
    /// Cells that aren't text in the file's encoding.
    pub no_text: u64,
    /// Members of JSON that hold an object or a list: their cells can't be looked at.
    pub nested: bool,
    /// Whether a cell holds a line end.
    pub line_ends: bool,
}

impl Column {
    pub fn new(name: &str) -> Column {
        Column {
            name: name.into(),
            called: name.into(),
            called_a_time: words::is_called_a_time(name),
            filled: 0,
            nulls: [0; MARKERS.len()],
            values: MinHash::default(),
            leading: (0, 0),
            looks: [0; LOOKS],
            times: Times::default(),
            shapes: BTreeMap::new(),
            other_shapes: 0,
            longest: 0,
            letters: 0,
            floats: 0,
            whole_numbers: 0,
            uuids: 0,
            no_text: 0,
            nested: false,
            line_ends: false,
        }
    }

    /// The same, called otherwise in English.
    pub fn called(name: &str, called: String) -> Column {
        Column { called_a_time: words::is_called_a_time(&called), called, ..Column::new(name) }
    }

    /// Whether it is a time that is called like an end.
    pub fn may_be_an_end(&self) -> bool {
        self.is_time() && words::has(&self.called, words::CLOSED) && !words::has(&self.called, words::NO_END)
    }

    /// Whether its name is in another language than English.
    pub fn is_translated(&self) -> bool {
        self.called != self.name
    }

    /// A member of JSON that can't be looked at.
    pub fn nested(name: &str) -> Column {
        Column { nested: true, ..Column::new(name) }
    }

    pub fn note(&mut self, cell: &[u8]) {
        let Ok(text) = std::str::from_utf8(cell) else {
            self.no_text += 1;
            return;
        };
        let text = text.trim();
        if let Some(marker) = MARKERS.iter().position(|marker| *marker == text) {
            self.nulls[marker] += 1;
            return;
        }
        self.filled += 1;
        self.line_ends |= text.contains('\n');
        let value = hash(text.as_bytes());
        self.values.add(value);
        self.leading = match self.leading {
            (known, count) if known == value => (known, count + 1),
            (_, 0) => (value, 1),
            (known, count) => (known, count - 1),
        };
        self.longest = self.longest.max(text.chars().count());
        self.letters += u64::from(text.contains(char::is_alphabetic));
        self.floats += u64::from(is_float(text));
        self.whole_numbers += u64::from(is_whole_number(cell));
        let seen = if self.times.note(text, self.called_a_time) { Look::Time } else { look(text) };
        // A card number may begin as a date does.
        let is_number = text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit());
        let seen = if seen == Look::Time && is_number && look(text) != Look::LongNumber { look(text) } else { seen };
        self.looks[seen as usize] += 1;
        self.uuids += u64::from(seen == Look::Uuid && cell.len() == text.len());
        if self.filled > SHAPED && !self.filled.is_multiple_of(16) {
            return;
        }
        let shape = shape(text);
        let room = self.shapes.len() < SHAPES;
        match self.shapes.get_mut(&shape) {
            Some(count) => *count += 1,
            None if room => drop(self.shapes.insert(shape, 1)),
            None => self.other_shapes += 1,
        }
    }

    /// One value stands in so many cells at least, and in more than half of them; 0: in none that is known.
    pub fn in_most(&self) -> u64 {
        if self.leading.1 * 2 > self.filled { self.leading.1 } else { 0 }
    }

    /// All cells, with those that say nothing.
    pub fn cells(&self) -> u64 {
        self.filled + self.nulls.iter().sum::<u64>() + self.no_text
    }

    pub fn distinct(&self) -> u64 {
        // An estimate may exceed what there is.
        self.values.distinct().min(self.filled)
    }

    pub fn distinct_is_exact(&self) -> bool {
        self.values.is_exact()
    }

    /// How many cells look so.
    pub fn looking(&self, look: Look) -> u64 {
        self.looks[look as usize]
    }

    /// Which part of the filled cells looks like one of these.
    pub fn share(&self, looks: &[Look]) -> f64 {
        let count: u64 = looks.iter().map(|look| self.looking(*look)).sum();
        count as f64 / self.filled.max(1) as f64
    }

    /// Which part of the filled cells is an amount. Where all that look so end in `.0` they are numbers of a data frame:
    /// keys, or a person's.
    pub fn amounts(&self) -> f64 {
        if self.floats == self.looking(Look::Amount) { 0.0 } else { self.share(&[Look::Amount]) }
    }

    /// Whether most are numbers of nine digits or more, however they are written: no system's own.
    pub fn are_long_numbers(&self) -> bool {
        self.share(&[Look::LongNumber, Look::PatronBarcode]) > 0.5
            || self.floats * 2 > self.filled && self.longest >= "123456789.0".len()
    }

    /// Which part of the cells is filled.
    pub fn fill(&self) -> f64 {
        self.filled as f64 / self.cells().max(1) as f64
    }

    /// Which part of the filled cells is different from all others; about 1 where a column is as unique as the rows.
    pub fn uniqueness(&self) -> f64 {
        (self.distinct() as f64 / self.filled.max(1) as f64).min(1.0)
    }

    /// Whether no value comes twice, as far as can be told.
    pub fn is_unique(&self) -> bool {
        self.filled > 0 && self.uniqueness() >= if self.distinct_is_exact() { 1.0 } else { 0.85 }
    }

    /// Whether almost every filled cell is a time.
    pub fn is_time(&self) -> bool {
        self.filled > 0 && self.share(&[Look::Time]) >= 0.8
    }

    /// Which part of its values `other` has too.
    pub fn within(&self, other: &Column) -> f64 {
        self.values.within(&other.values).unwrap_or(0.0)
    }

    /// The shapes that were met most, and how many cells have others.
    pub fn shapes(&self, most: usize) -> (Vec<(&str, u64)>, u64) {
        let mut shapes: Vec<(&str, u64)> = self.shapes.iter().map(|(shape, count)| (shape.as_str(), *count)).collect();
        shapes.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let others = shapes.iter().skip(most).map(|(_, count)| count).sum::<u64>() + self.other_shapes;
        shapes.truncate(most);
        (shapes, others)
    }

    /// The look that most filled cells have.
    pub fn usual(&self) -> Option<usize> {
        (0..LOOKS).max_by_key(|look| self.looks[*look]).filter(|look| self.looks[*look] > 0)
    }
}

/// `51.0`: digits, and one zero behind the point.
fn is_float(text: &str) -> bool {
    text.strip_suffix(".0").is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit()))
}

/// Digits alone, without a zero before them; a minus may stand before.
fn is_whole_number(cell: &[u8]) -> bool {
    let digits = cell.strip_prefix(b"-").unwrap_or(cell);
    digits.iter().all(u8::is_ascii_digit)
        && match digits {
            [] => false,
            [b'0', more @ ..] => more.is_empty() && digits.len() == cell.len(),
            _ => true,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fourteen characters are no fourteen digits: a spreadsheet's times were taken for card numbers.
    #[test]
    fn times_of_a_spreadsheet_are_times_however_long() {
        let mut column = Column::new("out");
        ["1/12/2025 8:05", "11/11/2025 5:57", "2/3/2025 8:16", "11/1/2025 4:42"]
            .iter()
            .for_each(|cell| column.note(cell.as_bytes()));
        assert!(column.is_time());
        let mut floats = Column::new("matricula");
        ["99990827036.0", "99990227120.0"].iter().for_each(|cell| floats.note(cell.as_bytes()));
        assert!(floats.amounts() == 0.0 && floats.are_long_numbers() && floats.whole_numbers == 0);
        floats.note(b"2.5");
        assert_eq!(floats.amounts(), 1.0);
        let mut cards = Column::new("card");
        cards.note(b"21234200112348");
        assert!(!cards.is_time());
    }
}
