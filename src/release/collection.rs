//! Rule 3: material within each shared combination; days, weeks and the month within each place.

use super::cells::Cells;
use super::counts::Counts;
use super::rows::Ordered;
use super::shape::{Place, Rules};
use super::shared::Combinations;
use crate::words::{Day, Month};

/// Cells whose tuples are a shared combination and then the words of the material columns.
///
/// They merge per combination and not per place and month alone: else a combination's total less its published cells
/// would leave something small.
pub(super) fn material(rows: &Ordered, shared: &Combinations, rules: &Rules, counts: &mut Counts) -> Cells {
    let columns = rows.at(Place::Material);
    let mut cells = shared.cells();
    for &column in &columns {
        cells.split(rows.column(column), rows.words[column].texts.len());
    }
    if columns.is_empty() || !rules.collection {
        return cells;
    }
    let others: Vec<u32> = columns.iter().map(|&column| rows.words[column].other).collect();
    let family: Vec<u32> = (0..cells.len()).map(|cell| cells.tuple(cell)[0]).collect();
    let already: Vec<bool> = (0..cells.len()).map(|cell| cells.tuple(cell)[1..] == *others).collect();
    let cell = |row: usize| cells.of_row[row];
    let pooled = rows.merge(rules.threshold, cell, (&family, shared.tuples.len()), already.clone(), |_| 1).pooled;
    let changed = |cell: &&u32| pooled[**cell as usize] && !already[**cell as usize];
    counts.material_merged = cells.of_row.iter().filter(changed).count() as u64;
    for cell in (0..cells.len()).filter(|&cell| pooled[cell]) {
        cells.tuple_mut(cell)[1..].copy_from_slice(&others);
    }
    cells.join();
    cells
}

/// When a row says that it happened. Small enough to sort by: days, then weeks, then the month.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct When(pub u8);

impl When {
    pub const MONTH: When = When(63);
    /// More than any.
    pub const COUNT: usize = 64;

    fn day(in_month: usize) -> When {
        When(in_month as u8)
    }

    fn week(in_month: usize) -> When {
        When(32 + in_month as u8)
    }

    pub fn is_day(self) -> bool {
        self.0 < 32
    }

    /// The two published dates: the day, and the first day of its week within the month.
    pub fn dates(self, month: Month) -> (Option<Day>, Option<Day>) {
        let first = month.first_day();
        match self.0 {
            day @ 0..32 => {
                let day = first.plus(day.into());
                (Some(day), Some(day.monday().max(first)))
            }
            week @ 32..63 => (None, Some(first.monday().plus(7 * i32::from(week - 32)).max(first))),
            _ => (None, None),
        }
    }
}

/// When each row says that it happened.
pub(super) struct Time {
    /// For each row, its place × day.
    cell: Vec<u32>,
    when: Vec<When>,
}

impl Time {
    pub fn when(&self, row: usize) -> When {
        self.when[self.cell[row] as usize]
    }
}

const DAYS: usize = 32;
const WEEKS: usize = 6;

/// A day that doesn't cover in its place joins its week's pool, which takes in the smallest other day; a week that
/// doesn't cover joins the month's pool, which takes in the smallest other week.
///
/// A week's pool that has taken in all and still doesn't cover is a week that doesn't cover, and the other way round: so
/// the second merge can look at whole weeks.
pub(super) fn time(rows: &Ordered, shared: &Combinations, month: Month, rules: &Rules, counts: &mut Counts) -> Time {
    let first = month.first_day();
    let week_of = |day: usize| (day + usize::from(first.weekday())) / 7;
    let cell: Vec<u32> = (0..rows.len())
        .map(|row| {
            let place = shared.place[shared.of_row[row] as usize] as usize;
            (place * DAYS) as u32 + (rows.day(row).0 - first.0) as u32
        })
        .collect();
    let cells = shared.places * DAYS;
    let mut when: Vec<When> = (0..cells).map(|cell| When::day(cell % DAYS)).collect();
    if rules.collection {
        let week: Vec<u32> = (0..cells).map(|cell| (cell / DAYS * WEEKS + week_of(cell % DAYS)) as u32).collect();
        let weeks = shared.places * WEEKS;
        let place: Vec<u32> = (0..weeks).map(|week| (week / WEEKS) as u32).collect();
        let to_week = rows.merge(rules.threshold, |row| cell[row], (&week, weeks), vec![false; cells], |_| 1);
        let week_of_row = |row: usize| week[cell[row] as usize];
        let to_month = rows.merge(rules.threshold, week_of_row, (&place, shared.places), vec![false; weeks], |_| 1);
        for (cell, when) in when.iter_mut().enumerate() {
            if to_month.pooled[week[cell] as usize] {
                *when = When::MONTH;
            } else if to_week.pooled[cell] {
                *when = When::week(week_of(cell % DAYS));
            }
        }
    }
    for cell in &cell {
        let when = when[*cell as usize];
        counts.to_month += u64::from(when == When::MONTH);
        counts.to_week += u64::from(when != When::MONTH && !when.is_day());
    }
    Time { cell, when }
}

/// For each column of durations, what its words read.
pub(super) type Durations = Vec<(usize, Vec<u32>)>;

/// Rule 4: a duration that is no band reads `other`. A day of opening and an exact duration give the day of return.
pub(super) fn durations(rows: &Ordered, rules: &Rules, counts: &mut Counts) -> Durations {
    let columns = rows.at(Place::Duration).into_iter().filter(|_| rules.durations);
    let durations: Durations = columns
        .map(|column| {
            let words = &rows.words[column];
            let read = |(text, word)| if is_one_number(text) { words.other } else { word };
            (column, words.texts.iter().copied().zip(0..).map(read).collect())
        })
        .collect();
    for (column, reads) in &durations {
        let changed = rows.column(*column).filter(|&word| reads[word as usize] != word);
        counts.durations_merged += changed.count() as u64;
    }
    durations
}

/// A number alone, or with a unit behind it; not `7-13`, `28+` or `under 7`.
pub(super) fn is_one_number(text: &str) -> bool {
    const UNITS: [&str; 11] = ["", "d", "day", "days", "h", "hour", "hours", "min", "minutes", "week", "weeks"];
    let text = text.trim();
    let number = text.trim_end_matches(|c: char| c.is_alphabetic() || c == ' ');
    let unit = text[number.len()..].trim();
    number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || c == '.')
        && UNITS.iter().any(|known| known.eq_ignore_ascii_case(unit))
}
