//! The little that a release knows of calendars: weekdays, and weeks cut at a period's borders.

/// A period, from its first civil day to its last, both included, counted from 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    pub first: i32,
    pub last: i32,
}

impl Span {
    pub fn contains(self, day: i32) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// The first day of this day's week within the period.
    pub fn week(self, day: i32) -> i32 {
        (day - i32::from(weekday(day))).max(self.first)
    }
}

/// 0 is Monday, as in ISO 8601. 1970-01-01 was a Thursday.
pub fn weekday(day: i32) -> u8 {
    (i64::from(day) + 3).rem_euclid(7) as u8
}
