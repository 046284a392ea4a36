//! Staged rows as parquet.
//!
//! A file carries a seal, which is looked for and checked before the parquet library sees the file: that library can
//! panic on a changed byte.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{
    Array, ArrayRef, Date32Array, DictionaryArray, FixedSizeBinaryArray, Int64Array, RecordBatch, StringArray,
    UInt8Array, UInt32Array, UInt64Array,
};
use arrow_schema::{Field, Schema};
use memchr::memmem;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::super::disk::{self, At};
use super::super::json::FormatError;
use super::staged::{Staged, StagedColumn, StagingError};
use crate::plain_file;
use crate::treat::pseudonym::Pseudonym;
use crate::words::{Day, Digest, TransactionId};

const FORMAT: u32 = 1;
const SEAL_KEY: &str = "afterloan";
const SEAL: &str = "afterloan staging format ";
const PREFIX: &str = "column.";
/// Stands for the digest while it is taken.
const UNSEALED: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Each batch brings its dictionaries along: few large ones.
const BATCH: usize = 1 << 16;

/// The bytes of a staging file. Rows that don't fit together are an error.
pub fn encode(staged: &Staged) -> Result<Vec<u8>, StagingError> {
    staged.check()?;
    let staged = Staged { columns: staged.columns.iter().map(StagedColumn::compact).collect(), ..shallow(staged) };
    let batch = to_batch(&staged)?;
    let seal = KeyValue::new(SEAL_KEY.to_owned(), format!("{SEAL}{FORMAT} sha256 {UNSEALED}"));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_key_value_metadata(Some(vec![seal]))
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties))?;
    writer.write(&batch)?;
    let mut bytes = writer.into_inner()?;
    let (_, digest) = find_seal(&bytes).ok_or(StagingError::Misfit("no seal in the file"))?;
    let sealed = Digest::of(&bytes).to_string();
    bytes[digest].copy_from_slice(sealed.as_bytes());
    Ok(bytes)
}

/// A file's format, and where its digest stands.
fn find_seal(bytes: &[u8]) -> Option<(u64, Range<usize>)> {
    // The last one: metadata comes after all rows, whatever they say.
    let start = memmem::rfind(bytes, SEAL.as_bytes())? + SEAL.len();
    let digits = bytes[start..].iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
    let format = std::str::from_utf8(&bytes[start..start + digits]).ok()?.parse().ok()?;
    let digest = start + digits + " sha256 ".len();
    Some((format, digest..digest + UNSEALED.len()))
}

/// Every byte as it was written, and in a format that this version reads.
fn check_seal(mut bytes: Vec<u8>, path: &Path) -> Result<(), StagingError> {
    let damaged = || StagingError::Damaged(path.to_path_buf());
    let (found, digest) = find_seal(&bytes).ok_or_else(damaged)?;
    if found != u64::from(FORMAT) {
        Err(FormatError { path: path.to_path_buf(), found, readable: FORMAT })?;
    }
    let written = bytes.get(digest.clone()).map(<[u8]>::to_vec).ok_or_else(damaged)?;
    bytes[digest].copy_from_slice(UNSEALED.as_bytes());
    if Digest::of(&bytes).to_string().as_bytes() == written { Ok(()) } else { Err(damaged()) }
}

/// All but the treated columns.
fn shallow(staged: &Staged) -> Staged {
    let Staged { ids, opened, day, hour, measure, pseudonyms, columns: _ } = staged;
    Staged {
        ids: ids.clone(),
        opened: opened.clone(),
        day: day.clone(),
        hour: hour.clone(),
        measure: measure.clone(),
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
        ("renewals".into(), Arc::new(UInt32Array::from(staged.measure.clone()))),
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

/// Reads a file back.
pub fn decode(path: &Path) -> Result<Staged, StagingError> {
    let damaged = || StagingError::Damaged(path.to_path_buf());
    check_seal(disk::read(path)?, path)?;
    let file = plain_file::open(path).at("read", path)?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|_| damaged())?;
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
    Ok(staged)
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
        measure: array::<UInt32Array>(batch, "renewals")?.values().to_vec(),
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
