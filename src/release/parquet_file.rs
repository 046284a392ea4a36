//! Parquet as we publish it: one row group, dictionaries of words in use alone, what each column means, and nothing that tells
//! how it was made.
//!
//! No statistics, no page index, no bloom filter: each is a second place where values could stand, and in one row group none
//! would help a reader. The same rows give the same bytes.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int64Type, UInt32Type};
use arrow_array::{Array, ArrayRef, Date32Array, DictionaryArray, Int64Array, RecordBatch, StringArray, UInt32Array};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::arrow::{ARROW_SCHEMA_META_KEY, ArrowWriter, encode_arrow_schema};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::error::ReleaseError;
use super::node::{Cells, Table, TableColumn};
use crate::plain_file;

/// Under which a field says what its column means.
const MEANS: &str = "description";
/// Rows that are read at a time.
const BATCH: usize = 1 << 16;

/// Writes a table.
///
/// # Errors
/// When the file can't be written.
pub(super) fn write(path: &Path, table: &Table) -> Result<(), ReleaseError> {
    let failed = |source| ReleaseError::Parquet { path: path.to_owned(), source };
    let batch = batch(table).map_err(|error| failed(error.into()))?;
    let file = File::create(path).map_err(|source| ReleaseError::Write { path: path.to_owned(), source })?;
    let level = ZstdLevel::try_new(1).map_err(failed)?;
    // Texts are plain texts to whoever reads it: a dictionary would be loaded as a type of its own, another in each file.
    let schema = encode_arrow_schema(&Schema::new(table.columns.iter().map(field).collect::<Vec<_>>()));
    let schema = KeyValue { key: ARROW_SCHEMA_META_KEY.to_owned(), value: Some(schema) };
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(usize::MAX))
        .set_dictionary_enabled(true)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true)
        .set_bloom_filter_enabled(false)
        .set_created_by("afterloan".to_owned())
        .set_key_value_metadata(Some(vec![schema]))
        .build();
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(file, batch.schema(), options).map_err(failed)?;
    writer.write(&batch).map_err(failed)?;
    writer.close().map_err(failed)?;
    Ok(())
}

fn field(column: &TableColumn) -> Field {
    let data = match &column.cells {
        Cells::Texts { .. } => DataType::Utf8,
        Cells::Days(_) => DataType::Date32,
        Cells::Numbers(_) => DataType::Int64,
    };
    let nullable = !matches!(column.cells, Cells::Texts { .. });
    Field::new(&column.name, data, nullable)
        .with_metadata(std::collections::HashMap::from([(MEANS.to_owned(), column.means.clone())]))
}

fn batch(table: &Table) -> Result<RecordBatch, ArrowError> {
    let text = DataType::Dictionary(DataType::UInt32.into(), DataType::Utf8.into());
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for column in &table.columns {
        let (data, array): (DataType, ArrayRef) = match &column.cells {
            Cells::Texts { words, texts } => {
                let texts = Arc::new(StringArray::from_iter_values(texts));
                let words = UInt32Array::from(words.clone());
                (text.clone(), Arc::new(DictionaryArray::<UInt32Type>::try_new(words, texts)?))
            }
            Cells::Days(days) => (DataType::Date32, Arc::new(Date32Array::from(days.clone()))),
            Cells::Numbers(numbers) => (DataType::Int64, Arc::new(Int64Array::from(numbers.clone()))),
        };
        fields.push(field(column).with_data_type(data));
        arrays.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}

/// Reads a table as this or an earlier version of afterloan wrote it.
///
/// # Errors
/// When it can't be read, or has columns of other types.
pub fn read(path: &Path) -> Result<Table, ReleaseError> {
    read_columns(path).map_err(|source| ReleaseError::Read { path: path.to_owned(), source })
}

/// The columns of a table, with no row.
///
/// # Errors
/// When it can't be read.
pub(super) fn read_columns_alone(path: &Path) -> Result<Table, ReleaseError> {
    let failed = |source| ReleaseError::Read { path: path.to_owned(), source };
    let file = plain_file::open(path).map_err(|error| failed(ParquetError::External(error.into())))?;
    let schema = ParquetRecordBatchReaderBuilder::try_new(file).map_err(failed)?.schema().clone();
    let column = |field: &Arc<Field>| {
        let means = field.metadata().get(MEANS).cloned().unwrap_or_default();
        TableColumn::new(field.name(), means, Reading::of(field.data_type()).cells())
    };
    Ok(Table::new(schema.fields().iter().map(column).collect(), 0))
}

fn read_columns(path: &Path) -> Result<Table, ParquetError> {
    let open = || plain_file::open(path).map_err(|error| ParquetError::External(error.into()));
    let plain = ParquetRecordBatchReaderBuilder::try_new(open()?)?;
    // Texts as the file has them, in a dictionary; it doesn't say so itself.
    let text = DataType::Dictionary(DataType::UInt32.into(), DataType::Utf8.into());
    let schema = plain.schema().clone();
    let fields = schema.fields().iter().map(|field| match field.data_type() {
        DataType::Utf8 => Arc::new(field.as_ref().clone().with_data_type(text.clone())),
        _ => field.clone(),
    });
    let schema_read = Schema::new(fields.collect::<Vec<_>>()).with_metadata(schema.metadata().clone());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema_read));
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(open()?, options)?;
    let mut rows = 0;
    let mut columns: Vec<Reading> = schema.fields().iter().map(|field| Reading::of(field.data_type())).collect();
    for batch in builder.with_batch_size(BATCH).build()? {
        let batch = batch?;
        rows += batch.num_rows();
        for (reading, array) in columns.iter_mut().zip(batch.columns()) {
            reading.add(array).ok_or_else(|| ParquetError::General("a column isn't as it was written".to_owned()))?;
        }
    }
    let column = |(field, reading): (&Arc<Field>, Reading)| {
        let means = field.metadata().get(MEANS).cloned().unwrap_or_default();
        TableColumn::new(field.name(), means, reading.cells())
    };
    Ok(Table::new(schema.fields().iter().zip(columns).map(column).collect(), rows))
}

/// A column that is being read. Each batch may bring a dictionary of its own.
enum Reading {
    Texts { words: Vec<u32>, texts: Vec<String>, places: hashbrown::HashMap<String, u32> },
    Days(Vec<Option<i32>>),
    Numbers(Vec<Option<i64>>),
}

impl Reading {
    fn of(data: &DataType) -> Reading {
        match data {
            DataType::Date32 => Reading::Days(Vec::new()),
            DataType::Utf8 => {
                Reading::Texts { words: Vec::new(), texts: Vec::new(), places: hashbrown::HashMap::new() }
            }
            _ => Reading::Numbers(Vec::new()),
        }
    }

    fn add(&mut self, array: &dyn Array) -> Option<()> {
        match self {
            Reading::Texts { words, texts, places } => {
                let column = array.as_dictionary_opt::<UInt32Type>()?;
                let values = column.values().as_string_opt::<i32>()?;
                let place = |text: Option<&str>| {
                    let text = text.unwrap_or_default();
                    *places.entry_ref(text).or_insert_with(|| {
                        texts.push(text.to_owned());
                        texts.len() as u32 - 1
                    })
                };
                let place_of: Vec<u32> = values.iter().map(place).collect();
                words.extend(column.keys().values().iter().map(|&word| place_of[word as usize]));
            }
            Reading::Days(days) => days.extend(array.as_primitive_opt::<Date32Type>()?.iter()),
            Reading::Numbers(numbers) => {
                let wide = arrow_numbers(array)?;
                numbers.extend(wide);
            }
        }
        Some(())
    }

    fn cells(self) -> Cells {
        match self {
            // A dictionary may have a text that no row says.
            Reading::Texts { words, texts, .. } => Cells::of_texts(&words, &texts),
            Reading::Days(days) => Cells::Days(days),
            Reading::Numbers(numbers) => Cells::Numbers(numbers),
        }
    }
}

/// Numbers of the types that we write, or wrote.
fn arrow_numbers(array: &dyn Array) -> Option<Vec<Option<i64>>> {
    use arrow_array::types::UInt64Type;
    Some(match array.data_type() {
        DataType::Int64 => array.as_primitive_opt::<Int64Type>()?.iter().collect(),
        DataType::UInt32 => array.as_primitive_opt::<UInt32Type>()?.iter().map(|n| n.map(i64::from)).collect(),
        DataType::UInt64 => {
            let numbers = array.as_primitive_opt::<UInt64Type>()?.iter();
            numbers.map(|number| number.and_then(|number| i64::try_from(number).ok())).collect()
        }
        _ => return None,
    })
}
