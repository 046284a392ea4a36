//! Rows of many months at hand, with where and when alone: to see what a choice of periods and of groups of places would
//! publish of them, by the release's own rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::ReleaseError;
use super::rows::PeriodRows;
use super::settle::coded;
use super::shape::{About, Shape};
use super::tree::{self, Checked, Crowd, FIRST, Rules, Span, Told, Word};
use super::vocabulary::Coded;
use crate::words::{Month, Period};

/// Rows of many months. Two numbers of one key are two patrons in all of them.
pub struct History {
    shape: Shape,
    rows: PeriodRows,
    by_month: BTreeMap<Month, Vec<u32>>,
}

/// A period, weighed.
pub struct Weighed {
    pub rows: u64,
    /// None: it doesn't cover as a whole, and nothing of it is published.
    pub told: Option<Told>,
    /// The first places that have rows, as they came in.
    places: BTreeMap<String, Crowd>,
    rules: Rules,
}

impl History {
    /// Keeps of `rows` what tells where and when.
    pub fn new(mut rows: PeriodRows, shape: &Shape) -> History {
        let mut columns = shape.columns.iter().map(|column| column.about == About::Place);
        rows.columns.retain(|_| columns.next().unwrap_or_default());
        let columns = shape.about(About::Place).cloned().collect();
        let mut by_month: BTreeMap<Month, Vec<u32>> = BTreeMap::new();
        for (row, day) in (0..).zip(&rows.day) {
            by_month.entry(day.month()).or_default().push(row);
        }
        rows.title = None;
        let shape = Shape { columns, hour: false, measure: None, title: None, tables: Vec::new(), ..shape.clone() };
        History { shape, rows, by_month }
    }

    /// Whether places are published.
    pub fn tells_place(&self) -> bool {
        !self.shape.columns.is_empty()
    }

    /// Whether days are.
    pub fn tells_day(&self) -> bool {
        self.shape.day
    }

    /// Weighs these regular periods as one. Each would have been staged under a key of its own, so nobody could tell whether
    /// two of them are about the same patrons.
    ///
    /// # Errors
    /// When there are more keys than a period may have.
    pub fn weigh(
        &self,
        regular: &[Period],
        groups: &BTreeMap<String, Vec<String>>,
        rules: &Rules,
    ) -> Result<Weighed, ReleaseError> {
        let (Some(first), Some(last)) = (regular.first(), regular.last()) else {
            return Err(ReleaseError::Malformed("no period to weigh"));
        };
        let mut shape = self.shape.clone();
        shape.group_places(groups);
        let rows = self.of(regular)?;
        let (of_tree, vocabularies) = coded(&rows, &shape)?;
        let span = Span { first: first.first_day().0, last: last.last_day().0 };
        let checked = Checked::new(&of_tree, span, rules)?;
        let crowds = (0_u32..).zip(tree::crowds_of_places(&checked)).skip(FIRST as usize);
        let named = crowds.filter(|(_, crowd)| !crowd.is_empty()).filter_map(|(code, crowd)| {
            let vocabulary = vocabularies.first()?;
            Some((vocabulary.text(Word::Value(code)), crowd))
        });
        let places = named.collect();
        Ok(Weighed { rows: checked.len() as u64, told: tree::told(&checked, rules), places, rules: *rules })
    }

    /// The rows of these regular periods.
    fn of(&self, regular: &[Period]) -> Result<PeriodRows, ReleaseError> {
        let mut keys: BTreeMap<(usize, u8), u8> = BTreeMap::new();
        let mut rows = PeriodRows::default();
        let mut all: Vec<u32> = Vec::new();
        for (place, period) in regular.iter().enumerate() {
            for row in self.by_month.range(period.first..=period.last).flat_map(|(_, rows)| rows) {
                let key = (place, self.rows.key.get(*row as usize).copied().unwrap_or_default());
                let next = u8::try_from(keys.len()).unwrap_or(u8::MAX);
                rows.key.push(*keys.entry(key).or_insert(next));
                all.push(*row);
            }
        }
        let picked = || all.iter().map(|row| *row as usize);
        rows.patron = picked().map(|row| self.rows.patron[row]).collect();
        rows.day = picked().map(|row| self.rows.day[row]).collect();
        rows.hour = vec![u8::MAX; all.len()];
        rows.measure = vec![0; all.len()];
        for column in &self.rows.columns {
            let code = |row: usize| column.codes.get(row).copied();
            let codes = picked().map(code).collect::<Option<Vec<u32>>>();
            let codes = codes.ok_or(ReleaseError::Malformed("a column lacks rows"))?;
            rows.columns.push(Coded { codes, texts: Arc::clone(&column.texts) });
        }
        Ok(rows)
    }
}

impl Weighed {
    /// The first places that have rows, with how many.
    pub fn places(&self) -> impl Iterator<Item = (&str, u64)> {
        self.places.iter().map(|(name, crowd)| (name.as_str(), crowd.rows))
    }

    /// Whether these places, published together, would stand by themselves; where none of them has rows nothing is missing.
    pub fn stands<'p>(&self, places: impl IntoIterator<Item = &'p String>) -> bool {
        let crowd = Crowd::union(places.into_iter().filter_map(|place| self.places.get(place)));
        crowd.is_empty() || crowd.covers(&self.rules)
    }
}
