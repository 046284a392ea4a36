//! `datapackage.json`: a Frictionless data package of all that is public, with what every column means.
//!
//! Source: Data Package 1.0, <https://specs.frictionlessdata.io/data-package/>. Series are tabular resources in CSV; the
//! parquet files are named as they lie, a resource a folder.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::catalogue::{Catalogue, PackageAbout};
use super::labels::{LABELS, has_labels};
use super::names::YEARS;
use super::node::{Cells, Table, TableColumn};
use super::pages::prose::{kinds, sentence_case};
use super::series::{PERIOD, columns, spreadsheet_text};
use super::survey::SURVEY;
use super::write::{node_path, records_path, table_path};
use crate::words::Period;

/// Where it lies, relative to `public/`.
pub const PACKAGE: &str = "datapackage.json";

/// The package, in JSON.
///
/// # Errors
/// None that can happen: JSON of texts and numbers can be written.
pub fn package(catalogue: &Catalogue, about: &PackageAbout<'_>) -> Result<String, serde_json::Error> {
    let mut resources: Vec<Value> = Vec::new();
    for (kind, of_kind) in &catalogue.kinds {
        for (name, path, periods) in of_kind.series(*kind) {
            let newest = periods.values().next_back();
            let fields: Vec<Value> = std::iter::once(field(PERIOD, "string", PERIOD_MEANS))
                .chain(columns(periods).iter().filter_map(|name| {
                    let mut field = described(newest?, periods.values(), name)?;
                    called(&mut field, name, periods, about);
                    Some(field)
                }))
                .collect();
            let title = format!("{}: {name}", sentence_case(kinds(*kind)));
            resources.push(csv(&format!("{kind}-{name}"), &title, &path, &fields));
            if name.ends_with(YEARS) {
                continue;
            }
            let paths = periods.keys().map(|period| table_path(*kind, &name, *period));
            resources.push(parquet(&format!("{kind}-{name}-parquet"), &paths.collect::<Vec<_>>(), newest));
        }
        for (node, folder) in &of_kind.nodes {
            let paths = folder.periods.iter().map(|period| node_path(*kind, *node, *period));
            let name = format!("{kind}-{}", node.name());
            resources.push(parquet(&name, &paths.collect::<Vec<_>>(), Some(&folder.columns)));
        }
    }
    for (name, months) in &catalogue.records {
        let paths: Vec<String> = months.keys().map(|month| records_path(name, *month)).collect();
        resources.push(parquet(&format!("records-{name}"), &paths, months.values().next_back()));
    }
    if let Some(newest) = catalogue.survey.values().next_back() {
        let fields = std::iter::once(field(PERIOD, "string", PERIOD_MEANS)).chain(newest.columns.iter().map(of_column));
        let title = "What surveys ask for, and how each figure was counted";
        resources.push(csv("survey", title, SURVEY, &fields.collect::<Vec<_>>()));
    }
    if has_labels(catalogue, about) {
        let fields = [
            field("column", "string", "A column of the tables and of the dataset."),
            field("code", "string", "A value of it, as tables and dataset have it."),
            field("label", "string", "What the library calls it."),
        ];
        resources.push(csv("labels", "What codes are called", LABELS, &fields));
    }
    let mut package = json!({
        "profile": "data-package",
        "name": "library-use",
        "title": format!("What {} lends", about.library),
        "description": description(about.threshold),
        "resources": resources,
    });
    if let Some(licence) = about.licence {
        package["licenses"] = json!([{ "name": licence }]);
    }
    Ok(serde_json::to_string_pretty(&package)? + "\n")
}

fn csv(name: &str, title: &str, path: &str, fields: &[Value]) -> Value {
    json!({
        "name": name,
        "title": title,
        "path": path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": { "fields": fields, "missingValues": [""] },
    })
}

/// Of a column that has labels: its values, each with its own. All of them, since a reader may take others for wrong.
/// Source: Data Package 2.0, <https://datapackage.org/standard/table-schema/#categories>.
fn called(field: &mut Value, column: &str, periods: &BTreeMap<Period, Table>, about: &PackageAbout<'_>) {
    let Some(labels) = about.labels.get(column) else { return };
    let texts = periods.values().flat_map(Table::texts).filter(|(of, _)| *of == column).map(|(_, text)| text);
    // As the CSV has them.
    let values: BTreeMap<String, Option<&String>> =
        texts.map(|text| (spreadsheet_text(text), labels.get(text))).collect();
    if values.values().all(Option::is_none) {
        return;
    }
    let category = |(value, label): (&String, &Option<&String>)| match label {
        Some(label) => json!({ "value": value, "label": label }),
        None => json!({ "value": value }),
    };
    field["categories"] = values.iter().map(category).collect();
}

const PERIOD_MEANS: &str =
    "The month, such as 2026-07; or the first and the last month of a longer period, such as 2026-07-to-2026-09.";

fn description(threshold: u32) -> String {
    format!(
        "Use of the library, published so that no figure about who, where or when is about fewer than {threshold} patrons. \
         \"other\" stands for what was merged to that end, \"unknown\" for what the library system doesn't record; a missing \
         value for what is not told. Tables of one kind and period add up to the same total. Numbers of distinct patrons are \
         rounded down and don't add up. The table \"coarsening\" tells how many rows of each column keep their own value."
    )
}

fn parquet(name: &str, paths: &[String], columns: Option<&Table>) -> Value {
    let fields: Vec<Value> = columns.into_iter().flat_map(|table| &table.columns).map(of_column).collect();
    // A list of paths is allowed by the specification, and refused by frictionless: it has the others apart.
    let (first, more) = paths.split_first().unzip();
    json!({
        "name": name,
        "path": first,
        "extrapaths": more,
        "profile": "data-resource",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": { "fields": fields },
    })
}

/// A column as the newest table that has it says.
fn described<'t>(newest: &'t Table, all: impl Iterator<Item = &'t Table>, name: &str) -> Option<Value> {
    let column = newest.column(name).or_else(|| all.filter_map(|table| table.column(name)).last());
    column.map(of_column)
}

fn of_column(column: &TableColumn) -> Value {
    let kind = match column.cells {
        Cells::Texts { .. } => "string",
        Cells::Days(_) => "date",
        Cells::Numbers(_) => "integer",
    };
    field(&column.name, kind, &column.means)
}

fn field(name: &str, kind: &str, means: &str) -> Value {
    json!({ "name": name, "type": kind, "description": means })
}
