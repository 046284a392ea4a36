//! What is released at once: a month, or several that follow each other.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::day::{Day, Month, ParseMonthError};

/// Months that are released together, from the first to the last, both included. Written `2026-07`, or
/// `2026-07-to-2026-09`: so folders and files of it sort by time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Period {
    pub first: Month,
    pub last: Month,
}

impl Period {
    pub fn of_month(month: Month) -> Period {
        Period { first: month, last: month }
    }

    pub fn contains(self, month: Month) -> bool {
        (self.first..=self.last).contains(&month)
    }

    pub fn months(self) -> impl Iterator<Item = Month> {
        (self.first.0..=self.last.0).map(Month)
    }

    /// How many months it has.
    pub fn length(self) -> i32 {
        self.last.0 - self.first.0 + 1
    }

    pub fn first_day(self) -> Day {
        self.first.first_day()
    }

    pub fn last_day(self) -> Day {
        self.last.last_day()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { self.first.fmt(f) } else { write!(f, "{}-to-{}", self.first, self.last) }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Period, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|_| D::Error::custom("not a period (YYYY-MM-to-YYYY-MM)"))
    }
}

impl FromStr for Period {
    type Err = ParseMonthError;

    fn from_str(text: &str) -> Result<Period, ParseMonthError> {
        let period = match text.split_once("-to-") {
            None => Period::of_month(text.parse()?),
            Some((first, last)) => Period { first: first.parse()?, last: last.parse()? },
        };
        let is_one_way = period.first <= period.last && period.to_string() == text;
        if is_one_way { Ok(period) } else { Err(ParseMonthError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_written_in_one_way() {
        for text in ["2026-07", "2026-07-to-2026-09", "2025-12-to-2026-01"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in ["2026-07-to-2026-07", "2026-09-to-2026-07", "2026-7", "2026-07-to-", "2026-07-2026-09"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
        let quarter: Period = "2025-11-to-2026-01".parse().unwrap();
        assert_eq!((quarter.length(), quarter.months().count()), (3, 3));
        assert_eq!(
            (quarter.first_day().to_string(), quarter.last_day().to_string()),
            ("2025-11-01".into(), "2026-01-31".into())
        );
    }
}
