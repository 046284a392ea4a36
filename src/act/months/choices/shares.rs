//! How much of the months at hand a choice publishes.

use std::ops::AddAssign;

use serde::Serialize;

use crate::release::Weighed;

/// In rows.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Sums {
    pub rows: u64,
    pub published: u64,
    /// Published, and not under `other` places.
    pub place: u64,
    /// Published with their day.
    pub day: u64,
}

/// Of a hundred rows so many, rounded down; none: the pipeline publishes no such column.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Shares {
    pub published: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<u8>,
}

/// What gains less isn't worth a change.
const POINTS: u64 = 5;

impl Sums {
    pub fn gains_published(&self, than: &Sums) -> bool {
        gains(self.published, than.published, self.rows)
    }

    pub fn gains_place(&self, than: &Sums) -> bool {
        gains(self.place, than.place, self.rows)
    }

    /// Of a hundred rows so many, rounded down.
    pub fn share(&self, rows: u64) -> u8 {
        u8::try_from(rows.saturating_mul(100) / self.rows.max(1)).unwrap_or(100)
    }
}

/// Whether `more` of `rows` is enough points above `less`.
pub fn gains(more: u64, less: u64, rows: u64) -> bool {
    more > less && (more - less).saturating_mul(100) >= rows.saturating_mul(POINTS)
}

impl AddAssign<&Weighed> for Sums {
    fn add_assign(&mut self, weighed: &Weighed) {
        self.rows += weighed.rows;
        if let Some(told) = weighed.told {
            self.published += weighed.rows;
            self.place += told.place;
            self.day += told.day;
        }
    }
}
