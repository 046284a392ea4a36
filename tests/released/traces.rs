//! Traces that a file could carry beside its rows: an order, a dictionary with words that no row uses, minima and maxima,
//! an index, a note.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use parquet::basic::{Encoding, Type};
use parquet::column::page::Page;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::demo;
use super::published::{Line, Month, When, read};
use super::truth::Layout;
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
    let mut months = 0;
    for (layout, month) in [Layout::koha_loans(), Layout::koha_holds()].iter().flat_map(|layout| {
        (1..=12).flat_map(move |month| [2025, 2026].map(|year| (layout, format!("{year}-{month:02}"))))
    }) {
        let Some(published) = Month::read(&public, layout, &month) else { continue };
        let time = |line: &Line| match line.when {
            When::Day(day) => (0, day),
            When::Week(week) => (1, week),
            When::Month => (2, jiff::civil::Date::MAX),
        };
        let key = |line: &Line| (line.shared.clone(), line.own.clone(), line.uses.clone(), time(line), line.renewals);
        assert!(published.collection.is_sorted_by_key(key), "collection {month}");
        assert!(published.community.is_sorted_by_key(key), "community {month}");
        months += 1;
    }
    assert!(months > 30);
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
            if metadata.column_type() != Type::BYTE_ARRAY {
                continue;
            }
            let used = rows.texts(metadata.column_path().string().as_str());
            let mut dictionary = BTreeSet::new();
            for page in group.get_column_page_reader(column).unwrap() {
                match page.unwrap() {
                    Page::DictionaryPage { buf, num_values, .. } => dictionary.extend(texts(&buf, num_values as usize)),
                    page => assert_ne!(page.encoding(), Encoding::PLAIN, "{path:?}: words outside the dictionary"),
                }
            }
            assert_eq!(dictionary, used, "{path:?} {}", metadata.column_path());
        }
    }
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

#[test]
fn metadata_holds_no_value() {
    let mut notes = BTreeSet::new();
    for path in public_parquet(&demo().at("public")) {
        let file = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
        let metadata = file.metadata().file_metadata();
        for note in metadata.key_value_metadata().into_iter().flatten() {
            notes.insert((note.key.clone(), note.value.clone().unwrap_or_default()));
        }
        let group = file.metadata().row_group(0);
        for column in group.columns() {
            assert!(column.statistics().is_none(), "{path:?}: least and greatest values");
            assert!(
                column.column_index_offset().is_none() && column.offset_index_offset().is_none(),
                "{path:?}: an index"
            );
            assert!(column.bloom_filter_offset().is_none(), "{path:?}: a filter tells who may be in");
            assert!(column.page_encoding_stats().is_none_or(|stats| stats.len() < 4));
        }
    }
    // The same for every month: a format and how to read it.
    let keys: BTreeSet<&str> = notes.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, BTreeSet::from(["afterloan.format", "afterloan.notes"]));
    assert_eq!(notes.len(), 3, "a note that differs from month to month: {notes:?}");
}

/// Nothing beside what was written on purpose, and no name that a row chose.
#[test]
fn public_names_are_those_of_kinds_tables_and_months() {
    for path in files(&demo().at("public")) {
        let parts: Vec<&str> = path.to_str().unwrap().split('/').collect();
        let fits = match parts[..] {
            ["dataset", kind, half @ ("collection" | "community"), month, file] => {
                ["loan", "hold"].contains(&kind) && is_month(month) && file == format!("{half}.parquet")
            }
            ["statistics", kind, table @ ("by-branch" | "by-patron" | "by-hour"), month, file] => {
                let endings = ["parquet", "csv", "html"].map(|ending| format!("{table}.{ending}"));
                ["loan", "hold"].contains(&kind) && is_month(month) && endings.contains(&file.to_owned())
            }
            _ => false,
        };
        assert!(fits, "{path:?}");
    }
    assert!(fs::read_dir(demo().at("public")).unwrap().count() == 2);
}

fn is_month(folder: &str) -> bool {
    folder.strip_prefix("month=").is_some_and(|month| format!("{month}-01").parse::<jiff::civil::Date>().is_ok())
}
