//! The checker: finds for every true row what is published of it, and counts patrons over that.
//!
//! No published row can be joined to an export's: so it goes by values. What a true value became follows from which values are
//! published (a branch that isn't reads `other`, a day its week or the period), and the number of rows of every combination
//! says whether that is right.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use jiff::civil::Date;

use super::calendar::Span;
use super::community::{self, About};
use super::hours;
use super::published::{HoursCell, Line, Published, When, Who};
use super::rules;
use super::statistics;
use super::truth::{Layout, Row};

/// A true row, and what is published of it.
#[derive(Clone, Debug)]
pub struct Told {
    pub line: Line,
    pub about: About,
    pub weekday: &'static str,
    /// None where the kind has no hours.
    pub range: Option<String>,
}

pub struct Checker<'a> {
    pub rows: &'a [Row],
    pub layout: &'a Layout,
    pub threshold: usize,
    /// Whether patrons could be counted: where they are known under several keys, fewer may be told than there were.
    pub counts_patrons: bool,
}

impl Checker<'_> {
    /// Says what is wrong with a period that is public.
    pub fn check(&self, period: &Published) -> Result<(), String> {
        let everybody: Vec<usize> = (0..self.rows.len()).collect();
        if !self.covers(&everybody) {
            return Err("a period that doesn't cover is published".into());
        }
        let told = self.told(period)?;
        rules::hold(self, &told, period)?;
        statistics::are_sums(self, &told, period)
    }

    // ---- counting -------------------------------------------------------------------------------------------------

    /// At least so many patrons; and of whoever has most, with all that name nobody, no more than half.
    pub fn covers(&self, rows: &[usize]) -> bool {
        let mut by_patron: BTreeMap<u32, usize> = BTreeMap::new();
        let mut nobodys = 0;
        for row in rows {
            match self.rows[*row].patron {
                0 => nobodys += 1,
                patron => *by_patron.entry(patron).or_default() += 1,
            }
        }
        let most = by_patron.values().max().copied().unwrap_or(0);
        by_patron.len() >= self.threshold && 2 * (most + nobodys) <= rows.len()
    }

    pub fn patrons(&self, rows: &[usize]) -> usize {
        let patrons = rows.iter().map(|row| self.rows[*row].patron).filter(|patron| *patron != 0);
        patrons.collect::<BTreeSet<_>>().len()
    }

    // ---- what became of each row ----------------------------------------------------------------------------------

    pub fn told(&self, period: &Published) -> Result<Vec<Told>, String> {
        let places = self.places(period)?;
        let uses = self.uses(period, &places)?;
        let when = self.when(period, &places, &uses)?;
        let numbers = self.rows.iter().map(|row| row.numbers.clone());
        let lines: Vec<Line> = places
            .into_iter()
            .zip(uses)
            .zip(when.into_iter().zip(numbers))
            .map(|((places, uses), (when, numbers))| Line { places, uses, when, numbers })
            .collect();
        same("collection", &count(&lines), &count(&period.collection))?;
        let about = match self.layout.patron.is_empty() {
            true => vec![About::default(); lines.len()],
            false => community::told(self, &lines, &period.community)?,
        };
        let who = |(line, about): (&Line, &About)| Who { places: line.places.clone(), about: about.reads.clone() };
        if !self.layout.patron.is_empty() {
            same("community", &count(lines.iter().zip(&about).map(who)), &count(period.community.iter().cloned()))?;
        }
        let ranges = period.hours.as_ref().map(|cells| hours::told(self.rows, &lines, cells));
        let mut told = Vec::with_capacity(self.rows.len());
        for (row, (line, about)) in lines.into_iter().zip(about).enumerate() {
            let weekday = hours::weekday_told(line.when);
            told.push(Told { line, about, weekday, range: ranges.as_ref().map(|ranges| ranges[row].clone()) });
        }
        if let Some(cells) = &period.hours {
            let cell = |told: &Told| {
                (told.line.places.first().cloned(), told.weekday.to_owned(), told.range.clone().unwrap_or_default())
            };
            let mut published = BTreeMap::new();
            for HoursCell { place, weekday, range, rows } in cells {
                let cell = (place.clone(), weekday.clone(), range.clone());
                if published.insert(cell, *rows as usize).is_some() {
                    return Err("hours: a cell stands twice".into());
                }
            }
            same("hours", &count(told.iter().map(cell)), &published)?;
        }
        Ok(told)
    }

    /// Coarse to fine: a value that isn't published beside those before it reads `other`.
    fn places(&self, period: &Published) -> Result<Vec<Vec<String>>, String> {
        let mut published: BTreeSet<&[String]> = BTreeSet::new();
        for line in &period.collection {
            published.extend((1..=line.places.len()).map(|end| &line.places[..end]));
        }
        let mut places = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            let mut told: Vec<String> = Vec::new();
            for value in &row.places {
                told.push(value.clone());
                if !published.contains(&told[..]) {
                    *told.last_mut().unwrap() = OTHER.into();
                }
            }
            places.push(told);
        }
        let counted = count(places.iter());
        same("collection, places", &counted, &count(period.collection.iter().map(|line| &line.places)))?;
        if self.layout.patron.is_empty() {
            return Ok(places);
        }
        same("community, places", &counted, &count(period.community.iter().map(|who| &who.places)))?;
        Ok(places)
    }

    /// A use that isn't published in its places reads `other`.
    fn uses(&self, period: &Published, places: &[Vec<String>]) -> Result<Vec<Vec<String>>, String> {
        let mut published: BTreeSet<(&Vec<String>, usize, &String)> = BTreeSet::new();
        for line in &period.collection {
            published.extend(line.uses.iter().enumerate().map(|(column, text)| (&line.places, column, text)));
        }
        let told = |(row, places): (&Row, &Vec<String>)| -> Vec<String> {
            let value = |(column, value): (usize, &String)| match published.contains(&(places, column, value)) {
                true => value.clone(),
                false => OTHER.into(),
            };
            row.uses.iter().enumerate().map(value).collect()
        };
        let uses: Vec<Vec<String>> = self.rows.iter().zip(places).map(told).collect();
        let lines = || period.collection.iter().map(|line| (&line.places, &line.uses));
        same("collection, uses", &count(places.iter().zip(&uses)), &count(lines()))?;
        Ok(uses)
    }

    /// A day that isn't published in its places reads its week, or the period.
    fn when(&self, period: &Published, places: &[Vec<String>], uses: &[Vec<String>]) -> Result<Vec<When>, String> {
        type Said<'a> = (&'a Vec<String>, &'a Vec<i64>);
        let mut published: BTreeMap<(&Vec<String>, When), BTreeMap<Said<'_>, usize>> = BTreeMap::new();
        for line in &period.collection {
            let said = published.entry((&line.places, line.when)).or_default();
            *said.entry((&line.uses, &line.numbers)).or_default() += 1;
        }
        let mut told: Vec<When> = self.rows.iter().map(|row| When::Day(row.day)).collect();
        // Days that aren't published, by place and week.
        type Days = BTreeMap<Date, Vec<usize>>;
        let mut left: BTreeMap<(&Vec<String>, Date), Days> = BTreeMap::new();
        for (row, place) in places.iter().enumerate() {
            if !published.contains_key(&(place, told[row])) {
                let day = self.rows[row].day;
                left.entry((place, period.span.week(day))).or_default().entry(day).or_default().push(row);
            }
        }
        let said = |row: &usize| -> Said<'_> { (&uses[*row], &self.rows[*row].numbers) };
        for ((place, week), days) in left {
            let Some(of_week) = published.get(&(place, When::Week(week))) else {
                days.values().flatten().for_each(|row| told[*row] = When::Period);
                continue;
            };
            let days: Vec<Vec<usize>> = days.into_values().collect();
            let chosen = |choice: u32| days.iter().enumerate().filter(move |(day, _)| choice >> day & 1 == 1);
            // Nearly always all of them: a day may have gone to the period in order that that covers.
            let rows: usize = of_week.values().sum();
            let is_right = |choice: &u32| {
                chosen(*choice).map(|(_, rows)| rows.len()).sum::<usize>() == rows
                    && count(chosen(*choice).flat_map(|(_, rows)| rows).map(said)) == *of_week
            };
            let Some(choice) = (1..1_u32 << days.len()).rev().find(is_right) else {
                return Err(format!("collection, {place:?}: the week of {week} isn't true"));
            };
            for (day, rows) in days.iter().enumerate() {
                let when = if choice >> day & 1 == 1 { When::Week(week) } else { When::Period };
                rows.iter().for_each(|row| told[*row] = when);
            }
        }
        Ok(told)
    }
}

pub const OTHER: &str = "other";
pub const UNKNOWN: &str = "unknown";

/// How often each comes.
pub fn count<K: Ord>(keys: impl IntoIterator<Item = K>) -> BTreeMap<K, usize> {
    let mut count = BTreeMap::new();
    keys.into_iter().for_each(|key| *count.entry(key).or_default() += 1);
    count
}

/// Which rows each has.
pub fn groups<K: Ord>(keys: impl IntoIterator<Item = K>) -> BTreeMap<K, Vec<usize>> {
    let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    keys.into_iter().enumerate().for_each(|(row, key)| groups.entry(key).or_default().push(row));
    groups
}

/// Says where two counts differ first.
pub fn same<K: Ord + Debug, V: PartialEq + Debug>(
    what: &str,
    true_: &BTreeMap<K, V>,
    published: &BTreeMap<K, V>,
) -> Result<(), String> {
    let differs = |(key, value): &(&K, &V)| published.get(key) != Some(value);
    if let Some((key, value)) = true_.iter().find(differs) {
        return Err(format!("{what}: {key:?} is {value:?} and reads {:?}", published.get(key)));
    }
    match published.keys().find(|key| !true_.contains_key(key)) {
        Some(key) => Err(format!("{what}: {key:?} is published and isn't true")),
        None => Ok(()),
    }
}

/// Which periods are public, and whether each is right: `truth` has those that must be.
pub fn check_all(
    public: &std::path::Path,
    layout: &Layout,
    truth: &BTreeMap<Span, Vec<Row>>,
    checker: impl Fn(&[Row], &Published) -> Result<(), String>,
) {
    let names: BTreeSet<String> = truth.keys().map(Span::to_string).collect();
    let folders = ["collection", "community", "hours"].map(|node| format!("dataset/{}/{node}", layout.kind));
    let tables = layout.tables.iter().map(|(name, _)| *name).chain(["coarsening"]);
    let tables = tables.map(|name| format!("statistics/{}/{name}", layout.kind));
    for folder in folders.into_iter().chain(tables) {
        if (folder.ends_with("/hours") && !layout.hours) || (folder.ends_with("/community") && layout.patron.is_empty())
        {
            continue;
        }
        let found = super::published::periods_in(&public.join(&folder));
        assert_eq!(found, names, "{folder} has other periods than must be released");
    }
    let mut wrong = Vec::new();
    for (span, rows) in truth {
        let period = Published::read(public, layout, &span.to_string());
        if let Err(what) = checker(rows, &period) {
            wrong.push(format!("{} {span}: {what}", layout.kind));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
