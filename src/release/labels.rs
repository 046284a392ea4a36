//! What codes are called, as a CSV: files keep the codes, so that a series doesn't break where a label changes.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::{Catalogue, PackageAbout};
use super::series::spreadsheet_text;

/// Where it lies, relative to `public/`.
pub const LABELS: &str = "statistics/labels.csv";

/// A line each label of a column that is public; none where there is no such label.
///
/// # Errors
/// None that can happen: texts can be written as CSV.
pub fn labels(catalogue: &Catalogue, about: &PackageAbout<'_>) -> Result<Option<Vec<u8>>, csv::Error> {
    if !has_labels(catalogue, about) {
        return Ok(None);
    }
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["column", "code", "label"])?;
    for (column, labels) in of_public(catalogue, about) {
        for (code, label) in labels {
            csv.write_record([column, code, label].map(|text| spreadsheet_text(text)))?;
        }
    }
    csv.into_inner().map(Some).map_err(|error| csv::Error::from(error.into_error()))
}

pub(super) fn has_labels(catalogue: &Catalogue, about: &PackageAbout<'_>) -> bool {
    of_public(catalogue, about).any(|(_, labels)| !labels.is_empty())
}

fn of_public<'a>(
    catalogue: &Catalogue,
    about: &PackageAbout<'a>,
) -> impl Iterator<Item = (&'a String, &'a BTreeMap<String, String>)> {
    let mut columns: BTreeSet<&str> = BTreeSet::new();
    for of_kind in catalogue.kinds.values() {
        let nodes = of_kind.nodes.values().map(|folder| &folder.columns);
        let tables = of_kind.tables.values().flat_map(BTreeMap::values);
        columns.extend(nodes.chain(tables).flat_map(|table| &table.columns).map(|column| column.name.as_str()));
    }
    let all = about.labels.iter().filter(|(column, _)| columns.contains(column.as_str()));
    all.collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::super::node::{Cells, Table, TableColumn};
    use super::super::package::package;
    use super::super::{Catalogue, OfKind};
    use super::*;
    use crate::words::Kind;

    #[test]
    fn labels_of_what_is_public_are_a_table_and_categories() {
        let texts = ["=A", "CPL", "other"].map(str::to_owned);
        let columns = vec![
            TableColumn::new("branch", "Where.", Cells::of_texts(&[0, 1, 2], &texts)),
            TableColumn::new("checkouts", "How many.", Cells::numbers([3, 4, 5])),
        ];
        let by_branch = BTreeMap::from([("2026-01".parse().unwrap(), Table::new(columns, 3))]);
        let loans = OfKind { tables: BTreeMap::from([("by-branch".to_owned(), by_branch)]), ..OfKind::default() };
        let catalogue = Catalogue { kinds: BTreeMap::from([(Kind::Loan, loans)]), ..Catalogue::default() };
        let of = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(code, label)| ((*code).to_owned(), (*label).to_owned())).collect()
        };
        let all = BTreeMap::from([
            ("branch".to_owned(), of(&[("CPL", "Central, \"old\""), ("=A", "@Annex")])),
            ("ghost".to_owned(), of(&[("x", "y")])),
        ]);
        let about = PackageAbout { library: "A", threshold: 10, licence: None, labels: &all };
        let csv = String::from_utf8(labels(&catalogue, &about).unwrap().unwrap()).unwrap();
        assert_eq!(csv, "column,code,label\nbranch,'=A,'@Annex\nbranch,CPL,\"Central, \"\"old\"\"\"\n");
        let json: serde_json::Value = serde_json::from_str(&package(&catalogue, &about).unwrap()).unwrap();
        let resources = json["resources"].as_array().unwrap();
        assert_eq!(resources.last().unwrap()["path"], LABELS);
        let categories = &resources[0]["schema"]["fields"][1]["categories"];
        let expected = serde_json::json!([
            { "value": "'=A", "label": "@Annex" }, { "value": "CPL", "label": "Central, \"old\"" }, { "value": "other" },
        ]);
        assert_eq!(*categories, expected);
        for silent in [BTreeMap::new(), BTreeMap::from([("ghost".to_owned(), of(&[("x", "y")]))])] {
            let about = PackageAbout { labels: &silent, ..about };
            assert!(labels(&catalogue, &about).unwrap().is_none());
            let json = package(&catalogue, &about).unwrap();
            assert!(!json.contains("categories") && !json.contains("labels"));
        }
    }
}
