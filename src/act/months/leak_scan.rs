//! The leak search of a night (guarantee 6): what of all that would be published leads to a person, and where it stands.
//!
//! Each distinct text is searched once. Only where something is found are the run files read again, to count rows and
//! to name lines. What a policy accepts is passed by, and remembered for the report.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Mutex;

use rayon::prelude::*;

use super::leaks_found::{LeakFound, LeaksFound};
use crate::act::read::Read;
use crate::leak::{self, Identifiers, Leak, Pattern};
use crate::pass::{RunFileError, UNDATED};
use crate::pipeline::Pipeline;
use crate::policy::{Accept, Policy};
use crate::treat::OTHER;
use crate::words::{Month, Period};

/// How many line numbers are named of what was found in a column.
const LINES_NAMED: usize = 10;

/// The search of one pipeline.
pub struct LeakScan<'a> {
    identifiers: &'a Identifiers,
    pipeline: &'a Pipeline,
    accepts: Vec<&'a Accept>,
    used: Mutex<BTreeSet<(String, Pattern)>>,
    left_out: Mutex<BTreeSet<String>>,
}

/// What a search passed by, and what it left out.
pub struct Searched {
    /// Columns and patterns that the policy accepts.
    pub accepted_patterns: BTreeSet<(String, Pattern)>,
    /// Titles that aren't told, since something in them may lead to a person.
    pub titles_left_out: u64,
}

/// What a search ended with.
#[derive(Debug, thiserror::Error)]
pub enum LeakScanError {
    #[error(transparent)]
    Found(#[from] LeaksFound),
    #[error(transparent)]
    RunFile(#[from] RunFileError),
}

impl<'a> LeakScan<'a> {
    pub fn new(identifiers: &'a Identifiers, pipeline: &'a Pipeline, policy: &'a Policy) -> LeakScan<'a> {
        let accepts = policy.accepts.iter().filter(|accept| accept.pipeline == pipeline.name()).collect();
        LeakScan { identifiers, pipeline, accepts, used: Mutex::default(), left_out: Mutex::default() }
    }

    /// What all searches came to.
    pub fn searched(self) -> Searched {
        let left_out = self.left_out.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        Searched {
            accepted_patterns: self.used.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()),
            titles_left_out: left_out.len() as u64,
        }
    }

    /// Searches every text that tonight's pass made of a published column, but for titles.
    pub fn tonight(&self, read: &Read<'_>) -> Result<(), LeakScanError> {
        let mut found: BTreeMap<(usize, Leak), HashSet<u32>> = BTreeMap::new();
        let columns = self.pipeline.declaration.coded().enumerate();
        for (place, publish) in columns.filter(|(_, publish)| !publish.is_title()) {
            let texts = read.context.columns.texts(place);
            let leaks: Vec<(u32, Leak)> = texts
                .par_iter()
                .enumerate()
                .flat_map_iter(|(code, text)| {
                    self.text(&publish.name, text).into_iter().map(move |leak| (code as u32, leak))
                })
                .collect();
            for (code, leak) in leaks {
                found.entry((place, leak)).or_default().insert(code);
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        let mut all: Vec<(LeakFound, BTreeSet<(usize, u32)>)> = found
            .iter()
            .map(|((place, leak), codes)| {
                let column = read.context.columns.name(*place).to_string();
                let values = codes.len() as u64;
                (LeakFound { column, leak: *leak, values, rows: 0, lines: Vec::new() }, BTreeSet::new())
            })
            .collect();
        let layout = read.context.layout();
        for month in read.files.months() {
            let bytes = read.files.read(month)?;
            for row in layout.rows(&bytes) {
                for (((place, _), codes), (leak, lines)) in found.iter().zip(&mut all) {
                    if codes.contains(&layout.code(row, *place)) {
                        leak.rows += 1;
                        lines.insert((row.part(), row.line()));
                        if lines.len() > LINES_NAMED {
                            lines.pop_last();
                        }
                    }
                }
            }
        }
        let found = all.into_iter().map(|(mut leak, lines)| {
            for (part, line) in lines {
                let whence = read.sources[part].to_string();
                match leak.lines.last_mut() {
                    Some((last, lines)) if *last == whence => lines.push(line.into()),
                    _ => leak.lines.push((whence, vec![line.into()])),
                }
            }
            leak
        });
        Err(LeaksFound { pipeline: self.pipeline.name().into(), period: None, found: found.collect() }.into())
    }

    /// Tonight's titles, by code, as they may be staged and published: each that leads to a person reads `other`. Biographies
    /// would stop every night of a town's library, and no title is needed. Only those of months that aren't final can leave:
    /// of the others none is searched, so none is told.
    pub fn titles(
        &self,
        read: &Read<'_>,
        is_final: impl Fn(Month) -> bool,
    ) -> Result<Option<(usize, Vec<String>)>, RunFileError> {
        let Some((place, publish)) = self.pipeline.declaration.title() else { return Ok(None) };
        let mut texts = read.context.columns.texts(place);
        let layout = read.context.layout();
        let mut may_leave = vec![false; texts.len()];
        for month in read.files.months().into_iter().filter(|month| *month != UNDATED && !is_final(*month)) {
            let bytes = read.files.read(month)?;
            layout.rows(&bytes).for_each(|row| may_leave[layout.code(row, place) as usize] = true);
        }
        texts.par_iter_mut().zip(&may_leave).for_each(|(text, may_leave)| {
            if !may_leave || self.is_left_out(&publish.name, text) {
                OTHER.clone_into(text);
            }
        });
        Ok(Some((place, texts)))
    }

    /// Those of a period's titles that may not leave: some may have been staged before tonight's patrons were known.
    pub fn titles_of_period<'t>(&self, titles: impl Iterator<Item = &'t str>) -> BTreeSet<String> {
        let Some((_, publish)) = self.pipeline.declaration.title() else { return BTreeSet::new() };
        titles.filter(|title| self.is_left_out(&publish.name, title)).map(str::to_owned).collect()
    }

    fn is_left_out(&self, column: &str, title: &str) -> bool {
        let is_left_out = !self.text(column, title).is_empty();
        if is_left_out {
            let mut left_out = self.left_out.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            left_out.insert(title.to_owned());
        }
        is_left_out
    }

    /// Searches what a period's release would publish, by column: staged rows of earlier nights are in it, too.
    pub fn period<'t>(
        &self,
        period: Period,
        texts: impl Iterator<Item = (&'t str, &'t str)>,
    ) -> Result<(), LeaksFound> {
        let mut found: BTreeMap<(&str, Leak), u64> = BTreeMap::new();
        // The tables of a tree have their texts in common.
        for (column, text) in texts.collect::<BTreeSet<_>>() {
            self.text(column, text).into_iter().for_each(|leak| *found.entry((column, leak)).or_default() += 1);
        }
        if found.is_empty() {
            return Ok(());
        }
        let found = found.into_iter().map(|((column, leak), values)| LeakFound {
            column: column.into(),
            leak,
            values,
            rows: 0,
            lines: Vec::new(),
        });
        Err(LeaksFound { pipeline: self.pipeline.name().into(), period: Some(period), found: found.collect() })
    }

    /// Why a text of a column may not leave.
    fn text(&self, column: &str, text: &str) -> Vec<Leak> {
        let publish = self.pipeline.declaration.publish.iter().find(|publish| publish.name == column);
        if publish.is_some_and(|publish| !publish.is_searched(text)) {
            return Vec::new();
        }
        // A column that the pipeline no longer declares is searched as if it were text.
        let codes = publish.is_some_and(|publish| publish.codes);
        let mut leaks = leak::search(self.identifiers, text, codes);
        leaks.retain(|leak| match leak {
            Leak::Pattern(pattern) => !self.accepts(column, *pattern),
            Leak::Identifier | Leak::StandsAlone => true,
        });
        leaks
    }

    fn accepts(&self, column: &str, pattern: Pattern) -> bool {
        let accepted = self.accepts.iter().any(|accept| accept.column == column && accept.pattern == pattern);
        if accepted {
            let mut used = self.used.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            used.insert((column.into(), pattern));
        }
        accepted
    }
}
