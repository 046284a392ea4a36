//! Regular periods: a month, a quarter or a year; and what becomes of one that is about too few.
//!
//! It waits and is released with the next, as one longer period; after a year it is closed, and nothing is published of
//! it, ever.

use serde::{Deserialize, Serialize};

use super::day::Month;
use super::period::Period;

/// How long a regular period is. A year may begin with any month, and quarters go by it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Length {
    Month,
    Quarter,
    Year,
}

impl Length {
    /// The shortest first.
    pub const ALL: [Length; 3] = [Length::Month, Length::Quarter, Length::Year];

    /// As a policy has it.
    pub fn name(self) -> &'static str {
        match self {
            Length::Month => "month",
            Length::Quarter => "quarter",
            Length::Year => "year",
        }
    }

    pub fn months(self) -> i32 {
        match self {
            Length::Month => 1,
            Length::Quarter => 3,
            Length::Year => 12,
        }
    }
}

/// Regular periods of a policy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Calendar {
    pub length: Length,
    /// The month that a year begins with, from 1.
    pub year_begins: i32,
}

/// No period grows longer than this many months.
pub const LONGEST: i32 = 12;

impl Calendar {
    /// The regular period that a month is in.
    pub fn regular(self, month: Month) -> Period {
        self.period_of(month, self.length.months())
    }

    /// The year that a month is in.
    pub fn year(self, month: Month) -> Period {
        self.period_of(month, Length::Year.months())
    }

    fn period_of(self, month: Month, length: i32) -> Period {
        let first = month.0 - (month.0 - (self.year_begins - 1)).rem_euclid(length);
        Period { first: Month(first), last: Month(first + length - 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_lies_in_one_regular_period() {
        for (length, year_begins, month, period) in [
            (Length::Month, 7, "2026-02", "2026-02"),
            (Length::Quarter, 1, "2026-02", "2026-01-to-2026-03"),
            (Length::Quarter, 2, "2026-01", "2025-11-to-2026-01"),
            (Length::Year, 7, "2026-06", "2025-07-to-2026-06"),
            (Length::Year, 7, "2026-07", "2026-07-to-2027-06"),
        ] {
            let regular = Calendar { length, year_begins }.regular(month.parse().unwrap());
            assert_eq!(regular.to_string(), period, "{length:?} {year_begins} {month}");
        }
    }
}
