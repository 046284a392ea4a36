//! What stands in a site's open zones, as an attacker would dig it out: raw bytes, decompressed parquet pages, cells.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::{Array, StringArray};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::{TestSite, files};

/// Every file outside `inbox/` and `state/`, relative to the site.
pub fn open_files(site: &TestSite) -> Vec<PathBuf> {
    files(&site.root()).into_iter().filter(|path| !path.starts_with("inbox") && !path.starts_with("state")).collect()
}

/// Its bytes as they lie there, its name, and each of its parquet pages decompressed.
pub fn layers(site: &TestSite, path: &Path) -> Vec<Vec<u8>> {
    let on_disk = site.root().join(path);
    let mut layers = vec![fs::read(&on_disk).unwrap(), path.to_string_lossy().as_bytes().to_vec()];
    if path.extension().is_some_and(|end| end == "parquet") {
        let reader = SerializedFileReader::new(File::open(&on_disk).unwrap()).unwrap();
        let metadata = reader.metadata().file_metadata();
        layers.push(format!("{metadata:?}").into_bytes());
        for group in 0..reader.num_row_groups() {
            let group = reader.get_row_group(group).unwrap();
            for column in 0..group.num_columns() {
                let mut pages = group.get_column_page_reader(column).unwrap();
                while let Some(page) = pages.get_next_page().unwrap() {
                    layers.push(page.buffer().to_vec());
                }
            }
        }
    }
    layers
}

/// Its text cells, with their column in parquet: strings, CSV cells, JSON strings and keys, text between tags.
pub fn cells(site: &TestSite, path: &Path) -> Vec<(String, String)> {
    let on_disk = site.root().join(path);
    let text = || fs::read_to_string(&on_disk).unwrap();
    let plain = match path.extension().and_then(|end| end.to_str()) {
        Some("parquet") => return parquet_texts(&on_disk),
        Some("csv") => {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(&on_disk).unwrap();
            reader.records().flat_map(|record| record.unwrap().iter().map(String::from).collect::<Vec<_>>()).collect()
        }
        Some("json") => json_strings(&serde_json::from_str(&text()).unwrap()),
        Some("html") => {
            let text = text();
            let pieces = text.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, after)| after));
            pieces.map(|piece| piece.trim().to_string()).filter(|piece| !piece.is_empty()).collect()
        }
        Some("jsonl") => text().lines().flat_map(|line| json_strings(&serde_json::from_str(line).unwrap())).collect(),
        _ => Vec::new(),
    };
    plain.into_iter().map(|cell| (String::new(), cell)).collect()
}

fn parquet_texts(path: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for batch in ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap() {
        let batch = batch.unwrap();
        for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
            let texts: &StringArray = match column.data_type() {
                DataType::Utf8 => column.as_string::<i32>(),
                DataType::Dictionary(..) => column.as_any_dictionary().values().as_string::<i32>(),
                _ => continue,
            };
            found.extend(texts.iter().flatten().map(|text| (field.name().clone(), text.to_string())));
        }
    }
    found.sort();
    found.dedup();
    found
}

fn json_strings(value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::String(text) => vec![text.clone()],
        serde_json::Value::Array(all) => all.iter().flat_map(json_strings).collect(),
        serde_json::Value::Object(all) => {
            all.iter().flat_map(|(key, value)| [vec![key.clone()], json_strings(value)].concat()).collect()
        }
        _ => Vec::new(),
    }
}
