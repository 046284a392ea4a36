//! The rows that a month is released from: those of the snapshot and those of staging, each once.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Job, MonthError};
use crate::pass::CodedRow;
use crate::release::{Coded, MonthRows};
use crate::state::staging::{self, Staged};
use crate::treat::pseudonym::Pseudonym;
use crate::words::{Month, PatronNumber, TransactionId};

impl Job<'_> {
    /// All rows of a month, each once: those of the snapshot, and those of staging. A staged row counts as staged, and
    /// as linked, whether the snapshot still shows it or not.
    pub(super) fn rows(
        &self,
        month: Month,
        bytes: &[u8],
        order: &[(TransactionId, i64, u32)],
        staged: &Staged,
    ) -> Result<MonthRows, MonthError> {
        let kind = self.pipeline.declaration.kind;
        let layout = self.context.layout();
        let mut staged_keys: Vec<(TransactionId, i64)> =
            staged.ids.iter().copied().zip(staged.opened.iter().copied()).collect();
        staged_keys.sort_unstable();
        let mut patrons = Patrons::default();
        let key = match (staged.ids.is_empty(), self.tonight.keys.pseudonym(kind, month)) {
            (true, _) => None,
            (false, Some(key)) => Some(key),
            (false, None) => return Err(MonthError::KeyGone { kind, month }),
        };
        let live = order.iter().filter(|(id, opened, place)| {
            let row = layout.row(bytes, *place as usize);
            match self.settled.is_log() {
                true => self.leaves_with_its_log(row),
                false => self.settled.needs(row).is_some() && staged_keys.binary_search(&(*id, *opened)).is_err(),
            }
        });
        let live: Vec<_> = live.map(|(_, _, place)| layout.row(bytes, *place as usize)).collect();
        let mut rows = MonthRows {
            patron: Vec::with_capacity(live.len() + staged.ids.len()),
            day: live.iter().map(|row| row.day()).chain(staged.day.iter().copied()).collect(),
            hour: live.iter().map(|row| row.hour()).chain(staged.hour.iter().copied()).collect(),
            measure: live.iter().map(|row| row.measure().into()).chain(staged.measure.iter().copied()).collect(),
            columns: Vec::new(),
        };
        for row in &live {
            let patron = row.patron();
            rows.patron.push(match key {
                None => patron.0,
                Some(_) if !patron.names_somebody() => 0,
                Some(key) => patrons.of_patron(patron, || self.pseudonym(key, patron)),
            });
        }
        rows.patron.extend(staged.pseudonyms.iter().map(|pseudonym| patrons.of_pseudonym(*pseudonym)));
        for (column, texts) in self.texts.iter().enumerate() {
            let mut codes: Vec<u32> = live.iter().map(|row| u32::from(row.code(column))).collect();
            let texts = self.add_staged(column, texts, staged, &mut codes);
            rows.columns.push(Coded { codes, texts });
        }
        Ok(rows)
    }

    /// Whether a row of a log is one that is published, and wasn't before.
    fn leaves_with_its_log(&self, row: CodedRow<'_>) -> bool {
        self.context.counts(row) && self.settled.leaves(row)
    }

    fn add_staged(
        &self,
        column: usize,
        texts: &Arc<Vec<String>>,
        staged: &Staged,
        codes: &mut Vec<u32>,
    ) -> Arc<Vec<String>> {
        if staged.ids.is_empty() {
            return texts.clone();
        }
        let mut all = texts.to_vec();
        let mut places: BTreeMap<String, u32> =
            all.iter().enumerate().map(|(place, text)| (text.clone(), place as u32)).collect();
        // These rows may have been staged when the column was text: a closed vocabulary, which isn't searched and may not
        // merge, takes no word but its own.
        let closed = self.pipeline.declaration.coded().nth(column).is_some_and(|publish| !publish.is_text());
        let mut place = |text: &str| {
            let text = if closed && !places.contains_key(text) { staging::UNKNOWN } else { text };
            *places.entry(text.to_string()).or_insert_with(|| {
                all.push(text.to_string());
                all.len() as u32 - 1
            })
        };
        let name = self.context.columns.name(column);
        match staged.columns.iter().find(|staged| staged.name == name) {
            Some(staged) => {
                let translated: Vec<u32> = staged.texts.iter().map(|text| place(text)).collect();
                codes.extend(staged.codes.iter().map(|code| translated[*code as usize]));
            }
            // The column was declared after these rows were staged.
            None => codes.extend(std::iter::repeat_n(place(staging::UNKNOWN), staged.ids.len())),
        }
        Arc::new(all)
    }
}

/// Patrons of a month with staged rows, by pseudonym: a patron of the snapshot and of staging is one patron.
#[derive(Default)]
struct Patrons {
    by_pseudonym: BTreeMap<[u8; 16], u32>,
    by_number: BTreeMap<PatronNumber, u32>,
}

impl Patrons {
    fn of_patron(&mut self, number: PatronNumber, pseudonym: impl FnOnce() -> Option<Pseudonym>) -> u32 {
        if let Some(known) = self.by_number.get(&number) {
            return *known;
        }
        let found = self.of_pseudonym(pseudonym());
        self.by_number.insert(number, found);
        found
    }

    fn of_pseudonym(&mut self, pseudonym: Option<Pseudonym>) -> u32 {
        let Some(pseudonym) = pseudonym else { return 0 };
        let next = self.by_pseudonym.len() as u32 + 1;
        *self.by_pseudonym.entry(*pseudonym.bytes()).or_insert(next)
    }
}
