//! Statistics are sums: every table is counted again from the nodes as they were read. Distinct patrons, which are no sum, are
//! held against the exports.

use std::collections::BTreeMap;

use super::checker::{Checker, OTHER, Told, UNKNOWN, same};
use super::hours::hours;
use super::published::{Published, Table, When};
use super::truth::{AGES, Counts, DAYS, Layout, bands};

type Figures = BTreeMap<String, Option<i64>>;

pub fn are_sums(checker: &Checker<'_>, told: &[Told], period: &Published) -> Result<(), String> {
    let layout = checker.layout;
    for (name, by) in &layout.tables {
        let mut meant = counted(layout, by, period);
        let Some(table) = period.tables.get(*name) else { return Err(format!("there is no table {name}")) };
        if layout.counts == Counts::Requests && !by.contains(&"hours") {
            sessions(table).map_err(|what| format!("{name}: {what}"))?;
            as_published(&mut meant, table, "sessions");
        }
        if by.iter().all(|column| layout.places.contains(column) || layout.patron.contains(column)) {
            patrons(checker, told, by, table).map_err(|what| format!("{name}: {what}"))?;
            as_published(&mut meant, table, "patrons");
        }
        is_same(name, &meant, table)?;
        let rows: i64 = meant.cells.values().map(|figures| rows_of(layout, figures)).sum();
        if rows != told.len() as i64 {
            return Err(format!("{name}: it counts {rows} rows of {}", told.len()));
        }
    }
    is_same("coarsening", &coarsening(layout, period), &period.tables["coarsening"])
}

/// A figure that is no sum, and was checked by itself.
fn as_published(meant: &mut Table, table: &Table, name: &str) {
    meant.figures.push(name.into());
    for (labels, figures) in &mut meant.cells {
        figures.insert(name.into(), table.cells.get(labels).and_then(|cell| cell.get(name).copied().flatten()));
    }
}

/// Every session has a request that begins it, if it isn't nobody's.
fn sessions(table: &Table) -> Result<(), String> {
    let wrong = |figures: &Figures| figures["sessions"].is_none_or(|sessions| Some(sessions) > figures["requests"]);
    match table.cells.iter().find(|(_, figures)| wrong(figures)) {
        Some((labels, figures)) => Err(format!("{labels:?}: {:?} sessions", figures["sessions"])),
        None => Ok(()),
    }
}

fn is_same(name: &str, meant: &Table, found: &Table) -> Result<(), String> {
    if (&meant.by, &meant.figures) != (&found.by, &found.figures) {
        let columns = [&found.by[..], &found.figures].concat();
        return Err(format!("{name}: it has the columns {columns:?}"));
    }
    same(name, &meant.cells, &found.cells)
}

/// Of a table that counts checkouts and renewals, where each is a row of its own, or where rows are checkouts.
fn rows_of(layout: &Layout, figures: &Figures) -> i64 {
    let rows_are = layout.rows_are();
    let name = if figures.contains_key(rows_are) { rows_are } else { "transactions" };
    figures[name].unwrap_or_default()
}

/// A table as its node says.
pub fn counted(layout: &Layout, by: &[&str], period: &Published) -> Table {
    let of = |columns: &[&str], texts: &[String], name: &&str| {
        columns.iter().position(|c| c == name).map(|at| texts[at].clone())
    };
    let is_of = |columns: &[&[&str]]| by.iter().all(|name| columns.iter().any(|columns| columns.contains(name)));
    let mut cells: BTreeMap<Vec<String>, Vec<i64>> = BTreeMap::new();
    let mut add = |labels: Vec<String>, numbers: &[i64]| {
        let sums = cells.entry(labels).or_insert_with(|| vec![0; numbers.len()]);
        sums.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += number);
    };
    let names: &[&str] = if is_of(&[&layout.places, &layout.uses]) {
        for line in &period.collection {
            let label = |name| of(&layout.places, &line.places, name).or_else(|| of(&layout.uses, &line.uses, name));
            let labels = by.iter().map(|name| label(name).unwrap()).collect();
            match (layout.counts, &line.numbers[..]) {
                (Counts::Renewals, [checkouts, renewals]) => {
                    add(labels, &[*checkouts, *renewals, checkouts + renewals])
                }
                (Counts::Events, [checkouts, renewals]) => {
                    add(labels, &[1, *checkouts, *renewals, checkouts + renewals])
                }
                _ => add(labels, &[1]),
            }
        }
        match layout.counts {
            Counts::Renewals => &["checkouts", "renewals", "circulation"],
            Counts::Events => &["transactions", "checkouts", "renewals", "circulation"],
            Counts::Rows => &["transactions"],
            Counts::Requests => &["requests"],
        }
    } else if is_of(&[&layout.places, &layout.patron]) {
        for who in &period.community {
            let label = |name| of(&layout.places, &who.places, name).or_else(|| of(&layout.patron, &who.about, name));
            add(by.iter().map(|name| label(name).unwrap()).collect(), &[1]);
        }
        &["transactions"]
    } else {
        for cell in period.hours.iter().flatten() {
            let label = |name: &&str| match *name {
                "weekday" => cell.weekday.clone(),
                "hours" => cell.range.clone(),
                _ => cell.place.clone().unwrap(),
            };
            add(by.iter().map(label).collect(), &[cell.rows]);
        }
        if layout.counts == Counts::Requests { &["requests"] } else { &["transactions"] }
    };
    let figures =
        |sums: Vec<i64>| names.iter().map(|name| (*name).to_owned()).zip(sums.into_iter().map(Some)).collect();
    Table {
        by: by.iter().map(|name| (*name).to_owned()).collect(),
        figures: names.iter().map(|name| (*name).to_owned()).collect(),
        cells: cells.into_iter().map(|(labels, sums)| (labels, figures(sums))).collect(),
    }
}

/// Distinct patrons: rounded down to the threshold, and never more than there were.
fn patrons(checker: &Checker<'_>, told: &[Told], by: &[&str], table: &Table) -> Result<(), String> {
    let layout = checker.layout;
    let labels = |told: &Told, about: &[String]| -> Vec<String> {
        let of = |columns: &[&str], texts: &[String], name: &str| {
            columns.iter().position(|column| *column == name).map(|at| texts[at].clone())
        };
        let label = |name: &&str| {
            of(&layout.places, &told.line.places, name).or_else(|| of(&layout.patron, about, name)).unwrap()
        };
        by.iter().map(label).collect()
    };
    // Those that are surely in a cell, and those that may be.
    let mut cells: BTreeMap<Vec<String>, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (row, told) in told.iter().enumerate() {
        let mut may: Vec<_> =
            told.about.or.iter().chain([&told.about.reads]).map(|about| labels(told, about)).collect();
        may.sort();
        may.dedup();
        let is_sure = may.len() == 1;
        for cell in may {
            let (surely, maybe) = cells.entry(cell).or_default();
            maybe.push(row);
            surely.extend(is_sure.then_some(row));
        }
    }
    let rounded = |rows: &Vec<usize>| (checker.patrons(rows) / checker.threshold * checker.threshold) as i64;
    for (labels, figures) in &table.cells {
        let reads = figures.get("patrons").copied().flatten();
        let (surely, maybe) = cells.get(labels).cloned().unwrap_or_default();
        let fits = match reads {
            Some(reads) => {
                let least = if checker.counts_patrons { rounded(&surely) } else { 1 };
                (least.max(1)..=rounded(&maybe)).contains(&reads) && reads % checker.threshold as i64 == 0
            }
            None => !checker.counts_patrons,
        };
        if !fits {
            let (least, most) = (checker.patrons(&surely), checker.patrons(&maybe));
            return Err(format!("{labels:?} has {least} to {most} patrons and reads {reads:?}"));
        }
    }
    Ok(())
}

/// How many rows of each column say what: bands are values, what joins them is coarser.
pub fn coarsening(layout: &Layout, period: &Published) -> Table {
    let ages = bands(&AGES);
    let durations = bands(&DAYS);
    let mut cells: BTreeMap<Vec<String>, Figures> = BTreeMap::new();
    let mut add = |column: &str, says: &mut dyn Iterator<Item = (&'static str, i64)>| {
        let names = ["as_it_is", "coarser", "unknown", "other"];
        let mut figures: Figures = names.map(|name| (name.to_owned(), Some(0))).into();
        says.for_each(|(name, rows)| *figures.get_mut(name).unwrap().as_mut().unwrap() += rows);
        cells.insert(vec![column.to_owned()], figures);
    };
    let text = |text: &str, values: Option<&[String]>| match text {
        OTHER => "other",
        UNKNOWN => "unknown",
        text if values.is_some_and(|values| !values.iter().any(|value| value == text)) => "coarser",
        _ => "as_it_is",
    };
    let place = |place: &String| if layout.groups.contains(&place.as_str()) { "coarser" } else { text(place, None) };
    for (at, name) in layout.places.iter().enumerate() {
        add(name, &mut period.collection.iter().map(|line| (place(&line.places[at]), 1)));
    }
    for (at, name) in layout.uses.iter().enumerate() {
        let values = (*name == "duration").then_some(&durations[..]);
        add(name, &mut period.collection.iter().map(|line| (text(&line.uses[at], values), 1)));
    }
    for (at, name) in layout.patron.iter().enumerate() {
        let values = (*name == "age_band").then_some(&ages[..]);
        add(name, &mut period.community.iter().map(|who| (text(&who.about[at], values), 1)));
    }
    let time = |when: When| match when {
        When::Day(_) => "as_it_is",
        When::Week(_) => "coarser",
        When::Period => "other",
    };
    add("day", &mut period.collection.iter().map(|line| (time(line.when), 1)));
    if let Some(hours_cells) = &period.hours {
        let range = |range: &str| match hours(range) {
            Some((first, last)) if first < last => "coarser",
            _ => text(range, None),
        };
        add("hours", &mut hours_cells.iter().map(|cell| (range(&cell.range), cell.rows)));
    }
    Table {
        by: vec!["column".into()],
        figures: ["as_it_is", "coarser", "unknown", "other"].map(str::to_owned).into(),
        cells,
    }
}
