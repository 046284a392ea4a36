//! How it has changed: a point for each night, and older than a year one for each month.

use serde::{Deserialize, Serialize};

use super::Exposure;
use crate::words::Day;

/// For so many days every night is remembered.
const NIGHTS: i32 = 400;

/// What was so at the end of a night.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    pub day: Day,
    pub needed: u64,
    pub waiting: u64,
    pub asked: u64,
    pub severed: u64,
}

impl Point {
    pub fn of(day: Day, exposure: &Exposure) -> Point {
        let Exposure { needed, waiting, asked, severed, .. } = *exposure;
        Point { day, needed, waiting, asked, severed }
    }

    pub fn linked(self) -> u64 {
        self.needed + self.waiting
    }
}

/// Points, the oldest first.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct History(Vec<Point>);

impl History {
    /// Adds a point: the last of a day counts. What is older than [`NIGHTS`] keeps the last point of each month.
    pub fn add(&mut self, point: Point) {
        self.0.retain(|known| known.day < point.day);
        self.0.push(point);
        let recent = point.day.plus(-NIGHTS);
        let next = self.0.iter().skip(1).map(|next| Some(next.day)).chain([None]).collect::<Vec<_>>();
        let mut next = next.into_iter();
        self.0.retain(|known| {
            let next = next.next().flatten();
            known.day >= recent || next.is_none_or(|next| next.month() != known.day.month())
        });
    }

    pub fn points(&self) -> &[Point] {
        &self.0
    }

    /// The first point of the year of the last one; where the last is the only one of its year, the one before it.
    pub fn since_january(&self) -> Option<(Point, Point)> {
        let last = *self.0.last()?;
        let of_year = self.0.iter().find(|point| point.day.month().year() == last.day.month().year())?;
        let before = self.0.iter().rev().nth(1);
        let first = if of_year.day == last.day { before? } else { of_year };
        Some((*first, last))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
