//! Staged rows as parquet.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{
    Array, ArrayRef, Date32Array, DictionaryArray, FixedSizeBinaryArray, Int64Array, RecordBatch, StringArray,
    UInt8Array, UInt32Array, UInt64Array,
};
use arrow_schema::{Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::super::disk::At;
use super::super::json::FormatError;
use super::{Staged, StagedColumn, StagingError};
use crate::treat::pseudonym::Pseudonym;
use crate::words::{Day, TransactionId};

const FORMAT: u32 = 1;
const FORMAT_KEY: &str = "afterloan.format";
const CONTENT_KEY: &str = "afterloan.content";
const PREFIX: &str = "column.";
/// Each batch brings its dictionaries along: few large ones.
const BATCH: usize = 1 << 16;

/// The bytes of a staging file. Rows that don't fit together are an error.
pub fn encode(staged: &Staged) -> Result<Vec<u8>, StagingError> {
    staged.check()?;
    let staged = Staged { columns: staged.columns.iter().map(StagedColumn::compact).collect(), ..shallow(staged) };
    let batch = to_batch(&staged)?;
    let note = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_key_value_metadata(Some(vec![
            note(FORMAT_KEY, FORMAT.to_string()),
            note(CONTENT_KEY, staged.content().to_string()),
        ]))
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties))?;
    writer.write(&batch)?;
    Ok(writer.into_inner()?)
}

/// All but the treated columns.
fn shallow(staged: &Staged) -> Staged {
    let Staged { ids, opened, day, hour, renewals, pseudonyms, columns: _ } = staged;
    Staged {
        ids: ids.clone(),
        opened: opened.clone(),
        day: day.clone(),
        hour: hour.clone(),
        renewals: renewals.clone(),
        pseudonyms: pseudonyms.clone(),
        columns: Vec::new(),
    }
}

fn to_batch(staged: &Staged) -> Result<RecordBatch, ParquetError> {
    let pseudonyms = staged.pseudonyms.iter().map(|one| one.map(|one| *one.bytes()));
    let mut arrays: Vec<(String, ArrayRef)> = vec![
        ("id".into(), Arc::new(UInt64Array::from_iter_values(staged.ids.iter().map(|id| id.0)))),
        ("opened".into(), Arc::new(Int64Array::from(staged.opened.clone()))),
        ("day".into(), Arc::new(Date32Array::from_iter_values(staged.day.iter().map(|day| day.0)))),
        ("hour".into(), Arc::new(UInt8Array::from(staged.hour.clone()))),
        ("renewals".into(), Arc::new(UInt32Array::from(staged.renewals.clone()))),
        ("pseudonym".into(), Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(pseudonyms, 16)?)),
    ];
    for column in &staged.columns {
        let texts = StringArray::from_iter_values(&column.texts);
        let array = DictionaryArray::<UInt32Type>::try_new(UInt32Array::from(column.codes.clone()), Arc::new(texts))?;
        arrays.push((format!("{PREFIX}{}", column.name), Arc::new(array)));
    }
    let field = |(name, array): &(String, ArrayRef)| Field::new(name, array.data_type().clone(), name == "pseudonym");
    let schema = Schema::new(arrays.iter().map(field).collect::<Vec<_>>());
    Ok(RecordBatch::try_new(Arc::new(schema), arrays.into_iter().map(|(_, array)| array).collect())?)
}

/// Reads a file back, and checks that it says what was written.
pub fn decode(path: &Path) -> Result<Staged, StagingError> {
    let damaged = || StagingError::Damaged(path.to_path_buf());
    let file = File::open(path).at("read", path)?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|_| damaged())?;
    let notes = reader.metadata().file_metadata().key_value_metadata().cloned().unwrap_or_default();
    let note = |key: &str| notes.iter().find(|note| note.key == key).and_then(|note| note.value.clone());
    let found = note(FORMAT_KEY).and_then(|format| format.parse().ok()).ok_or_else(damaged)?;
    if found != u64::from(FORMAT) {
        Err(FormatError { path: path.to_path_buf(), found, readable: FORMAT })?;
    }
    let mut staged = Staged::default();
    for field in reader.schema().fields() {
        if let Some(name) = field.name().strip_prefix(PREFIX) {
            staged.columns.push(StagedColumn { name: name.to_owned(), ..StagedColumn::default() });
        }
    }
    for batch in reader.with_batch_size(BATCH).build().map_err(|_| damaged())? {
        let rows = batch.ok().as_ref().and_then(|batch| from_batch(batch, &staged.columns)).ok_or_else(damaged)?;
        staged.append(rows).map_err(|_| damaged())?;
    }
    staged.columns = staged.columns.iter().map(StagedColumn::compact).collect();
    match note(CONTENT_KEY) == Some(staged.content().to_string()) {
        true => Ok(staged),
        false => Err(damaged()),
    }
}

/// None if a column is missing or of another type.
fn from_batch(batch: &RecordBatch, columns: &[StagedColumn]) -> Option<Staged> {
    fn array<'a, A: 'static>(batch: &'a RecordBatch, name: &str) -> Option<&'a A> {
        batch.column_by_name(name)?.as_any().downcast_ref()
    }
    let pseudonyms: &FixedSizeBinaryArray = array(batch, "pseudonym")?;
    let pseudonym = |bytes: Option<&[u8]>| match bytes {
        None => Some(None),
        Some(bytes) => bytes.try_into().ok().map(|bytes| Some(Pseudonym(bytes))),
    };
    let ids: &UInt64Array = array(batch, "id")?;
    let day: &Date32Array = array(batch, "day")?;
    Some(Staged {
        ids: ids.values().iter().map(|id| TransactionId(*id)).collect(),
        opened: array::<Int64Array>(batch, "opened")?.values().to_vec(),
        day: day.values().iter().map(|day| Day(*day)).collect(),
        hour: array::<UInt8Array>(batch, "hour")?.values().to_vec(),
        renewals: array::<UInt32Array>(batch, "renewals")?.values().to_vec(),
        pseudonyms: pseudonyms.iter().map(pseudonym).collect::<Option<_>>()?,
        columns: columns
            .iter()
            .map(|column| {
                let coded: &DictionaryArray<UInt32Type> = array(batch, &format!("{PREFIX}{}", column.name))?;
                let texts: &StringArray = coded.values().as_any().downcast_ref()?;
                // A null has no text, and is no value that was ever written.
                let texts = texts.iter().map(|text| text.map(str::to_owned)).collect::<Option<_>>()?;
                let codes = (coded.null_count() == 0).then(|| coded.keys().values().to_vec())?;
                Some(StagedColumn { name: column.name.clone(), codes, texts })
            })
            .collect::<Option<_>>()?,
    })
}
