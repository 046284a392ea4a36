//! What is doubtful of single columns: what they look like, beside what is said of them.

use super::declared_uses::Said;
use super::doubt::{Danger, Doubt};
use super::export_profile::{ExportProfile, Misfits};
use crate::evidence::figure::grouped;
use crate::pipeline::declaration::Declaration;
use crate::profile::{Column, Look, MARKERS, Order, is_numbered, shape};

/// One column of an export that was looked at.
struct Looked<'a> {
    declaration: &'a Declaration,
    column: &'a Column,
    said: Said,
    /// In words.
    name: String,
    /// Behind a number of rows, where not all were looked at.
    rows: &'static str,
    /// Only the beginning of the export was looked at: what the rest would show, isn't told.
    goes_on: bool,
}

/// All that is doubtful of an export.
pub(super) fn doubts(declaration: &Declaration, seen: &ExportProfile) -> Vec<Doubt> {
    let rows = if seen.table.is_whole() { "" } else { ", of the rows that were looked at" };
    let mut doubts = of_rows(seen, rows);
    let patron = declaration.columns.patron.columns().first().map_or("", String::as_str);
    doubts.extend(seen.patrons.doubt(patron));
    for (place, column) in seen.table.columns.iter().enumerate() {
        let said = seen.said.get(&column.name).cloned().unwrap_or_default();
        let looked =
            Looked { declaration, column, said, name: format!("`{}`", column.name), rows, goes_on: seen.table.goes_on };
        doubts.extend(looked.personal());
        doubts.extend(looked.no_vocabulary());
        doubts.extend(looked.times(seen.unread.get(&place)));
        doubts.extend(seen.unnamed.get(&place).map(|misfits| looked.unnamed(misfits)));
        doubts.extend(looked.nobody());
    }
    doubts.iter_mut().for_each(|doubt| doubt.what = format!("{}: {}", seen.part, doubt.what));
    doubts
}

fn of_rows(seen: &ExportProfile, rows: &str) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    // A row of a lookup that can't be read stops the pipeline, which is told elsewhere.
    if seen.lookup.is_none() && seen.table.faults > 0 {
        let (count, line) = (seen.table.faults, seen.table.first_fault.unwrap_or(0));
        let what = match count {
            1 => format!("1 row can't be read (line {line}) and is rejected{rows}"),
            _ => format!("{} rows can't be read, the first on line {line}, and are rejected{rows}", grouped(count)),
        };
        doubts.push(Doubt { danger: Danger::Kept, what });
    }
    if seen.unruled.cells > 0 {
        let (count, line) = (grouped(seen.unruled.cells), seen.unruled.first_line);
        let (rows_are, them) = if seen.unruled.cells == 1 { ("row is", "it") } else { ("rows are", "them, the first") };
        let what =
            format!("{count} {rows_are} undetermined, and kept: no [[state]] rule takes {them} on line {line}{rows}");
        doubts.push(Doubt { danger: Danger::Kept, what });
    }
    doubts
}

impl Looked<'_> {
    /// Cells that lead to a person, in a column that is no identifier.
    fn personal(&self) -> Vec<Doubt> {
        let Looked { column, said, name, rows, .. } = self;
        let looks = [
            (Look::Email, "look like e-mail addresses"),
            (Look::PatronBarcode, "look like patron barcodes, with the right check digit"),
            (Look::Device, "look like addresses of devices"),
            (Look::Phone, "look like telephone numbers"),
        ];
        let mut doubts = Vec::new();
        for (look, what) in looks {
            let count = column.looking(look);
            let chance = look == Look::Phone && column.share(&[look]) < 0.3 || column.share(&[look]) < 0.001;
            if count == 0 || chance || said.identifies {
                continue;
            }
            let (danger, is) = match &said.published_text {
                Some(published) => (Danger::Published, format!("published as `{published}`")),
                None => (Danger::Unsearched, said.text()),
            };
            let count = grouped(count);
            let what = format!("{name} is {is}, and {count} cells of it {what}{rows}: declare it under `identifiers`");
            doubts.push(Doubt { danger, what });
        }
        doubts
    }

    /// Published as it is, and too many values for a vocabulary. Of a beginning, neighbours were seen alone; a night counts all values.
    fn no_vocabulary(&self) -> Option<Doubt> {
        let published = self.said.published_text.as_ref().filter(|_| self.said.is_kept && !self.goes_on)?;
        let (distinct, filled) = (self.column.distinct(), self.column.filled);
        (distinct > 20 && distinct * 2 > filled).then(|| Doubt {
            danger: Danger::Published,
            what: format!(
                "{} is published as `{published}` as it is, and has {} values in {} rows: a vocabulary has few",
                self.name,
                grouped(distinct),
                grouped(filled)
            ),
        })
    }

    /// Times that no pattern reads, or that two would.
    fn times(&self, unread: Option<&Misfits>) -> Option<Doubt> {
        let Looked { declaration, column, said, name, .. } = self;
        let Some(misfits) = unread else {
            return (said.is_time && !self.goes_on && is_ambiguous(declaration, column)).then(|| Doubt {
                danger: Danger::Retired,
                what: format!(
                    "no cell of {name} shows whether the day or the month comes first: see that `datetime` is right"
                ),
            });
        };
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
        let what = format!(
            "the patterns of `datetime` fit {fits:.1} of 100 cells of {name}; {} {dont}, the first on line {} \
             ({first}): {then}",
            grouped(misfits.cells),
            misfits.first_line,
        );
        Some(Doubt { danger, what })
    }

    /// Values that no rule names.
    fn unnamed(&self, misfits: &Misfits) -> Doubt {
        let (rows, have, them, are) = match misfits.cells {
            1 => ("row", "has", "it", "it is"),
            _ => ("rows", "have", "them", "they are"),
        };
        let values = match misfits.distinct.len() as u64 {
            1 => "1 such value".into(),
            many => format!("{} such values", grouped(many)),
        };
        let shape = if misfits.shape.is_empty() { "an empty cell" } else { misfits.shape.as_str() };
        let what = format!(
            "{} {rows} {have} a value of {} that no [[state]] names ({values}, the first on line {}, {shape}), \
             and no other rule takes {them}: {are} undetermined, and kept",
            grouped(misfits.cells),
            self.name,
            misfits.first_line,
        );
        Doubt { danger: Danger::Kept, what }
    }

    /// Markers of nobody that would count as a patron.
    fn nobody(&self) -> Vec<Doubt> {
        if !self.said.is_patron {
            return Vec::new();
        }
        let nulls = &self.declaration.read.null;
        let unknown = |marker: &str| !marker.is_empty() && nulls.iter().all(|null| null != marker);
        let met = MARKERS.iter().zip(self.column.nulls).filter(|(marker, count)| *count > 0 && unknown(marker));
        met.map(|(marker, count)| Doubt {
            danger: Danger::Retired,
            what: format!(
                "{} cells of {} read `{marker}`, which counts as a patron: add it to `null`",
                grouped(count),
                self.name
            ),
        })
        .collect()
    }
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
    declaration.read.datetime.patterns().iter().any(|pattern| is_numbered(pattern))
        && column.filled >= 10
        && matches!(column.times.best(), Some((_, _, Order::Doubtful)))
}
