//! The attacker: a linear program over everything that is published of a period.
//!
//! He knows the tables, how the library divided its days and places into the published ones, and when it was open. A
//! variable is how many rows a kind of patron had, at a place, on a day, in a range of hours. What he wants to know is a sum
//! of variables; the program gives the least and the most that it can be.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, OptimizationDirection, Problem};

use crate::release::tree::{HoursCell, NO_WEEKDAY, Rows, Tables, Tree, When, Word};

/// What a variable counts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Cell {
    /// As published.
    pub place: Vec<Word>,
    pub who: Vec<Word>,
    pub when: When,
    /// Under which weekday the hours have it.
    pub weekday: u8,
    pub range: Word,
    /// The branch as it is, and the day.
    pub branch: u32,
    pub day: i32,
}

/// One first place, with all of what is published of it.
pub struct Program {
    pub cells: Vec<Cell>,
    /// Sums that are published: which variables, and how many rows.
    sums: Vec<(Vec<usize>, f64)>,
}

/// The programs of a period, one for each first place. `opens`: when a branch is open on a day.
///
/// `tree` tells only which days and branches went into which published ones: figures come from `tables`.
pub fn programs(tables: &Tables, tree: &Tree, rows: &Rows, opens: impl Fn(u32, i32) -> (u8, u8)) -> Vec<Program> {
    let said = |labels: &[crate::release::tree::Labels], row: usize| {
        labels.iter().map(|labels| labels.word(row)).collect::<Vec<_>>()
    };
    let mut of_trunk: BTreeMap<(Vec<Word>, When), f64> = BTreeMap::new();
    for row in 0..tables.trunk.time.len() {
        *of_trunk.entry((said(&tables.trunk.places, row), tables.trunk.time[row])).or_default() += 1.0;
    }
    let leaf = tables.community.as_ref().unwrap();
    let mut of_community: BTreeMap<(Vec<Word>, Vec<Word>), f64> = BTreeMap::new();
    for row in 0..leaf.patrons[0].of_row.len() {
        *of_community.entry((said(&leaf.places, row), said(&leaf.patrons, row))).or_default() += 1.0;
    }
    // Where there are no hours, all rows are in one range of which nothing is told.
    let untold = |place| HoursCell { place: Some(place), weekday: NO_WEEKDAY, range: Word::Other, rows: 0 };
    let hours =
        tables.hours.clone().unwrap_or_else(|| tables.trunk.places[0].words.iter().copied().map(untold).collect());
    let of_row = tree.hours.as_ref().map_or_else(|| vec![NO_WEEKDAY; rows.patron.len()], |hours| hours.weekday.clone());
    let mut divided: BTreeSet<(Vec<Word>, When, u8, u32, i32)> = BTreeSet::new();
    for (row, weekday) in of_row.into_iter().enumerate() {
        divided.insert((said(&tree.places, row), tree.time[row], weekday, rows.columns[0].codes[row], rows.day[row]));
    }
    let firsts: BTreeSet<Word> = of_trunk.keys().map(|(place, _)| place[0]).collect();
    let program = |first: Word| {
        let mut cells = Vec::new();
        for (place, when, weekday, branch, day) in divided.iter().filter(|(place, ..)| place[0] == first) {
            for (_, who) in of_community.keys().filter(|(at, _)| at == place) {
                for told in hours.iter().filter(|told| told.place == Some(first) && told.weekday == *weekday) {
                    if is_open(told.range, opens(*branch, *day)) {
                        let (place, who) = (place.clone(), who.clone());
                        let (when, weekday, branch, day) = (*when, *weekday, *branch, *day);
                        cells.push(Cell { place, who, when, weekday, range: told.range, branch, day });
                    }
                }
            }
        }
        let all = |is: &dyn Fn(&Cell) -> bool| (0..cells.len()).filter(|at| is(&cells[*at])).collect::<Vec<_>>();
        let mut sums = Vec::new();
        for ((place, when), rows) in of_trunk.iter().filter(|((place, _), _)| place[0] == first) {
            sums.push((all(&|cell| cell.place == *place && cell.when == *when), *rows));
        }
        for ((place, who), rows) in of_community.iter().filter(|((place, _), _)| place[0] == first) {
            sums.push((all(&|cell| cell.place == *place && cell.who == *who), *rows));
        }
        for told in hours.iter().filter(|told| told.place == Some(first) && told.rows > 0) {
            let is = |cell: &Cell| cell.weekday == told.weekday && cell.range == told.range;
            sums.push((all(&is), told.rows as f64));
        }
        Program { cells, sums }
    };
    firsts.into_iter().map(program).collect()
}

fn is_open(range: Word, (from, to): (u8, u8)) -> bool {
    let (from, to) = (u32::from(from), u32::from(to));
    match range {
        Word::Value(hour) => from <= hour && hour < to,
        Word::Run(first, last) => first < to && from <= last,
        _ => true,
    }
}

impl Program {
    /// The least and the most that a set of variables can sum up to; `None` where the program has no solution at all.
    pub fn range(&self, target: impl Fn(&Cell) -> bool) -> Option<(f64, f64)> {
        let solve = |direction| {
            let mut problem = Problem::new(direction);
            let variables: Vec<_> = self
                .cells
                .iter()
                .map(|cell| problem.add_var(f64::from(u8::from(target(cell))), (0.0, f64::INFINITY)))
                .collect();
            for (sum, rows) in &self.sums {
                let terms: Vec<_> = sum.iter().map(|at| (variables[*at], 1.0)).collect();
                problem.add_constraint(&terms, ComparisonOp::Eq, *rows);
            }
            Some(problem.solve().ok()?.into_solution().ok()?.objective())
        };
        Some((solve(OptimizationDirection::Minimize)?, solve(OptimizationDirection::Maximize)?))
    }
}
