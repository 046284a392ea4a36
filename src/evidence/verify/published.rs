//! A released period's files against what its report says: rows of its dataset, and the sum of each table.
//!
//! Only files with the digest that the ledger names are opened: a parquet file that somebody changed is not parsed.

use std::fs::File;
use std::path::Path;

use arrow_array::{Array, RecordBatch, cast::AsArray, types};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::files::Files;
use super::found::{Fault, Verified};
use super::place::Places;
use crate::plain_file;
use crate::words::{Kind, Period};

/// What of the dataset has a row a transaction. The community is published where anything is told of patrons.
const ALWAYS: &str = "collection";
const NODES: [&str; 2] = [ALWAYS, "community"];
/// The column of a table that counts its rows; where renewals are rows of their own, checkouts are fewer.
const COUNTS: [&str; 3] = ["transactions", "requests", "checkouts"];

/// What a report says of a period that it released.
pub(super) struct Released {
    /// None: a figure is hidden.
    pub rows: Option<u64>,
    /// Tables alone, and no dataset.
    pub totals_alone: bool,
}

pub(super) fn check(
    places: Places<'_>,
    report: &str,
    (kind, period): (Kind, Period),
    released: Released,
    files: &Files,
    verified: &mut Verified,
) {
    let mut wanted = released.rows;
    for node in NODES.into_iter().filter(|_| !released.totals_alone) {
        let path = format!("public/dataset/{kind}/{node}/month={period}/{node}.parquet");
        if files.is_withdrawn(&path) {
            continue;
        }
        if !files.named.contains_key(path.as_str()) {
            if node == ALWAYS {
                let what = format!("{report} says that {period} was released, but no ledger line names this file");
                verified.problem(Fault::Removed, &path, None, what);
            }
            continue;
        }
        if !files.sound.contains(path.as_str()) {
            continue;
        }
        match rows_in(&places.of(&path)) {
            Ok(found) if wanted.is_none_or(|wanted| wanted == found) => {
                wanted = Some(found);
                verified.checked.halves += 1;
            }
            Ok(found) => {
                let what = format!("has {found} rows; {report} or another table of the dataset says otherwise");
                verified.problem(Fault::Accounting, &path, None, what);
            }
            Err(error) => verified.problem(Fault::Unreadable, &path, None, format!("can't be read: {error}")),
        }
    }
    let Some(wanted) = wanted else { return };
    let folder = format!("public/statistics/{kind}/");
    let of_period = format!("/month={period}/");
    let tables = files.sound.range(folder.as_str()..).take_while(|path| path.starts_with(&folder));
    for path in tables.filter(|path| path.contains(&of_period) && path.ends_with(".parquet")) {
        match sum_in(&places.of(path)) {
            Ok(Some(sum)) if sum == wanted => verified.checked.tables += 1,
            Ok(Some(sum)) => {
                let what = format!("adds up to {sum}; {report} says that {period} has {wanted} rows");
                verified.problem(Fault::Accounting, path, None, what);
            }
            Ok(None) => {}
            Err(error) => verified.problem(Fault::Unreadable, path, None, format!("can't be read: {error}")),
        }
    }
}

fn open(path: &Path) -> Result<File> {
    plain_file::open(path).map_err(|error| ParquetError::External(error.into()))
}

/// The rows of a parquet file, as its footer says.
fn rows_in(path: &Path) -> Result<u64> {
    let rows = SerializedFileReader::new(open(path)?)?.metadata().file_metadata().num_rows();
    u64::try_from(rows).map_err(|_| ParquetError::General("a negative number of rows".into()))
}

/// The sum of the column that counts rows; none where the table has no such column, or withholds some of it.
fn sum_in(path: &Path) -> Result<Option<u64>> {
    let mut sum: u64 = 0;
    let builder = ParquetRecordBatchReaderBuilder::try_new(open(path)?)?;
    if !COUNTS.iter().any(|name| builder.schema().field_with_name(name).is_ok()) {
        return Ok(None);
    }
    for batch in builder.build()? {
        let batch = batch.map_err(|error| ParquetError::External(error.into()))?;
        match counts(&batch) {
            Some(counts) => sum = counts.into_iter().fold(sum, u64::saturating_add),
            None => return Ok(None),
        }
    }
    Ok(Some(sum))
}

fn counts(batch: &RecordBatch) -> Option<Vec<u64>> {
    let column = COUNTS.into_iter().find_map(|name| batch.column_by_name(name))?;
    if column.null_count() > 0 {
        return None;
    }
    match column.data_type() {
        DataType::UInt64 => Some(column.as_primitive::<types::UInt64Type>().values().to_vec()),
        DataType::UInt32 => Some(widen(column.as_primitive::<types::UInt32Type>().values())),
        DataType::Int64 => Some(widen(column.as_primitive::<types::Int64Type>().values())),
        DataType::Int32 => Some(widen(column.as_primitive::<types::Int32Type>().values())),
        _ => None,
    }
}

/// A count below nothing counts as nothing: the sum then tells.
fn widen<T: Copy + TryInto<u64>>(values: &[T]) -> Vec<u64> {
    values.iter().map(|value| (*value).try_into().unwrap_or(0)).collect()
}
