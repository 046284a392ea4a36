//! A time, as a cell gives it.

use jiff::civil::Date;

use crate::words::{Day, Month};

/// A time as a cell gives it, in the library's time zone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamp {
    pub day: Day,
    /// The same day, as the calendar has it.
    pub date: Date,
    /// Seconds of the day; None where the cell has a date alone.
    pub second: Option<u32>,
}

impl Stamp {
    pub fn month(self) -> Month {
        Month::new(self.date.year().into(), self.date.month().into())
    }

    /// Seconds since 1970-01-01T00:00 as the library's clocks showed it.
    pub fn seconds(self) -> i64 {
        i64::from(self.day.0) * 86_400 + i64::from(self.second.unwrap_or(0))
    }
}

#[inline]
pub(super) fn stamp(date: Date, second: Option<u32>) -> Stamp {
    Stamp { day: Day::from_date(date), date, second }
}
