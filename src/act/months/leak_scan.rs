//! The leak search of a night (guarantee 6): what of all that would be published leads to a person, where it stands, and
//! what can be done about it.
//!
//! Each distinct text is searched once. Only where something is found are the run files read again, to count rows and
//! to name lines. What a policy accepts is passed by, and remembered for the report.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::sync::Mutex;

use rayon::prelude::*;

use crate::act::read::Read;
use crate::evidence::figure::grouped;
use crate::leak::{self, Identifiers, Leak, Pattern};
use crate::pass::RunFileError;
use crate::pipeline::Pipeline;
use crate::policy::{Accept, Policy};
use crate::words::Month;

/// How many line numbers are named of what was found in a column.
const LINES_NAMED: usize = 10;

/// The search of one pipeline.
pub struct LeakScan<'a> {
    identifiers: &'a Identifiers,
    pipeline: &'a Pipeline,
    accepts: Vec<&'a Accept>,
    used: Mutex<BTreeSet<(String, Pattern)>>,
}

/// What would have been published of a pipeline and leads to people. It stops the run.
#[derive(Debug)]
pub struct LeaksFound {
    pipeline: String,
    month: Option<Month>,
    found: Vec<LeakFound>,
}

#[derive(Debug)]
struct LeakFound {
    column: String,
    leak: Leak,
    /// Distinct texts.
    values: u64,
    rows: u64,
    /// The first of the rows: whence they come, and the lines on which they begin.
    lines: Vec<(String, Vec<u64>)>,
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
        LeakScan { identifiers, pipeline, accepts, used: Mutex::default() }
    }

    /// The columns and patterns that were passed by.
    pub fn used(self) -> BTreeSet<(String, Pattern)> {
        self.used.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Searches every text that tonight's pass made of a published column.
    pub fn tonight(&self, read: &Read<'_>) -> Result<(), LeakScanError> {
        let mut found: BTreeMap<(usize, Leak), HashSet<u16>> = BTreeMap::new();
        for (place, publish) in self.pipeline.declaration.coded().enumerate() {
            let texts = read.context.columns.texts(place);
            let leaks: Vec<(u16, Leak)> = texts
                .par_iter()
                .enumerate()
                .flat_map_iter(|(code, text)| {
                    self.text(&publish.name, text).into_iter().map(move |leak| (code as u16, leak))
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
        for month in read.files.months() {
            let bytes = read.files.read(month)?;
            for row in read.context.layout().rows(&bytes) {
                for (((place, _), codes), (leak, lines)) in found.iter().zip(&mut all) {
                    if codes.contains(&row.code(*place)) {
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
        Err(LeaksFound { pipeline: self.pipeline.name().into(), month: None, found: found.collect() }.into())
    }

    /// Searches what a month's release would publish, by column: staged rows of earlier nights are in it, too.
    pub fn month<'t>(&self, month: Month, texts: impl Iterator<Item = (&'t str, &'t str)>) -> Result<(), LeaksFound> {
        let mut found: BTreeMap<(&str, Leak), u64> = BTreeMap::new();
        // The halves and the tables have their texts in common.
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
        Err(LeaksFound { pipeline: self.pipeline.name().into(), month: Some(month), found: found.collect() })
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

impl std::error::Error for LeaksFound {}

impl fmt::Display for LeaksFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pipeline {} would publish what leads to people", self.pipeline)?;
        if let Some(month) = self.month {
            write!(f, ", in the release of {month} or in rows staged for it")?;
        }
        for leak in &self.found {
            write!(f, "\n  {leak}")?;
        }
        f.write_str(
            "\nNothing was published and nothing retired. Declare the column an identifier or drop it, or mend the export.",
        )?;
        if self.found.iter().any(|leak| leak.leak == Leak::StandsAlone) {
            f.write_str(
                "\nWhere such values are codes that the library itself hands out, the pipeline says so: `codes = true`.",
            )?;
        }
        let pattern = |leak: &LeakFound| match leak.leak {
            Leak::Pattern(pattern) => Some((leak.column.clone(), pattern)),
            Leak::Identifier | Leak::StandsAlone => None,
        };
        if let Some((column, pattern)) = self.found.iter().find_map(pattern) {
            write!(
                f,
                "\nA patron's identifier can't be accepted. What only looks like {} can, by whoever has looked at those \
                 rows, in policy.toml:\n  [[release.accept]]\n  column = \"{}.{column}\"\n  pattern = \"{}\"\n  reason = \
                 \"…\"",
                pattern.text(),
                self.pipeline,
                pattern.name()
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for LeakFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let many = |count: u64, word: &str| match count {
            1 => format!("1 {word}"),
            count => format!("{} {word}s", grouped(count)),
        };
        write!(f, "`{}`: {}", self.column, many(self.values, "value"))?;
        if self.rows > 0 {
            write!(f, ", in {},", many(self.rows, "row"))?;
        }
        match (self.leak, self.values) {
            (Leak::Identifier, 1) => f.write_str(" holds a patron's identifier")?,
            (Leak::Identifier, _) => f.write_str(" hold patrons' identifiers")?,
            (Leak::StandsAlone, 1) => f.write_str(" is a patron's number, name, birth date or post code")?,
            (Leak::StandsAlone, _) => f.write_str(" are patrons' numbers, names, birth dates or post codes")?,
            (Leak::Pattern(pattern), 1) => write!(f, " has in it what looks like {}", pattern.text())?,
            (Leak::Pattern(pattern), _) => write!(f, " have in them what looks like {}", pattern.text())?,
        }
        for (place, (whence, lines)) in self.lines.iter().enumerate() {
            let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
            let word = if lines.len() == 1 { "line" } else { "lines" };
            write!(f, "{} {whence}, {word} {}", if place == 0 { ":" } else { ";" }, lines.join(", "))?;
        }
        let named: usize = self.lines.iter().map(|(_, lines)| lines.len()).sum();
        if self.rows > named as u64 {
            f.write_str(" …")?;
        }
        Ok(())
    }
}
