//! Weekday × hour, which no half holds: what is coarsened in the collection half can be told apart here by subtraction.

use jiff::civil::Date;

use super::checker::{Checker, Counted, Rows, Told, places_of};
use super::published::{Table, When};

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub fn weekday(day: Date) -> &'static str {
    WEEKDAYS[day.weekday().to_monday_zero_offset() as usize]
}

fn hour(told: &Told<'_>) -> String {
    if told.row.hour < 24 { format!("{:02}", told.row.hour) } else { "unknown".into() }
}

/// What a weekday's cells count.
struct Weekday<'a> {
    checker: &'a Checker<'a>,
    table: &'a Table,
    told: &'a [Told<'a>],
    name: &'a str,
}

/// Whose renewals a weekday's cells tell.
enum Renewing {
    Told { by_hour: Rows },
    Withheld,
}

pub fn counted(checker: &Checker<'_>, table: &Table, told: &[Told<'_>]) -> Result<Vec<Counted>, String> {
    let is_exact = |row: &usize| matches!(told[*row].when, When::Day(_));
    let mut all = Vec::new();
    // Coarsened rows that no weekday counts; and of those the renewals, as often as they can be told apart.
    let mut left = Rows::new();
    let mut left_renewing = vec![Rows::new()];
    for name in WEEKDAYS {
        let day = Weekday { checker, table, told, name };
        let of_day: Rows = (0..told.len()).filter(|row| weekday(told[*row].row.day) == name).collect();
        let (exact, coarse): (Rows, Rows) = of_day.iter().copied().partition(is_exact);
        let counts = match day.sum("checkouts").or(day.sum("transactions")).unwrap_or(0) {
            sum if sum == of_day.len() as u64 => {
                if !coarse.is_empty() && !checker.covers(&coarse) {
                    return Err(format!(
                        "by-hour {name}: its coarsened rows are few, and the exact ones can be subtracted"
                    ));
                }
                of_day.clone()
            }
            sum if sum == exact.len() as u64 => {
                left.extend(&coarse);
                exact.clone()
            }
            _ => return Err(format!("by-hour {name}: doesn't add up")),
        };
        let mut cells = day.rows(&counts)?;
        if checker.layout.renewals {
            let counts_coarse = counts.len() == of_day.len();
            match day.sum("renewals") {
                None => {
                    // Its coarsened renewals are withheld with it, or counted under no weekday.
                    let with: Vec<Rows> = left_renewing.iter().map(|left| left | &checker.renewing(&coarse)).collect();
                    left_renewing.extend(with);
                    day.renewals(&mut cells, &Renewing::Withheld, &Rows::new())?;
                }
                Some(sum) if counts_coarse && sum == checker.renewals(&counts) => {
                    if !checker.renewals_cover(&coarse) {
                        return Err(format!("by-hour {name}: its coarsened renewals are few"));
                    }
                    day.renewals(&mut cells, &Renewing::Told { by_hour: counts.clone() }, &counts)?;
                }
                Some(sum) if sum == checker.renewals(&exact) => {
                    left_renewing.iter_mut().for_each(|left| left.extend(checker.renewing(&coarse)));
                    day.renewals(&mut cells, &Renewing::Told { by_hour: exact.clone() }, &exact)?;
                }
                Some(_) => return Err(format!("by-hour {name}: renewals don't add up")),
            }
        }
        all.extend(cells);
    }
    let day = Weekday { checker, table, told, name: "no weekday" };
    let sum = day.sum("checkouts").or(day.sum("transactions")).unwrap_or(0);
    if sum != left.len() as u64 {
        return Err("by-hour: rows are missing".into());
    }
    let mut cells = day.rows(&left)?;
    if checker.layout.renewals {
        match day.sum("renewals") {
            None => day.renewals(&mut cells, &Renewing::Withheld, &Rows::new())?,
            Some(sum) => {
                let fits =
                    left_renewing.iter().find(|rows| sum == checker.renewals(rows) && checker.renewals_cover(rows));
                let Some(fits) = fits else { return Err("by-hour no weekday: renewals don't add up".into()) };
                day.renewals(&mut cells, &Renewing::Told { by_hour: left.clone() }, fits)?;
            }
        }
    }
    all.extend(cells);
    if all.len() != table.cells.len() {
        return Err("by-hour: a cell of no weekday".into());
    }
    Ok(all)
}

impl Weekday<'_> {
    fn figures(&self) -> impl Iterator<Item = (&Vec<String>, &std::collections::BTreeMap<String, Option<u64>>)> {
        self.table.cells.iter().filter(|(labels, _)| labels[0] == self.name)
    }

    /// None where no cell tells.
    fn sum(&self, figure: &str) -> Option<u64> {
        let told: Vec<u64> = self.figures().filter_map(|(_, figures)| figures.get(figure).copied().flatten()).collect();
        (!told.is_empty()).then(|| told.iter().sum())
    }

    /// Hours read themselves where they are published, else `other`.
    fn rows(&self, counts: &Rows) -> Result<Vec<Counted>, String> {
        let read = |row: usize| {
            let labels = vec![self.name.to_owned(), hour(&self.told[row])];
            if self.table.cells.contains_key(&labels) { labels } else { vec![self.name.to_owned(), "other".into()] }
        };
        let mut groups = places_of(counts, read);
        let mut cells = Vec::new();
        for (labels, figures) in self.figures() {
            let rows = groups.remove(labels).unwrap_or_default();
            let wrong = |what: &str| Err(format!("by-hour {labels:?}: {what}"));
            let count = figures.get("checkouts").or(figures.get("transactions")).copied().flatten();
            let alone = rows.is_empty() && labels[1] == "other" && self.checker.layout.renewals;
            if count != Some(rows.len() as u64) || (rows.is_empty() && !alone) {
                return wrong("rows aren't true");
            }
            let patrons = (self.table.cells.len() > 1).then(|| self.checker.patrons(&rows));
            if !alone && figures["patrons"] != patrons {
                return wrong("patrons aren't true");
            }
            if !alone && !self.checker.covers(&rows) {
                return wrong("doesn't cover");
            }
            cells.push(Counted { labels: labels.clone(), rows, renewing: None });
        }
        if groups.is_empty() { Ok(cells) } else { Err(format!("by-hour {}: hours are missing", self.name)) }
    }

    /// `all` are the rows whose renewals the weekday tells; those of the hours that are told are subtracted.
    fn renewals(&self, cells: &mut [Counted], renewing: &Renewing, all: &Rows) -> Result<(), String> {
        let Renewing::Told { by_hour } = renewing else { return Ok(()) };
        let mut rest = self.checker.renewing(all);
        for cell in cells.iter_mut().filter(|cell| cell.labels[1] != "other") {
            if let Some(figure) = self.table.cells[&cell.labels]["renewals"] {
                let own: Rows = self.checker.renewing(&(&cell.rows & by_hour));
                rest = &rest - &own;
                self.tell(cell, own, figure)?;
            }
        }
        match cells.iter_mut().find(|cell| cell.labels[1] == "other") {
            Some(cell) => match self.table.cells[&cell.labels]["renewals"] {
                Some(figure) => self.tell(cell, rest, figure),
                None if rest.is_empty() => Ok(()),
                None => Err(format!("by-hour {}: renewals are missing", self.name)),
            },
            None if rest.is_empty() => Ok(()),
            None => Err(format!("by-hour {}: renewals are missing", self.name)),
        }
    }

    fn tell(&self, cell: &mut Counted, rows: Rows, figure: u64) -> Result<(), String> {
        if self.checker.renewals(&rows) != figure {
            return Err(format!("by-hour {:?}: renewals aren't true", cell.labels));
        }
        if !self.checker.renewals_cover(&rows) {
            return Err(format!("by-hour {:?}: renewals don't cover", cell.labels));
        }
        let figures = &self.table.cells[&cell.labels];
        if figures["circulation"] != Some(cell.rows.len() as u64 + figure) {
            return Err(format!("by-hour {:?}: circulation isn't checkouts and renewals", cell.labels));
        }
        if cell.rows.is_empty() && figures["patrons"] != Some(self.checker.patrons(&rows)) {
            return Err(format!("by-hour {:?}: patrons of renewals aren't true", cell.labels));
        }
        cell.renewing = Some(rows);
        Ok(())
    }
}
