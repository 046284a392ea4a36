//! The halves as they will be written: sorted by what they publish, over words that are in use.

use super::cells::Cells;
use super::collection::When;
use super::counts::Counts;
use super::decided::Decided;
use super::rows::sorted;
use super::shape::{Measure, Place, Shape};
use super::tables::StatisticsTable;
use crate::words::{Kind, Month};

/// A month that may be published: nothing in it names a patron.
#[derive(Debug)]
pub struct Published {
    pub month: Month,
    pub kind: Kind,
    /// What was coarsened and merged, for staff.
    pub counts: Counts,
    pub(super) collection: Half,
    pub(super) community: Half,
    pub(super) tables: Vec<StatisticsTable>,
}

/// One half, line by line.
#[derive(Debug)]
pub(super) struct Half {
    pub columns: Vec<TextColumn>,
    pub when: Option<Vec<When>>,
    /// What it is, and each row's.
    pub measure: Option<(Measure, Vec<u16>)>,
    /// How many rows each line stands for; one each where this is `None`.
    pub repeat: Option<Vec<u32>>,
    pub rows: usize,
}

#[derive(Debug)]
pub(super) struct TextColumn {
    pub name: String,
    pub words: Vec<u32>,
    /// In use, in text order.
    pub texts: Vec<String>,
}

impl Published {
    /// Every distinct text that will leave, with its column, for the leak search.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let halves = self.collection.columns.iter().chain(&self.community.columns);
        let halves = halves.flat_map(|column| column.texts.iter().map(|text| (column.name.as_str(), text.as_str())));
        let tables = self.tables.iter().flat_map(|table| {
            let labels = |at: usize| table.cells.iter().map(move |cell| cell.labels[at].as_str());
            table.by.iter().enumerate().flat_map(move |(at, name)| {
                let mut labels: Vec<&str> = labels(at).collect();
                labels.sort_unstable();
                labels.dedup();
                labels.into_iter().map(move |label| (name.as_str(), label))
            })
        });
        halves.chain(tables)
    }

    /// Rows of each half.
    pub fn rows(&self) -> u64 {
        self.collection.rows as u64
    }
}

pub(super) fn lay_out(mut decided: Decided, shape: &Shape) -> Published {
    let tables = std::mem::take(&mut decided.tables);
    Published {
        month: decided.month,
        kind: shape.kind,
        counts: decided.counts,
        collection: collection(&decided, shape),
        community: community(&decided, shape),
        tables,
    }
}

/// What a column's rows say in the collection half, in order of patrons.
pub(super) fn collection_column(decided: &Decided, column: usize, place: Place) -> Vec<u32> {
    let shared = &decided.shared;
    let at = |columns: &[usize]| columns.iter().position(|&c| c == column).unwrap_or_default();
    match place {
        Place::Shared => {
            let at = at(&shared.columns);
            let words: Vec<u32> = shared.tuples.iter().map(|tuple| tuple[at]).collect();
            shared.of_row.iter().map(|&combination| words[combination as usize]).collect()
        }
        Place::Material => of_cells(&decided.material, at(&decided.rows.at(Place::Material)) + 1),
        Place::Patron => of_cells(&decided.community, at(&decided.rows.at(Place::Patron)) + 1),
        Place::Use => decided.rows.column(column).collect(),
        Place::Duration => match decided.durations.iter().find(|(c, _)| *c == column) {
            Some((_, reads)) => decided.rows.column(column).map(|word| reads[word as usize]).collect(),
            None => decided.rows.column(column).collect(),
        },
    }
}

fn of_cells(cells: &Cells, at: usize) -> Vec<u32> {
    let words: Vec<u32> = (0..cells.len()).map(|cell| cells.tuple(cell)[at]).collect();
    cells.of_row.iter().map(|&cell| words[cell as usize]).collect()
}

fn collection(decided: &Decided, shape: &Shape) -> Half {
    let rows = &decided.rows;
    let columns: Vec<usize> =
        (0..shape.columns.len()).filter(|&column| shape.columns[column].place != Place::Patron).collect();
    let mut words: Vec<Vec<u32>> =
        columns.iter().map(|&column| collection_column(decided, column, shape.columns[column].place)).collect();
    let mut when: Option<Vec<When>> =
        decided.time.as_ref().map(|time| (0..rows.len()).map(|row| time.when(row)).collect());
    let stands_here = shape.measure.filter(|measure| measure.is_told_by_row());
    let mut measure: Option<(Measure, Vec<u16>)> =
        stands_here.map(|what| (what, (0..rows.len()).map(|row| rows.measure[row]).collect()));

    let mut order = Sorter::new(rows.len());
    if let Some((_, measure)) = &measure {
        order.key(1 + measure.iter().max().map_or(0, |&most| most.into()), |row| measure[row].into());
    }
    if let Some(when) = &when {
        order.key(When::COUNT, |row| when[row].0.into());
    }
    for (&column, words) in columns.iter().zip(&words).rev() {
        order.key(rows.words[column].texts.len(), |row| words[row]);
    }
    let order = order.finish();
    fn take<T: Copy>(values: &mut Vec<T>, order: &[u32]) {
        *values = order.iter().map(|&row| values[row as usize]).collect();
    }
    words.iter_mut().for_each(|words| take(words, &order));
    when.iter_mut().for_each(|when| take(when, &order));
    measure.iter_mut().for_each(|(_, measure)| take(measure, &order));
    let columns = columns
        .iter()
        .zip(words)
        .map(|(&column, words)| compact(&shape.columns[column].name, words, &rows.words[column].texts))
        .collect();
    Half { columns, when, measure, repeat: None, rows: rows.len() }
}

/// Sorts rows by keys, the last key first: each pass keeps what the earlier ones did. Keys that are small together share
/// a pass.
struct Sorter {
    order: Vec<u32>,
    digit: Vec<u32>,
    digits: usize,
}

impl Sorter {
    fn new(rows: usize) -> Sorter {
        Sorter { order: (0..rows as u32).collect(), digit: vec![0; rows], digits: 1 }
    }

    /// `key` is below `keys`.
    fn key(&mut self, keys: usize, key: impl Fn(usize) -> u32) {
        let keys = keys.max(1);
        if self.digits.saturating_mul(keys) > 1 << 16 {
            self.pass();
        }
        let below = self.digits as u32;
        self.digit.iter_mut().enumerate().for_each(|(row, digit)| *digit += key(row) * below);
        self.digits *= keys;
    }

    fn pass(&mut self) {
        if self.digits > 1 {
            self.order = sorted(&self.order, self.digits, |row| self.digit[row] as usize);
            self.digit.fill(0);
            self.digits = 1;
        }
    }

    fn finish(mut self) -> Vec<u32> {
        self.pass();
        self.order
    }
}

/// The community half: few groups of many rows, so it is kept as groups.
fn community(decided: &Decided, shape: &Shape) -> Half {
    let (rows, shared, cells) = (&decided.rows, &decided.shared, &decided.community);
    let patron = rows.at(Place::Patron);
    let columns: Vec<usize> = (0..shape.columns.len())
        .filter(|&column| matches!(shape.columns[column].place, Place::Shared | Place::Patron))
        .collect();
    let word = |tuple: &[u32], column: usize| match patron.iter().position(|&c| c == column) {
        Some(at) => tuple[at + 1],
        None => {
            let at = shared.columns.iter().position(|&c| c == column).unwrap_or_default();
            shared.tuples[tuple[0] as usize][at]
        }
    };
    let groups = cells.number(columns.len(), |tuple, at| word(tuple, columns[at]));
    let mut repeat = vec![0; groups.len()];
    for &cell in &cells.of_row {
        repeat[groups.of_cell[cell as usize] as usize] += 1;
    }
    let columns = columns
        .iter()
        .map(|&column| {
            let words = groups.example.iter().map(|&cell| word(cells.tuple(cell as usize), column)).collect();
            compact(&shape.columns[column].name, words, &rows.words[column].texts)
        })
        .collect();
    Half { columns, when: None, measure: None, repeat: Some(repeat), rows: rows.len() }
}

/// Leaves out the words that aren't used, so that they can't reach a file.
fn compact(name: &str, mut words: Vec<u32>, texts: &[&str]) -> TextColumn {
    let mut number = vec![0_u32; texts.len()];
    words.iter().for_each(|&word| number[word as usize] = 1);
    let mut used = Vec::new();
    for (number, text) in number.iter_mut().zip(texts).filter(|(used, _)| **used == 1) {
        *number = used.len() as u32;
        used.push((*text).to_owned());
    }
    words.iter_mut().for_each(|word| *word = number[*word as usize]);
    TextColumn { name: name.to_owned(), words, texts: used }
}
