//! The nodes as files have them: rows in the order of what they say, so that none tells which it was.

use std::collections::BTreeMap;

use super::rows::Rows;
use super::said::Tree;
use super::word::{Labels, When, Word};

/// What is published of a period, and nothing else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tables {
    pub trunk: Trunk,
    /// `None`: nothing is published of who.
    pub community: Option<Community>,
    pub hours: Option<Vec<HoursCell>>,
}

/// A row a transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trunk {
    pub places: Vec<Labels>,
    pub time: Vec<When>,
    pub uses: Vec<Labels>,
    /// Summed as they are; named.
    pub measures: Vec<(String, Vec<i64>)>,
}

/// A row a transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Community {
    pub places: Vec<Labels>,
    pub patrons: Vec<Labels>,
}

/// How many rows a range of hours has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct HoursCell {
    /// `None` where the kind has no places.
    pub place: Option<Word>,
    /// 0 is Monday; [`NO_WEEKDAY`](super::hours::NO_WEEKDAY) where the trunk tells no day.
    pub weekday: u8,
    pub range: Word,
    pub rows: u64,
}

impl Tables {
    pub(super) fn of(rows: &Rows, tree: &Tree) -> Tables {
        let community = (!tree.community.is_empty()).then(|| community(&tree.places, &tree.community));
        Tables { trunk: trunk(rows, tree), community, hours: hours(tree) }
    }
}

fn trunk(rows: &Rows, tree: &Tree) -> Trunk {
    let mut order: Vec<u32> = (0..tree.time.len() as u32).collect();
    for (_, numbers) in rows.measures.iter().rev() {
        order.sort_by_key(|&row| numbers[row as usize]);
    }
    tree.uses.iter().rev().for_each(|labels| sort(&mut order, labels));
    order.sort_by_key(|&row| tree.time[row as usize]);
    tree.places.iter().rev().for_each(|labels| sort(&mut order, labels));
    let numbers = |(name, numbers): &(String, Vec<i64>)| (name.clone(), picked(numbers, &order));
    Trunk {
        places: tree.places.iter().map(|labels| in_order(labels, &order)).collect(),
        time: picked(&tree.time, &order),
        uses: tree.uses.iter().map(|labels| in_order(labels, &order)).collect(),
        measures: rows.measures.iter().map(numbers).collect(),
    }
}

/// The leaf by itself: of one period, or of several of the trunk's.
pub fn community(places: &[Labels], patrons: &[Labels]) -> Community {
    let rows = patrons.first().map_or(0, |labels| labels.of_row.len());
    let mut order: Vec<u32> = (0..rows as u32).collect();
    places.iter().chain(patrons).rev().for_each(|labels| sort(&mut order, labels));
    Community {
        places: places.iter().map(|labels| in_order(labels, &order)).collect(),
        patrons: patrons.iter().map(|labels| in_order(labels, &order)).collect(),
    }
}

fn hours(tree: &Tree) -> Option<Vec<HoursCell>> {
    let hours = tree.hours.as_ref()?;
    let mut rows_of: BTreeMap<(Option<u32>, u8, u32), u64> = BTreeMap::new();
    for (row, &weekday) in hours.weekday.iter().enumerate() {
        let place = tree.places.first().map(|labels| labels.of_row[row]);
        *rows_of.entry((place, weekday, hours.range.of_row[row])).or_default() += 1;
    }
    let cell = |((place, weekday, range), rows): ((Option<u32>, u8, u32), u64)| HoursCell {
        place: place.and_then(|place| tree.places.first().map(|labels| labels.words[place as usize])),
        weekday,
        range: hours.range.words[range as usize],
        rows,
    };
    Some(rows_of.into_iter().map(cell).collect())
}

/// A stable sort by what a column says: words are few and in order, so rows are counted into place.
fn sort(order: &mut Vec<u32>, labels: &Labels) {
    let mut next = vec![0_u32; labels.words.len() + 1];
    for &code in &labels.of_row {
        next[code as usize + 1] += 1;
    }
    for code in 1..next.len() {
        next[code] += next[code - 1];
    }
    let mut sorted = vec![0; order.len()];
    for &row in order.iter() {
        let place = &mut next[labels.of_row[row as usize] as usize];
        sorted[*place as usize] = row;
        *place += 1;
    }
    *order = sorted;
}

fn in_order(labels: &Labels, order: &[u32]) -> Labels {
    Labels { words: labels.words.clone(), of_row: picked(&labels.of_row, order) }
}

fn picked<T: Copy>(of_row: &[T], order: &[u32]) -> Vec<T> {
    order.iter().map(|&row| of_row[row as usize]).collect()
}
