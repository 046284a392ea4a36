//! A published month as files: the two halves, and each statistic as parquet, CSV and a page.
//!
//! Writes below the folder that it is given and nowhere else. Doesn't sync and doesn't move into place: that is the
//! commit's business. Polars reads each half again: it must count up to what was to be published, and the statistics are
//! made from its counts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::ReleaseError;
use super::figures::{Figures, printable};
use super::layout::{Half, Published};
use super::shape::{Measure, Shape};
use super::tables::{From, StatisticsTable};
use super::{count, page, parquet_file};
use crate::words::{Kind, Month};

/// A file that was written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct WrittenFile {
    /// Relative to the folder that was given.
    pub path: PathBuf,
    /// Rows of the half or of the table.
    pub rows: u64,
}

/// Writes the month below `into`, in the folders that `public/` has.
///
/// # Errors
/// When a file can't be written or read again, or doesn't hold what it should. The caller then discards `into`.
pub fn write(
    published: &Published,
    shape: &Shape,
    month: Month,
    into: &Path,
) -> Result<Vec<WrittenFile>, ReleaseError> {
    if month != published.month || shape.kind != published.kind {
        return Err(ReleaseError::Malformed("a month is written as another one"));
    }
    shape.check()?;
    let mut written = Vec::new();
    let collection = write_half(From::Collection, &published.collection, published, into, &mut written)?;
    let community = write_half(From::Community, &published.community, published, into, &mut written)?;
    for table in &published.tables {
        let figures = match table.from {
            From::Collection => counted(table, &collection)?,
            From::Community => counted(table, &community)?,
            From::Hours => own(table),
        };
        write_table(table, &figures, published, into, &mut written)?;
    }
    Ok(written)
}

/// A half as Polars found it in its file.
struct WrittenHalf {
    path: PathBuf,
    /// The columns that some table needs, and the groups by all of them.
    by: Vec<String>,
    groups: Vec<count::Counted>,
}

fn write_half(
    from: From,
    half: &Half,
    published: &Published,
    into: &Path,
    written: &mut Vec<WrittenFile>,
) -> Result<WrittenHalf, ReleaseError> {
    let name = if from == From::Community { "community" } else { "collection" };
    let folder = format!("dataset/{}/{name}/month={}", published.kind, published.month);
    let path = place(into, &folder, &format!("{name}.parquet"), half.rows as u64, written)?;
    parquet_file::write_half(&path, half, published.month)?;

    let tables = published.tables.iter().filter(|table| table.from == from);
    let mut by: Vec<String> = tables.flat_map(|table| table.by.iter().cloned()).collect();
    by.sort_unstable();
    by.dedup();
    let groups = count::groups(&path, &by, half.measure.as_ref().map(|(what, _)| *what))?;
    if groups.iter().map(|group| group.rows).sum::<u64>() == half.rows as u64 {
        Ok(WrittenHalf { path, by, groups })
    } else {
        Err(ReleaseError::Disagrees { path, what: "rows" })
    }
}

/// Makes the folder and notes the file.
fn place(
    into: &Path,
    folder: &str,
    file: &str,
    rows: u64,
    written: &mut Vec<WrittenFile>,
) -> Result<PathBuf, ReleaseError> {
    let folder = Path::new(folder);
    let path = into.join(folder);
    fs::create_dir_all(&path).map_err(|source| ReleaseError::Write { path: path.clone(), source })?;
    written.push(WrittenFile { path: folder.join(file), rows });
    Ok(path.join(file))
}

/// The names of a table's figures.
fn figure_names(table: &StatisticsTable, kind: Kind) -> Vec<&'static str> {
    let rows = if kind == Kind::Loan { "checkouts" } else { "transactions" };
    match table.measure {
        Some(Measure::Renewals) => vec![rows, "renewals", "circulation", "patrons"],
        Some(Measure::Sessions) => vec!["requests", "sessions", "patrons"],
        None => vec![rows, "patrons"],
    }
}

/// A table of a single cell would tell how many patrons the month had, and a cell of another table, taken away from that,
/// how many were never in it: such a table tells no patrons.
fn figures(table: &StatisticsTable, rows: u64, measure: Option<u64>, patrons: u64) -> Vec<Option<u64>> {
    let patrons = (table.cells.len() > 1).then_some(patrons);
    match table.measure {
        Some(Measure::Renewals) => vec![Some(rows), measure, measure.map(|measure| rows + measure), patrons],
        Some(Measure::Sessions) => vec![Some(rows), measure, patrons],
        None => vec![Some(rows), patrons],
    }
}

/// Rows (and the collection half's renewals) as Polars counted them in the written half; patrons, and what is counted in
/// no half of this table, are joined by label.
fn counted(table: &StatisticsTable, half: &WrittenHalf) -> Result<Vec<Figures>, ReleaseError> {
    let disagrees = |what| ReleaseError::Disagrees { path: half.path.clone(), what };
    let measure = table.from == From::Collection && table.measure.is_some_and(Measure::is_told_by_row);
    let places: Vec<usize> =
        table.by.iter().filter_map(|name| half.by.iter().position(|column| column == name)).collect();
    let mut by_label: BTreeMap<Vec<&str>, (u64, u64)> = BTreeMap::new();
    for group in &half.groups {
        let labels = places.iter().map(|&at| group.labels[at].as_str()).collect();
        let (rows, measure) = by_label.entry(labels).or_default();
        *rows += group.rows;
        *measure += group.measure;
    }
    let mut rows = Vec::with_capacity(table.cells.len());
    for cell in &table.cells {
        let labels: Vec<&str> = cell.labels.iter().map(String::as_str).collect();
        let group = by_label.remove(&labels);
        // Only a row of renewals alone is in no half.
        let count = group.map_or(0, |(rows, _)| rows);
        if count != cell.rows {
            return Err(disagrees("a group's rows"));
        }
        let measure = match (group, measure) {
            (Some((_, sum)), true) if Some(sum) != cell.measure => {
                return Err(disagrees("a group's renewals"));
            }
            (Some((_, sum)), true) => Some(sum),
            _ => cell.measure,
        };
        rows.push(Figures { labels: cell.labels.clone(), figures: figures(table, count, measure, cell.patrons) });
    }
    if by_label.is_empty() { Ok(rows) } else { Err(disagrees("groups")) }
}

fn own(table: &StatisticsTable) -> Vec<Figures> {
    let row = |cell: &super::tables::Cell| Figures {
        labels: cell.labels.clone(),
        figures: figures(table, cell.rows, cell.measure, cell.patrons),
    };
    table.cells.iter().map(row).collect()
}

fn write_table(
    table: &StatisticsTable,
    rows: &[Figures],
    published: &Published,
    into: &Path,
    written: &mut Vec<WrittenFile>,
) -> Result<(), ReleaseError> {
    let names = figure_names(table, published.kind);
    let folder = format!("statistics/{}/{}/month={}", published.kind, table.name, published.month);
    let mut path = |ending| place(into, &folder, &format!("{}.{ending}", table.name), rows.len() as u64, written);

    let parquet = path("parquet")?;
    parquet_file::write_table(&parquet, &table.by, rows, &names)?;
    let file = path("csv")?;
    write_csv(&file, &table.by, rows, &names).map_err(|source| ReleaseError::Write { path: file, source })?;
    let file = path("html")?;
    let html = page::page(&table.name, published.kind, published.month, &table.by, rows, &names);
    fs::write(&file, html).map_err(|source| ReleaseError::Write { path: file, source })
}

fn write_csv(path: &Path, by: &[String], rows: &[Figures], names: &[&str]) -> Result<(), std::io::Error> {
    let mut csv = csv::Writer::from_path(path)?;
    csv.write_record(by.iter().map(|name| spreadsheet_text(name)).chain(names.iter().map(|&name| name.to_owned())))?;
    for row in rows {
        let figures = row.figures.iter().map(|figure| figure.map_or(String::new(), |figure| figure.to_string()));
        csv.write_record(row.labels.iter().map(|label| spreadsheet_text(label)).chain(figures))?;
    }
    csv.flush()
}

/// A text that no spreadsheet takes for a formula, and no terminal for an order.
pub(super) fn spreadsheet_text(text: &str) -> String {
    let shown = printable(text);
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{shown}") } else { shown }
}
