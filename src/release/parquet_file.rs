//! Parquet as we publish it: one row group, dictionaries of words in use alone, and nothing that tells how it was made.
//!
//! No statistics, no page index, no bloom filter, no Arrow schema: each is a second place where values could stand, and
//! in one row group none would help a reader. The same rows give
//! the same bytes.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{ArrayRef, Date32Array, DictionaryArray, RecordBatch, StringArray, UInt32Array, UInt64Array};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::collection::When;
use super::counts::OTHER;
use super::error::ReleaseError;
use super::figures::Figures;
use super::layout::Half;
use crate::words::{Day, Month};

const NOTES: &str = "Every row is one transaction. A text column that reads \"other\" was merged with others, so that no \
                     figure is about few patrons. day is null where only the week, and week where only the month is told.";
const TABLE_NOTES: &str = "Every row is a group of transactions. \"other\" stands for what was merged, so that no figure \
                           is about few patrons; null for what is counted in \"other\" or not told.";

pub(super) fn write_half(path: &Path, half: &Half, month: Month) -> Result<(), ReleaseError> {
    let built = half_batch(half, month).map_err(|error| parquet_error(path, error.into()))?;
    write(path, &built, NOTES)
}

pub(super) fn write_table(path: &Path, by: &[String], rows: &[Figures], names: &[&str]) -> Result<(), ReleaseError> {
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for (at, name) in by.iter().enumerate() {
        fields.push(Field::new(name, DataType::Utf8, false));
        arrays.push(Arc::new(rows.iter().map(|row| Some(row.labels[at].as_str())).collect::<StringArray>()));
    }
    for (at, name) in names.iter().enumerate() {
        fields.push(Field::new(*name, DataType::UInt64, true));
        arrays.push(Arc::new(rows.iter().map(|row| row.figures[at]).collect::<UInt64Array>()));
    }
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays);
    write(path, &batch.map_err(|error| parquet_error(path, error.into()))?, TABLE_NOTES)
}

fn half_batch(half: &Half, month: Month) -> Result<RecordBatch, ArrowError> {
    let text = DataType::Dictionary(DataType::UInt32.into(), DataType::Utf8.into());
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for column in &half.columns {
        let words: Vec<u32> = match &half.repeat {
            None => column.words.clone(),
            Some(repeat) => {
                let mut words = Vec::with_capacity(half.rows);
                for (&word, &times) in column.words.iter().zip(repeat) {
                    words.resize(words.len() + times as usize, word);
                }
                words
            }
        };
        let texts = Arc::new(StringArray::from_iter_values(&column.texts));
        fields.push(Field::new(&column.name, text.clone(), false));
        arrays.push(Arc::new(DictionaryArray::<UInt32Type>::try_new(UInt32Array::from(words), texts)?));
    }
    if half.columns.is_empty() && half.when.is_none() && half.measure.is_none() {
        // A file must have a column to have rows.
        fields.push(Field::new(OTHER, DataType::Utf8, false));
        arrays.push(Arc::new(StringArray::from_iter_values((0..half.rows).map(|_| OTHER))));
    }
    if let Some(when) = &half.when {
        let dates: Vec<(Option<Day>, Option<Day>)> =
            (0..When::COUNT as u8).map(|code| When(code).dates(month)).collect();
        let dates = || when.iter().map(|when| dates[usize::from(when.0)]);
        let day: Date32Array = dates().map(|(day, _)| day.map(|day| day.0)).collect();
        let week: Date32Array = dates().map(|(_, week)| week.map(|week| week.0)).collect();
        for (name, dates) in [("day", day), ("week", week)] {
            fields.push(Field::new(name, DataType::Date32, true));
            arrays.push(Arc::new(dates));
        }
    }
    if let Some((what, measure)) = &half.measure {
        // Below 65,536, but the smallest type that Polars reads as we build it has 32 bits.
        fields.push(Field::new(what.name(), DataType::UInt32, false));
        arrays.push(Arc::new(measure.iter().map(|&measure| Some(measure.into())).collect::<UInt32Array>()));
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}

fn write(path: &Path, batch: &RecordBatch, notes: &str) -> Result<(), ReleaseError> {
    let failed = |source| parquet_error(path, source);
    let file = File::create(path).map_err(|source| ReleaseError::Write { path: path.to_owned(), source })?;
    let level = ZstdLevel::try_new(1).map_err(failed)?;
    let note = |key: &str, value: &str| KeyValue { key: key.to_owned(), value: Some(value.to_owned()) };
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(usize::MAX))
        .set_dictionary_enabled(true)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true)
        .set_bloom_filter_enabled(false)
        .set_key_value_metadata(Some(vec![note("afterloan.format", "1"), note("afterloan.notes", notes)]))
        .build();
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(file, batch.schema(), options).map_err(failed)?;
    writer.write(batch).map_err(failed)?;
    writer.close().map_err(failed)?;
    Ok(())
}

fn parquet_error(path: &Path, source: ParquetError) -> ReleaseError {
    ReleaseError::Parquet { path: path.to_owned(), source }
}
