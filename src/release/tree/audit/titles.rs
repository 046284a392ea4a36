//! The audit of the table of titles: each line is true of its rows and covers, the rest, too; and no row is in none.

use std::collections::BTreeMap;

use super::super::rows::Rows;
use super::super::titles::TitleCodes;
use super::super::totals::TotalsValue;
use super::super::word::{OTHER, UNKNOWN, Word};
use super::groups::{ByPatron, Keys, groups, numbered};
use super::{Broken, Finding, Findings, Node};

/// Audits the lines with the patrons known.
pub fn titles_with_patrons(rows: &Rows, titles: &TitleCodes, lines: &[TotalsValue], threshold: u32) -> Vec<Finding> {
    let mut findings = Findings::default();
    let Some(patron) = numbered(&rows.patron, &rows.key).filter(|patron| patron.len() == titles.codes.len()) else {
        return vec![Finding { node: Node::Titles, broken: Broken::DoesNotCover, count: 1 }];
    };
    let places: BTreeMap<Word, u32> = lines.iter().map(|line| line.word).zip(0..).collect();
    // Behind all lines: what is in none.
    let none = lines.len() as u32;
    let word = |code: u32| match code {
        OTHER => Word::Other,
        UNKNOWN => Word::Unknown,
        value => Word::Value(value),
    };
    let line_of = |row: usize| {
        let own = places.get(&word(titles.codes[row]));
        *own.or_else(|| places.get(&Word::Other)).unwrap_or(&none)
    };
    let one = Keys::new(patron.len());
    let cells = groups(&one, &Keys::new(patron.len()).with(lines.len() + 1, line_of), &ByPatron::new(&patron));
    let bare = cells.iter().filter(|cell| !cell.covers(threshold)).count();
    findings.add(Node::Titles, Broken::DoesNotCover, bare);
    let mut counted: BTreeMap<u32, (u64, Vec<i64>)> = BTreeMap::new();
    for row in 0..patron.len() {
        let sums = counted.entry(line_of(row)).or_insert_with(|| (0, vec![0; rows.measures.len()]));
        sums.0 += 1;
        sums.1.iter_mut().zip(&rows.measures).for_each(|(sum, (_, numbers))| *sum = sum.saturating_add(numbers[row]));
    }
    let is_true = |(line, place): &(&TotalsValue, u32)| {
        counted.get(place).is_some_and(|(rows, sums)| *rows == line.rows && *sums == line.measures)
    };
    let untrue = lines.iter().zip(0..).filter(|line| !is_true(line)).count();
    findings.add(Node::Titles, Broken::Untrue, untrue + lines.len().abs_diff(places.len()));
    findings.add(Node::Titles, Broken::Sum, usize::from(counted.contains_key(&none)));
    let alone = lines.len() == 1 && lines[0].word != Word::Other;
    findings.add(Node::Titles, Broken::OneCellAlone, usize::from(alone));
    findings.0
}

/// Audits the lines as anybody could: by rows. `lines`: whether each is `other`, and its rows; `rows`: of the whole period.
pub fn titles_alone(lines: &[(bool, u64)], rows: u64, threshold: u32) -> Vec<Finding> {
    let mut findings = Findings::default();
    let small = lines.iter().filter(|(_, rows)| *rows < threshold.into()).count();
    findings.add(Node::Titles, Broken::DoesNotCover, small);
    let sum = lines.iter().fold(0, |sum: u64, (_, rows)| sum.saturating_add(*rows));
    findings.add(Node::Titles, Broken::Sum, usize::from(sum != rows));
    findings.add(Node::Titles, Broken::OneCellAlone, usize::from(matches!(lines, [(false, _)])));
    findings.0
}
