//! What is gathered from all rows of a key.

use super::conditions::Test;
use super::reading::Reading;
use super::table::Gathered;
use crate::cells::above_zero;
use crate::export::Row;
use crate::pipeline::Condition;
use crate::pipeline::declaration::Gather;

/// How many cells that are gathered say something, and how many of them can't be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CellCount {
    pub set: u64,
    pub unreadable: u64,
}

/// One slot.
pub(super) struct GatherRule {
    what: What,
    /// Rows that don't meet it say nothing.
    when: Vec<(usize, Test)>,
}

enum What {
    Positive(usize),
    Latest(usize),
    Any,
}

impl GatherRule {
    /// `place`: where a column of the export stands.
    pub fn new<E>(gather: &Gather, decimal: u8, place: impl Fn(&String) -> Result<usize, E>) -> Result<GatherRule, E> {
        let test = |(name, condition): (&String, &Condition)| Ok((place(name)?, Test::new(condition, decimal)));
        let (what, when) = match (&gather.any_positive, &gather.max, &gather.any) {
            (Some(column), _, _) => (What::Positive(place(column)?), &gather.when),
            (_, Some(column), _) => (What::Latest(place(column)?), &gather.when),
            (_, _, Some(any)) => (What::Any, any),
            _ => (What::Any, &gather.when),
        };
        Ok(GatherRule { what, when: when.iter().map(test).collect::<Result<_, E>>()? })
    }

    /// A slot, after one row more. Counts the cells that say something.
    pub fn after(&self, row: &Row, reading: &Reading<'_>, before: Gathered, count: &mut CellCount) -> Gathered {
        if !self.when.iter().all(|(column, test)| test.passes(reading.null.value(row.cell(*column)))) {
            return before;
        }
        let now = self.what_of(row, reading);
        if let What::Positive(column) | What::Latest(column) = self.what
            && !reading.null.value(row.cell(column)).is_empty()
        {
            count.set += 1;
            count.unreadable += u64::from(now == Gathered::Unreadable);
        }
        match (now, before) {
            (Gathered::Unreadable, _) | (_, Gathered::Unreadable) => Gathered::Unreadable,
            (Gathered::Latest(a), Gathered::Latest(b)) => Gathered::Latest(a.max(b)),
            (Gathered::Nothing, before) => before,
            (now, _) => now,
        }
    }

    fn what_of(&self, row: &Row, reading: &Reading<'_>) -> Gathered {
        match self.what {
            What::Any => Gathered::Yes,
            What::Positive(column) => match above_zero(reading.null.value(row.cell(column)), reading.decimal) {
                Some(true) => Gathered::Yes,
                Some(false) => Gathered::Nothing,
                None => Gathered::Unreadable,
            },
            What::Latest(column) => {
                let cell = reading.null.value(row.cell(column));
                match reading.times.read(cell) {
                    _ if cell.is_empty() => Gathered::Nothing,
                    Some(stamp) if (reading.plausible.0..=reading.plausible.1).contains(&stamp.day) => {
                        Gathered::Latest(stamp.day)
                    }
                    _ => Gathered::Unreadable,
                }
            }
        }
    }
}
