//! Rule 5 for weekday × hour, which no half holds.
//!
//! A row whose day is published counts under its weekday. Those of a weekday whose day was coarsened count there only if
//! they cover by themselves: the exact days can be subtracted. Else they count under `no weekday`, which must cover too.
//! Hours then merge within each weekday. Renewals go the same way with a cover of their own.

use super::collection::Time;
use super::counts::{Counts, OTHER};
use super::rows::Ordered;
use super::shape::tells_measure;
use super::shape::{Measure, Rules, Shape, TableShape};
use super::tables::{Cell, From, StatisticsTable, protect_measure};

const WEEKDAYS: [&str; 8] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "no weekday"];
const NO_WEEKDAY: u32 = 7;
/// 0 to 23, then `unknown`, then what was merged.
const HOURS: usize = 26;
const MERGED: usize = 25;
const CELLS: usize = WEEKDAYS.len() * HOURS;

fn hour_text(hour: usize) -> String {
    match hour {
        MERGED => OTHER.to_owned(),
        24 => "unknown".to_owned(),
        hour => format!("{hour:02}"),
    }
}

pub(super) fn table(
    rows: &Ordered,
    time: Option<&Time>,
    shape: &Shape,
    table: &TableShape,
    rules: &Rules,
    counts: &mut Counts,
) -> StatisticsTable {
    // Fourteen sets: a weekday's coarsened rows (one family) and its exact ones (left alone: a family each).
    let exact = |row: usize| time.is_some_and(|time| time.when(row).is_day());
    let sets: Vec<u8> = (0..rows.len()).map(|row| rows.day(row).weekday() + 7 * u8::from(exact(row))).collect();
    let set = |row: usize| u32::from(sets[row]);
    let families: Vec<u32> = (0..14).map(|set: u32| set.saturating_sub(6)).collect();
    let weekday = |row: usize, pooled: &[bool]| match usize::from(sets[row]) {
        coarse @ 0..7 if pooled[coarse] => NO_WEEKDAY,
        set => set as u32 % 7,
    };

    let mut pooled = vec![false; 14];
    if rules.statistics {
        pooled = rows.merge(rules.threshold, set, (&families, 8), pooled, |_| 1).pooled;
    }
    let mut cell: Vec<u8> =
        (0..rows.len()).map(|row| (weekday(row, &pooled) as usize * HOURS) as u8 + rows.hour(row)).collect();
    let of_weekday: Vec<u32> = (0..CELLS).map(|cell| (cell / HOURS) as u32).collect();
    if rules.statistics {
        let of_row = |row: usize| cell[row].into();
        let merged =
            rows.merge(rules.threshold, of_row, (&of_weekday, WEEKDAYS.len()), vec![false; CELLS], |_| 1).pooled;
        for cell in cell.iter_mut().filter(|cell| merged[usize::from(**cell)]) {
            *cell = pool_of(*cell);
            counts.hours_merged += 1;
        }
    }
    let tallies = rows.tally(CELLS, |row| cell[row].into(), |_| 1);
    counts.no_weekday += tallies[NO_WEEKDAY as usize * HOURS..].iter().map(|tally| tally.total).sum::<u64>();

    let tells = tells_measure(shape).filter(|_| table.sums);
    let mut measure: Vec<Option<u64>> = vec![None; CELLS];
    let mut renewing: Vec<u64> = vec![0; CELLS];
    if tells.is_some() && !rules.statistics {
        let sums = rows.tally(CELLS, |row| cell[row].into(), |row| rows.measure(row));
        measure = sums.iter().map(|sum| Some(sum.total)).collect();
    } else if tells.is_some() {
        let by_renewals = rows.merge(rules.threshold, set, (&families, 8), pooled.clone(), |row| rows.measure(row));
        for (row, cell) in cell.iter_mut().enumerate() {
            if weekday(row, &by_renewals.pooled) != weekday(row, &pooled) {
                *cell = (NO_WEEKDAY as usize * HOURS + MERGED) as u8;
            }
        }
        let is_pool: Vec<bool> = (0..CELLS).map(|cell| cell % HOURS == MERGED).collect();
        let family = (of_weekday.as_slice(), WEEKDAYS.len());
        let mut sums = protect_measure(rows, rules.threshold, |row| cell[row].into(), family, &is_pool, counts);
        if !tells.is_some_and(Measure::is_told_by_row) {
            sums.all_or_none();
        }
        measure = sums.of_group;
        for (weekday, pool) in sums.of_pool.iter().enumerate() {
            renewing[weekday * HOURS + MERGED] = pool.filter(|(sum, _)| *sum > 0).map_or(0, |(_, patrons)| patrons);
        }
    }
    let cells = (0..CELLS)
        .filter(|&cell| tallies[cell].total > 0 || renewing[cell] > 0)
        .map(|cell| Cell {
            labels: vec![WEEKDAYS[cell / HOURS].to_owned(), hour_text(cell % HOURS)],
            rows: tallies[cell].total,
            patrons: if tallies[cell].total > 0 { tallies[cell].patrons.into() } else { renewing[cell] },
            measure: measure[cell],
        })
        .collect();
    let (name, by) = (table.name.clone(), table.by.clone());
    StatisticsTable { name, by, from: From::Hours, measure: tells, cells }
}

fn pool_of(cell: u8) -> u8 {
    cell / HOURS as u8 * HOURS as u8 + MERGED as u8
}
