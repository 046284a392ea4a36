//! The rows that a period is released from: those of the snapshot and those of staging, each once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::error::MonthError;
use super::job::Job;
use super::month::Loaded;
use crate::pass::CodedRow;
use crate::release::{Coded, PeriodRows};
use crate::state::staging::{self, Staged};
use crate::treat::pseudonym::{Pseudonym, PseudonymKey};
use crate::words::{Month, PatronNumber, Period, TransactionId};

/// All rows of a period, each once: those of the snapshot, and those of staging. A staged row counts as staged, and as linked,
/// whether the snapshot still shows it or not. With them whom those of the snapshot name.
pub fn rows(
    job: &Job<'_>,
    period: Period,
    loaded: &[Loaded],
) -> Result<(PeriodRows, BTreeSet<PatronNumber>), MonthError> {
    let staged = staged(job, period)?;
    let live = live(job, loaded, &staged);
    let mut rows = PeriodRows::default();
    let mut patrons = Patrons::new(job, &staged)?;
    for (month, row) in &live {
        rows.add(row.day(), row.hour(), row.measure().into());
        let (patron, key) = patrons.of_patron(*month, row.patron());
        rows.patron.push(patron);
        rows.key.push(key);
    }
    for (key, (_, staged)) in staged.iter().enumerate() {
        for place in 0..staged.ids.len() {
            rows.add(staged.day[place], staged.hour[place], staged.measure[place]);
            rows.patron.push(patrons.of_pseudonym(key, staged.pseudonyms[place]));
            rows.key.push(key as u8);
        }
    }
    let layout = job.read.context.layout();
    let title = job.pipeline.declaration.title().map(|(place, _)| place);
    for (column, texts) in job.texts.iter().enumerate() {
        let mut codes: Vec<u32> = live.iter().map(|(_, row)| layout.code(*row, column)).collect();
        let mut texts = texts.clone();
        for (_, staged) in &staged {
            texts = add_staged(job, column, &texts, staged, &mut codes);
        }
        let coded = Coded { codes, texts };
        if title == Some(column) {
            rows.title = Some(coded);
        } else {
            rows.columns.push(coded);
        }
    }
    let mut named: Vec<PatronNumber> = live.iter().map(|(_, row)| row.patron()).collect();
    named.sort_unstable();
    named.dedup();
    Ok((rows, named.into_iter().filter(|patron| patron.names_somebody()).collect()))
}

impl PeriodRows {
    fn add(&mut self, day: crate::words::Day, hour: u8, measure: u32) {
        self.day.push(day);
        self.hour.push(hour);
        self.measure.push(measure);
    }
}

/// What is staged of a period, by the month under whose key it is.
fn staged(job: &Job<'_>, period: Period) -> Result<Vec<(Month, Staged)>, MonthError> {
    let mut all = Vec::new();
    for (home, _) in job.homes(period) {
        let staged = staging::load_month(&job.tonight.site, job.pipeline.name(), home)?;
        if !staged.ids.is_empty() {
            all.push((home, staged));
        }
    }
    Ok(all)
}

/// The rows that are published and weren't staged, each with its month.
fn live<'a>(job: &Job<'_>, loaded: &'a [Loaded], staged: &[(Month, Staged)]) -> Vec<(Month, CodedRow<'a>)> {
    let layout = job.read.context.layout();
    let keys = |(_, staged): &'_ (Month, Staged)| -> Vec<(TransactionId, i64)> {
        staged.ids.iter().copied().zip(staged.opened.iter().copied()).collect()
    };
    let mut known: Vec<(TransactionId, i64)> = staged.iter().flat_map(keys).collect();
    known.sort_unstable();
    let mut live = Vec::new();
    for Loaded { month, bytes, order } in loaded {
        for (id, opened, place) in order {
            let row = layout.row(bytes, *place as usize);
            let leaves = if job.is_log() {
                leaves_with_its_log(job, row)
            } else {
                let counted_before = !row.is_linked() && job.pipeline.declaration.knows_by_patron();
                job.read.settled.needs(row).is_some()
                    && !counted_before
                    && known.binary_search(&(*id, *opened)).is_err()
            };
            if leaves {
                live.push((*month, row));
            }
        }
    }
    live
}

/// Whether a row of a log is one that is published, and wasn't before.
fn leaves_with_its_log(job: &Job<'_>, row: CodedRow<'_>) -> bool {
    job.read.context.counts(row) && job.read.settled.leaves(row)
}

fn add_staged(
    job: &Job<'_>,
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
    let closed = job.pipeline.declaration.coded().nth(column).is_some_and(|publish| !publish.is_text());
    let mut place = |text: &str| {
        let text = if closed && !places.contains_key(text) { staging::UNKNOWN } else { text };
        *places.entry(text.to_string()).or_insert_with(|| {
            all.push(text.to_string());
            all.len() as u32 - 1
        })
    };
    let name = job.read.context.columns.name(column);
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

/// Patrons of a period: by the run's numbers where nothing is staged; else by pseudonym, so that a patron of the snapshot and
/// of staging is one patron. Under several keys two may be the same, and the release takes them for that.
struct Patrons<'a> {
    job: &'a Job<'a>,
    keys: Vec<&'a PseudonymKey>,
    /// For each key, the months that have rows under it.
    months: Vec<&'a BTreeSet<Month>>,
    by_pseudonym: BTreeMap<(usize, [u8; 16]), u64>,
    by_number: BTreeMap<(usize, PatronNumber), Option<u64>>,
}

impl<'a> Patrons<'a> {
    fn new(job: &'a Job<'a>, staged: &[(Month, Staged)]) -> Result<Patrons<'a>, MonthError> {
        let kind = job.pipeline.declaration.kind;
        let key = |(home, _): &(Month, Staged)| {
            job.tonight.keys.pseudonym(kind, *home).ok_or(MonthError::KeyGone { kind, month: *home })
        };
        let months = staged.iter().filter_map(|(home, _)| job.staged.get(home));
        Ok(Patrons {
            job,
            keys: staged.iter().map(key).collect::<Result<_, _>>()?,
            months: months.collect(),
            by_pseudonym: BTreeMap::new(),
            by_number: BTreeMap::new(),
        })
    }

    /// Whom a row of the snapshot is about, and under which key she is numbered: that of her month's staged rows.
    fn of_patron(&mut self, month: Month, number: PatronNumber) -> (Option<u64>, u8) {
        if self.keys.is_empty() {
            return (number.names_somebody().then_some(number.0.into()), 0);
        }
        let key = self.months.iter().position(|months| months.contains(&month)).unwrap_or_default();
        if !number.names_somebody() {
            return (None, key as u8);
        }
        if let Some(known) = self.by_number.get(&(key, number)) {
            return (*known, key as u8);
        }
        let found = self.of_pseudonym(key, self.job.pseudonym(self.keys[key], number));
        self.by_number.insert((key, number), found);
        (found, key as u8)
    }

    fn of_pseudonym(&mut self, key: usize, pseudonym: Option<Pseudonym>) -> Option<u64> {
        let pseudonym = pseudonym?;
        let next = self.by_pseudonym.len() as u64;
        Some(*self.by_pseudonym.entry((key, *pseudonym.bytes())).or_insert(next))
    }
}
