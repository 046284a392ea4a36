//! Regular periods: a month, a quarter or a year; and what becomes of one that is about too few.
//!
//! It waits and is released with the next, as one longer period; after a year it is closed, and nothing is published of
//! it, ever.

use serde::Deserialize;

use super::day::Month;
use super::period::Period;

/// How long a regular period is. A year may begin with any month, and quarters go by it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Length {
    Month,
    Quarter,
    Year,
}

impl Length {
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

/// What follows for a period from whether it covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    Released,
    /// It is tried again with the next regular period.
    Waits,
    /// Nothing is published of it, ever.
    Closed,
}

/// No period grows longer than this many months.
pub const LONGEST: i32 = 12;

impl Calendar {
    /// The regular period that a month is in.
    pub fn regular(self, month: Month) -> Period {
        let length = self.length.months();
        let first = month.0 - (month.0 - (self.year_begins - 1)).rem_euclid(length);
        Period { first: Month(first), last: Month(first + length - 1) }
    }

    /// The period whose turn it is: from the first month that is neither released nor closed, to the end of the first
    /// regular period after what was tried with it. `tried`: the last month of a period that waits. `None` while not all of
    /// its months are settled.
    pub fn next(self, first: Month, tried: Option<Month>, settled: Month) -> Option<Period> {
        let last = self.regular(tried.map_or(first, |tried| tried.next().max(first))).last;
        let last = last.min(Month(first.0 + LONGEST - 1));
        (last <= settled).then_some(Period { first, last })
    }
}

impl Period {
    pub fn standing(self, covers: bool) -> Standing {
        if covers {
            Standing::Released
        } else if self.length() >= LONGEST {
            Standing::Closed
        } else {
            Standing::Waits
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_follow_each_other_and_wait_for_at_most_a_year() {
        // The regular length, the year's first month, the first month, and each attempt: until when, and does it cover?
        type Attempts = &'static [(i32, bool)];
        let months = |month: i32| Month(2026 * 12 + month - 1);
        let tables: [(Length, i32, i32, Attempts, Standing); 5] = [
            (Length::Month, 1, 1, &[(1, false), (2, false), (3, true)], Standing::Released),
            (Length::Quarter, 1, 2, &[(3, false), (6, true)], Standing::Released),
            (Length::Quarter, 7, 7, &[(9, false), (12, false), (15, false), (18, false)], Standing::Closed),
            (Length::Year, 7, 9, &[(18, true)], Standing::Released),
            (Length::Year, 1, 1, &[(12, false)], Standing::Closed),
        ];
        for (length, year_begins, first, attempts, standing) in tables {
            let calendar = Calendar { length, year_begins };
            let mut tried = None;
            for (place, (last, covers)) in attempts.iter().enumerate() {
                let last = months(*last);
                assert_eq!(calendar.next(months(first), tried, Month(last.0 - 1)), None, "{length:?}: not settled");
                let period = calendar.next(months(first), tried, last).unwrap();
                assert_eq!(period, Period { first: months(first), last });
                let expected = if place + 1 == attempts.len() { standing } else { Standing::Waits };
                assert_eq!(period.standing(*covers), expected);
                tried = Some(last);
            }
        }
    }

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
