//! How the times of a column are written. Whether the day or the month comes first is known only where some day is
//! above twelve: otherwise both fit, and the guess says so.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;

use super::written::written;
use crate::cells::{Stamp, TimeFormat};

thread_local! {
    /// Patterns that were met, and how each is read.
    static FORMATS: RefCell<HashMap<String, TimeFormat>> = RefCell::default();
}

/// So many ways of writing a time are told apart in a column.
const MOST: usize = 64;

/// Whether it is certain which of day and month comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    Certain,
    /// Both ways fit every cell.
    Doubtful,
}

/// The times of a column.
#[derive(Clone, Debug, Default)]
pub struct Times {
    /// Cells by the pattern that fits them; both orders of day and month, where both do.
    hits: BTreeMap<String, u64>,
    /// Cells that some pattern fits.
    pub read: u64,
    /// Of them, those with an offset from UTC.
    pub offsets: u64,
    /// Those with a time of the day.
    pub clocks: u64,
    /// The first and the last year, by the first pattern that fits.
    pub years: Option<(i16, i16)>,
}

impl Times {
    /// Notes a cell. False: it is no time. `called_so`: the column is called like a time, and so may hold one that is a number.
    pub fn note(&mut self, cell: &str, called_so: bool) -> bool {
        let mut met = false;
        for pattern in written(cell, called_so) {
            let Some(stamp) = read(&pattern, cell) else { continue };
            let year = stamp.date.year();
            let number = cell.bytes().all(|c| c.is_ascii_digit() || c == b'.');
            // A number that happens to read as a date.
            if !(1850..=2100).contains(&year) || number && !(1900..=2040).contains(&year) {
                continue;
            }
            if self.hits.len() < MOST || self.hits.contains_key(&pattern) {
                *self.hits.entry(pattern).or_default() += 1;
            }
            if !met {
                let (first, last) = self.years.unwrap_or((year, year));
                self.years = Some((first.min(year), last.max(year)));
                self.clocks += u64::from(stamp.second.is_some());
                met = true;
            }
        }
        self.read += u64::from(met);
        self.offsets += u64::from(met && has_offset(cell));
        met
    }

    /// The pattern that fits most cells, how many it fits, and whether another order of day and month fits as many.
    pub fn best(&self) -> Option<(&str, u64, Order)> {
        // Of two orders that fit alike the month's comes first.
        let (pattern, hits) = self.hits.iter().max_by_key(|(pattern, hits)| {
            (**hits, pattern.find("%m") < pattern.find("%d"), std::cmp::Reverse(pattern.len()))
        })?;
        let other = swapped(pattern);
        let order = if other != *pattern && self.fits(&other) == *hits { Order::Doubtful } else { Order::Certain };
        Some((pattern, *hits, order))
    }

    /// The ways in which its times are written: a column may have dates with a clock and without. What few cells are written
    /// in is a mistake of theirs, and not read. `month_first`: the order of day and month.
    pub fn patterns(&self, month_first: bool) -> Vec<&str> {
        let by_order = |(pattern, _): &(&str, u64)| !is_numbered(pattern) || is_month_first(pattern) == month_first;
        let mut all: Vec<(&str, u64)> = self.usual().filter(by_order).collect();
        all.sort_by_key(|(_, hits)| std::cmp::Reverse(*hits));
        all.into_iter().map(|(pattern, _)| pattern).collect()
    }

    /// The pattern of most cells, and those of one cell in five and of several.
    fn usual(&self) -> impl Iterator<Item = (&str, u64)> {
        let most = self.hits.values().copied().max().unwrap_or(0);
        let all = self.hits.iter().map(|(pattern, hits)| (pattern.as_str(), *hits));
        all.filter(move |(_, hits)| *hits == most || hits * 5 >= self.read && *hits >= 5)
    }

    /// How many cells a pattern fits.
    pub fn fits(&self, pattern: &str) -> u64 {
        self.hits.get(pattern).copied().unwrap_or(0)
    }

    /// How many cells show that the month comes first, and how many that the day does.
    pub fn shown(&self) -> (u64, u64) {
        let mut shown = (0, 0);
        for (pattern, hits) in self.usual().filter(|(pattern, _)| is_numbered(pattern)) {
            let more = hits.saturating_sub(self.fits(&swapped(pattern)));
            if is_month_first(pattern) {
                shown.0 += more;
            } else {
                shown.1 += more;
            }
        }
        shown
    }
}

/// A cell, as a pattern reads it.
fn read(pattern: &str, cell: &str) -> Option<Stamp> {
    FORMATS.with_borrow_mut(|formats| {
        if !formats.contains_key(pattern) {
            formats.insert(pattern.to_string(), TimeFormat::new(&[pattern.to_string()], TimeZone::UTC));
        }
        formats[pattern].read(cell.as_bytes())
    })
}

/// Whether day and month are both numbers, and no year before them tells which is which.
pub fn is_numbered(pattern: &str) -> bool {
    pattern.contains("%m") && pattern.contains("%d") && !pattern.starts_with("%Y")
}

pub fn is_month_first(pattern: &str) -> bool {
    pattern.find("%m") < pattern.find("%d")
}

/// The same pattern with day and month the other way round.
pub fn swapped(pattern: &str) -> String {
    if !is_numbered(pattern) {
        return pattern.to_string();
    }
    pattern.replace("%m", "\0").replace("%d", "%m").replace('\0', "%d")
}

/// `+00:00`, `-04`, `Z` at the end of what has a clock time.
fn has_offset(cell: &str) -> bool {
    let Some((_, clock)) = cell.split_once(':') else { return false };
    clock.ends_with('Z') || clock.contains(['+', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(cells: &[&str]) -> Times {
        let mut times = Times::default();
        for cell in cells {
            times.note(cell, false);
        }
        times
    }

    #[test]
    fn patterns_are_known_and_the_order_only_where_it_shows() {
        type Best = Option<(&'static str, u64, Order)>;
        let cases: [(&[&str], Best); 13] = [
            (&["2026-10-31 09:30:00", "2026-10-31"], Some(("iso", 2, Order::Certain))),
            (&["08/03/2026", "12/30/1961"], Some(("%m/%d/%Y", 2, Order::Certain))),
            (&["03/08/2026", "30/12/1961"], Some(("%d/%m/%Y", 2, Order::Certain))),
            (&["03/08/2026", "01/02/1961"], Some(("%m/%d/%Y", 2, Order::Doubtful))),
            (&["12-FEB-99", "05-MAR-26"], Some(("%d-%b-%y", 2, Order::Certain))),
            (&["9/1/2026 10:02:11 AM", "9/30/2026 1:02:11 PM"], Some(("%m/%d/%Y %I:%M:%S %p", 2, Order::Certain))),
            (&["31.10.2026"], Some(("%d.%m.%Y", 1, Order::Certain))),
            (&["20260411 210055", "20251217 000001"], Some(("%Y%m%d %H%M%S", 2, Order::Certain))),
            (&["19800203", "19551217"], Some(("%Y%m%d", 2, Order::Certain))),
            (&["[14/Mar/2014:09:39:18 -0700]"], Some(("[%d/%b/%Y:%H:%M:%S %z]", 1, Order::Certain))),
            (&["29999000005001", "104001", "0", "555-0161", "QA76.73 .R87 2019", "(203) 555-0171"], None),
            (&["99999999", "12345678"], None),
            (&[], None),
        ];
        for (cells, expected) in cases {
            let times = times(cells);
            assert_eq!(times.best(), expected, "{cells:?}");
        }
        assert_eq!(times(&["2026-10-31 09:30:00-04", "2026-10-31T09:30:00Z", "2026-10-31 09:30:00"]).offsets, 2);
        assert_eq!(times(&["1951-12-30", "2014-09-09"]).years, Some((1951, 2014)));
    }
}
