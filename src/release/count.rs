//! Counting what was written: a half is read again from its file, and Polars groups it, so that a statistic counts what
//! was published.
//!
//! The file is read by `parquet`, since Polars' own reader of files brings an HTTP client and TLS with it.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::UInt32Type;
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType as ArrowType, Field, Schema};
use hashbrown::HashMap;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;
use polars::error::PolarsResult;
use polars::prelude::{Column, DataFrame, DataType, Expr, IntoLazy, NamedFrom, Series, col, len};

use super::error::ReleaseError;
use super::shape::Measure;

/// One group of a written half.
pub(super) struct Counted {
    pub labels: Vec<String>,
    pub rows: u64,
    pub measure: u64,
}

/// Names that no published column has: those hold no space.
const ROWS: &str = "rows of group";
const MEASURE: &str = "measure of group";

/// Rows that are read at a time.
const BATCH: usize = 1 << 16;

/// Rows, and the sum of the measure if asked for, of each group; of all rows where `by` is empty.
pub(super) fn groups(path: &Path, by: &[String], measure: Option<Measure>) -> Result<Vec<Counted>, ReleaseError> {
    let written = WrittenColumns::read(path, by, measure.map(Measure::name))
        .map_err(|source| ReleaseError::Again { path: path.to_owned(), source })?;
    written.group(by).map_err(|source| ReleaseError::Polars { path: path.to_owned(), source })
}

/// The columns of a half that are asked for, as its file has them.
struct WrittenColumns {
    rows: usize,
    texts: Vec<Texts>,
    measure: Option<Vec<u32>>,
}

/// A column of texts: what each row says, as a place in the vocabulary.
#[derive(Default)]
struct Texts {
    words: Vec<u32>,
    vocabulary: Vec<String>,
    places: HashMap<String, u32>,
}

impl WrittenColumns {
    fn read(path: &Path, by: &[String], measure: Option<&str>) -> Result<WrittenColumns, ParquetError> {
        let plain = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
        // Texts as the file has them, in a dictionary; it doesn't say so itself.
        let text = ArrowType::Dictionary(ArrowType::UInt32.into(), ArrowType::Utf8.into());
        let fields = plain.schema().fields().iter().map(|field| match field.data_type() {
            ArrowType::Utf8 => Arc::new(Field::new(field.name(), text.clone(), field.is_nullable())),
            _ => field.clone(),
        });
        let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields.collect::<Vec<_>>())));
        let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(File::open(path)?, options)?;
        let wanted = by.iter().map(String::as_str).chain(measure);
        let mask = ProjectionMask::columns(builder.parquet_schema(), wanted);
        let mut written = WrittenColumns {
            rows: 0,
            texts: by.iter().map(|_| Texts::default()).collect(),
            measure: measure.map(|_| Vec::new()),
        };
        for batch in builder.with_projection(mask).with_batch_size(BATCH).build()? {
            written.add(&batch?, by, measure)?;
        }
        Ok(written)
    }

    fn add(&mut self, batch: &RecordBatch, by: &[String], measure: Option<&str>) -> Result<(), ParquetError> {
        self.rows += batch.num_rows();
        for (name, texts) in by.iter().zip(&mut self.texts) {
            texts.add(column(batch, name)?)?;
        }
        if let (Some(name), Some(sums)) = (measure, &mut self.measure) {
            let numbers = column(batch, name)?.as_primitive_opt::<UInt32Type>().ok_or_else(|| not_as_written(name))?;
            sums.extend_from_slice(numbers.values());
        }
        Ok(())
    }

    fn group(self, by: &[String]) -> PolarsResult<Vec<Counted>> {
        let mut figures: Vec<Expr> = vec![len().alias(ROWS)];
        let mut columns: Vec<Column> = Vec::new();
        let mut vocabularies = Vec::new();
        for (name, texts) in by.iter().zip(self.texts) {
            columns.push(Series::new(name.as_str().into(), texts.words).into());
            vocabularies.push(texts.vocabulary);
        }
        let has_measure = self.measure.is_some();
        if let Some(measure) = self.measure {
            columns.push(Series::new(MEASURE.into(), measure).into());
            figures.push(col(MEASURE).cast(DataType::UInt64).sum());
        }
        if by.is_empty() && !has_measure {
            return Ok(vec![Counted { labels: Vec::new(), rows: self.rows as u64, measure: 0 }]);
        }
        let frame = DataFrame::new(self.rows, columns)?.lazy();
        let grouped = if by.is_empty() {
            frame.select(figures)
        } else {
            frame.group_by(by.iter().map(|name| col(name.as_str())).collect::<Vec<_>>()).agg(figures)
        };
        let grouped = grouped.collect()?;
        let rows = numbers(&grouped, ROWS)?;
        let measure = if has_measure { numbers(&grouped, MEASURE)? } else { vec![0; rows.len()] };
        let mut counted: Vec<Counted> = rows
            .into_iter()
            .zip(measure)
            .map(|(rows, measure)| Counted { labels: Vec::with_capacity(by.len()), rows, measure })
            .collect();
        for (name, vocabulary) in by.iter().zip(vocabularies) {
            for (counted, word) in counted.iter_mut().zip(numbers(&grouped, name)?) {
                counted.labels.push(vocabulary[word as usize].clone());
            }
        }
        Ok(counted)
    }
}

impl Texts {
    /// Each batch may bring a dictionary of its own.
    fn add(&mut self, column: &dyn Array) -> Result<(), ParquetError> {
        let column = column.as_dictionary_opt::<UInt32Type>().ok_or_else(|| not_as_written("a text"))?;
        let texts = column.values().as_string_opt::<i32>().ok_or_else(|| not_as_written("a text"))?;
        let places: Vec<u32> = texts.iter().map(|text| self.place(text.unwrap_or_default())).collect();
        self.words.extend(column.keys().values().iter().map(|&word| places[word as usize]));
        Ok(())
    }

    fn place(&mut self, text: &str) -> u32 {
        if let Some(&place) = self.places.get(text) {
            return place;
        }
        let place = self.vocabulary.len() as u32;
        self.vocabulary.push(text.to_owned());
        self.places.insert(text.to_owned(), place);
        place
    }
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a dyn Array, ParquetError> {
    batch.column_by_name(name).map(AsRef::as_ref).ok_or_else(|| not_as_written(name))
}

fn not_as_written(name: &str) -> ParquetError {
    ParquetError::General(format!("`{name}` isn't as it was written"))
}

fn numbers(frame: &DataFrame, name: &str) -> PolarsResult<Vec<u64>> {
    let column = frame.column(name)?.cast(&DataType::UInt64)?;
    Ok(column.u64()?.iter().map(Option::unwrap_or_default).collect())
}
