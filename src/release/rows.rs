//! A month's rows in order of patrons, and its words: the values that its rows use, in text order.
//!
//! The order in which rows come, the codes of their values and the numbers of their patrons end here: nothing that is
//! decided later depends on them.

use std::sync::Arc;

use super::counts::OTHER;
use super::error::ReleaseError;
use super::shape::{Place, Shape};
use crate::words::{Day, Month};

/// One column of a month, coded: `codes[i]` indexes `texts`. The dictionary is the run's and may hold values that no row
/// of this month uses: they never reach a file.
pub struct Coded {
    pub codes: Vec<u32>,
    pub texts: Arc<Vec<String>>,
}

/// The rows of one month of one kind.
pub struct MonthRows {
    /// 0 names nobody (unlinked); otherwise a number that means something in this run alone.
    pub patron: Vec<u32>,
    /// The civil day of opening, within the month.
    pub day: Vec<Day>,
    /// The hour of opening, 0 to 23; 255 is unknown.
    pub hour: Vec<u8>,
    /// 0 where the system has none.
    pub measure: Vec<u32>,
    /// One for each of the shape's columns, in the same order.
    pub columns: Vec<Coded>,
}

/// A column's words: the distinct values that the month's rows use, and `other`, in text order.
pub(super) struct Words<'a> {
    pub texts: Vec<&'a str>,
    pub other: u32,
    /// From the run's codes to the month's.
    word: Vec<u32>,
}

/// A month's rows in order of patrons, those that name nobody first.
pub(super) struct Ordered<'a> {
    rows: &'a MonthRows,
    shape: &'a Shape,
    /// Where a row stands in `rows`.
    order: Vec<u32>,
    pub patron: Vec<u32>,
    pub unlinked: usize,
    /// As published: more than 65,535 renewals read 65,535.
    pub measure: Vec<u16>,
    pub words: Vec<Words<'a>>,
}

impl<'a> Words<'a> {
    fn of(column: &'a Coded) -> Result<Words<'a>, ReleaseError> {
        let mut used = vec![false; column.texts.len()];
        for &code in &column.codes {
            *used.get_mut(code as usize).ok_or(ReleaseError::Malformed("a code has no text"))? = true;
        }
        let mut texts: Vec<&str> =
            column.texts.iter().zip(&used).filter(|(_, used)| **used).map(|(text, _)| text.as_str()).collect();
        texts.push(OTHER);
        texts.sort_unstable();
        texts.dedup();
        let find = |text: &str| texts.binary_search(&text).unwrap_or_default() as u32;
        let word = column.texts.iter().zip(&used).map(|(text, used)| if *used { find(text) } else { 0 }).collect();
        let other = find(OTHER);
        Ok(Words { texts, other, word })
    }
}

impl<'a> Ordered<'a> {
    pub fn new(rows: &'a MonthRows, shape: &'a Shape) -> Result<Ordered<'a>, ReleaseError> {
        let len = rows.patron.len();
        if u32::try_from(len).is_err() {
            return Err(ReleaseError::Malformed("more rows than can be numbered"));
        }
        if rows.columns.len() != shape.columns.len() {
            return Err(ReleaseError::Malformed("not the columns that were declared"));
        }
        let lengths = [rows.day.len(), rows.hour.len(), rows.measure.len()];
        if lengths.iter().chain(&rows.columns.iter().map(|c| c.codes.len()).collect::<Vec<_>>()).any(|&l| l != len) {
            return Err(ReleaseError::Malformed("columns of unequal length"));
        }
        let most = rows.patron.iter().max().copied().unwrap_or_default();
        let mut order: Vec<u32> = (0..len as u32).collect();
        for shift in (0..u32::BITS - most.leading_zeros()).step_by(11) {
            order = sorted(&order, 1 << 11, |row| (rows.patron[row] >> shift) as usize & ((1 << 11) - 1));
        }
        let patron: Vec<u32> = order.iter().map(|&row| rows.patron[row as usize]).collect();
        let measure = order.iter().map(|&row| rows.measure[row as usize].min(u16::MAX.into()) as u16);
        Ok(Ordered {
            rows,
            shape,
            measure: measure.collect(),
            order,
            unlinked: patron.partition_point(|&patron| patron == 0),
            patron,
            words: rows.columns.iter().map(Words::of).collect::<Result<_, _>>()?,
        })
    }

    pub fn len(&self) -> usize {
        self.order.len()
    }

    pub fn linked(&self) -> usize {
        self.len() - self.unlinked
    }

    /// The month of all rows; `None` where there are none.
    pub fn month(&self) -> Result<Option<Month>, ReleaseError> {
        let Some(first) = self.rows.day.first() else { return Ok(None) };
        let month = first.month();
        let days = month.first_day()..=month.last_day();
        if self.rows.day.iter().all(|day| days.contains(day)) {
            Ok(Some(month))
        } else {
            Err(ReleaseError::Malformed("days of more than one month"))
        }
    }

    pub fn day(&self, row: usize) -> Day {
        self.rows.day[self.order[row] as usize]
    }

    /// The hour of opening; 24 is unknown.
    pub fn hour(&self, row: usize) -> u8 {
        self.rows.hour[self.order[row] as usize].min(24)
    }

    pub fn measure(&self, row: usize) -> u64 {
        self.measure[row].into()
    }

    /// A column's words, row by row.
    pub fn column(&self, column: usize) -> impl Iterator<Item = u32> {
        let (codes, word) = (&self.rows.columns[column].codes, &self.words[column].word);
        self.order.iter().map(move |&row| word[codes[row as usize] as usize])
    }

    pub fn at(&self, place: Place) -> Vec<usize> {
        self.shape.at(place)
    }

    #[cfg(test)]
    pub fn input_row(&self, row: usize) -> usize {
        self.order[row] as usize
    }
}

/// A stable sort of rows by a key that is below `keys`.
pub(super) fn sorted(order: &[u32], keys: usize, key: impl Fn(usize) -> usize) -> Vec<u32> {
    let mut next = vec![0_u32; keys + 1];
    for &row in order {
        next[key(row as usize) + 1] += 1;
    }
    for at in 1..next.len() {
        next[at] += next[at - 1];
    }
    let mut sorted = vec![0; order.len()];
    for &row in order {
        let next = &mut next[key(row as usize)];
        sorted[*next as usize] = row;
        *next += 1;
    }
    sorted
}
