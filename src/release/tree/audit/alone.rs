//! The audit from published tables alone, by rows: what anybody can check, and anybody could attack.
//!
//! Patrons aren't known here. A cell of fewer rows than the threshold is surely about fewer patrons.

use std::collections::BTreeMap;

use super::super::tables::{Community, HoursCell, Tables, Trunk};
use super::super::word::{Labels, Word};
use super::alike::{columns_alike, one_cell_says_something};
use super::groups::{ByPatron, Group, Keys, groups, separators};
use super::known::weekday_told;
use super::{Broken, Finding, Findings, Node};

/// How many rows each cell has, by separator.
type Sizes<S> = BTreeMap<S, Vec<u64>>;

/// Audits the published tables of one period.
pub fn tables_alone(tables: &Tables, threshold: u32) -> Vec<Finding> {
    let mut audit = Audit { trunk: &tables.trunk, least: threshold.into(), findings: Findings::default() };
    let time = audit.trunk();
    if let Some(leaf) = &tables.community {
        audit.community(leaf, &time);
    }
    if let Some(hours) = &tables.hours {
        audit.hours(hours);
    }
    audit.findings.0
}

/// The cells of rows of which nothing is known but that they are there.
fn of_rows(separator: &Keys, cell: &Keys, rows: usize) -> Vec<Group> {
    groups(separator, cell, &ByPatron::new(&vec![0; rows]))
}

struct Audit<'a> {
    trunk: &'a Trunk,
    least: u64,
    findings: Findings,
}

impl Audit<'_> {
    /// How many rows each time has, by place.
    fn trunk(&mut self) -> Sizes<Vec<Word>> {
        let trunk = self.trunk;
        let rows = trunk.time.len();
        let places = Keys::new(rows).with_all(&trunk.places);
        for labels in &trunk.uses {
            let values = of_rows(&places, &Keys::new(rows).with_labels(labels), rows);
            let rare = values.iter().filter(|value| value.rows < self.least).count();
            self.findings.add(Node::Trunk, Broken::RareUse, rare);
        }
        let times = of_rows(&places, &Keys::new(rows).with_times(&trunk.time), rows);
        let sizes = sizes(&times, |row| said(&trunk.places, row));
        self.small(Node::Trunk, &sizes);
        sizes
    }

    fn community(&mut self, leaf: &Community, time: &Sizes<Vec<Word>>) {
        let rows = leaf.patrons.first().map_or(0, |labels| labels.of_row.len());
        let (places, who) = (Keys::new(rows).with_all(&leaf.places), Keys::new(rows).with_all(&leaf.patrons));
        let cells = of_rows(&places, &who, rows);
        let sizes = sizes(&cells, |row| said(&leaf.places, row));
        self.small(Node::Community, &sizes);
        self.hangs(Node::Community, time, &sizes);
        let columns: Vec<&Labels> = leaf.patrons.iter().collect();
        let (mut alone, mut alike) = (0, 0);
        for cells in separators(&cells) {
            let examples: Vec<usize> = cells.iter().map(|cell| cell.example).collect();
            alone += usize::from(one_cell_says_something(&columns, &examples));
            let cells: Vec<(usize, u64)> = cells.iter().map(|cell| (cell.example, cell.rows)).collect();
            alike += columns_alike(&columns, &cells);
        }
        self.findings.add(Node::Community, Broken::OneCellAlone, alone);
        self.findings.add(Node::Community, Broken::NineTenths, alike);
    }

    fn hours(&mut self, hours: &[HoursCell]) {
        let trunk = self.trunk;
        let rows = trunk.time.len();
        let first = trunk.places.first();
        // The trunk once more, by what this leaf hangs by: times of each area of a branch are cells of their own.
        let separator = Keys::new(rows)
            .with(first.map_or(1, |labels| labels.words.len()), |row| first.map_or(0, |labels| labels.of_row[row]))
            .with(8, |row| weekday_told(trunk.time[row]).into());
        let cell = Keys::new(rows).with_all(&trunk.places).with_times(&trunk.time);
        let times = of_rows(&separator, &cell, rows);
        let by = |row: usize| (first.map(|labels| labels.word(row)), weekday_told(trunk.time[row]));
        let times = sizes(&times, by);
        let (mut ranges, mut words): (Sizes<_>, BTreeMap<_, Vec<Word>>) = Default::default();
        for told in hours {
            ranges.entry((told.place, told.weekday)).or_default().push(told.rows);
            words.entry((told.place, told.weekday)).or_default().push(told.range);
        }
        self.small(Node::Hours, &ranges);
        self.hangs(Node::Hours, &times, &ranges);
        let alone = words.values().filter(|ranges| ranges.len() == 1 && ranges[0] != Word::Other).count();
        self.findings.add(Node::Hours, Broken::OneCellAlone, alone);
    }

    fn small<S>(&mut self, node: Node, sizes: &Sizes<S>) {
        let small = sizes.values().flatten().filter(|rows| **rows < self.least).count();
        self.findings.add(node, Broken::DoesNotCover, small);
    }

    /// A leaf hangs on the trunk: both have equally many rows of each separator; and the overlap of a cell here and one
    /// there, which is known to be between max(0, a + b − N) and min(a, b), is open by `least` rows, or is a whole cell.
    fn hangs<S: Ord>(&mut self, node: Node, trunk: &Sizes<S>, leaf: &Sizes<S>) {
        let mut astray = leaf.keys().filter(|separator| !trunk.contains_key(separator)).count();
        let mut narrow = 0;
        for (separator, cells) in trunk {
            let all: u64 = cells.iter().sum();
            let of_leaf = leaf.get(separator).map_or(&[][..], Vec::as_slice);
            if of_leaf.iter().sum::<u64>() != all {
                astray += 1;
                continue;
            }
            for &a in cells {
                for &b in of_leaf {
                    let (lowest, highest) = ((a + b).saturating_sub(all), a.min(b));
                    let is_whole = a == all || b == all;
                    narrow += usize::from(!is_whole && highest - lowest < self.least);
                }
            }
        }
        self.findings.add(node, Broken::Separator, astray);
        self.findings.add(node, Broken::Interval, narrow);
    }
}

fn sizes<S: Ord>(cells: &[Group], separator: impl Fn(usize) -> S) -> Sizes<S> {
    let sizes = |cells: &[Group]| (separator(cells[0].example), cells.iter().map(|cell| cell.rows).collect());
    separators(cells).map(sizes).collect()
}

fn said(columns: &[Labels], row: usize) -> Vec<Word> {
    columns.iter().map(|labels| labels.word(row)).collect()
}
