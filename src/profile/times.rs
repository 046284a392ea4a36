//! How the times of a column are written. Whether the day or the month comes first is known only where some day is
//! above twelve: otherwise both fit, and the guess says so.

use jiff::tz::TimeZone;

use crate::cells::TimeFormat;

/// Patterns that library systems and spreadsheets write, each after the sign that follows its first digits.
const PATTERNS: [(&str, char); 30] = [
    ("iso", '-'),
    ("%m/%d/%Y", '/'),
    ("%d/%m/%Y", '/'),
    ("%m/%d/%Y %H:%M", '/'),
    ("%d/%m/%Y %H:%M", '/'),
    ("%m/%d/%Y %H:%M:%S", '/'),
    ("%d/%m/%Y %H:%M:%S", '/'),
    ("%m/%d/%Y %I:%M:%S %p", '/'),
    ("%d/%m/%Y %I:%M:%S %p", '/'),
    ("%m/%d/%Y %I:%M %p", '/'),
    ("%d/%m/%Y %I:%M %p", '/'),
    ("%m/%d/%y", '/'),
    ("%d/%m/%y", '/'),
    ("%Y/%m/%d", '/'),
    ("%Y/%m/%d %H:%M:%S", '/'),
    ("%d/%b/%Y:%H:%M:%S %z", '/'),
    ("[%d/%b/%Y:%H:%M:%S %z]", '['),
    ("%m-%d-%Y", '-'),
    ("%d-%m-%Y", '-'),
    ("%m-%d-%Y %H:%M:%S", '-'),
    ("%d-%m-%Y %H:%M:%S", '-'),
    ("%d-%b-%y", '-'),
    ("%d-%b-%Y", '-'),
    ("%d.%m.%Y", '.'),
    ("%d.%m.%Y %H:%M", '.'),
    ("%d.%m.%Y %H:%M:%S", '.'),
    ("%d %b %Y", ' '),
    ("%Y%m%d %H%M%S", ' '),
    ("%Y%m%d", '#'),
    ("%Y%m%d%H%M%S", '#'),
];

thread_local! {
    static FORMATS: Vec<TimeFormat> =
        PATTERNS.iter().map(|(pattern, _)| TimeFormat::new(&[pattern.to_string()], TimeZone::UTC)).collect();
}

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
    hits: [u64; PATTERNS.len()],
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
    /// Notes a cell. False: it is no time.
    pub fn note(&mut self, cell: &str) -> bool {
        let bytes = cell.as_bytes();
        if !(6..=40).contains(&bytes.len()) || bytes.iter().filter(|c| c.is_ascii_digit()).count() < 4 {
            return false;
        }
        let sign = cell.chars().find(|c| !c.is_ascii_digit()).unwrap_or('#');
        if sign == '#' && !matches!(bytes.len(), 8 | 14) || sign != '[' && !bytes[0].is_ascii_digit() {
            return false;
        }
        FORMATS.with(|formats| {
            let mut met = false;
            for (place, (_, begins)) in PATTERNS.iter().enumerate().filter(|(_, (_, begins))| *begins == sign) {
                let Some(stamp) = formats[place].read(bytes) else { continue };
                let year = stamp.date.year();
                // A number that happens to read as a date.
                if !(1850..=2100).contains(&year) || *begins == '#' && !(1900..=2040).contains(&year) {
                    continue;
                }
                self.hits[place] += 1;
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
        })
    }

    /// The pattern that fits most cells, how many it fits, and whether another order of day and month fits as many.
    pub fn best(&self) -> Option<(&'static str, u64, Order)> {
        let best = (0..PATTERNS.len()).rev().max_by_key(|place| self.hits[*place]).filter(|p| self.hits[*p] > 0)?;
        let (pattern, _) = PATTERNS[best];
        let other = swapped(pattern);
        let rival = PATTERNS.iter().position(|(known, _)| *known == other).filter(|place| *place != best);
        let order = if rival.is_some_and(|rival| self.hits[rival] == self.hits[best]) {
            Order::Doubtful
        } else {
            Order::Certain
        };
        Some((pattern, self.hits[best], order))
    }

    /// How many cells a pattern of the list fits.
    pub fn fits(&self, pattern: &str) -> u64 {
        PATTERNS.iter().position(|(known, _)| *known == pattern).map_or(0, |place| self.hits[place])
    }
}

/// The same pattern with day and month the other way round.
pub fn swapped(pattern: &str) -> String {
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
            times.note(cell);
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
            assert_eq!(times(cells).best(), expected, "{cells:?}");
        }
        assert_eq!(times(&["2026-10-31 09:30:00-04", "2026-10-31T09:30:00Z", "2026-10-31 09:30:00"]).offsets, 2);
        assert_eq!(times(&["1951-12-30", "2014-09-09"]).years, Some((1951, 2014)));
    }
}
