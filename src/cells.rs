//! What single cells say: nothing, a time, an amount. Bytes in, meaning out; what can't be read is said, never guessed.

use std::cmp::Ordering;

use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;

mod counted;
mod logged;
mod month_words;
mod stamp;

use counted::Counted;
use logged::Logged;
pub use month_words::is_month;
pub use stamp::Stamp;
use stamp::stamp;

/// How a pipeline's times are written.
#[derive(Clone, Debug)]
pub struct TimeFormat {
    /// ISO 8601, with a blank for the T if it likes.
    iso: bool,
    /// The first pattern is that of web logs.
    logged: Option<Logged>,
    /// Times that are numbers.
    counted: Vec<Counted>,
    patterns: Vec<String>,
    zone: TimeZone,
}

const ISO: [&str; 3] = ["iso", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"];

impl TimeFormat {
    /// The first pattern that fits a cell counts.
    pub fn new(patterns: &[String], zone: TimeZone) -> TimeFormat {
        let (iso, patterns): (Vec<_>, Vec<_>) =
            patterns.iter().cloned().partition(|pattern| ISO.contains(&pattern.as_str()));
        let (counted, patterns): (Vec<_>, Vec<_>) =
            patterns.into_iter().partition(|pattern| Counted::named(pattern).is_some());
        let counted = counted.iter().filter_map(|pattern| Counted::named(pattern)).collect();
        let logged = patterns.first().is_some_and(|first| first == logged::PATTERN).then(|| Logged::new(&zone));
        TimeFormat { iso: !iso.is_empty(), logged, counted, patterns, zone }
    }

    /// Whether a pattern is one.
    pub fn knows(pattern: &str) -> bool {
        let moment = jiff::Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
        ISO.contains(&pattern)
            || Counted::named(pattern).is_some()
            || pattern.contains('%')
                && jiff::fmt::strtime::format(pattern, &moment).is_ok_and(|text| {
                    // What it can't read back is of no use.
                    TimeFormat::new(&[pattern.to_string()], TimeZone::UTC).read(text.as_bytes()).is_some()
                })
    }

    /// A time as a pattern writes it; of UTC, where the pattern has an offset. None: it isn't one.
    pub fn written(pattern: &str, civil: DateTime) -> Option<String> {
        if let Some(counted) = Counted::named(pattern) {
            return counted.write(civil);
        }
        if pattern == ISO[0] {
            return Some(civil.date().to_string());
        }
        jiff::fmt::strtime::format(pattern, &civil.to_zoned(TimeZone::UTC).ok()?).ok()
    }

    /// None: not a time in this format, or no such day.
    #[inline]
    pub fn read(&self, cell: &[u8]) -> Option<Stamp> {
        if self.iso
            && let Some(stamp) = plain(cell).or_else(|| self.iso(cell))
        {
            return Some(stamp);
        }
        if let Some(stamp) = self.logged.as_ref().and_then(|logged| logged.read(cell)) {
            return Some(stamp);
        }
        if let Some(stamp) = self.patterns.iter().find_map(|pattern| self.by_pattern(pattern, cell)) {
            return Some(stamp);
        }
        self.by_words(cell).or_else(|| self.counted.iter().find_map(|counted| self.counted(*counted, cell)))
    }

    /// Months and halves of a day in another language than English.
    fn by_words(&self, cell: &[u8]) -> Option<Stamp> {
        let worded = |pattern: &&String| ["%b", "%B", "%h", "%p", "%P"].iter().any(|word| pattern.contains(word));
        let mut patterns = self.patterns.iter().filter(worded).peekable();
        patterns.peek()?;
        let english = month_words::in_english(std::str::from_utf8(cell).ok()?)?;
        patterns.find_map(|pattern| self.by_pattern(pattern, english.as_bytes()))
    }

    fn counted(&self, counted: Counted, cell: &[u8]) -> Option<Stamp> {
        let (civil, has_clock) = counted.read(cell, &self.zone)?;
        Some(if has_clock { self.civil(civil) } else { stamp(civil.date(), None) })
    }

    fn iso(&self, cell: &[u8]) -> Option<Stamp> {
        // `2014-05-14 08:39:13.070326-04`: the hour alone for an offset, as PostgreSQL writes it.
        let pieces = DateTimeParser::new().parse_pieces(cell).ok()?;
        let date = pieces.date();
        let Some(time) = pieces.time() else { return Some(stamp(date, None)) };
        let civil = date.to_datetime(time);
        match pieces.to_numeric_offset() {
            None => Some(self.civil(civil)),
            Some(offset) => Some(self.civil(self.zone.to_datetime(offset.to_timestamp(civil).ok()?))),
        }
    }

    fn by_pattern(&self, pattern: &str, cell: &[u8]) -> Option<Stamp> {
        let broken = jiff::fmt::strtime::parse(pattern, cell).ok()?;
        if let Ok(timestamp) = broken.to_timestamp() {
            return Some(self.civil(self.zone.to_datetime(timestamp)));
        }
        match broken.to_datetime() {
            Ok(civil) if broken.hour().is_some() => Some(self.civil(civil)),
            _ => Some(stamp(broken.to_date().ok()?, None)),
        }
    }

    fn civil(&self, civil: DateTime) -> Stamp {
        let time = civil.time();
        let second = time.hour() as u32 * 3_600 + time.minute() as u32 * 60 + time.second() as u32;
        stamp(civil.date(), Some(second))
    }
}

/// The most common writing, fast: `YYYY-MM-DD`, alone or with ` HH:MM:SS`.
#[inline]
fn plain(cell: &[u8]) -> Option<Stamp> {
    let two = |at: usize| -> Option<u32> {
        let (a, b) = (cell[at].wrapping_sub(b'0'), cell[at + 1].wrapping_sub(b'0'));
        (a < 10 && b < 10).then(|| u32::from(a) * 10 + u32::from(b))
    };
    if !matches!(cell.len(), 10 | 19) || cell[4] != b'-' || cell[7] != b'-' {
        return None;
    }
    let year = two(0)? * 100 + two(2)?;
    let date = Date::new(year as i16, two(5)? as i8, two(8)? as i8).ok()?;
    if cell.len() == 10 {
        return Some(stamp(date, None));
    }
    let (hour, minute, second) = (two(11)?, two(14)?, two(17)?);
    let valid = matches!(cell[10], b' ' | b'T') && cell[13] == b':' && cell[16] == b':';
    (valid && hour < 24 && minute < 60 && second < 60).then(|| stamp(date, Some(hour * 3_600 + minute * 60 + second)))
}

/// The cells that mean "no value".
#[derive(Clone, Debug, Default)]
pub struct Nulls {
    texts: Vec<Vec<u8>>,
    longest: usize,
}

impl Nulls {
    pub fn new(texts: &[String]) -> Nulls {
        Nulls {
            texts: texts.iter().map(|text| text.as_bytes().to_vec()).collect(),
            longest: texts.iter().map(String::len).max().unwrap_or(0),
        }
    }

    /// A cell, null made empty.
    #[inline]
    pub fn value<'c>(&self, cell: &'c [u8]) -> &'c [u8] {
        let short = !cell.is_empty() && cell.len() <= self.longest;
        // Every cell passes here, and few begin as a null does.
        if short && self.texts.iter().any(|null| null.first() == cell.first() && null == cell) { b"" } else { cell }
    }
}

/// Whether an amount is above zero, `decimal` standing before its cents. None: it can't be read, and so may be.
pub fn above_zero(cell: &[u8], decimal: u8) -> Option<bool> {
    sign(cell, decimal).map(Ordering::is_gt)
}

/// How an amount stands to zero. None: it can't be read.
pub fn sign(cell: &[u8], decimal: u8) -> Option<Ordering> {
    let (negative, digits) = match cell {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] | rest => (false, rest),
    };
    let point = digits.iter().position(|c| *c == decimal);
    let (whole, fraction) = digits.split_at(point.unwrap_or(digits.len()));
    let fraction = fraction.get(1..).unwrap_or_default();
    let numeric = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    if whole.is_empty() || !numeric(whole) || !numeric(fraction) || point.is_some() && fraction.is_empty() {
        return None;
    }
    Some(match (digits.iter().any(|c| matches!(c, b'1'..=b'9')), negative) {
        (false, _) => Ordering::Equal,
        (true, true) => Ordering::Less,
        (true, false) => Ordering::Greater,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_or_said_to_be_unreadable() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let cases = [
            ("iso", "2026-10-01 09:30:00", Some("2026-10-01 34200")),
            ("iso", "2026-10-01", Some("2026-10-01 date")),
            ("iso", "2026-10-01T09:30:00", Some("2026-10-01 34200")),
            ("iso", "2026-09-06 14:52:08.000000-04", Some("2026-09-06 53528")),
            ("iso", "2026-09-06 23:52:08.5-04", Some("2026-09-06 85928")),
            ("iso", "2026-09-07T02:00:00Z", Some("2026-09-06 79200")),
            ("iso", "2026-09-07 02:00:00+0530", Some("2026-09-06 59400")),
            // Winter time begins: 01:30 comes twice, and either way it is that day.
            ("iso", "2026-11-01 01:30:00", Some("2026-11-01 5400")),
            ("iso", "2026-11-01 01:30:00-05", Some("2026-11-01 5400")),
            // Summer time begins: 02:30 never was on a clock, but the day is plain.
            ("iso", "2026-03-08 02:30:00", Some("2026-03-08 9000")),
            ("iso", "2024-02-29 00:00:00", Some("2024-02-29 0")),
            ("iso", "2026-02-29 00:00:00", None),
            ("iso", "0000-00-00 00:00:00", None),
            ("iso", "2026-13-01", None),
            ("iso", "2026-10-01 24:00:00", None),
            ("iso", "01/10/2026", None),
            ("iso", "tomorrow", None),
            ("iso", "", None),
            ("%m-%d-%Y", "10-31-2026", Some("2026-10-31 date")),
            ("%m-%d-%Y", "31-10-2026", None),
            ("%d/%m/%Y %H:%M", "31/10/2026 08:05", Some("2026-10-31 29100")),
            // As spreadsheets write them: not filled up, without seconds.
            ("%m/%d/%Y %H:%M", "1/12/2025 8:05", Some("2025-01-12 29100")),
            ("%m/%d/%Y %H:%M", "11/7/2025 20:55", Some("2025-11-07 75300")),
            ("%m/%d/%Y %H:%M", "13/12/2025 8:05", None),
            ("%Y-%m-%dT%H:%M:%S%z", "2026-09-07T02:00:00+0000", Some("2026-09-06 79200")),
            ("iso", "2026-10-01T09:30:00.123456789", Some("2026-10-01 34200")),
            ("iso", "2026-10-01 09:30", Some("2026-10-01 34200")),
            // Oracle, SQL Server, and what other languages call a month.
            ("%d-%b-%y %I.%M.%S%.f %p", "31-OCT-26 09.30.00.000000 AM", Some("2026-10-31 34200")),
            ("%b %d %Y %I:%M%p", "Oct  1 2026  9:30AM", Some("2026-10-01 34200")),
            ("%d-%b-%y", "15-FÉV-26", Some("2026-02-15 date")),
            ("%d %b %Y %H:%M", "3 févr. 2026 09:30", Some("2026-02-03 34200")),
            ("%d. %b %Y", "31. Okt. 2026", Some("2026-10-31 date")),
            ("%d/%m/%Y %I:%M %p", "31/10/2026 9:30 p. m.", Some("2026-10-31 77400")),
            ("%d de %b de %Y", "31 de octubre de 2026", Some("2026-10-31 date")),
            // 2026-10-31T13:30:00Z
            ("epoch", "1793453400", Some("2026-10-31 34200")),
            ("epoch-ms", "1793453400123", Some("2026-10-31 34200")),
            ("epoch", "-5", None),
            ("epoch", "", None),
            ("excel", "46326", Some("2026-10-31 date")),
            ("excel", "46326.395833333", Some("2026-10-31 34200")),
            ("excel", "46326,39", None),
        ];
        for (format, cell, expected) in cases {
            let read = TimeFormat::new(&[format.to_string()], zone.clone()).read(cell.as_bytes());
            let shown = read.map(|stamp| {
                let time = stamp.second.map_or("date".to_string(), |second| second.to_string());
                format!("{} {time}", stamp.day)
            });
            assert_eq!(shown.as_deref(), expected, "{format} of {cell}");
        }
    }

    #[test]
    fn an_amount_is_above_zero_or_not_or_unreadable() {
        let cases = [
            ("0.00", Some(false)),
            ("-0.00", Some(false)),
            ("-3.50", Some(false)),
            ("0.01", Some(true)),
            ("12", Some(true)),
            ("+1.000000", Some(true)),
            ("1,234.50", None),
            ("", None),
            ("NULL", None),
            ("1.", None),
            (".5", None),
            ("$5", None),
            ("1e3", None),
            ("--1", None),
        ];
        for (cell, expected) in cases {
            assert_eq!(above_zero(cell.as_bytes(), b'.'), expected, "{cell}");
        }
        for (cell, expected) in [("-0.00", Ordering::Equal), ("-3.50", Ordering::Less), ("0.01", Ordering::Greater)] {
            assert_eq!(sign(cell.as_bytes(), b'.'), Some(expected), "{cell}");
        }
    }
}
