//! The table of titles of a period, as it is published. What it tells, `tree/titles` decides.

use std::collections::BTreeSet;

use super::count::Group;
use super::figures::sums;
use super::meanings::TITLE;
use super::node::{Cells, Table, TableColumn};
use super::shape::{Node, Shape};
use super::tree::TotalsValue;
use super::vocabulary::{OTHER_TEXT, UNKNOWN_TEXT, Vocabulary};

/// Titles that a period tells, and what is left.
pub(super) struct Titles {
    /// What their column is called.
    column: String,
    lines: Vec<Line>,
}

struct Line {
    text: String,
    rows: u64,
    measures: Vec<i64>,
}

impl Titles {
    pub fn new(column: &str, lines: &[TotalsValue], vocabulary: &Vocabulary) -> Titles {
        let line = |line: &TotalsValue| Line {
            text: vocabulary.text(line.word),
            rows: line.rows,
            measures: line.measures.clone(),
        };
        Titles { column: column.to_owned(), lines: lines.iter().map(line).collect() }
    }

    /// The titles that are told.
    pub fn told(&self) -> impl Iterator<Item = &str> {
        let texts = self.lines.iter().map(|line| line.text.as_str());
        texts.filter(|text| ![OTHER_TEXT, UNKNOWN_TEXT].contains(text))
    }

    /// Leaves these titles to `other`. What covers, joined with what covers, still does.
    pub fn leave_out(&mut self, titles: &BTreeSet<String>) {
        let (left_out, mut lines): (Vec<Line>, Vec<Line>) = std::mem::take(&mut self.lines)
            .into_iter()
            .partition(|line| line.text == OTHER_TEXT || titles.contains(&line.text));
        let other = left_out.into_iter().reduce(|mut other, line| {
            other.rows += line.rows;
            other.measures.iter_mut().zip(&line.measures).for_each(|(sum, number)| *sum = sum.saturating_add(*number));
            other
        });
        if let Some(other) = other {
            // Where it stands among other tables' lines.
            lines.insert(0, Line { text: OTHER_TEXT.to_owned(), ..other });
        }
        self.lines = lines;
    }

    /// With the figures that the kind's other tables have.
    pub fn table(&self, shape: &Shape) -> Table {
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let group = |(place, line): (u32, &Line)| Group {
            places: vec![place],
            rows: number(line.rows),
            sums: line.measures.clone(),
        };
        let groups: Vec<Group> = (0..).zip(&self.lines).map(group).collect();
        let texts: Vec<String> = self.lines.iter().map(|line| line.text.clone()).collect();
        let places: Vec<u32> = (0..texts.len() as u32).collect();
        let mut columns = vec![TableColumn::new(&self.column, TITLE, Cells::of_texts(&places, &texts))];
        columns.extend(sums(shape, Node::Collection, &groups));
        Table::new(columns, groups.len())
    }
}
