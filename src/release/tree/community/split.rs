//! Splitting one place's rows into cells that cover, column by column, most important first.
//!
//! At each step what covers is split further, and the rest is pooled. A pool that doesn't cover is left to the pool further
//! up, or takes in the smallest *finished* cell with which it covers, wherever that lies among its siblings: so a handful of
//! rows that say nothing (those that name nobody, those whose age isn't known) costs one age band, and not all children.

use std::collections::BTreeMap;

use super::super::cover::{Crowd, Growing};
use super::super::pool::Pool;
use super::super::rows::Column;
use super::super::rules::Rules;
use super::super::runs::cheapest_cut;
use super::super::word::{FIRST, UNKNOWN, Word};
use super::steps::{Step, steps};

/// One place's finest cells: what they are, and whom they are about.
pub struct Splitting<'a> {
    columns: &'a [&'a Column],
    codes: &'a [&'a [u32]],
    crowds: &'a [Crowd],
    rules: &'a Rules,
    growing: &'a mut Growing,
    steps: Vec<Step>,
}

/// Finest cells that say the same.
struct Part {
    cells: Vec<usize>,
    crowd: Crowd,
    words: Vec<Word>,
}

impl<'a> Splitting<'a> {
    pub fn new(
        columns: &'a [&'a Column],
        codes: &'a [&'a [u32]],
        crowds: &'a [Crowd],
        rules: &'a Rules,
        growing: &'a mut Growing,
    ) -> Splitting<'a> {
        Splitting { columns, codes, crowds, rules, growing, steps: steps(columns) }
    }

    /// What each finest cell says in each column.
    pub fn words(mut self) -> Vec<Vec<Word>> {
        let nothing = vec![Word::Other; self.columns.len()];
        let all = self.part((0..self.codes.len()).collect(), nothing.clone());
        let mut words = vec![nothing; self.codes.len()];
        for part in self.split(all, 0).0 {
            part.cells.iter().for_each(|&cell| words[cell].clone_from(&part.words));
        }
        words
    }

    fn part(&self, cells: Vec<usize>, words: Vec<Word>) -> Part {
        Part { crowd: Crowd::union(cells.iter().map(|&cell| &self.crowds[cell])), cells, words }
    }

    /// Splits what covers into parts that cover, from this step on; and what is left for a pool further up.
    fn split(&mut self, whole: Part, step: usize) -> (Vec<Part>, Vec<usize>) {
        let Some(by) = self.steps.get(step).copied() else { return (vec![whole], Vec::new()) };
        let (mut children, rest) = match by {
            Step::Groups(column) => self.children(&whole, column, Column::group_word),
            Step::Values(column) => self.children(&whole, column, |_, code| Some(Word::of_code(code))),
            Step::Runs(column) => self.runs(&whole, column),
        };
        let rest = self.part(rest, whole.words.clone());
        let mut left = Vec::new();
        if rest.crowd.covers(self.rules) {
            children.push(rest);
        } else {
            left = rest.cells;
        }
        let mut finished: Vec<Part> = Vec::new();
        for child in children {
            let (parts, left_by_child) = self.split(child, step + 1);
            finished.extend(parts);
            left.extend(left_by_child);
        }
        if left.is_empty() {
            return (finished, left);
        }
        let left = self.part(left, whole.words);
        if left.crowd.covers(self.rules) {
            finished.push(left);
            return (finished, Vec::new());
        }
        // Child or adult is kept longest: nothing of a group leaves it.
        let is_of_group = matches!(self.steps.get(step.wrapping_sub(1)), Some(Step::Groups(_)));
        self.fill(left, finished, step == 0 || is_of_group)
    }

    /// The values that cover, and the cells of those that don't or that say nothing.
    fn children(
        &self,
        whole: &Part,
        column: usize,
        says: impl Fn(&Column, u32) -> Option<Word>,
    ) -> (Vec<Part>, Vec<usize>) {
        let mut of_word: BTreeMap<Word, Vec<usize>> = BTreeMap::new();
        for &cell in &whole.cells {
            let word = says(self.columns[column], self.codes[cell][column]).unwrap_or(Word::Other);
            of_word.entry(word).or_default().push(cell);
        }
        let (mut children, mut rest) = (Vec::new(), Vec::new());
        for (word, cells) in of_word {
            let mut words = whole.words.clone();
            words[column] = word;
            let child = self.part(cells, words);
            if word != Word::Other && child.crowd.covers(self.rules) {
                children.push(child);
            } else {
                rest.extend(child.cells);
            }
        }
        (children, rest)
    }

    /// Runs of neighbours that cover, by the cheapest cut, and the cells that have no place on the line.
    fn runs(&mut self, whole: &Part, column: usize) -> (Vec<Part>, Vec<usize>) {
        let mut line: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let (mut unknown, mut rest) = (Vec::new(), Vec::new());
        for &cell in &whole.cells {
            match self.codes[cell][column] {
                code if code >= FIRST => line.entry(code).or_default().push(cell),
                UNKNOWN => unknown.push(cell),
                _ => rest.push(cell),
            }
        }
        let says = |word: Word| {
            let mut words = whole.words.clone();
            words[column] = word;
            words
        };
        let mut children = Vec::new();
        let unknown = self.part(unknown, says(Word::Unknown));
        if unknown.crowd.covers(self.rules) {
            children.push(unknown);
        } else {
            rest.extend(unknown.cells);
        }
        let (codes, cells): (Vec<u32>, Vec<Vec<usize>>) = line.into_iter().unzip();
        let crowds: Vec<Crowd> =
            cells.iter().map(|cells| Crowd::union(cells.iter().map(|&cell| &self.crowds[cell]))).collect();
        match cheapest_cut(&crowds, self.growing, self.rules, |_, _| true) {
            Some(runs) => {
                for (first, last) in runs {
                    children
                        .push(self.part(cells[first..=last].concat(), says(Word::of_run(codes[first], codes[last]))));
                }
            }
            None => rest.extend(cells.concat()),
        }
        (children, rest)
    }

    /// Gives what is left the finished cells that it needs to cover; or leaves it to a pool further up where that costs less,
    /// fewer rows losing one word more.
    fn fill(&self, mut left: Part, finished: Vec<Part>, last: bool) -> (Vec<Part>, Vec<usize>) {
        let enough = |crowd: &Crowd| crowd.covers(self.rules);
        let mut pool = Pool { takes: vec![false; finished.len()], crowd: left.crowd.clone() };
        let of_largest = self.of_largest_group(&finished);
        let crowd =
            |(part, is_of_largest): (&Part, &bool)| if *is_of_largest { part.crowd.clone() } else { Crowd::default() };
        let crowds: Vec<Crowd> = finished.iter().zip(&of_largest).map(crowd).collect();
        pool.fill(&crowds, enough);
        let crowds: Vec<Crowd> = finished.iter().map(|part| part.crowd.clone()).collect();
        pool.fill(&crowds, enough);
        if !last && left.crowd.rows < pool.crowd.rows - left.crowd.rows {
            return (finished, left.cells);
        }
        left.crowd = pool.crowd;
        let mut parts = Vec::new();
        for (part, taken) in finished.into_iter().zip(pool.takes) {
            if taken {
                left.cells.extend(part.cells);
            } else {
                parts.push(part);
            }
        }
        parts.push(left);
        (parts, Vec::new())
    }

    /// Which parts are of the declared group that has most rows: what is taken from it leaves the totals of all others
    /// whole. Children are counted fully, though some adults read `other`.
    fn of_largest_group(&self, parts: &[Part]) -> Vec<bool> {
        let Some(Step::Groups(column)) = self.steps.first().copied() else { return vec![true; parts.len()] };
        let group =
            |part: &Part| part.cells.first().and_then(|&cell| self.columns[column].group(self.codes[cell][column]));
        let mut rows_of: BTreeMap<Option<u32>, u64> = BTreeMap::new();
        for part in parts {
            *rows_of.entry(group(part)).or_default() += part.crowd.rows;
        }
        let largest = rows_of.into_iter().max_by_key(|(group, rows)| (*rows, *group)).map(|(group, _)| group);
        parts.iter().map(|part| largest == Some(group(part))).collect()
    }
}
