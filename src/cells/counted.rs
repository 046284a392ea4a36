//! Times that are one number: seconds or milliseconds since 1970, and the days of spreadsheets.

use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// What the number counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Counted {
    /// `epoch`: seconds since 1970-01-01T00:00Z, with decimals or without.
    Seconds,
    /// `epoch-ms`: milliseconds.
    Milliseconds,
    /// `excel`: days since 1899-12-30 by the library's clocks, with a part of a day or without: serials of spreadsheets, right
    /// from 1900-03-01 on.
    Days,
}

impl Counted {
    pub fn named(pattern: &str) -> Option<Counted> {
        match pattern {
            "epoch" => Some(Counted::Seconds),
            "epoch-ms" => Some(Counted::Milliseconds),
            "excel" => Some(Counted::Days),
            _ => None,
        }
    }

    /// A time of UTC, as this number.
    pub fn write(self, civil: DateTime) -> Option<String> {
        let seconds = civil.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
        Some(match self {
            Counted::Seconds => seconds.to_string(),
            Counted::Milliseconds => (seconds * 1_000).to_string(),
            Counted::Days => (civil.date().since(date(1899, 12, 30)).ok()?.get_days()).to_string(),
        })
    }

    /// None: it is no such number. The time, and whether it has a clock.
    pub fn read(self, cell: &[u8], zone: &TimeZone) -> Option<(DateTime, bool)> {
        let text = std::str::from_utf8(cell).ok()?;
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
        if whole.is_empty() || whole.len() > 15 || part.len() > 18 || !digits(whole) || !digits(part) {
            return None;
        }
        let number: i64 = whole.parse().ok()?;
        match self {
            Counted::Seconds => Some((zone.to_datetime(Timestamp::from_second(number).ok()?), true)),
            Counted::Milliseconds => Some((zone.to_datetime(Timestamp::from_millisecond(number).ok()?), true)),
            Counted::Days => {
                let day = date(1899, 12, 30).checked_add(i32::try_from(number).ok()?.days()).ok()?;
                let part: f64 = if part.is_empty() { 0.0 } else { format!("0.{part}").parse().ok()? };
                let second = ((part * 86_400.0).round() as i64).min(86_399);
                Some((day.at(0, 0, 0, 0).checked_add(second.seconds()).ok()?, second > 0))
            }
        }
    }
}
