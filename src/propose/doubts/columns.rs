//! What each column of the exports looks like, beside what the pipeline says of it; and where the two disagree, the most
//! dangerous first: what would be published, then what would go unsearched, then what could be retired too early, then
//! what would be kept for no reason. Shapes, counts and lines; never a cell.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Serialize;

use super::composite_keys::CompositeKeys;
use super::declared_uses::{Said, said};
use super::export_profile::{Danger, Doubt, ExportProfile, Misfits};
use super::join_check::unmet_joins;
use super::unruled_rows::StateRules;
use crate::cells::{Nulls, TimeFormat};
use crate::evidence::figure::grouped;
use crate::export::{ExportError, Found};
use crate::pipeline::declaration::Declaration;
use crate::pipeline::{Origin, Pipeline};
use crate::profile::sniff::{Declared, FileFormat};
use crate::profile::{Column, Depth, Look, Order, read_with, shape};

/// A column, as it is declared and as it looks.
#[derive(Serialize)]
pub struct Line {
    pub export: String,
    pub column: String,
    pub declared: String,
    /// Of 100 cells so many say something.
    pub set: u64,
    pub distinct: u64,
    /// Whether `distinct` was counted, and not estimated.
    pub exact: bool,
    pub shape: String,
    #[serde(skip)]
    pub is_dropped: bool,
}

/// The files of each source and of each lookup, in the order of the pipeline.
pub struct InboxFiles<'a> {
    pub sources: &'a [Vec<Found>],
    pub lookups: &'a [Vec<Found>],
}

/// What was seen of a pipeline's exports.
#[derive(Default)]
pub struct Looked {
    pub lines: Vec<Line>,
    pub doubts: Vec<Doubt>,
    /// Files that can't be read to their end: they stop the pipeline.
    pub damaged: Vec<String>,
}

/// Looks at a sample of every export of a pipeline that is there. Each is read to its end, and one that is cut is told; a
/// header that can't be used is told by others.
pub fn look(pipeline: &Pipeline, files: &InboxFiles<'_>, zone: &TimeZone) -> Looked {
    look_into(pipeline, files, zone, Depth::ToItsEnd)
}

/// How much of each export is looked at beside a night that reads all of it. A look at a record costs more than a night's reading.
const BEGINNING: Depth = Depth::Records(64);

/// What is dangerous, as far as the beginnings of the exports show it, the worst first.
pub fn dangers(pipeline: &Pipeline, files: &InboxFiles<'_>, zone: &TimeZone) -> Vec<Doubt> {
    let mut doubts = look_into(pipeline, files, zone, BEGINNING).doubts;
    doubts.retain(|doubt| doubt.danger <= Danger::Retired);
    doubts.sort_by_key(|doubt| doubt.danger);
    doubts
}

fn look_into(pipeline: &Pipeline, files: &InboxFiles<'_>, zone: &TimeZone, depth: Depth) -> Looked {
    let declaration = &pipeline.declaration;
    if declaration.is_log() {
        return Looked::default();
    }
    let mut all = Vec::new();
    let mut damaged = Vec::new();
    let sources = declaration.sources.iter().zip(files.sources);
    let sources = sources.map(|(source, files)| (None, source.part.as_str(), source.origin(), files));
    let lookups = declaration.lookups.iter().zip(files.lookups).enumerate();
    let lookups = lookups.map(|(place, (lookup, files))| (Some(place), lookup.name.as_str(), lookup.origin(), files));
    for (lookup, part, origin, files) in sources.chain(lookups) {
        if !matches!(origin, Origin::Files { .. }) {
            continue;
        }
        // A split export is shown by its first file.
        let mut first = true;
        for found in files {
            match seen(declaration, (lookup, part), found, zone, depth) {
                Ok(one) => all.extend(one.filter(|_| std::mem::take(&mut first))),
                Err(error) => damaged.push(error.to_string()),
            }
        }
    }
    let lines = all.iter().flat_map(lines).collect();
    let mut doubts: Vec<Doubt> = all.iter().flat_map(|seen| doubts(declaration, seen)).collect();
    doubts.extend(unmet_joins(declaration, &all));
    doubts.iter_mut().for_each(|doubt| doubt.what = format!("{}: {}", pipeline.name(), doubt.what));
    Looked { lines, doubts, damaged }
}

fn seen(
    declaration: &Declaration,
    (lookup, part): (Option<usize>, &str),
    found: &Found,
    zone: &TimeZone,
    depth: Depth,
) -> Result<Option<ExportProfile>, ExportError> {
    let dialect = match lookup {
        None => declaration.sources.iter().find(|source| source.part == part).map(|s| declaration.source_dialect(s)),
        Some(place) => Some(declaration.lookup_dialect(&declaration.lookups[place])),
    };
    let Some(dialect) = dialect else { return Ok(None) };
    let said = said(declaration, lookup);
    let declared = Declared::default();
    let written = FileFormat { dialect, declared, named: true, nested: Vec::new(), doubts: Vec::new() };
    let times = TimeFormat::new(declaration.read.datetime.patterns(), zone.clone());
    let null = Nulls::new(&declaration.read.null);
    let rules = StateRules::new(declaration, lookup);
    let (mut unread, mut unnamed) = (BTreeMap::<usize, Misfits>::new(), BTreeMap::<usize, Misfits>::new());
    let (mut unruled, mut keys) = (Misfits::default(), CompositeKeys::new(declaration, lookup));
    let table = read_with(found, &written, depth, |header, row, line| {
        for (place, name) in header.iter().enumerate() {
            if said.get(name).is_some_and(|said| said.is_time) {
                let value = null.value(row.cell(place));
                if !value.is_empty() && times.read(value).is_none() {
                    unread.entry(place).or_default().note(value, line);
                }
            }
        }
        let cell = |column: &str| header.iter().position(|name| name == column).map(|at| null.value(row.cell(at)));
        keys.note(cell);
        if rules.take(cell) {
            return;
        }
        let vocabulary = rules.falls_through(cell).and_then(|column| header.iter().position(|name| name == column));
        match vocabulary {
            Some(place) => unnamed.entry(place).or_default().note(null.value(row.cell(place)), line),
            None if lookup.is_none() => unruled.note(b"", line),
            None => {}
        }
    });
    let table = table?;
    // Where a declared column is missing the header may be somebody's row.
    let is_header = said.keys().all(|name| table.column(name).is_some()) || written.dialect.records_name_cells();
    Ok(is_header.then_some(ExportProfile { lookup, part: part.into(), table, said, unread, unnamed, unruled, keys }))
}

fn lines(seen: &ExportProfile) -> Vec<Line> {
    let line = |column: &Column| {
        let (shapes, others) = column.shapes(1);
        let shape = shapes.first().map_or("", |(shape, _)| shape);
        let said = seen.said.get(&column.name);
        Line {
            export: seen.part.clone(),
            column: column.name.clone(),
            declared: said.map_or("new: dropped".into(), Said::text),
            set: (column.fill() * 100.0) as u64,
            distinct: column.distinct(),
            exact: column.distinct_is_exact(),
            shape: if others > 0 { format!("{shape} …") } else { shape.into() },
            is_dropped: said.is_none_or(|said| said.is_dropped()),
        }
    };
    seen.table.columns.iter().map(line).collect()
}

fn doubts(declaration: &Declaration, seen: &ExportProfile) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let mut doubt = |danger, what: String| doubts.push(Doubt { danger, what: format!("{}: {what}", seen.part) });
    let rows = if seen.table.is_whole() { "" } else { ", of the rows that were looked at" };
    // A row of a lookup that can't be read stops the pipeline, which is told elsewhere.
    if seen.lookup.is_none() && seen.table.faults > 0 {
        let (count, line) = (seen.table.faults, seen.table.first_fault.unwrap_or(0));
        let what = match count {
            1 => format!("1 row can't be read (line {line}) and is rejected{rows}"),
            _ => format!("{} rows can't be read, the first on line {line}, and are rejected{rows}", grouped(count)),
        };
        doubt(Danger::Kept, what);
    }
    if seen.unruled.cells > 0 {
        let (count, line) = (grouped(seen.unruled.cells), seen.unruled.first_line);
        let (rows_are, them) = if seen.unruled.cells == 1 { ("row is", "it") } else { ("rows are", "them, the first") };
        doubt(
            Danger::Kept,
            format!("{count} {rows_are} undetermined, and kept: no [[state]] rule takes {them} on line {line}{rows}"),
        );
    }
    for (place, column) in seen.table.columns.iter().enumerate() {
        let said = seen.said.get(&column.name).cloned().unwrap_or_default();
        let name = format!("`{}`", column.name);
        let looks = [
            (Look::Email, "look like e-mail addresses"),
            (Look::PatronBarcode, "look like patron barcodes, with the right check digit"),
            (Look::Device, "look like addresses of devices"),
            (Look::Phone, "look like telephone numbers"),
        ];
        for (look, what) in looks {
            let count = column.looking(look);
            let chance = look == Look::Phone && column.share(&[look]) < 0.3 || column.share(&[look]) < 0.001;
            if count == 0 || chance || said.identifies {
                continue;
            }
            let count = grouped(count);
            match &said.published_text {
                Some(published) => doubt(
                    Danger::Published,
                    format!(
                        "{name} is published as `{published}`, and {count} cells of it {what}{rows}: declare it under `identifiers`"
                    ),
                ),
                None => doubt(
                    Danger::Unsearched,
                    format!(
                        "{name} is {}, and {count} cells of it {what}{rows}: declare it under `identifiers`",
                        said.text()
                    ),
                ),
            }
        }
        // Of a beginning, neighbours alone; a night counts all values.
        if let Some(published) = said.published_text.as_ref().filter(|_| said.is_kept && !seen.table.goes_on) {
            let (distinct, filled) = (column.distinct(), column.filled);
            if distinct > 20 && distinct * 2 > filled {
                doubt(
                    Danger::Published,
                    format!(
                        "{name} is published as `{published}` as it is, and has {} values in {} rows: a vocabulary has few",
                        grouped(distinct),
                        grouped(filled)
                    ),
                );
            }
        }
        if let Some(misfits) = seen.unread.get(&place) {
            // Not 100.0: some don't.
            let fits =
                (100.0 * (column.filled.saturating_sub(misfits.cells)) as f64 / column.filled.max(1) as f64).min(99.9);
            let (danger, then) = if said.time_decides {
                (Danger::Kept, "such rows are undetermined, and kept")
            } else {
                (Danger::Unknown, "they are published as `unknown`, and nothing else depends on them")
            };
            let dont = if misfits.cells == 1 { "doesn't" } else { "don't" };
            let first = if is_like_a_pattern(declaration, &misfits.shape) {
                format!("{}, so it looks right and is no date of the calendar", misfits.shape)
            } else {
                misfits.shape.clone()
            };
            doubt(
                danger,
                format!(
                    "the patterns of `datetime` fit {fits:.1} of 100 cells of {name}; {} {dont}, the first on line {} \
                     ({first}): {then}",
                    grouped(misfits.cells),
                    misfits.first_line,
                ),
            );
        } else if said.is_time && !seen.table.goes_on && is_ambiguous(declaration, column) {
            doubt(
                Danger::Retired,
                format!(
                    "no cell of {name} shows whether the day or the month comes first: see that `datetime` is right"
                ),
            );
        }
        if let Some(misfits) = seen.unnamed.get(&place) {
            let (rows, have, them, are) = match misfits.cells {
                1 => ("row", "has", "it", "it is"),
                _ => ("rows", "have", "them", "they are"),
            };
            let (values, shape) = match (misfits.distinct.len() as u64, misfits.shape.as_str()) {
                (1, "") => ("1 such value".into(), "an empty cell"),
                (1, shape) => ("1 such value".into(), shape),
                (many, "") => (format!("{} such values", grouped(many)), "an empty cell"),
                (many, shape) => (format!("{} such values", grouped(many)), shape),
            };
            doubt(
                Danger::Kept,
                format!(
                    "{} {rows} {have} a value of {name} that no [[state]] names ({values}, the first on line {}, {shape}), \
                     and no other rule takes {them}: {are} undetermined, and kept",
                    grouped(misfits.cells),
                    misfits.first_line,
                ),
            );
        }
        let null = |marker: &&str| !marker.is_empty() && declaration.read.null.iter().all(|null| null != marker);
        let met = crate::profile::MARKERS.iter().zip(column.nulls).filter(|(marker, count)| *count > 0 && null(marker));
        for (marker, count) in met.filter(|_| said.is_patron) {
            doubt(
                Danger::Retired,
                format!(
                    "{} cells of {name} read `{marker}`, which counts as a patron: add it to `null`",
                    grouped(count)
                ),
            );
        }
    }
    doubts
}

/// Whether a cell of this shape is written as one of the patterns says, or as the day of one, so that its figures are what is
/// wrong.
fn is_like_a_pattern(declaration: &Declaration, of_cell: &str) -> bool {
    let sample = jiff::civil::date(2026, 12, 28).at(23, 58, 57, 0);
    declaration.read.datetime.patterns().iter().any(|pattern| {
        let written = jiff::fmt::strtime::format(pattern, sample).map(|written| shape(&written)).unwrap_or_default();
        let rest = written.strip_prefix(of_cell);
        rest.is_some_and(|rest| rest.is_empty() || of_cell.len() >= 8 && rest.starts_with([' ', 'A']))
    })
}

/// Whether a pattern of numbers is declared that would fit with day and month the other way round, too.
fn is_ambiguous(declaration: &Declaration, column: &Column) -> bool {
    let numbers = |pattern: &String| pattern.contains("%m") && pattern.contains("%d") && !pattern.starts_with("%Y");
    declaration.read.datetime.patterns().iter().any(numbers)
        && column.filled >= 10
        && matches!(column.times.best(), Some((_, _, Order::Doubtful)))
}
