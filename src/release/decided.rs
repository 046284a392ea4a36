//! What every row of a month will say, by the six rules.

use super::counts::{ClosedBecause, Counts};
use super::error::ReleaseError;
use super::rows::MonthRows;
use super::shape::{Rules, Shape};
use super::{cells, collection, community, rows, shared, tables, weekday};
use crate::words::Month;

/// What every row will say, before it is laid out: the tests look in here, where rows still have patrons.
pub(super) struct Decided<'a> {
    pub month: Month,
    pub rows: rows::Ordered<'a>,
    pub shared: shared::Combinations,
    pub community: cells::Cells,
    pub material: cells::Cells,
    pub time: Option<collection::Time>,
    pub durations: collection::Durations,
    pub tables: Vec<tables::StatisticsTable>,
    pub counts: Counts,
}

pub(super) fn decide<'a>(
    rows: &'a MonthRows,
    shape: &'a Shape,
    rules: &Rules,
) -> Result<Result<Decided<'a>, ClosedBecause>, ReleaseError> {
    shape.check()?;
    let rows = rows::Ordered::new(rows, shape)?;
    let mut counts = Counts { rows: rows.len() as u64, linked: rows.linked() as u64, ..Counts::default() };
    let Some(month) = rows.month()? else { return Ok(Err(ClosedBecause::TooFewPatrons)) };
    if rules.closing {
        let all = rows.tally(1, |_| 0, |_| 1);
        if !all[0].covers(rules.threshold) {
            return Ok(Err(ClosedBecause::TooFewPatrons));
        }
        if counts.linked * 10 < counts.rows * 9 {
            return Ok(Err(ClosedBecause::TooFewLinked));
        }
    }
    let shared = shared::combine(&rows, rules, &mut counts);
    let community = community::coarsen(&rows, &shared, rules, &mut counts);
    let material = collection::material(&rows, &shared, rules, &mut counts);
    let time = shape.day.then(|| collection::time(&rows, &shared, month, rules, &mut counts));
    let durations = collection::durations(&rows, rules, &mut counts);
    let halves = tables::Halves { rows: &rows, shared: &shared, community: &community, material: &material };
    let mut tables = Vec::with_capacity(shape.tables.len());
    for table in &shape.tables {
        tables.push(if table.is_weekday_by_hour() {
            weekday::table(&rows, time.as_ref(), shape, table, rules, &mut counts)
        } else {
            tables::table(&halves, shape, table, rules, &mut counts)?
        });
    }
    Ok(Ok(Decided { month, rows, shared, community, material, time, durations, tables, counts }))
}
