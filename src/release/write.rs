//! A published period as files: the nodes of its tree, and each statistic.
//!
//! Writes below the folder that it is given and nowhere else. Doesn't sync and doesn't move into place: that is the
//! commit's business. Each node is read again and must be what was to be published; statistics are counted from that.

use std::fs;
use std::path::Path;

use hashbrown::HashMap;

use super::coarsening::{COARSENING, coarsening};
use super::error::ReleaseError;
use super::node::{Cells, Table, TableColumn};
use super::parquet_file;
use super::published::{Published, What};
use super::shape::{Node, Shape, TITLES};
use super::statistics::{Beside, statistic};
use crate::words::{Kind, Period};

/// Where a node of a period lies, relative to `public/`.
pub fn node_path(kind: Kind, node: Node, period: Period) -> String {
    let name = node.name();
    format!("dataset/{kind}/{name}/month={period}/{name}.parquet")
}

/// Where a table of a period lies, relative to `public/`.
pub fn table_path(kind: Kind, table: &str, period: Period) -> String {
    format!("statistics/{kind}/{table}/month={period}/{table}.parquet")
}

/// The folder of numbers of patron records, relative to `public/`.
pub const RECORDS: &str = "statistics/records";

/// Where the number of patron records that a pipeline read in a month lies, relative to `public/`.
pub fn records_path(pipeline: &str, month: Period) -> String {
    format!("{RECORDS}/{pipeline}/month={month}/{pipeline}.parquet")
}

/// Writes the period below `into`, in the folders that `public/` has.
///
/// # Errors
/// When a file can't be written or read again, or doesn't hold what it should. The caller then discards `into`.
pub fn write(published: &Published, shape: &Shape, into: &Path) -> Result<(), ReleaseError> {
    let (kind, period) = (published.kind, published.period);
    match &published.what {
        What::Totals(tables) => {
            for (name, table) in tables {
                write_again(into, &table_path(kind, name, period), table)?;
            }
        }
        What::Tree { nodes, titles, patrons, sessions, counts } => {
            write_again(into, &table_path(kind, COARSENING, period), &coarsening(counts))?;
            if let Some(titles) = titles {
                write_again(into, &table_path(kind, TITLES, period), &titles.table(shape))?;
            }
            let mut written: Vec<(Node, Table)> = Vec::with_capacity(nodes.len());
            for (node, table) in nodes {
                written.push((*node, write_again(into, &node_path(kind, *node, period), table)?));
            }
            for table in &shape.tables {
                let node = shape.node(table).map_err(ReleaseError::Shape)?;
                // A kind that has no hours in its rows has no such leaf.
                let Some((_, from)) = written.iter().find(|(written, _)| *written == node) else { continue };
                let path = table_path(kind, &table.name, period);
                let beside = Beside { patrons, sessions: sessions.as_deref() };
                let counted = statistic(shape, table, (node, from), beside)
                    .map_err(|source| ReleaseError::Polars { path: into.join(&path), source })?;
                write_again(into, &path, &counted)?;
            }
        }
    }
    Ok(())
}

/// Writes a table, and reads it again: what is there now is what counts.
pub(super) fn write_again(into: &Path, path: &str, table: &Table) -> Result<Table, ReleaseError> {
    let path = into.join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|source| ReleaseError::Write { path: folder.to_owned(), source })?;
    }
    parquet_file::write(&path, table)?;
    let found = parquet_file::read(&path)?;
    if is_same(&found, table) { Ok(found) } else { Err(ReleaseError::Disagrees { path }) }
}

/// Row by row the same; texts may be numbered otherwise.
fn is_same(found: &Table, meant: &Table) -> bool {
    let same = |(found, meant): (&TableColumn, &TableColumn)| {
        let cells = match (&found.cells, &meant.cells) {
            (Cells::Texts { words, texts }, Cells::Texts { words: meant_words, texts: meant_texts }) => {
                let places: HashMap<&String, usize> = meant_texts.iter().zip(0..).collect();
                let place_of: Vec<Option<usize>> = texts.iter().map(|text| places.get(text).copied()).collect();
                let is_word = |(word, meant): (&u32, &u32)| place_of[*word as usize] == Some(*meant as usize);
                words.len() == meant_words.len() && words.iter().zip(meant_words).all(is_word)
            }
            (found, meant) => found == meant,
        };
        cells && found.name == meant.name && found.means == meant.means
    };
    let columns = found.columns.iter().zip(&meant.columns);
    found.rows == meant.rows && found.columns.len() == meant.columns.len() && columns.into_iter().all(same)
}
