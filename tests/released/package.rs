//! The data package: it names exactly the files that are there, and every column of each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;

use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::support::files;

pub fn names_what_is_there(public: &Path) {
    let package: Value = serde_json::from_slice(&fs::read(public.join("datapackage.json")).unwrap()).unwrap();
    let mut named: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for resource in package["resources"].as_array().unwrap() {
        let name = resource["name"].as_str().unwrap();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        assert!(name.chars().all(plain) && names.insert(name.to_owned()), "{name}: twice, or no name by the standard");
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let field = |field: &Value| {
            assert!(!field["description"].as_str().unwrap().is_empty(), "{name}: {field} says nothing");
            (field["name"].as_str().unwrap().to_owned(), field["type"].as_str().unwrap().to_owned())
        };
        let fields: Vec<(String, String)> = fields.iter().map(field).collect();
        let more = resource["extrapaths"].as_array().into_iter().flatten();
        for path in std::iter::once(&resource["path"]).chain(more) {
            let path = path.as_str().unwrap().to_owned();
            assert!(named.insert(path.clone(), fields.clone()).is_none(), "{path} is named twice");
        }
    }
    let is_data = |path: &String| path.ends_with(".parquet") || path.ends_with(".csv");
    let there: Vec<String> = files(public).iter().map(|path| path.to_str().unwrap().to_owned()).collect();
    let there: BTreeSet<String> = there.into_iter().filter(is_data).collect();
    assert_eq!(named.keys().cloned().collect::<BTreeSet<_>>(), there, "the package names other files than there are");
    for (path, fields) in named {
        let has = columns(&public.join(&path));
        let names: Vec<&String> = fields.iter().map(|(name, _)| name).collect();
        assert_eq!(
            has.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            names,
            "{path}: the package names other columns"
        );
        for ((name, is), (_, says)) in has.iter().zip(&fields) {
            assert!(is.as_ref().is_none_or(|is| is == says), "{path}: {name} is {is:?} and the package says {says}");
        }
    }
}

/// Names, and of what type each is; a CSV doesn't tell.
fn columns(path: &Path) -> Vec<(String, Option<String>)> {
    if path.extension().is_some_and(|ending| ending == "csv") {
        let mut csv = csv::Reader::from_path(path).unwrap();
        return csv.headers().unwrap().iter().map(|name| (name.to_owned(), None)).collect();
    }
    let schema = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().schema().clone();
    let kind = |data: &arrow_schema::DataType| match data {
        arrow_schema::DataType::Utf8 => "string",
        arrow_schema::DataType::Date32 => "date",
        arrow_schema::DataType::Int64 => "integer",
        other => panic!("a column of type {other}"),
    };
    schema.fields().iter().map(|field| (field.name().clone(), Some(kind(field.data_type()).to_owned()))).collect()
}
