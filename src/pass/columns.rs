//! The vocabularies of published columns, and the numbers of patrons: shared by all workers, with a cache in each.

use std::sync::Mutex;

use super::PassError;
use crate::lookup::{Interned, pack};
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
///
/// In front of the table stand the short inputs that were seen last: a branch or an item type is one of a few.
pub struct ColumnCache {
    front: [(u128, u16); FRONT],
    inputs: Interned,
    codes: Vec<u16>,
}

const FRONT: usize = 64;
/// No packed text has all bits set.
const VACANT: u128 = u128::MAX;

impl Default for ColumnCache {
    fn default() -> ColumnCache {
        ColumnCache { front: [(VACANT, 0); FRONT], inputs: Interned::default(), codes: Vec::new() }
    }
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
        let packed = pack(input);
        let slot = packed.map_or(0, |packed| ((packed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58) as usize);
        if packed == Some(self.front[slot].0) {
            return Ok(self.front[slot].1);
        }
        let code = self.behind(input, (columns, column), place, treat)?;
        if let Some(packed) = packed {
            self.front[slot] = (packed, code);
        }
        Ok(code)
    }

    fn behind(
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
    shared: Mutex<SharedPatrons>,
}

impl Patrons {
    /// How many there are.
    pub fn len(&self) -> usize {
        lock(&self.shared).patrons.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls `each` with a patron's number in the library system, for making pseudonyms.
    pub fn with<T>(&self, patron: PatronNumber, each: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let shared = lock(&self.shared);
        let place = patron.0.checked_sub(1).filter(|place| (*place as usize) < shared.patrons.len())?;
        Some(each(shared.patrons.get(place)))
    }

    /// Calls `each` with every patron's number in the library system.
    pub fn for_each(&self, mut each: impl FnMut(&[u8])) {
        let shared = lock(&self.shared);
        (0..shared.patrons.len() as u32).for_each(|place| each(shared.patrons.get(place)));
    }

    /// A patron's number; and whether `tuple`, a hash of what identifies her on a row, is news to every worker.
    fn meet(&self, patron: &[u8], tuple: u64) -> Result<(PatronNumber, bool), PassError> {
        let mut shared = lock(&self.shared);
        let (place, new) = shared.patrons.insert(patron).ok_or(PassError::TooManyPatrons)?;
        if new {
            shared.tuples.push(tuple);
            return Ok((PatronNumber(place + 1), true));
        }
        let known = &mut shared.tuples[place as usize];
        let news = *known != tuple;
        *known = tuple;
        Ok((PatronNumber(place + 1), news))
    }
}

#[derive(Default)]
struct SharedPatrons {
    patrons: Interned,
    /// By patron, the last tuple of identifiers that was met.
    tuples: Vec<u64>,
}

/// A worker's cache of patrons. Library systems number patrons from 1 on: numbers below four million are places in a
/// list, so that a look-up touches memory once.
#[derive(Default)]
pub struct PatronCache {
    dense: Vec<Met>,
    others: Interned,
    other: Vec<Met>,
}

const DENSE: usize = 1 << 22;

/// What a worker remembers of a patron: her number in the run, and the last tuple of her identifiers.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Met {
    number: u32,
    tuple: [u32; 2],
}

impl Met {
    const NEVER: Met = Met { number: 0, tuple: [0; 2] };

    fn new(number: PatronNumber, tuple: u64) -> Met {
        Met { number: number.0, tuple: [tuple as u32, (tuple >> 32) as u32] }
    }
}

impl PatronCache {
    /// Has the memory about a patron fetched, which takes longer than most of what a row needs.
    #[inline]
    pub fn fetch(&self, patron: &[u8]) {
        if let Some(met) = dense(patron).and_then(|place| self.dense.get(place)) {
            prefetch(met);
        }
    }

    /// What is remembered of a patron.
    #[inline]
    fn peek(&self, patron: &[u8]) -> Met {
        match dense(patron) {
            Some(place) => self.dense.get(place).copied().unwrap_or(Met::NEVER),
            None => self.others.find(patron).map_or(Met::NEVER, |place| self.other[place as usize]),
        }
    }

    /// A patron's number; and whether the row's identifiers must be collected, since `tuple` is not what was last seen
    /// of her. Rows are many, persons are few.
    #[inline]
    pub fn meet(&mut self, patron: &[u8], tuple: u64, patrons: &Patrons) -> Result<(PatronNumber, bool), PassError> {
        let met = self.peek(patron);
        let number = PatronNumber(met.number);
        if number.names_somebody() && met == Met::new(number, tuple) {
            return Ok((number, false));
        }
        self.meet_anew(patron, tuple, patrons)
    }

    #[cold]
    fn meet_anew(&mut self, patron: &[u8], tuple: u64, patrons: &Patrons) -> Result<(PatronNumber, bool), PassError> {
        let (number, news) = patrons.meet(patron, tuple)?;
        let met = Met::new(number, tuple);
        match dense(patron) {
            Some(place) => {
                if place >= self.dense.len() {
                    self.dense.resize((place + 1).next_power_of_two(), Met::NEVER);
                }
                self.dense[place] = met;
            }
            None => {
                let (place, new) = self.others.insert(patron).ok_or(PassError::TooManyPatrons)?;
                match new {
                    true => self.other.push(met),
                    false => self.other[place as usize] = met,
                }
            }
        }
        Ok((number, news))
    }
}

#[inline]
#[allow(unsafe_code, reason = "the only way to ask for memory ahead, which a row's patron needs most of all")]
fn prefetch(met: &Met) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch changes nothing and can't fail, whatever its address.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(met).cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = met;
}

/// The place of a small whole number, written in the one way that has no leading zero.
#[inline]
fn dense(patron: &[u8]) -> Option<usize> {
    if patron.is_empty() || patron.len() > 7 || (patron[0] == b'0' && patron.len() > 1) {
        return None;
    }
    let number = patron.iter().try_fold(0, |number, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit < 10).then_some(number * 10 + usize::from(digit))
    })?;
    (number < DENSE).then_some(number)
}
