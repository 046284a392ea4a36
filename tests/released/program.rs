//! The attacker: one linear program over every number that a site has published, of all kinds, periods and years.
//!
//! He knows what is public, how the library divided its days and places into the published ones, and when each place was open.
//! A variable is how many rows a kind of patron had, at a place, on a day, in a range of hours; or how many distinct patrons a
//! published cell has. What he wants to know is a sum of variables: the program gives the least and the most that it can be.
//!
//! Numbers that are sums of other published ones add nothing, and are held against them instead. What then isn't tied to a
//! question by any number can't matter for it, and is left out when it is solved.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use microlp::{ComparisonOp, OptimizationDirection, Problem};

use super::checker::Told;
use super::figures::{Figure, ROWS};
use super::hours::hours;
use super::published::{Published, When};
use super::truth::{Layout, Row};

/// What a variable of rows counts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Cell {
    pub kind: &'static str,
    pub period: usize,
    /// As published.
    pub place: Vec<String>,
    pub who: Vec<String>,
    pub when: When,
    pub weekday: String,
    pub range: String,
    /// The places as they are, and the day.
    pub true_place: Vec<String>,
    pub day: Date,
}

/// When places are open on a day: from, to (excluded).
pub type Opens<'a> = dyn Fn(&[String], Date) -> (u8, u8) + 'a;

/// A period with all that he needs.
pub struct Known<'a> {
    pub published: &'a Published,
    pub told: &'a [Told],
    pub rows: &'a [Row],
    pub opens: &'a Opens<'a>,
}

/// A place as published, when, under which weekday; and the places and the day that are in it.
type Divided<'a> = (&'a Vec<String>, When, &'a String, &'a Vec<String>, Date);

/// Terms, how they compare, with what.
type Constraint = (Vec<(usize, f64)>, ComparisonOp, f64);

/// A published figure of patrons: its variable, and what it is about.
pub struct Patrons {
    pub variable: usize,
    pub figure: Figure,
    pub kind: &'static str,
    /// How many rows are published of the cell.
    pub rows: i64,
}

#[derive(Default)]
pub struct Program {
    pub cells: Vec<Cell>,
    pub patrons: Vec<Patrons>,
    /// The least and the most of each variable: those of rows come first.
    bounds: Vec<(f64, f64)>,
    constraints: Vec<Constraint>,
    /// Of each cell, which constraint has it in each node: its time, its kind of patrons, its hours.
    nodes: Vec<[usize; 3]>,
    /// Which variables are tied together by some chain of numbers, by the first of them.
    tied: Vec<usize>,
    /// How many numbers entered, and how many were sums of others.
    pub entered: usize,
    pub sums_of_others: usize,
}

pub fn cell_of(kind: &'static str, period: usize, row: &Row, told: &Told) -> Cell {
    Cell {
        kind,
        period,
        place: told.line.places.clone(),
        who: told.about.reads.clone(),
        when: told.line.when,
        weekday: told.weekday.to_owned(),
        range: told.range.clone().unwrap_or_default(),
        true_place: row.places.clone(),
        day: row.day,
    }
}

fn is_open(range: &str, (from, to): (u8, u8)) -> bool {
    hours(range).is_none_or(|(first, last)| first < to && from <= last)
}

fn place_name(figure: &Figure) -> String {
    format!("{} {} {:?} {}", figure.table, figure.span, figure.labels, figure.name)
}

impl Program {
    /// Adds a kind with all its periods. Rows of all kinds must be added before patrons of any.
    pub fn add(&mut self, layout: &Layout, periods: &[Known<'_>], figures: &[Figure]) {
        let first = self.cells.len();
        for (period, known) in periods.iter().enumerate() {
            self.add_period(layout.kind, period, known);
        }
        for figure in figures.iter().filter(|figure| ROWS.contains(&figure.name.as_str())) {
            // What was used stands in the trunk row by row, which says all of it: the checker holds tables against that.
            if figure.labels.iter().any(|(column, _)| layout.uses.contains(&column.as_str())) {
                self.sums_of_others += 1;
                continue;
            }
            if !periods.iter().any(|known| is_of(figure, known)) {
                continue;
            }
            let about: Vec<usize> = (first..self.cells.len())
                .filter(|at| self.is_about(layout, periods, figure, &self.cells[*at]))
                .collect();
            match self.is_sum_of_others(&about, figure.number) {
                true => self.sums_of_others += 1,
                false => self.constrain(about.into_iter().map(|at| (at, 1.0)).collect(), figure.number as f64),
            }
        }
    }

    /// The nodes of a period.
    fn add_period(&mut self, kind: &'static str, period: usize, known: &Known<'_>) {
        let published = known.published;
        let cells: BTreeSet<Cell> =
            known.rows.iter().zip(known.told).map(|(row, told)| cell_of(kind, period, row, told)).collect();
        // How days and places were divided; in what each place has of patrons, and each weekday of hours, they may combine.
        let divided: BTreeSet<Divided<'_>> =
            cells.iter().map(|cell| (&cell.place, cell.when, &cell.weekday, &cell.true_place, cell.day)).collect();
        let mut who: BTreeMap<&Vec<String>, BTreeMap<&Vec<String>, i64>> = BTreeMap::new();
        for one in &published.community {
            *who.entry(&one.places).or_default().entry(&one.about).or_default() += 1;
        }
        let nobody = Vec::new();
        let untold = BTreeMap::from([(&nobody, 0)]);
        let ranges: Vec<(Option<&String>, &str, &str)> = published
            .hours
            .iter()
            .flatten()
            .map(|cell| (cell.place.as_ref(), cell.weekday.as_str(), cell.range.as_str()))
            .collect();
        let first = self.cells.len();
        for (place, when, weekday, true_place, day) in divided {
            let open = (known.opens)(true_place, day);
            let of_weekday = ranges.iter().filter(|(at, of, _)| *at == place.first() && of == weekday);
            let mut possible: Vec<&str> =
                of_weekday.map(|(.., range)| *range).filter(|range| is_open(range, open)).collect();
            if published.hours.is_none() {
                possible.push("");
            }
            for who in who.get(place).unwrap_or(&untold).keys() {
                for range in &possible {
                    self.bounds.push((0.0, f64::INFINITY));
                    self.cells.push(Cell {
                        kind,
                        period,
                        place: place.clone(),
                        who: (*who).clone(),
                        when,
                        weekday: weekday.clone(),
                        range: (*range).to_owned(),
                        true_place: true_place.clone(),
                        day,
                    });
                }
            }
        }
        self.nodes.resize(self.cells.len(), [usize::MAX; 3]);
        let mut of_trunk: BTreeMap<(&Vec<String>, When), i64> = BTreeMap::new();
        for line in &published.collection {
            *of_trunk.entry((&line.places, line.when)).or_default() += 1;
        }
        for ((place, when), rows) in of_trunk {
            self.node(0, first, rows, &|cell| cell.place == *place && cell.when == when);
        }
        for (place, kinds) in &who {
            for (who, rows) in kinds {
                self.node(1, first, *rows, &|cell| cell.place == **place && cell.who == **who);
            }
        }
        for told in published.hours.iter().flatten() {
            let is = |cell: &Cell| {
                cell.place.first() == told.place.as_ref() && cell.weekday == told.weekday && cell.range == told.range
            };
            self.node(2, first, told.rows, &is);
        }
    }

    /// A published cell of a node, of cells from `first` on.
    fn node(&mut self, node: usize, first: usize, rows: i64, is: &dyn Fn(&Cell) -> bool) {
        let about: Vec<usize> = (first..self.cells.len()).filter(|at| is(&self.cells[*at])).collect();
        about.iter().for_each(|at| self.nodes[*at][node] = self.constraints.len());
        self.constrain(about.into_iter().map(|at| (at, 1.0)).collect(), rows as f64);
    }

    fn constrain(&mut self, terms: Vec<(usize, f64)>, rows: f64) {
        assert!(!terms.is_empty() || rows == 0.0, "{rows} rows of no cell");
        self.entered += 1;
        self.constraints.push((terms, ComparisonOp::Eq, rows));
    }

    /// The variables of rows that a figure is about.
    pub fn about(&self, layout: &Layout, periods: &[Known<'_>], figure: &Figure) -> Vec<(usize, f64)> {
        let is = |at: &usize| {
            self.cells[*at].kind == layout.kind && self.is_about(layout, periods, figure, &self.cells[*at])
        };
        (0..self.cells.len()).filter(is).map(|at| (at, 1.0)).collect()
    }

    fn is_about(&self, layout: &Layout, periods: &[Known<'_>], figure: &Figure, cell: &Cell) -> bool {
        is_of(figure, &periods[cell.period]) && reads(layout, &figure.labels, cell)
    }

    /// Whether cells are all of some published ones of a node; then the number must be their sum, and says nothing new.
    fn is_sum_of_others(&self, about: &[usize], number: i64) -> bool {
        let mut is_sum = false;
        for node in 0..3 {
            let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
            about.iter().for_each(|at| *seen.entry(self.nodes[*at][node]).or_default() += 1);
            if seen.iter().all(|(of, cells)| self.constraints.get(*of).is_some_and(|(terms, ..)| terms.len() == *cells))
            {
                let sum: f64 = seen.keys().map(|of| self.constraints[*of].2).sum();
                assert_eq!(sum, number as f64, "isn't the sum of what is published");
                is_sum = true;
            }
        }
        is_sum
    }

    /// Adds distinct patrons of a kind. `are_disjoint`: whether nobody is in two of these cells of a table, as he may know.
    pub fn add_patrons(
        &mut self,
        layout: &Layout,
        periods: &[Known<'_>],
        figures: &[Figure],
        threshold: usize,
        are_disjoint: impl Fn(&[&Figure]) -> bool,
    ) {
        let first = self.patrons.len();
        for figure in figures.iter().filter(|figure| figure.name == "patrons") {
            let by_use = figure.labels.iter().any(|(column, _)| layout.uses.contains(&column.as_str()));
            assert!(!by_use, "distinct patrons by use: {}", place_name(figure));
            assert_eq!(figure.number % threshold as i64, 0, "not rounded: {}", place_name(figure));
            let least = figure.number as f64;
            // No more than there are rows.
            let rows: i64 = periods.iter().map(|known| rows_of(layout, figure, known)).sum();
            // Of months that waited for each other fewer are told than there were.
            let waited = periods.iter().any(|known| known.published.span == figure.span && figure.span.months() > 1);
            let rounded = if waited { f64::INFINITY } else { least + threshold as f64 - 1.0 };
            let most = rounded.min(rows as f64);
            let figure = figure.clone();
            self.patrons.push(Patrons { variable: self.bounds.len(), figure, kind: layout.kind, rows });
            self.bounds.push((least, most));
            self.entered += 1;
        }
        // What is in a cell is in every wider one; and a table's cells together have all that a wider cell has.
        let mut more: Vec<Constraint> = Vec::new();
        let of_kind = &self.patrons[first..];
        for wide in of_kind {
            let mut tables: BTreeMap<(&String, super::calendar::Span), Vec<&Patrons>> = BTreeMap::new();
            for narrow in of_kind.iter().filter(|narrow| is_within(&narrow.figure, &wide.figure)) {
                let terms = vec![(wide.variable, 1.0), (narrow.variable, -1.0)];
                more.push((terms, ComparisonOp::Ge, 0.0));
                tables.entry((&narrow.figure.table, narrow.figure.span)).or_default().push(narrow);
            }
            for ((_, span), cells) in tables {
                if span != wide.figure.span || !is_all(&cells, figures, &wide.figure) {
                    continue;
                }
                let all: Vec<&Figure> = cells.iter().map(|cell| &cell.figure).collect();
                let op = if are_disjoint(&all) { ComparisonOp::Eq } else { ComparisonOp::Le };
                let terms = std::iter::once((wide.variable, 1.0)).chain(cells.iter().map(|cell| (cell.variable, -1.0)));
                more.push((terms.collect(), op, 0.0));
            }
        }
        self.constraints.extend(more);
    }

    /// Once all is added.
    pub fn ready(&mut self) {
        let mut tied: Vec<usize> = (0..self.bounds.len()).collect();
        fn root(tied: &mut [usize], mut at: usize) -> usize {
            while tied[at] != at {
                tied[at] = tied[tied[at]];
                at = tied[at];
            }
            at
        }
        for (terms, ..) in &self.constraints {
            for pair in terms.windows(2) {
                let (one, other) = (root(&mut tied, pair[0].0), root(&mut tied, pair[1].0));
                tied[one.max(other)] = one.min(other);
            }
        }
        (0..tied.len()).for_each(|at| tied[at] = root(&mut tied, at));
        self.tied = tied;
    }

    /// The least and the most that a sum of variables can be; `None` where there is no solution at all.
    pub fn range(&self, target: &[(usize, f64)]) -> Option<(f64, f64)> {
        let weights: BTreeMap<usize, f64> = target.iter().copied().collect();
        let roots: BTreeSet<usize> = weights.keys().map(|at| self.tied[*at]).collect();
        let matters = |at: usize| roots.contains(&self.tied[at]);
        let solve = |direction| {
            let mut problem = Problem::new(direction);
            let weight = |at: usize| weights.get(&at).copied().unwrap_or(0.0);
            let variables: BTreeMap<usize, _> = (0..self.bounds.len())
                .filter(|at| matters(*at))
                .map(|at| (at, problem.add_var(weight(at), self.bounds[at])))
                .collect();
            for (terms, op, number) in
                self.constraints.iter().filter(|(terms, ..)| terms.first().is_some_and(|t| matters(t.0)))
            {
                let terms: Vec<_> = terms.iter().map(|(at, weight)| (variables[at], *weight)).collect();
                problem.add_constraint(&terms, *op, *number);
            }
            Some(problem.solve().ok()?.into_solution().ok()?.objective())
        };
        Some((solve(OptimizationDirection::Minimize)?, solve(OptimizationDirection::Maximize)?))
    }
}

/// Whether a figure is about a period: about it alone, or with others.
fn is_of(figure: &Figure, known: &Known<'_>) -> bool {
    let span = known.published.span;
    figure.span.first <= span.first && span.last <= figure.span.last
}

fn reads(layout: &Layout, labels: &[(String, String)], cell: &Cell) -> bool {
    labels.iter().all(|(column, text)| {
        let of = |columns: &[&str], texts: &[String]| {
            columns.iter().position(|name| name == column).and_then(|at| texts.get(at)).is_some_and(|is| is == text)
        };
        match column.as_str() {
            "weekday" => cell.weekday == *text,
            "hours" => cell.range == *text,
            _ => of(&layout.places, &cell.place) || of(&layout.patron, &cell.who),
        }
    })
}

/// Rows of a period that a figure is about, as the published nodes say.
fn rows_of(layout: &Layout, figure: &Figure, known: &Known<'_>) -> i64 {
    if !is_of(figure, known) {
        return 0;
    }
    let reads = |places: &[String], about: &[String]| {
        figure.labels.iter().all(|(column, text)| {
            let of = |columns: &[&str], texts: &[String]| {
                columns.iter().position(|name| name == column).and_then(|at| texts.get(at)).is_some_and(|is| is == text)
            };
            of(&layout.places, places) || of(&layout.patron, about)
        })
    };
    match layout.patron.is_empty() {
        true => known.published.collection.iter().filter(|line| reads(&line.places, &[])).count() as i64,
        false => known.published.community.iter().filter(|who| reads(&who.places, &who.about)).count() as i64,
    }
}

/// Whether whoever is in one is in the other, too: months within months, and all of the other's labels.
pub fn is_within(narrow: &Figure, wide: &Figure) -> bool {
    let months = wide.span.first <= narrow.span.first && narrow.span.last <= wide.span.last;
    let labels = wide.labels.iter().all(|label| narrow.labels.contains(label));
    months && labels && (narrow.span, &narrow.labels) != (wide.span, &wide.labels)
}

/// Whether a table tells patrons of each of its cells within a wider one.
fn is_all(cells: &[&Patrons], figures: &[Figure], wide: &Figure) -> bool {
    let Some(table) = cells.first().map(|cell| (&cell.figure.table, cell.figure.span)) else { return false };
    let rows = figures.iter().filter(|figure| (&figure.table, figure.span) == table && figure.name != "patrons");
    let rows: BTreeSet<&Vec<(String, String)>> = rows
        .filter(|figure| wide.labels.iter().all(|label| figure.labels.contains(label)))
        .map(|f| &f.labels)
        .collect();
    let told: BTreeSet<&Vec<(String, String)>> = cells.iter().map(|cell| &cell.figure.labels).collect();
    rows.is_subset(&told)
}
