//! What each column of the exports looks like, beside what the pipeline says of it; and where the two disagree, the most
//! dangerous first: what would be published, then what would go unsearched, then what could be retired too early, then
//! what would be kept for no reason. Shapes, counts and lines; never a cell.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Serialize;

use super::column_doubts::doubts;
use super::composite_keys::CompositeKeys;
use super::declared_uses::{Said, said};
use super::doubt::{Danger, Doubt};
use super::export_profile::{ExportProfile, Misfits};
use super::join_check::unmet_joins;
use super::one_for_many::OneForMany;
use super::own_number::OwnNumbers;
use super::unruled_rows::StateRules;
use crate::cells::{Nulls, TimeFormat};
use crate::export::{ExportError, Found};
use crate::pipeline::declaration::{Declaration, TransactionColumn};
use crate::pipeline::{Origin, Pipeline};
use crate::profile::sniff::{Declared, FileFormat};
use crate::profile::{Column, Depth, read_with};

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
    /// What stops the pipeline: files that can't be read to their end, numbers that aren't the transactions' own.
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
                Ok((one, numbers)) => {
                    damaged.extend(numbers.stops(declaration));
                    all.extend(one.filter(|_| std::mem::take(&mut first)));
                }
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
) -> Result<(Option<ExportProfile>, OwnNumbers), ExportError> {
    let dialect = match lookup {
        None => declaration.sources.iter().find(|source| source.part == part).map(|s| declaration.source_dialect(s)),
        Some(place) => Some(declaration.lookup_dialect(&declaration.lookups[place])),
    };
    let mut numbers = OwnNumbers::default();
    let Some(dialect) = dialect else { return Ok((None, numbers)) };
    let number = declaration.columns.transaction.as_ref().filter(|_| lookup.is_none());
    let number = number.and_then(TransactionColumn::own).map(String::as_str);
    let said = said(declaration, lookup);
    let declared = Declared::default();
    let written = FileFormat { dialect, declared, named: true, nested: Vec::new(), doubts: Vec::new() };
    let times = TimeFormat::new(declaration.read.datetime.patterns(), zone.clone());
    let null = Nulls::new(&declaration.read.null);
    let rules = StateRules::new(declaration, lookup);
    let (mut unread, mut unnamed) = (BTreeMap::<usize, Misfits>::new(), BTreeMap::<usize, Misfits>::new());
    let (mut unruled, mut keys) = (Misfits::default(), CompositeKeys::new(declaration, lookup));
    let mut patrons = OneForMany::default();
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
        if lookup.is_none()
            && let Some(patron) = declaration.columns.patron.columns().iter().find_map(|column| cell(column))
        {
            patrons.note(declaration, patron, line);
        }
        if let Some(number) = number.and_then(cell) {
            numbers.note(number, row);
        }
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
    let profile = ExportProfile { lookup, part: part.into(), table, said, unread, unnamed, unruled, keys, patrons };
    Ok((is_header.then_some(profile), numbers))
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
