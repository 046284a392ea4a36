//! A checker that shares no code with the release: it knows each row's patron and what the row says, and counts with
//! maps and sets.

use super::super::tables::{From, StatisticsTable};
use super::*;

/// The patrons of a set of rows (0: nobody), each with what it counts for.
type Set = Vec<(u32, u64)>;

/// One row: whose it is, what was true, what is published.
struct Told {
    patron: u32,
    day: Day,
    hour: u8,
    measure: u64,
    texts: Vec<String>,
    when: (Option<Day>, Option<Day>),
}

fn covers(set: &Set, threshold: u32) -> bool {
    let mut by_patron: BTreeMap<u32, u64> = BTreeMap::new();
    set.iter()
        .filter(|(patron, _)| *patron != 0)
        .for_each(|(patron, count)| *by_patron.entry(*patron).or_default() += count);
    by_patron.retain(|_, count| *count > 0);
    let most = by_patron.values().max().copied().unwrap_or_default();
    by_patron.len() >= threshold as usize && 2 * most <= by_patron.values().sum()
}

fn patrons(set: &Set) -> u64 {
    set.iter()
        .filter(|(patron, count)| *patron != 0 && *count > 0)
        .map(|(patron, _)| patron)
        .collect::<BTreeSet<_>>()
        .len() as u64
}

fn total(set: &Set) -> u64 {
    set.iter().map(|(_, count)| count).sum()
}

fn grouped<'a, K: Ord>(
    rows: impl IntoIterator<Item = &'a Told>,
    key: impl Fn(&Told) -> K,
) -> BTreeMap<K, Vec<&'a Told>> {
    let mut groups: BTreeMap<K, Vec<&Told>> = BTreeMap::new();
    rows.into_iter().for_each(|row| groups.entry(key(row)).or_default().push(row));
    groups
}

fn set(rows: &[&Told]) -> Set {
    rows.iter().map(|row| (row.patron, 1)).collect()
}

fn measure(rows: &[&Told]) -> Set {
    rows.iter().map(|row| (row.patron, row.measure)).collect()
}

/// Says what is wrong with the release of a month; a closed one is only right where it must be closed.
pub fn check(month: &MonthRows, shape: &Shape, rules: &Rules) -> Result<(), String> {
    let whole: Set = month.patron.iter().map(|&patron| (patron, 1)).collect();
    let linked = month.patron.iter().filter(|patron| **patron != 0).count();
    let may_open = covers(&whole, rules.threshold) && linked * 10 >= whole.len() * 9;
    match settle(month, shape, rules).map_err(|error| error.to_string())? {
        Settled::Closed(_) if may_open => Err("closed without need".to_owned()),
        Settled::Closed(_) => Ok(()),
        Settled::Open(_) if !may_open => Err("a month that doesn't cover was published".to_owned()),
        Settled::Open(published) => {
            let rows = told(month, shape, rules);
            same_lines(&published, &rows, shape)?;
            cells_cover(&rows, shape, rules.threshold)?;
            published.tables.iter().try_for_each(|table| {
                all_sessions_or_none(table, &rows)?;
                match table.from {
                    From::Hours => hours(table, &rows, rules.threshold),
                    _ => counted(table, &rows, shape, rules.threshold),
                }
            })
        }
    }
}

fn told(month: &MonthRows, shape: &Shape, rules: &Rules) -> Vec<Told> {
    let Ok(decided) = super::super::decided::decide(month, shape, rules).unwrap() else { panic!("closed") };
    let words: Vec<Vec<u32>> = shape
        .columns
        .iter()
        .enumerate()
        .map(|(column, shape)| super::super::layout::collection_column(&decided, column, shape.place))
        .collect();
    let text = |row: usize, column: usize| decided.rows.words[column].texts[words[column][row] as usize].to_owned();
    (0..decided.rows.len())
        .map(|row| {
            let input = decided.rows.input_row(row);
            Told {
                patron: month.patron[input],
                day: month.day[input],
                hour: month.hour[input],
                measure: month.measure[input].min(65_535).into(),
                texts: (0..words.len()).map(|column| text(row, column)).collect(),
                when: decided.time.as_ref().map_or((None, None), |time| time.when(row).dates(decided.month)),
            }
        })
        .collect()
}

/// The halves hold these rows, sorted, over texts that are in use.
fn same_lines(published: &super::super::Published, rows: &[Told], shape: &Shape) -> Result<(), String> {
    let by_row = shape.measure == Some(Measure::Renewals);
    type Line = (Vec<String>, (bool, Option<Day>), (bool, Option<Day>), u64);
    let patron = |column: usize| shape.columns[column].place == Place::Patron;
    let shared = |column: usize| shape.columns[column].place == Place::Shared;
    let line = |row: &Told, columns: &dyn Fn(usize) -> bool, all: bool| -> Line {
        let texts = (0..shape.columns.len()).filter(|&column| columns(column)).map(|column| row.texts[column].clone());
        // Nulls come last.
        let (day, week) = if all { row.when } else { (None, None) };
        (texts.collect(), (day.is_none(), day), (week.is_none(), week), if all && by_row { row.measure } else { 0 })
    };
    type Half<'a> = (&'a str, &'a super::super::layout::Half, &'a dyn Fn(usize) -> bool, bool);
    let halves: [Half; 2] = [
        ("collection", &published.collection, &|column| !patron(column), true),
        ("community", &published.community, &|column| patron(column) || shared(column), false),
    ];
    for (name, half, columns, all) in halves {
        let mut expected: Vec<Line> = rows.iter().map(|row| line(row, columns, all)).collect();
        expected.sort();
        let mut lines: Vec<Line> = Vec::new();
        let count = half.repeat.as_ref().map_or(half.rows, Vec::len);
        for at in 0..count {
            let texts = half.columns.iter().map(|column| column.texts[column.words[at] as usize].clone()).collect();
            let (day, week) = half.when.as_ref().map_or((None, None), |when| when[at].dates(published.month));
            let measure = half.measure.as_ref().map_or(0, |(_, measure)| measure[at].into());
            let line: Line = (texts, (day.is_none(), day), (week.is_none(), week), measure);
            lines.extend(std::iter::repeat_n(line, half.repeat.as_ref().map_or(1, |repeat| repeat[at] as usize)));
        }
        if lines != expected || half.rows != rows.len() {
            return Err(format!("{name} doesn't hold the rows in order"));
        }
        for column in &half.columns {
            let used: BTreeSet<&String> = column.words.iter().map(|&word| &column.texts[word as usize]).collect();
            if used.into_iter().ne(&column.texts) {
                return Err(format!("{name}: texts that no row uses"));
            }
        }
    }
    Ok(())
}

fn cells_cover(rows: &[Told], shape: &Shape, threshold: u32) -> Result<(), String> {
    let at = |places: &[Place]| -> Vec<usize> {
        (0..shape.columns.len()).filter(|&column| places.contains(&shape.columns[column].place)).collect()
    };
    let by = |columns: Vec<usize>| {
        move |row: &Told| columns.iter().map(|&column| row.texts[column].clone()).collect::<Vec<_>>()
    };
    for places in [&[Place::Shared][..], &[Place::Shared, Place::Material], &[Place::Shared, Place::Patron]] {
        for (cell, rows) in grouped(rows, by(at(places))) {
            if !covers(&set(&rows), threshold) {
                return Err(format!("{places:?}: {cell:?} doesn't cover"));
            }
        }
    }
    let place = |row: &Told| at(&[Place::Shared]).first().map(|&column| row.texts[column].clone());
    for (cell, rows) in grouped(rows, |row| (place(row), row.when)) {
        if !covers(&set(&rows), threshold) {
            return Err(format!("place and time: {cell:?} doesn't cover"));
        }
    }
    // An exact day and an exact duration give the day of return.
    for column in at(&[Place::Duration]) {
        let returned = |row: &Told| Some(row.when.0?.plus(row.texts[column].parse().ok()?));
        for (cell, rows) in grouped(rows, |row| (place(row), returned(row))) {
            if cell.1.is_some() && !covers(&set(&rows), threshold) {
                return Err(format!("place and return: {cell:?} doesn't cover"));
            }
        }
    }
    let patron = at(&[Place::Patron]);
    for (combination, rows) in grouped(rows, by(at(&[Place::Shared]))) {
        let other = |row: &&&Told| patron.iter().all(|&column| row.texts[column] == "other");
        if rows.iter().filter(|row| row.patron == 0).any(|row| !other(&row)) {
            return Err(format!("{combination:?}: an unlinked row tells of a patron"));
        }
        let linked = |rows: &[&Told]| rows.iter().filter(|row| row.patron != 0).count();
        for group in grouped(rows.iter().copied(), by(patron.clone())).values() {
            let most = group.len() * 10 > rows.len() * 9 || linked(group) * 10 > linked(&rows) * 9;
            if most && rows.iter().any(|row| !other(&row)) {
                return Err(format!("{combination:?}: nearly all are alike, and it is told"));
            }
        }
    }
    Ok(())
}

/// One table's sessions, taken away from another's, leave none.
fn all_sessions_or_none(table: &StatisticsTable, rows: &[Told]) -> Result<(), String> {
    let told: Vec<u64> = table.cells.iter().filter_map(|cell| cell.measure).collect();
    let all: u64 = rows.iter().map(|row| row.measure).sum();
    if table.measure == Some(Measure::Sessions) && !told.is_empty() && told.iter().sum::<u64>() != all {
        Err(format!("{}: some sessions are told and others aren't", table.name))
    } else {
        Ok(())
    }
}

/// A table over a half's columns.
fn counted(table: &StatisticsTable, rows: &[Told], shape: &Shape, threshold: u32) -> Result<(), String> {
    let wrong = |labels: &[String], what: &str| Err(format!("{} {labels:?}: {what}", table.name));
    let columns: Vec<usize> =
        table.by.iter().map(|name| shape.columns.iter().position(|column| column.name == *name).unwrap()).collect();
    let pooled = |at: usize| shape.columns[columns[at]].place != Place::Shared;
    let mut groups = grouped(rows, |row| columns.iter().map(|&column| row.texts[column].clone()).collect::<Vec<_>>());
    let families: BTreeMap<Vec<String>, Vec<&Told>> = grouped(rows, |row| {
        (0..columns.len())
            .map(|at| if pooled(at) { "other".to_owned() } else { row.texts[columns[at]].clone() })
            .collect()
    });
    let mut renewals_of: BTreeMap<Vec<String>, (u64, bool)> = BTreeMap::new();
    let mut previous: Option<&Vec<String>> = None;
    let mut pools: BTreeMap<Vec<String>, Vec<&Told>> = families.clone();
    for cell in &table.cells {
        if previous.replace(&cell.labels).is_some_and(|previous| *previous >= cell.labels) {
            return wrong(&cell.labels, "not in order");
        }
        let rows = groups.remove(&cell.labels).unwrap_or_default();
        if rows.is_empty() && (cell.rows > 0 || cell.measure.is_none()) {
            return wrong(&cell.labels, "no such rows");
        }
        if rows.len() as u64 != cell.rows || (!rows.is_empty() && patrons(&set(&rows)) != cell.patrons) {
            return wrong(&cell.labels, "untrue");
        }
        if !rows.is_empty() && !covers(&set(&rows), threshold) {
            return wrong(&cell.labels, "doesn't cover");
        }
        if table.measure.is_none() {
            continue;
        }
        let family: Vec<String> =
            (0..columns.len()).map(|at| if pooled(at) { "other".into() } else { cell.labels[at].clone() }).collect();
        if table.from == From::Collection && table.measure == Some(Measure::Renewals) {
            if cell.measure != Some(total(&measure(&rows))) {
                return wrong(&cell.labels, "untrue renewals");
            }
            continue;
        }
        let (sum, all) = renewals_of.entry(family.clone()).or_insert((0, true));
        *sum += cell.measure.unwrap_or_default();
        *all &= cell.measure.is_none();
        if let Some(told) = cell.measure.filter(|_| cell.labels != family) {
            let own = measure(&rows);
            if told != total(&own) || (told > 0 && !covers(&own, threshold)) {
                return wrong(&cell.labels, "renewals untrue or few");
            }
            pools.get_mut(&family).unwrap().retain(|row| !rows.iter().any(|own| std::ptr::eq(*own, *row)));
        }
    }
    if !groups.is_empty() {
        return Err(format!("{}: groups are missing", table.name));
    }
    for (family, (sum, all_withheld)) in renewals_of {
        let pool = measure(&pools[&family]);
        let rest = table.cells.iter().find(|cell| cell.labels == family).and_then(|cell| cell.measure);
        if all_withheld {
            continue;
        }
        if sum != total(&measure(&families[&family])) || rest.unwrap_or_default() != total(&pool) {
            return wrong(&family, "renewals don't add up");
        }
        if total(&pool) > 0 && !covers(&pool, threshold) {
            return wrong(&family, "the rest of the renewals is about few");
        }
        let extra = table.cells.iter().find(|cell| cell.labels == family && cell.rows == 0);
        if extra.is_some_and(|extra| extra.patrons != patrons(&pool)) {
            return wrong(&family, "patrons of renewals untrue");
        }
    }
    Ok(())
}

/// Weekday × hour: which rows a weekday counts follows from its total; the exact days can be subtracted.
fn hours(table: &StatisticsTable, rows: &[Told], threshold: u32) -> Result<(), String> {
    const DAYS: [&str; 8] =
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "no weekday"];
    let mut left: Vec<&Told> = rows.iter().filter(|row| row.when.0.is_none()).collect();
    // What may be left to be counted under no weekday.
    let mut left_renewals: Vec<Vec<&Told>> = vec![left.clone()];
    for (at, weekday) in DAYS.iter().enumerate() {
        let cells: Vec<_> = table.cells.iter().filter(|cell| cell.labels[0] == *weekday).collect();
        let wrong = |what: &str| Err(format!("{} {weekday}: {what}", table.name));
        let of_day = |row: &&&Told| usize::from(row.day.weekday()) == at;
        let exact: Vec<&Told> = rows.iter().filter(|row| row.when.0.is_some() && of_day(&row)).collect();
        let coarse: Vec<&Told> = if at == 7 { left.clone() } else { left.iter().filter(of_day).copied().collect() };
        let count: u64 = cells.iter().map(|cell| cell.rows).sum();
        let mut counts = exact.clone();
        if count == (exact.len() + coarse.len()) as u64 {
            counts.extend(&coarse);
            if !coarse.is_empty() && !covers(&set(&coarse), threshold) {
                return wrong("coarsened rows are few");
            }
            left.retain(|row| at != 7 && !of_day(&row));
        } else if count != exact.len() as u64 {
            return wrong("doesn't add up");
        }
        hours_cover(&cells, &counts, set, threshold, |cell| (cell.rows > 0).then_some((cell.rows, cell.patrons)))
            .or_else(|what| wrong(&what))?;
        if table.measure.is_none() {
            continue;
        }
        let coarse: Vec<&Told> = counts.iter().filter(|row| row.when.0.is_none()).copied().collect();
        if cells.iter().all(|cell| cell.measure.is_none()) {
            // Its coarsened renewals are either withheld with it, or counted under no weekday.
            left_renewals = left_renewals.iter().flat_map(|left| [left.clone(), without(left, &coarse)]).collect();
            continue;
        }
        let sum: u64 = cells.iter().filter_map(|cell| cell.measure).sum();
        if at == 7 {
            let fits =
                |left: &Vec<&Told>| sum == total(&measure(left)) && (sum == 0 || covers(&measure(left), threshold));
            if !left_renewals.iter().any(fits) {
                return wrong("renewals don't add up");
            }
            continue;
        }
        let mut renewing = exact.clone();
        if sum == total(&measure(&counts)) {
            renewing.extend(&coarse);
            left_renewals = left_renewals.iter().map(|left| without(left, &coarse)).collect();
            let coarse = measure(&coarse);
            if total(&coarse) > 0 && !covers(&coarse, threshold) {
                return wrong("coarsened renewals are few");
            }
        } else if sum != total(&measure(&exact)) {
            return wrong("renewals don't add up");
        }
        hours_cover(&cells, &renewing, measure, threshold, |cell| cell.measure.map(|sum| (sum, u64::MAX)))
            .or_else(|what| wrong(&what))?;
    }
    if left.is_empty() { Ok(()) } else { Err(format!("{}: rows are missing", table.name)) }
}

fn without<'a>(left: &[&'a Told], counted: &[&Told]) -> Vec<&'a Told> {
    left.iter().filter(|row| !counted.iter().any(|counted| std::ptr::eq(*counted, **row))).copied().collect()
}

fn hours_cover(
    cells: &[&super::super::tables::Cell],
    rows: &[&Told],
    set: fn(&[&Told]) -> Set,
    threshold: u32,
    figures: impl Fn(&super::super::tables::Cell) -> Option<(u64, u64)>,
) -> Result<(), String> {
    let hour = |row: &Told| if row.hour < 24 { format!("{:02}", row.hour) } else { "unknown".to_owned() };
    let mut rest = rows.to_vec();
    let mut other = None;
    for cell in cells {
        let Some((count, patrons_told)) = figures(cell) else { continue };
        if cell.labels[1] == "other" {
            other = Some((count, patrons_told));
            continue;
        }
        let of_hour: Vec<&Told> = rows.iter().filter(|row| hour(row) == cell.labels[1]).copied().collect();
        let counted = set(&of_hour);
        if total(&counted) != count || (patrons_told != u64::MAX && patrons_told != patrons(&counted)) {
            return Err(format!("{}: untrue", cell.labels[1]));
        }
        if count > 0 && !covers(&counted, threshold) {
            return Err(format!("{}: doesn't cover", cell.labels[1]));
        }
        rest.retain(|row| hour(row) != cell.labels[1]);
    }
    let rest = set(&rest);
    match other {
        Some((count, _)) if count != total(&rest) => Err("other: untrue".to_owned()),
        None if total(&rest) > 0 => Err("other: missing".to_owned()),
        _ if total(&rest) > 0 && !covers(&rest, threshold) => Err("other: doesn't cover".to_owned()),
        _ => Ok(()),
    }
}
