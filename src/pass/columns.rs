//! The vocabularies of published columns, and the numbers of patrons: shared by all workers, with a cache in each.

use std::sync::Mutex;

use super::PassError;
use crate::lookup::Interned;
use crate::words::PatronNumber;

/// The texts of each coded column, in the order in which they were first seen: a run's codes mean nothing outside it.
pub struct Columns {
    columns: Vec<Column>,
}

struct Column {
    name: String,
    shared: Mutex<Shared>,
}

#[derive(Default)]
struct Shared {
    texts: Interned,
    /// Where each text was first seen: part and line.
    first: Vec<(usize, u64)>,
}

/// A text of a column, and where it was first seen.
pub struct SeenText {
    pub text: String,
    pub part: usize,
    pub line: u64,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl Columns {
    /// Columns by name, each with the labels of its closed vocabulary: their codes are their places.
    pub fn new<'a>(columns: impl Iterator<Item = (&'a str, &'a [String])>) -> Columns {
        let columns = columns.map(|(name, labels)| {
            let mut shared = Shared::default();
            for label in labels {
                shared.texts.insert(label.as_bytes());
                shared.first.push((0, 0));
            }
            Column { name: name.into(), shared: Mutex::new(shared) }
        });
        Columns { columns: columns.collect() }
    }

    pub fn len(&self) -> usize {
        self.columns.len()
    }

    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    pub fn name(&self, column: usize) -> &str {
        &self.columns[column].name
    }

    /// Every text of a column, by code.
    pub fn texts(&self, column: usize) -> Vec<SeenText> {
        let shared = lock(&self.columns[column].shared);
        let seen = shared.first.iter().enumerate().map(|(code, (part, line))| SeenText {
            text: String::from_utf8_lossy(shared.texts.get(code as u32)).into_owned(),
            part: *part,
            line: *line,
        });
        seen.collect()
    }

    fn code(&self, column: usize, text: &str, place: (usize, u64)) -> Result<u16, PassError> {
        let column = &self.columns[column];
        let too_many = || PassError::TooManyValues { column: column.name.clone() };
        let mut shared = lock(&column.shared);
        let (code, new) = shared.texts.insert(text.as_bytes()).ok_or_else(too_many)?;
        if new {
            shared.first.push(place);
        } else if let Some(first) = shared.first.get_mut(code as usize) {
            // Workers race; the place that is named must not depend on who won.
            *first = (*first).min(place);
        }
        if code < 65_000 { Ok(code as u16) } else { Err(too_many()) }
    }
}

/// A worker's cache of one column: from input cells to codes.
#[derive(Default)]
pub struct ColumnCache {
    inputs: Interned,
    codes: Vec<u16>,
}

/// Inputs that a cache keeps. Columns whose inputs are many (URLs) are worked out again.
const CACHED: usize = 100_000;

impl ColumnCache {
    /// The code of an input. The text is made by `treat`, into the string it is given, when the input is new here.
    #[inline]
    pub fn code(
        &mut self,
        input: &[u8],
        (columns, column): (&Columns, usize),
        place: impl FnOnce() -> (usize, u64),
        treat: impl FnOnce(&mut String),
    ) -> Result<u16, PassError> {
        if let Some(found) = self.inputs.find(input) {
            return Ok(self.codes[found as usize]);
        }
        let mut text = String::new();
        treat(&mut text);
        let code = columns.code(column, &text, place())?;
        if self.inputs.len() >= CACHED {
            *self = ColumnCache::default();
        }
        if self.inputs.insert(input).is_some() {
            self.codes.push(code);
        }
        Ok(code)
    }
}

/// Patrons of the run, numbered from 1.
#[derive(Default)]
pub struct Patrons {
    shared: Mutex<Interned>,
}

impl Patrons {
    /// How many there are.
    pub fn len(&self) -> usize {
        lock(&self.shared).len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls `each` with a patron's number in the library system, for making pseudonyms.
    pub fn with<T>(&self, patron: PatronNumber, each: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let shared = lock(&self.shared);
        let place = patron.0.checked_sub(1).filter(|place| (*place as usize) < shared.len())?;
        Some(each(shared.get(place)))
    }

    /// Calls `each` with every patron's number in the library system.
    pub fn for_each(&self, mut each: impl FnMut(&[u8])) {
        let shared = lock(&self.shared);
        (0..shared.len() as u32).for_each(|place| each(shared.get(place)));
    }

    fn number(&self, patron: &[u8]) -> Result<PatronNumber, PassError> {
        let (place, _) = lock(&self.shared).insert(patron).ok_or(PassError::TooManyPatrons)?;
        Ok(PatronNumber(place + 1))
    }
}

/// A worker's cache of patrons.
#[derive(Default)]
pub struct PatronCache {
    known: Interned,
    numbers: Vec<PatronNumber>,
}

impl PatronCache {
    #[inline]
    pub fn number(&mut self, patron: &[u8], patrons: &Patrons) -> Result<PatronNumber, PassError> {
        if let Some(place) = self.known.find(patron) {
            return Ok(self.numbers[place as usize]);
        }
        let number = patrons.number(patron)?;
        self.known.insert(patron).ok_or(PassError::TooManyPatrons)?;
        self.numbers.push(number);
        Ok(number)
    }
}
