//! Civil days and months in the library's time zone. Every rule of afterloan counts in these: an hour never decides.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A civil day, counted from 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The proleptic Gregorian calendar's day count: months from March on, so that leap days come last, in eras of 400
    /// years (Howard Hinnant's algorithm). Every row asks for it, several times; jiff's own way is exact but slower.
    #[inline]
    pub fn from_date(date: Date) -> Day {
        let (year, month, day) = (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
        let year = year - i32::from(month <= 2);
        let era = year.div_euclid(400);
        let of_era = year - era * 400;
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Day(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
    }

    /// The calendar date; days beyond jiff's range (year ±9999) are clamped to it.
    #[inline]
    pub fn date(self) -> Date {
        let days = i64::from(self.0) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days - era * 146_097;
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        match i16::try_from(year).ok().and_then(|year| Date::new(year, month as i8, day as i8).ok()) {
            Some(date) => date,
            None if self.0 < 0 => Date::MIN,
            None => Date::MAX,
        }
    }

    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    pub fn month(self) -> Month {
        let date = self.date();
        Month::new(date.year().into(), date.month().into())
    }

    /// 0 is Monday, as in ISO 8601.
    pub fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7) as u8
    }

    /// The Monday of this day's ISO week.
    pub fn monday(self) -> Day {
        Day(self.0 - i32::from(self.weekday()))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Day {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Day, jiff::Error> {
        text.parse::<Date>().map(Day::from_date)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|_| D::Error::custom("not a date (YYYY-MM-DD)"))
    }
}

/// A civil month, counted from the year 0. Written `YYYY-MM`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

impl Month {
    /// `month` counts from 1.
    pub fn new(year: i32, month: i32) -> Month {
        Month(year * 12 + month - 1)
    }

    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// 1 is January.
    pub fn month(self) -> i32 {
        self.0.rem_euclid(12) + 1
    }

    pub fn next(self) -> Month {
        Month(self.0 + 1)
    }

    pub fn first_day(self) -> Day {
        match Date::new(self.year() as i16, self.month() as i8, 1) {
            Ok(date) => Day::from_date(date),
            Err(_) => Day(i32::MIN),
        }
    }

    pub fn last_day(self) -> Day {
        self.next().first_day().plus(-1)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("not a month (YYYY-MM)")]
pub struct ParseMonthError;

impl FromStr for Month {
    type Err = ParseMonthError;

    fn from_str(text: &str) -> Result<Month, ParseMonthError> {
        let (year, month) = text.split_once('-').ok_or(ParseMonthError)?;
        let (year, month) = match (year.len(), month.len()) {
            (4, 2) => (year.parse::<u16>(), month.parse::<u8>()),
            _ => return Err(ParseMonthError),
        };
        match (year, month) {
            (Ok(year), Ok(month @ 1..=12)) => Ok(Month::new(year.into(), month.into())),
            _ => Err(ParseMonthError),
        }
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Month, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_is_the_one_that_jiff_says() {
        let epoch = Date::constant(1970, 1, 1);
        let mut date = Date::constant(1599, 1, 1);
        while date < Date::constant(2401, 1, 1) {
            let days = date.duration_since(epoch).as_hours() / 24;
            assert_eq!(i64::from(Day::from_date(date).0), days, "{date}");
            assert_eq!(Day::from_date(date).date(), date);
            date = date.tomorrow().unwrap();
        }
        for edge in [Date::MIN, Date::MAX, Date::constant(0, 2, 29), Date::constant(-1, 12, 31)] {
            assert_eq!(Day::from_date(edge).date(), edge);
        }
        assert_eq!(Day(i32::MIN).date(), Date::MIN);
        assert_eq!(Day(i32::MAX).date(), Date::MAX);
    }

    #[test]
    fn days_months_and_weeks_agree_with_the_calendar() {
        let day: Day = "2024-02-29".parse().unwrap();
        assert_eq!(day.to_string(), "2024-02-29");
        assert_eq!(day.month().to_string(), "2024-02");
        assert_eq!(day.month().last_day(), day);
        assert_eq!(day.weekday(), 3, "a Thursday");
        assert_eq!(day.monday().to_string(), "2024-02-26");
        assert_eq!(Day(-1).weekday(), 2, "1969-12-31 was a Wednesday");
        assert_eq!("2026-12".parse::<Month>().unwrap().next().to_string(), "2027-01");
        for wrong in ["2026-13", "2026-1", "26-01", "2026", "2026-00"] {
            assert!(wrong.parse::<Month>().is_err(), "{wrong}");
        }
    }
}
