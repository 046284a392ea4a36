//! The time of a web log, `14/Mar/2014:09:39:18 -0700`, fast: every line of a log has one. What is written in any other way
//! is left to jiff, and a test holds both to the same answer.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::stamp::{Stamp, stamp};
use crate::words::Day;

pub(super) const PATTERN: &str = "%d/%b/%Y:%H:%M:%S %z";

/// Times outside these years take the slow way.
const YEARS: std::ops::Range<u32> = 1971..2100;

const MONTHS: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// The library's zone, as a list: since when (seconds since 1970, UTC) its clocks have been how many seconds ahead.
#[derive(Clone, Debug)]
pub(super) struct Logged {
    spans: Vec<(i64, i32)>,
}

impl Logged {
    pub fn new(zone: &TimeZone) -> Logged {
        let mut spans = vec![(i64::MIN, zone.to_offset(Timestamp::UNIX_EPOCH).seconds())];
        let end = i64::from(YEARS.end - 1970) * 366 * 86_400;
        let changes = zone.following(Timestamp::UNIX_EPOCH).map(|change| {
            let since = change.timestamp().as_second();
            (since, change.offset().seconds())
        });
        spans.extend(changes.take_while(|(since, _)| *since < end));
        Logged { spans }
    }

    /// None: it is written otherwise, or there is no such time.
    #[inline]
    pub fn read(&self, cell: &[u8]) -> Option<Stamp> {
        let cell: &[u8; 26] = cell.try_into().ok()?;
        let two = |at: usize| -> Option<u32> {
            let (a, b) = (cell[at].wrapping_sub(b'0'), cell[at + 1].wrapping_sub(b'0'));
            (a < 10 && b < 10).then(|| u32::from(a) * 10 + u32::from(b))
        };
        let [between_day, between_month] = [cell[2], cell[6]];
        let clock = [cell[11], cell[14], cell[17], cell[20]];
        if [between_day, between_month] != [b'/'; 2] || clock != *b"::: " {
            return None;
        }
        let month = MONTHS.iter().position(|name| name[..] == cell[3..6])? as i8 + 1;
        let year = two(7)? * 100 + two(9)?;
        let (hour, minute, second) = (two(12)?, two(15)?, two(18)?);
        let (ahead_hours, ahead_minutes) = (two(22)?, two(24)?);
        let fits = YEARS.contains(&year) && hour < 24 && minute < 60 && second < 60 && ahead_hours < 15;
        if !fits || ahead_minutes >= 60 {
            return None;
        }
        let ahead = (ahead_hours * 3_600 + ahead_minutes * 60) as i32;
        let ahead = match cell[21] {
            b'+' => ahead,
            b'-' => -ahead,
            _ => return None,
        };
        let date = Date::new(year as i16, month, two(0)? as i8).ok()?;
        let of_day = hour * 3_600 + minute * 60 + second;
        let utc = i64::from(Day::from_date(date).0) * 86_400 + i64::from(of_day) - i64::from(ahead);
        let span = self.spans.partition_point(|(since, _)| *since <= utc) - 1;
        let ours = self.spans[span].1;
        if ours == ahead {
            return Some(stamp(date, Some(of_day)));
        }
        let local = utc + i64::from(ours);
        let day = Day(local.div_euclid(86_400) as i32);
        Some(stamp(day.date(), Some(local.rem_euclid(86_400) as u32)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::TimeFormat;
    use super::*;

    fn slow(zone: &TimeZone, cell: &str) -> Option<Stamp> {
        let format = TimeFormat { logged: None, ..TimeFormat::new(&[PATTERN.into()], zone.clone()) };
        format.read(cell.as_bytes())
    }

    const ZONES: [&str; 6] =
        ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "UTC"];

    proptest! {
        /// What is answered fast is jiff's answer; what isn't, jiff is asked.
        #[test]
        fn it_is_what_jiff_says(
            zone in prop::sample::select(&ZONES[..]),
            (day, month, year) in (0..33u8, prop::sample::select(&["Jan", "Feb", "MAR", "Oct", "Nov", "Dec"][..]), 1965..2105u16),
            (hour, minute, second) in (0..25u8, 0..61u8, 0..61u8),
            offset in "[+-](0[0-9]|1[0-9])(00|30|45|59|60)|-0400|-0500|Z| 0100",
            cut in 0..27usize,
        ) {
            let zone = TimeZone::get(zone).unwrap();
            let cell = format!("{day:02}/{month}/{year}:{hour:02}:{minute:02}:{second:02} {offset}");
            let cell = if cut < 20 { &cell[..] } else { &cell[..cut.min(cell.len())] };
            let read = TimeFormat::new(&[PATTERN.into()], zone.clone()).read(cell.as_bytes());
            prop_assert_eq!(read, slow(&zone, cell), "{}", cell);
        }

        #[test]
        fn all_of_a_zones_changes_are_known(zone in prop::sample::select(&ZONES[..]), second in 31_600_000i64..4_070_000_000) {
            let zone = TimeZone::get(zone).unwrap();
            // Around each change, every quarter of an hour.
            let change = zone.following(Timestamp::from_second(second).unwrap()).next();
            let change = change.map_or(second, |change| change.timestamp().as_second());
            let logged = Logged::new(&zone);
            for near in -8..8 {
                let moment = Timestamp::from_second(change + near * 900).unwrap().to_zoned(TimeZone::UTC);
                let cell = jiff::fmt::strtime::format(PATTERN, &moment).unwrap();
                let fast = logged.read(cell.as_bytes());
                prop_assert!(fast.is_some() || moment.year() >= 2100, "{}", &cell);
                prop_assert_eq!(fast.or_else(|| slow(&zone, &cell)), slow(&zone, &cell), "{}", cell);
            }
        }
    }

    #[test]
    fn a_line_of_a_log_takes_the_fast_way() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let logged = Logged::new(&zone);
        let cases = [
            ("14/Mar/2014:09:39:18 -0400", Some("2014-03-14 34758")),
            // Another clock than the library's: in its own time it was noon, and the evening before.
            ("14/Mar/2014:09:39:18 -0700", Some("2014-03-14 45558")),
            ("01/Nov/2026:02:30:00 +0000", Some("2026-10-31 81000")),
            // Clocks went back: 01:30 comes twice.
            ("01/Nov/2026:01:30:00 -0400", Some("2026-11-01 5400")),
            ("01/Nov/2026:01:30:00 -0500", Some("2026-11-01 5400")),
            ("29/Feb/2026:01:30:00 -0500", None),
            ("14/Mar/2014:09:39:18 -07:00", None),
            ("14-Mar-2014:09:39:18 -0700", None),
            ("", None),
        ];
        for (cell, expected) in cases {
            let read = logged.read(cell.as_bytes()).map(|stamp| format!("{} {}", stamp.day, stamp.second.unwrap()));
            assert_eq!(read.as_deref(), expected, "{cell}");
        }
    }
}
