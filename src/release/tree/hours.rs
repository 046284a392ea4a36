//! The leaf of when in a day: weekday and range of hours, with counts.
//!
//! It hangs on the trunk by the first place and the weekday of the time that the trunk publishes: rows whose day became a
//! week or the period are under `no weekday`. Else the weeks that the trunk tells could be taken from the weekdays that the
//! leaf tells, and exact days would be left.
//!
//! Where places open longer on some days, as everybody knows, an evening's rows all belong to those days, and the rest of
//! such a day would be known exactly. So ranges join until each meets the span from the first to the last loan of every day
//! and place under the same weekday.

use std::collections::BTreeMap;

use super::calendar::weekday;
use super::cells::Cells;
use super::cover::{Crowd, Growing};
use super::places::Places;
use super::rows::Checked;
use super::rules::{Rules, Weakness};
use super::runs::cheapest_cut;
use super::word::{Labels, When, Word};

/// A weekday (0 is Monday) where the trunk tells no day.
pub const NO_WEEKDAY: u8 = 7;
const UNKNOWN_HOUR: u32 = 24;

/// Under which weekday, and in which range of hours, each row is published.
pub struct Hours {
    pub weekday: Vec<u8>,
    pub range: Labels,
}

/// `None` where the kind has no hours.
pub fn hours(rows: &Checked, places: &Places, time: &[When], rules: &Rules) -> Option<Hours> {
    let hour = rows.rows.hour.as_ref()?;
    let hour = |row: usize| u32::from(hour[row]).min(UNKNOWN_HOUR);
    let under = |row: usize| match time[row].weekday() {
        Some(weekday) => weekday,
        None if rules.lacks(Weakness::TrueWeekdays) => weekday(rows.rows.day[row]),
        None => NO_WEEKDAY,
    };
    let weekday: Vec<u8> = (0..rows.len()).map(under).collect();
    let separators =
        Cells::one(rows.len()).split(|row| places.first[places.of_row[row] as usize]).split(|row| weekday[row].into());
    let spans = spans(rows, places, &separators, hour);
    let cells = separators.anew().split(hour);
    let crowds = Crowd::of_cells(rows, &cells.of_row, cells.len());
    let mut growing = Growing::new(&rows.patrons);
    let mut says: Vec<Word> = Vec::with_capacity(cells.len());
    for of_separator in cells.codes.chunk_by(|a, b| a[0] == b[0]) {
        let crowds = &crowds[says.len()..says.len() + of_separator.len()];
        let hours: Vec<u32> = of_separator.iter().map(|codes| codes[1]).collect();
        let meets = &spans[of_separator[0][0] as usize];
        says.extend(ranges(&hours, crowds, *meets, rules, &mut growing));
    }
    Some(Hours { weekday, range: Labels::of_cells(&cells.of_row, &says) })
}

/// What every day and place under one weekday has in common.
#[derive(Clone, Copy, Debug)]
struct Common {
    /// The latest first hour, and the earliest last hour, of any day and place.
    latest_first: u32,
    earliest_last: u32,
    /// Whether each has a row whose hour isn't known, and each one whose hour is.
    all_unknown: bool,
    all_known: bool,
}

/// For each separator, what its days and places have in common.
fn spans(rows: &Checked, places: &Places, separators: &Cells, hour: impl Fn(usize) -> u32) -> Vec<Common> {
    let days =
        separators.anew().split(|row| places.raw[row]).split(|row| (rows.rows.day[row] - rows.span.first) as u32);
    // First and last hour of each, and whether it has unknown ones.
    let mut of_day: Vec<(u32, u32, bool)> = vec![(u32::MAX, 0, false); days.len()];
    for (row, &day) in days.of_row.iter().enumerate() {
        let (first, last, unknown) = &mut of_day[day as usize];
        match hour(row) {
            UNKNOWN_HOUR => *unknown = true,
            hour => (*first, *last) = ((*first).min(hour), (*last).max(hour)),
        }
    }
    let none = Common { latest_first: 0, earliest_last: u32::MAX, all_unknown: true, all_known: true };
    let mut common: BTreeMap<u32, Common> = BTreeMap::new();
    for (codes, (first, last, unknown)) in days.codes.iter().zip(of_day) {
        let common = common.entry(codes[0]).or_insert(none);
        common.all_unknown &= unknown;
        if first == u32::MAX {
            common.all_known = false;
        } else {
            common.latest_first = common.latest_first.max(first);
            common.earliest_last = common.earliest_last.min(last);
        }
    }
    common.into_values().collect()
}

/// What each hour of one separator reads.
fn ranges(hours: &[u32], crowds: &[Crowd], common: Common, rules: &Rules, growing: &mut Growing) -> Vec<Word> {
    let other = vec![Word::Other; hours.len()];
    let known = hours.iter().filter(|hour| **hour != UNKNOWN_HOUR).count();
    let any_hours = rules.lacks(Weakness::OpeningHours);
    if !common.all_known && !any_hours {
        // On some day no hour is known: no range meets it.
        return other;
    }
    let meets = |first: usize, last: usize| {
        any_hours || (hours[first] <= common.earliest_last && hours[last] >= common.latest_first)
    };
    let Some(runs) = cheapest_cut(&crowds[..known], growing, rules, meets) else { return other };
    let mut says = other;
    for (first, last) in &runs {
        says[*first..=*last].fill(Word::of_run(hours[*first], hours[*last]));
    }
    if let Some(unknown) = crowds.get(known) {
        if common.all_unknown && unknown.covers(rules) {
            says[known] = Word::Unknown;
        } else {
            join_unknown(&mut says[..known], &runs, crowds, rules);
        }
    }
    if says.windows(2).all(|two| two[0] == two[1]) && !rules.lacks(Weakness::OneCellAlone) {
        says.fill(Word::Other);
    }
    says
}

/// Hours that aren't known join the smallest range with which they cover, or more of them: that reads `other`.
fn join_unknown(says: &mut [Word], runs: &[(usize, usize)], crowds: &[Crowd], rules: &Rules) {
    let unknown = crowds[says.len()..].to_vec();
    let of_run: Vec<Crowd> = runs.iter().map(|(first, last)| Crowd::union(&crowds[*first..=*last])).collect();
    let crowd = Crowd::union(unknown.iter());
    let takes_one = of_run.iter().map(|run| Crowd::union([&crowd, run]).covers(rules));
    let smallest = takes_one.zip(&of_run).enumerate().filter(|(_, (will_do, _))| *will_do);
    match smallest.min_by_key(|(place, (_, run))| (run.rows, *place)) {
        Some((place, _)) => says[runs[place].0..=runs[place].1].fill(Word::Other),
        None => says.fill(Word::Other),
    }
}
