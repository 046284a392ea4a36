//! Traces that a file could carry beside its rows: an order, a dictionary with words that no row uses, minima and maxima,
//! an index, a note.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use jiff::civil::date;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Encoding, Type};
use parquet::column::page::Page;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::calendar::Span;
use super::community::band;
use super::demo;
use super::published::{Published, periods_in, read};
use super::truth::{AGES, DAYS, Layout, bands};
use crate::support::files;

fn public_parquet(public: &Path) -> Vec<PathBuf> {
    let files = files(public).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "parquet"));
    let files: Vec<PathBuf> = files.map(|path| public.join(path)).collect();
    assert!(files.len() > 10);
    files
}

/// Sorted by what they publish, rows can't tell in which order they were exported.
#[test]
fn rows_are_in_order_of_what_they_publish() {
    let public = demo().at("public");
    let mut seen = 0;
    for layout in [Layout::koha_loans(), Layout::koha_holds()] {
        let ranks = |names: &[&str], texts: &[String]| -> Vec<Rank> {
            names.iter().zip(texts).map(|(name, text)| rank(name, text)).collect()
        };
        for period in periods_in(&public.join(format!("dataset/{}/collection", layout.kind))) {
            let published = Published::read(&public, &layout, &period);
            let trunk = published.collection.iter().map(|line| {
                let (places, uses) = (ranks(&layout.places, &line.places), ranks(&layout.uses, &line.uses));
                (places, line.when, uses, line.numbers.clone())
            });
            assert!(trunk.is_sorted(), "collection {period}");
            let who = published.community.iter();
            let community = who.map(|who| (ranks(&layout.places, &who.places), ranks(&layout.patron, &who.about)));
            assert!(community.is_sorted(), "community {period}");
            seen += 1;
        }
    }
    assert!(seen > 30);
}

/// `other`, `unknown`, values by what they mean (bands by their numbers), and what joins several.
type Rank = (u8, Option<(i32, i32)>, String);

fn rank(column: &str, text: &str) -> Rank {
    let known = match column {
        "duration" => bands(&DAYS),
        "age_band" => bands(&AGES),
        _ => Vec::new(),
    };
    match text {
        "other" => (0, None, String::new()),
        "unknown" => (1, None, String::new()),
        text if known.is_empty() => (2, None, text.to_owned()),
        text => (2 + u8::from(!known.iter().any(|band| band == text)), band(text), String::new()),
    }
}

#[test]
fn a_dictionary_has_the_words_that_rows_use_and_no_others() {
    for path in public_parquet(&demo().at("public")) {
        let rows = read(&path);
        let file = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
        assert_eq!(file.num_row_groups(), 1, "{path:?}: borders of row groups tell of an order");
        let group = file.get_row_group(0).unwrap();
        for column in 0..group.num_columns() {
            let metadata = group.metadata().column(column);
            let used = rows.shown(metadata.column_path().string().as_str());
            let kind = metadata.column_type();
            let mut dictionary = BTreeSet::new();
            for page in group.get_column_page_reader(column).unwrap() {
                match page.unwrap() {
                    Page::DictionaryPage { buf, num_values, .. } => {
                        dictionary.extend(shown(kind, &buf, num_values as usize));
                    }
                    page => assert_ne!(page.encoding(), Encoding::PLAIN, "{path:?}: words outside the dictionary"),
                }
            }
            assert_eq!(dictionary, used, "{path:?} {}", metadata.column_path());
        }
    }
}

/// The values of a dictionary, as they are read.
fn shown(kind: Type, bytes: &[u8], count: usize) -> Vec<String> {
    let shown: Vec<String> = match kind {
        Type::BYTE_ARRAY => texts(bytes, count),
        Type::INT64 => {
            let (numbers, _) = bytes.as_chunks::<8>();
            numbers.iter().map(|number| i64::from_le_bytes(*number).to_string()).collect()
        }
        Type::INT32 => {
            let (days, _) = bytes.as_chunks::<4>();
            let day = |days: &[u8; 4]| jiff::Span::new().days(i32::from_le_bytes(*days));
            days.iter().map(|days| date(1970, 1, 1).saturating_add(day(days)).to_string()).collect()
        }
        other => panic!("a column of {other}"),
    };
    assert_eq!(shown.len(), count);
    shown
}

/// Lengths of four bytes, each before its text.
fn texts(mut bytes: &[u8], count: usize) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let (text, rest) = rest.split_at(u32::from_le_bytes(*length) as usize);
        texts.push(String::from_utf8(text.to_vec()).unwrap());
        bytes = rest;
    }
    assert_eq!(texts.len(), count);
    texts
}

/// Nothing but how to read it, and what each column means: the same in every period.
#[test]
fn metadata_holds_no_value() {
    let mut means: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in public_parquet(&demo().at("public")) {
        let file = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
        let metadata = file.metadata().file_metadata();
        let notes: Vec<&str> =
            metadata.key_value_metadata().into_iter().flatten().map(|note| note.key.as_str()).collect();
        assert_eq!(notes, ["ARROW:schema"], "{path:?}");
        assert_eq!(metadata.created_by(), Some("afterloan"), "{path:?}");
        let schema = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap().schema().clone();
        assert!(schema.metadata().is_empty(), "{path:?}");
        for field in schema.fields() {
            assert_eq!(field.metadata().keys().collect::<Vec<_>>(), ["description"], "{path:?}");
            let table = path.file_stem().unwrap().to_str().unwrap();
            let what = format!("{table} {}", field.name());
            let kind = path.components().any(|part| part.as_os_str() == "hold");
            means.entry(format!("{what} {kind}")).or_default().insert(field.metadata()["description"].clone());
        }
        for column in file.metadata().row_group(0).columns() {
            assert!(column.statistics().is_none(), "{path:?}: least and greatest values");
            assert!(
                column.column_index_offset().is_none() && column.offset_index_offset().is_none(),
                "{path:?}: an index"
            );
            assert!(column.bloom_filter_offset().is_none(), "{path:?}: a filter tells who may be in");
            assert!(column.page_encoding_stats().is_none_or(|stats| stats.len() < 4));
        }
    }
    let differs = means.iter().find(|(_, said)| said.len() != 1);
    assert!(differs.is_none(), "a note that differs from period to period: {differs:?}");
}

/// Nothing beside what was written on purpose, and no name that a row chose.
#[test]
fn public_names_are_those_of_kinds_tables_and_periods() {
    const TABLES: [&str; 8] =
        ["total", "by-branch", "by-patron", "by-hour", "by-end", "by-wait", "coarsening", "patrons-of-the-year"];
    for path in files(&demo().at("public")) {
        let parts: Vec<&str> = path.to_str().unwrap().split('/').collect();
        let fits = match parts[..] {
            ["datapackage.json" | "index.html"] => true,
            ["dataset", kind, node @ ("collection" | "community" | "hours"), month, file] => {
                ["loan", "hold"].contains(&kind) && is_period(month) && file == format!("{node}.parquet")
            }
            ["statistics", kind, table, month, file] => {
                let is_table = TABLES.contains(&table) && file == format!("{table}.parquet");
                ["loan", "hold"].contains(&kind) && is_table && is_period(month)
            }
            ["statistics", kind, file] => {
                let table = file.strip_suffix(".csv").map(|table| table.strip_suffix("-years").unwrap_or(table));
                ["loan", "hold"].contains(&kind) && table.is_some_and(|table| TABLES.contains(&table))
            }
            ["pages", page] => {
                let of_kind = page.strip_suffix(".html").and_then(|page| page.split_once('-'));
                let is_page = |(kind, page): (&str, &str)| {
                    ["loan", "hold"].contains(&kind) && (TABLES.contains(&page) || is_period(&format!("month={page}")))
                };
                of_kind.is_some_and(is_page)
            }
            _ => false,
        };
        assert!(fits, "{path:?}");
    }
}

fn is_period(folder: &str) -> bool {
    folder.strip_prefix("month=").is_some_and(|name| Span::named(name).to_string() == name)
}
