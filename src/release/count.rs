//! Counting what was written: Polars reads a half again and groups it, so that a statistic counts what was published.

use std::path::Path;

use super::Measure;
use polars::error::{PolarsError, PolarsResult};
use polars::prelude::{DataFrame, DataType, Expr, HiveOptions, LazyFrame, PlRefPath, ScanArgsParquet, col, len};

/// One group of a written half.
pub(super) struct Counted {
    pub labels: Vec<String>,
    pub rows: u64,
    pub measure: u64,
}

/// Names that no published column has: those hold no space.
const ROWS: &str = "rows of group";
const MEASURE: &str = "measure of group";

fn scan(path: &Path) -> PolarsResult<LazyFrame> {
    let text = path.to_str().ok_or_else(|| PolarsError::ComputeError("the path is not valid text (UTF-8)".into()))?;
    let hive_options = HiveOptions { enabled: Some(false), ..HiveOptions::default() };
    let args = ScanArgsParquet { hive_options, glob: false, cache: false, ..ScanArgsParquet::default() };
    LazyFrame::scan_parquet(PlRefPath::new(text), args)
}

/// Rows, and the sum of the measure if asked for, of each group; of all rows where `by` is empty.
pub(super) fn groups(path: &Path, by: &[String], measure: Option<Measure>) -> PolarsResult<Vec<Counted>> {
    let mut figures: Vec<Expr> = vec![len().alias(ROWS)];
    if let Some(measure) = measure {
        figures.push(col(measure.name()).cast(DataType::UInt64).sum().alias(MEASURE));
    }
    let by_columns: Vec<Expr> = by.iter().map(|name| col(name.as_str())).collect();
    let scan = scan(path)?;
    let frame = match by.is_empty() {
        true => scan.select(figures),
        false => scan.group_by(by_columns).agg(figures),
    };
    let frame = frame.collect()?;
    let rows = numbers(&frame, ROWS)?;
    let measure = if measure.is_some() { numbers(&frame, MEASURE)? } else { vec![0; rows.len()] };
    let mut counted: Vec<Counted> = rows
        .into_iter()
        .zip(measure)
        .map(|(rows, measure)| Counted { labels: Vec::with_capacity(by.len()), rows, measure })
        .collect();
    for name in by {
        for (counted, label) in counted.iter_mut().zip(frame.column(name)?.str()?.iter()) {
            counted.labels.push(label.unwrap_or_default().to_owned());
        }
    }
    Ok(counted)
}

fn numbers(frame: &DataFrame, name: &str) -> PolarsResult<Vec<u64>> {
    let column = frame.column(name)?.cast(&DataType::UInt64)?;
    Ok(column.u64()?.iter().map(Option::unwrap_or_default).collect())
}
