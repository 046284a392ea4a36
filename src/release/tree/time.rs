//! Time: a day; where that doesn't cover its week, cut at the period; where that doesn't the period.
//!
//! By combination of places alone, so that within each of them the cells of time cover. This is within 2 % of the optimum,
//! and the public can follow it.

use super::cells::Cells;
use super::cover::Crowd;
use super::places::Places;
use super::pool::{Pool, pool};
use super::rows::Checked;
use super::rules::{Rules, Weakness};
use super::word::When;

/// When each row says that it happened.
pub fn time(rows: &Checked, places: &Places, rules: &Rules) -> Vec<When> {
    if !rows.rows.tells_day {
        return vec![When::Period; rows.len()];
    }
    let first_place_alone = rules.lacks(Weakness::FirstPlaceAlone);
    let place = |row: usize| {
        let combination = places.of_row[row];
        if first_place_alone { places.first[combination as usize] } else { combination }
    };
    let day = |row: usize| (rows.rows.day[row] - rows.span.first) as u32;
    let cells = Cells::one(rows.len()).split(place).split(day);
    let crowds = Crowd::of_cells(rows, &cells.of_row, cells.len());
    let mut when = Vec::with_capacity(cells.len());
    for days in cells.codes.chunk_by(|a, b| a[0] == b[0]) {
        let place = &crowds[when.len()..when.len() + days.len()];
        let days: Vec<i32> = days.iter().map(|codes| rows.span.first + codes[1] as i32).collect();
        if rules.lacks(Weakness::SmallDays) {
            when.extend(days.iter().map(|day| When::Day(*day)));
        } else {
            when.extend(of_place(&days, place, |day| rows.span.week(day), |crowd| crowd.covers(rules)));
        }
    }
    cells.of_row.iter().map(|&cell| when[cell as usize]).collect()
}

/// What each day of one place reads. `days` ascend.
fn of_place(days: &[i32], crowds: &[Crowd], week: impl Fn(i32) -> i32, enough: impl Fn(&Crowd) -> bool) -> Vec<When> {
    let mut when: Vec<When> = days.iter().map(|day| When::Day(*day)).collect();
    // What can be published so far, and the days that it is of: days, and weeks' pools. What isn't enough has no crowd.
    let (mut units, mut of_unit): (Vec<Crowd>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
    let mut rest = Pool { takes: Vec::new(), crowd: Crowd::default() };
    let mut start = 0;
    for of_week in days.chunk_by(|a, b| week(*a) == week(*b)) {
        let siblings = &crowds[start..start + of_week.len()];
        let weekly = pool(siblings, |_| false, &enough);
        let pooled: Vec<usize> = (0..of_week.len()).filter(|&day| weekly.takes[day]).map(|day| start + day).collect();
        if weekly.crowd.is_empty() || enough(&weekly.crowd) {
            pooled.iter().for_each(|&day| when[day] = When::Week(week(days[day])));
            units.push(weekly.crowd);
            of_unit.push(pooled);
            for day in (0..of_week.len()).filter(|&day| !weekly.takes[day]) {
                units.push(siblings[day].clone());
                of_unit.push(vec![start + day]);
            }
        } else {
            pooled.iter().for_each(|&day| when[day] = When::Period);
            rest.crowd = Crowd::union([&rest.crowd, &weekly.crowd]);
        }
        start += of_week.len();
    }
    rest.takes = vec![false; units.len()];
    rest.fill(&units, enough);
    for (_, of_unit) in rest.takes.iter().zip(&of_unit).filter(|(takes, _)| **takes) {
        of_unit.iter().for_each(|&day| when[day] = When::Period);
    }
    when
}
