//! The audit before files move into place: with whom every row is about.

use super::super::calendar::Span;
use super::super::hours::{Hours, NO_WEEKDAY};
use super::super::rows::{About, Column, Rows};
use super::super::said::Tree;
use super::super::tables::{HoursCell, Tables};
use super::super::word::{Labels, When, Word};
use super::alike::{columns_alike, one_cell_says_something};
use super::groups::{ByPatron, Group, Keys, distinct, groups, numbered, place, separators};
use super::opening::ranges_that_miss;
use super::truth::{out_of_range, untimely, untrue};
use super::{Broken, Finding, Findings, Node};

/// More patrons or keys than can be told apart: nothing is known to cover.
const TOO_MANY: Finding = Finding { node: Node::Trunk, broken: Broken::DoesNotCover, count: 1 };

/// Audits a period: what every row says against the row, and the files against what every row says.
pub fn with_patrons(rows: &Rows, span: Span, tree: &Tree, tables: &Tables, threshold: u32) -> Vec<Finding> {
    let Some(patron) = numbered(&rows.patron, &rows.key) else { return vec![TOO_MANY] };
    let by_patron = ByPatron::new(&patron);
    let mut audit = Audit { rows, by_patron, span, tree, threshold, findings: Findings::default() };
    audit.columns();
    let places = Keys::new(rows.patron.len()).with_all(&tree.places);
    audit.trunk(&places);
    let found = community(&places, &tree.community, &audit.by_patron, threshold);
    audit.findings.0.extend(found.0);
    if let Some(hours) = &tree.hours {
        audit.hours(hours);
    }
    audit.files(tables);
    audit.findings.0
}

/// Audits the leaf of who by itself, where it hangs on several periods of the trunk. `places`: as those published them.
pub fn community_with_patrons(rows: &Rows, places: &[Labels], community: &[Labels], threshold: u32) -> Vec<Finding> {
    let places = Keys::new(rows.patron.len()).with_all(places);
    let Some(patron) = numbered(&rows.patron, &rows.key) else { return vec![TOO_MANY] };
    self::community(&places, community, &ByPatron::new(&patron), threshold).0
}

fn community(places: &Keys, community: &[Labels], by_patron: &ByPatron<'_>, threshold: u32) -> Findings {
    let mut findings = Findings::default();
    let Some(first) = community.first() else { return findings };
    let who = Keys::new(first.of_row.len()).with_all(community);
    let cells = groups(places, &who, by_patron);
    let bare = cells.iter().filter(|cell| !cell.covers(threshold)).count();
    findings.add(Node::Community, Broken::DoesNotCover, bare);
    let columns: Vec<&Labels> = community.iter().collect();
    let (mut alone, mut alike) = (0, 0);
    for cells in separators(&cells) {
        let sized: Vec<(usize, u64)> = cells.iter().map(|cell| (cell.example, cell.rows)).collect();
        alike += columns_alike(&columns, &sized);
        let examples: Vec<usize> = cells.iter().map(|cell| cell.example).collect();
        alone += usize::from(one_cell_says_something(&columns, &examples));
    }
    findings.add(Node::Community, Broken::OneCellAlone, alone);
    findings.add(Node::Community, Broken::NineTenths, alike);
    findings
}

struct Audit<'a> {
    rows: &'a Rows,
    by_patron: ByPatron<'a>,
    span: Span,
    tree: &'a Tree,
    threshold: u32,
    findings: Findings,
}

impl Audit<'_> {
    /// Each column stands where it may, and says what is so.
    fn columns(&mut self) {
        let about = |about: About| self.rows.columns.iter().filter(move |column| column.about == about);
        let strayed = self.rows.columns.iter().filter(|column| column.from_patron && column.about != About::Patron);
        self.findings.add(Node::Trunk, Broken::LeadsToPatron, strayed.count());
        let nodes = [
            (Node::Trunk, About::Place, &self.tree.places),
            (Node::Trunk, About::Use, &self.tree.uses),
            (Node::Community, About::Patron, &self.tree.community),
        ];
        for (node, is_about, labels) in nodes {
            let columns: Vec<&Column> = about(is_about).collect();
            let lies: usize = columns.iter().zip(labels).map(|(column, labels)| untrue(column, labels)).sum();
            self.findings.add(node, Broken::Untrue, lies + columns.len().abs_diff(labels.len()));
        }
        let mut untimely = untimely(&self.tree.time, &self.rows.day, self.span);
        if !self.rows.tells_day {
            untimely += self.tree.time.iter().filter(|when| **when != When::Period).count();
        }
        self.findings.add(Node::Trunk, Broken::Untrue, untimely);
    }

    fn trunk(&mut self, places: &Keys) {
        let time = Keys::new(self.rows.patron.len()).with_times(&self.tree.time);
        let cells = groups(places, &time, &self.by_patron);
        self.covered(Node::Trunk, &cells);
        for labels in &self.tree.uses {
            let values = Keys::new(self.rows.patron.len()).with_labels(labels);
            let cells = groups(places, &values, &self.by_patron);
            let rare = cells.iter().filter(|cell| cell.patrons < u64::from(self.threshold)).count();
            self.findings.add(Node::Trunk, Broken::RareUse, rare);
        }
    }

    fn hours(&mut self, hours: &Hours) {
        let first = self.tree.places.first();
        let separators_of_rows = Keys::new(self.rows.patron.len())
            .with(first.map_or(1, |labels| labels.words.len()), |row| first.map_or(0, |labels| labels.of_row[row]))
            .with(8, |row| weekday_told(self.tree.time[row]).into());
        let astray = hours.weekday.iter().zip(&self.tree.time).filter(|(told, when)| **told != weekday_told(**when));
        self.findings.add(Node::Hours, Broken::Separator, astray.count());
        if let Some(hour) = &self.rows.hour {
            self.findings.add(Node::Hours, Broken::Untrue, out_of_range(&hours.range, hour));
        }
        let range = Keys::new(self.rows.patron.len()).with_labels(&hours.range);
        let cells = groups(&separators_of_rows, &range, &self.by_patron);
        self.covered(Node::Hours, &cells);
        let alone = separators(&cells).filter(|cells| {
            let examples: Vec<usize> = cells.iter().map(|cell| cell.example).collect();
            one_cell_says_something(&[&hours.range], &examples)
        });
        self.findings.add(Node::Hours, Broken::OneCellAlone, alone.count());

        let miss = ranges_that_miss(self.rows, &separators_of_rows.numbers(), &hours.range);
        self.findings.add(Node::Hours, Broken::OpeningHours, miss);
    }

    fn covered(&mut self, node: Node, cells: &[Group]) {
        let bare = cells.iter().filter(|cell| !cell.covers(self.threshold)).count();
        self.findings.add(node, Broken::DoesNotCover, bare);
    }

    /// The files have the rows that were decided, and no others.
    fn files(&mut self, tables: &Tables) {
        let trunk = &tables.trunk;
        let numbers = |numbers: &'_ [(String, Vec<i64>)]| numbers.iter().map(|(_, numbers)| numbers.clone()).collect();
        let decided = Said {
            labels: self.tree.places.iter().chain(&self.tree.uses).collect(),
            time: &self.tree.time,
            numbers: numbers(&self.rows.measures),
        };
        let written = Said {
            labels: trunk.places.iter().chain(&trunk.uses).collect(),
            time: &trunk.time,
            numbers: numbers(&trunk.measures),
        };
        self.findings.add(Node::Trunk, Broken::Files, usize::from(!decided.is_same(&written)));

        let decided = self.tree.places.iter().chain(&self.tree.community).collect();
        let decided = Said { labels: decided, time: &[], numbers: Vec::new() };
        let same = match &tables.community {
            None => self.tree.community.is_empty(),
            Some(leaf) => {
                let written = leaf.places.iter().chain(&leaf.patrons).collect();
                decided.is_same(&Said { labels: written, time: &[], numbers: Vec::new() })
            }
        };
        self.findings.add(Node::Community, Broken::Files, usize::from(!same));

        let same = match (&tables.hours, &self.tree.hours) {
            (None, None) => true,
            (Some(written), Some(decided)) => *written == counted(self.tree, decided),
            _ => false,
        };
        self.findings.add(Node::Hours, Broken::Files, usize::from(!same));
    }
}

/// The weekday of a published time; 7: it tells none.
pub fn weekday_told(when: When) -> u8 {
    match when {
        // Day 4 was a Monday.
        When::Day(day) => (day - 4).rem_euclid(7) as u8,
        When::Week(_) | When::Period => NO_WEEKDAY,
    }
}

/// What rows of a node say, all columns of it.
struct Said<'a> {
    labels: Vec<&'a Labels>,
    /// None of a leaf.
    time: &'a [When],
    numbers: Vec<Vec<i64>>,
}

impl Said<'_> {
    /// Whether the same rows stand here and there, in whatever order.
    fn is_same(&self, other: &Said) -> bool {
        let rows = self.labels.first().map_or(self.time.len(), |labels| labels.of_row.len());
        let columns = |said: &Said| (said.labels.len(), said.numbers.len(), said.time.len());
        let lengths = |said: &Said| {
            let labels = said.labels.iter().all(|labels| labels.of_row.len() == rows);
            labels && said.numbers.iter().all(|numbers| numbers.len() == rows)
        };
        let words = self.labels.iter().zip(&other.labels).all(|(a, b)| a.words == b.words);
        if columns(self) != columns(other) || !lengths(self) || !lengths(other) || !words {
            return false;
        }
        // Both in one, so that a key means the same here and there.
        let mut keys = Keys::new(2 * rows);
        for (a, b) in self.labels.iter().zip(&other.labels) {
            let both = [&a.of_row[..], &b.of_row[..]].concat();
            keys = keys.with(a.words.len(), |row| both[row]);
        }
        if !self.time.is_empty() {
            keys = keys.with_times(&[self.time, other.time].concat());
        }
        for (a, b) in self.numbers.iter().zip(&other.numbers) {
            let both = [&a[..], &b[..]].concat();
            let distinct = distinct(&both);
            keys = keys.with(distinct.len(), |row| place(&distinct, both[row]));
        }
        keys.halves_are_alike()
    }
}

fn counted(tree: &Tree, hours: &Hours) -> Vec<HoursCell> {
    let mut rows: Vec<(Option<Word>, u8, Word)> = (0..hours.weekday.len())
        .map(|row| (tree.places.first().map(|labels| labels.word(row)), hours.weekday[row], hours.range.word(row)))
        .collect();
    rows.sort_unstable();
    let cell = |same: &[(Option<Word>, u8, Word)]| {
        let (place, weekday, range) = same[0];
        HoursCell { place, weekday, range, rows: same.len() as u64 }
    };
    rows.chunk_by(|a, b| a == b).map(cell).collect()
}
