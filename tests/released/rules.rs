//! The one rule, with the patrons known: within each separator a leaf's cells cover, and one cell alone says nothing; within
//! each combination of places the cells of time cover; a use is told of enough patrons; no kind of patron is nine tenths.

use std::collections::BTreeMap;
use std::fmt::Debug;

use super::checker::{Checker, OTHER, Told, groups};
use super::hours::Hull;
use super::published::Published;

pub fn hold(checker: &Checker<'_>, told: &[Told], period: &Published) -> Result<(), String> {
    all_cover(checker, "places", groups(told.iter().map(|told| &told.line.places)))?;
    all_cover(checker, "time", groups(told.iter().map(|told| (&told.line.places, told.line.when))))?;
    for column in 0..checker.layout.uses.len() {
        let values = groups(told.iter().map(|told| (&told.line.places, &told.line.uses[column])));
        if let Some((cell, rows)) = values.iter().find(|(_, rows)| checker.patrons(rows) < checker.threshold) {
            return Err(format!("uses: {cell:?} is told of {} patrons", checker.patrons(rows)));
        }
    }
    all_cover(checker, "community", groups(told.iter().map(|told| (&told.line.places, &told.about.reads))))?;
    let mut cells: BTreeMap<&Vec<String>, BTreeMap<&Vec<String>, usize>> = BTreeMap::new();
    for told in told {
        *cells.entry(&told.line.places).or_default().entry(&told.about.reads).or_default() += 1;
    }
    for (place, cells) in cells {
        one_alone("community", &place, cells.keys().map(|cell| cell.iter()))?;
        nine_tenths(place, &cells)?;
    }
    match period.hours {
        Some(_) => hours(checker, told),
        None => Ok(()),
    }
}

fn all_cover<K: Debug>(checker: &Checker<'_>, what: &str, cells: BTreeMap<K, Vec<usize>>) -> Result<(), String> {
    match cells.iter().find(|(_, rows)| !checker.covers(rows)) {
        Some((cell, rows)) => {
            Err(format!("{what}: {cell:?} doesn't cover: {} patrons, {} rows", checker.patrons(rows), rows.len()))
        }
        None => Ok(()),
    }
}

/// Where a separator has one cell, whoever was there is known to be in it: so it says nothing.
fn one_alone<'a, C: Iterator<Item = &'a String>>(
    leaf: &str,
    separator: &dyn Debug,
    mut cells: impl Iterator<Item = C>,
) -> Result<(), String> {
    let (Some(mut only), None) = (cells.next(), cells.next()) else { return Ok(()) };
    match only.find(|text| *text != OTHER) {
        Some(text) => Err(format!("{leaf}: one cell alone in {separator:?} says {text}")),
        None => Ok(()),
    }
}

fn nine_tenths(place: &[String], cells: &BTreeMap<&Vec<String>, usize>) -> Result<(), String> {
    let all: usize = cells.values().sum();
    let columns = cells.keys().next().map_or(0, |cell| cell.len());
    for column in 0..columns {
        let mut rows_of: BTreeMap<&String, usize> = BTreeMap::new();
        for (cell, rows) in cells {
            *rows_of.entry(&cell[column]).or_default() += rows;
        }
        if let Some((text, _)) = rows_of.iter().find(|(text, rows)| text.as_str() != OTHER && **rows * 10 > all * 9) {
            return Err(format!("community: nearly all in {place:?} read {text}"));
        }
    }
    Ok(())
}

fn hours(checker: &Checker<'_>, told: &[Told]) -> Result<(), String> {
    let separator = |told: &'_ Told| (told.line.places.first().cloned(), told.weekday);
    let range = |told: &Told| told.range.clone().unwrap_or_default();
    let cells = groups(told.iter().map(|told| (separator(told), range(told))));
    all_cover(checker, "hours", cells.clone())?;
    let mut of_separator: BTreeMap<_, Vec<(String, Hull)>> = BTreeMap::new();
    for ((separator, range), rows) in cells {
        let hull = Hull::of_range(&range, rows.iter().map(|row| checker.rows[*row].hour));
        of_separator.entry(separator).or_default().push((range, hull));
    }
    for (separator, ranges) in &of_separator {
        one_alone("hours", separator, ranges.iter().map(|(range, _)| std::iter::once(range)))?;
    }
    // What everybody knows: at which hours each place was open on each day.
    let day = |row: usize| (separator(&told[row]), &checker.rows[row].places, checker.rows[row].day);
    for ((separator, place, day), rows) in groups((0..told.len()).map(day)) {
        let open = Hull::of(rows.iter().map(|row| checker.rows[*row].hour));
        if let Some((range, _)) = of_separator[&separator].iter().find(|(_, hull)| !hull.meets(open)) {
            return Err(format!("hours: {range} in {separator:?} can't be of {day} in {place:?}"));
        }
    }
    Ok(())
}
