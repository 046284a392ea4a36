//! A period's rows as they come in, with the texts that their codes mean.

use super::vocabulary::Coded;
use crate::words::Day;

/// The rows of one period of one kind.
#[derive(Default)]
pub struct PeriodRows {
    /// None names nobody (unlinked); otherwise a number that means something in this run, and under its key, alone.
    pub patron: Vec<Option<u64>>,
    /// Under which key each row's patron was numbered; empty: all under one.
    pub key: Vec<u8>,
    /// The civil day of opening, within the period.
    pub day: Vec<Day>,
    /// The hour of opening, 0 to 23; 255 is unknown.
    pub hour: Vec<u8>,
    /// 0 where the system has none.
    pub measure: Vec<u32>,
    /// One for each of the shape's columns, in the same order.
    pub columns: Vec<Coded>,
    /// Where the shape has a title.
    pub title: Option<Coded>,
}
