//! The patrons whom a batch has met, numbered from 1, and what was last seen of each.

use std::io::Write;

use super::error::PassError;
use crate::lookup::Interned;
use crate::words::PatronNumber;

/// Library systems number patrons from 1 on: numbers below four million are places in a list, so that a look-up touches
/// memory once.
#[derive(Default)]
pub(super) struct PatronsMet {
    dense: Vec<LastSeen>,
    others: Interned,
    other: Vec<LastSeen>,
    /// In the order of meeting: a place in `dense`, or behind all of them one of `others`.
    order: Vec<u32>,
}

const DENSE: usize = 1 << 22;

/// What is remembered of a patron: her number in the batch, and the last tuple of her identifiers.
#[derive(Clone, Copy, PartialEq, Eq)]
struct LastSeen {
    number: u32,
    tuple: [u32; 2],
}

impl LastSeen {
    const NEVER: LastSeen = LastSeen { number: 0, tuple: [0; 2] };

    fn new(number: PatronNumber, tuple: u64) -> LastSeen {
        LastSeen { number: number.0, tuple: [tuple as u32, (tuple >> 32) as u32] }
    }
}

impl PatronsMet {
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Has the memory about a patron fetched, which takes longer than most of what a row needs.
    #[inline]
    pub fn fetch(&self, patron: &[u8]) {
        if let Some(seen) = dense(patron).and_then(|place| self.dense.get(place)) {
            prefetch(seen);
        }
    }

    /// What is remembered of a patron.
    #[inline]
    fn peek(&self, patron: &[u8]) -> LastSeen {
        match dense(patron) {
            Some(place) => self.dense.get(place).copied().unwrap_or(LastSeen::NEVER),
            None => self.others.find(patron).map_or(LastSeen::NEVER, |place| self.other[place as usize]),
        }
    }

    /// A patron's number; and whether the row's identifiers must be collected, since `tuple`, a hash of them, is not what was
    /// last seen of her. Rows are many, persons are few.
    #[inline]
    pub fn meet(&mut self, patron: &[u8], tuple: u64) -> Result<(PatronNumber, bool), PassError> {
        let seen = self.peek(patron);
        let number = PatronNumber(seen.number);
        if number.names_somebody() && seen == LastSeen::new(number, tuple) {
            return Ok((number, false));
        }
        Ok((self.meet_anew(patron, number, tuple)?, true))
    }

    #[cold]
    fn meet_anew(&mut self, patron: &[u8], known: PatronNumber, tuple: u64) -> Result<PatronNumber, PassError> {
        let dense = dense(patron);
        let place = match dense {
            Some(place) => place,
            None => self.others.insert(patron).ok_or(PassError::TooManyPatrons)?.0 as usize,
        };
        let number = if known.names_somebody() { known } else { self.next(place, dense.is_some())? };
        let seen = if dense.is_some() { &mut self.dense } else { &mut self.other };
        if place >= seen.len() {
            let length = if dense.is_some() { (place + 1).next_power_of_two() } else { place + 1 };
            seen.resize(length, LastSeen::NEVER);
        }
        seen[place] = LastSeen::new(number, tuple);
        Ok(number)
    }

    /// The number of somebody who is new.
    fn next(&mut self, place: usize, is_dense: bool) -> Result<PatronNumber, PassError> {
        let place = if is_dense { place } else { DENSE + place };
        self.order.push(u32::try_from(place).map_err(|_| PassError::TooManyPatrons)?);
        u32::try_from(self.order.len()).map(PatronNumber).map_err(|_| PassError::TooManyPatrons)
    }

    /// Calls `each` with every patron's number in the library system, in the order of their numbers here.
    pub fn for_each(&self, mut each: impl FnMut(&[u8]) -> Result<(), PassError>) -> Result<(), PassError> {
        let mut digits = Vec::new();
        for place in &self.order {
            match place.checked_sub(DENSE as u32) {
                Some(other) => each(self.others.get(other))?,
                None => {
                    digits.clear();
                    // Writing into memory doesn't fail.
                    let _ = write!(digits, "{place}");
                    each(&digits)?;
                }
            }
        }
        Ok(())
    }
}

#[inline]
#[allow(unsafe_code, reason = "the only way to ask for memory ahead, which a row's patron needs most of all")]
fn prefetch(seen: &LastSeen) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch changes nothing and can't fail, whatever its address.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(seen).cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = seen;
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
