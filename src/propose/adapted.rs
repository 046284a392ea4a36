//! A shipped pipeline, as it fits the release of the system that a database belongs to: columns that this release doesn't have
//! or calls otherwise, traces whose tables it lacks, and whom its preferences call nobody.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TomlError, Value};

use crate::live::{Catalogue, LiveError};
use crate::pipeline::{Declaration, Pipeline};
use crate::toml_file::Located;

/// What a column was called before: the pipelines' name, and an older release's.
const CALLED: [(&str, &str); 1] = [("renewals_count", "renewals")];

/// A pipeline that fits.
pub struct Adapted {
    pub text: String,
    /// What was adapted, for people.
    pub notes: Vec<String>,
    /// What it lacks and can't do without.
    pub problems: Vec<String>,
}

/// Adapts a pipeline. `ask` runs a query that answers with little; `nobody`: patron numbers that stand for nobody.
pub fn adapted(
    text: &str,
    catalogue: &Catalogue,
    nobody: &[String],
    ask: &mut dyn FnMut(&str) -> Result<(), LiveError>,
) -> Result<Adapted, TomlError> {
    let mut document: DocumentMut = text.parse()?;
    let located = Located::new("pipeline".into(), text.into());
    let mut adapted = Adapted { text: String::new(), notes: Vec::new(), problems: Vec::new() };
    let pipeline = match Pipeline::parse(&located) {
        Ok(pipeline) => pipeline,
        Err(error) => {
            adapted.problems.push(error.to_string());
            return Ok(adapted);
        }
    };
    let declaration = &pipeline.declaration;
    sources(&mut document, declaration, catalogue, &mut adapted);
    lookups(&mut document, declaration, catalogue, &mut adapted);
    traces(&mut document, declaration, ask, &mut adapted);
    if !nobody.is_empty() {
        name_nobody(&mut document, nobody);
    }
    adapted.text = document.to_string();
    Ok(adapted)
}

fn tables_of<'d>(document: &'d mut DocumentMut, key: &str) -> impl Iterator<Item = &'d mut Table> + use<'d> {
    document.get_mut(key).and_then(Item::as_array_of_tables_mut).into_iter().flat_map(|all| all.iter_mut())
}

fn sources(document: &mut DocumentMut, declaration: &Declaration, catalogue: &Catalogue, adapted: &mut Adapted) {
    for (table, source) in tables_of(document, "source").zip(&declaration.sources) {
        let Some(of) = &source.table else { continue };
        if !catalogue.tables.contains_key(of) {
            adapted.problems.push(format!("this release has no table {of}"));
            continue;
        }
        for column in declaration.source_columns(source) {
            if catalogue.has(of, &column) {
                continue;
            }
            let older = CALLED.iter().find(|(ours, older)| *ours == column && catalogue.has(of, older));
            if let Some((ours, older)) = older {
                let mut rename = InlineTable::new();
                rename.insert(*older, Value::from(*ours));
                table["rename"] = Item::Value(Value::InlineTable(rename));
                adapted.notes.push(format!("{of}: `{ours}` is called `{older}` in this release"));
            } else {
                push(table, "absent", &column);
                adapted.notes.push(format!("{of}: this release has no `{column}`"));
            }
        }
    }
}

fn lookups(document: &mut DocumentMut, declaration: &Declaration, catalogue: &Catalogue, adapted: &mut Adapted) {
    for (table, lookup) in tables_of(document, "lookup").zip(&declaration.lookups) {
        let Some(of) = &lookup.table else { continue };
        if !catalogue.tables.contains_key(of) {
            adapted.problems.push(format!("this release has no table {of}"));
            continue;
        }
        for column in lookup.columns().iter().filter(|column| !catalogue.has(of, column)) {
            let mut found = false;
            for list in ["identifiers", "names", "alone"] {
                found |= remove(table.get_mut(list), column);
            }
            if let Some(keys) = table.get_mut("on").and_then(Item::as_table_like_mut) {
                for (_, theirs) in keys.iter_mut() {
                    found |= theirs.as_array().is_some_and(|all| all.len() > 1) && remove(Some(theirs), column);
                }
            }
            if found {
                adapted.notes.push(format!("{of}: this release has no `{column}`"));
            } else {
                adapted.problems.push(format!("{of}: this release has no `{column}`, by which the pipeline decides"));
            }
        }
    }
}

/// A trace whose table this release doesn't have isn't there.
fn traces(
    document: &mut DocumentMut,
    declaration: &Declaration,
    ask: &mut dyn FnMut(&str) -> Result<(), LiveError>,
    adapted: &mut Adapted,
) {
    let mut gone = Vec::new();
    for (place, trace) in declaration.traces.iter().enumerate() {
        let Some(count) = &trace.count else { continue };
        match ask(&count.replace("{ids}", "0")) {
            Err(error) if error.is_missing_table() && !trace.link => {
                gone.push(place);
                adapted.notes.push(format!("this release has nothing of the trace `{}`", trace.name));
            }
            Err(error) => adapted.problems.push(format!("the trace `{}` can't be counted: {error}", trace.name)),
            Ok(()) => {}
        }
    }
    if let Some(all) = document.get_mut("trace").and_then(Item::as_array_of_tables_mut) {
        gone.into_iter().rev().for_each(|place| drop(all.remove(place)));
    }
}

fn name_nobody(document: &mut DocumentMut, nobody: &[String]) {
    let Some(columns) = document.get_mut("columns").and_then(Item::as_table_mut) else { return };
    if columns.contains_key("patron") {
        nobody.iter().for_each(|one| push(columns, "nobody", one));
    }
}

fn push(table: &mut Table, key: &str, value: &str) {
    let item = table.entry(key).or_insert(Item::Value(Value::Array(Array::new())));
    if let Some(array) = item.as_array_mut()
        && !array.iter().any(|known| known.as_str() == Some(value))
    {
        array.push(value);
    }
}

fn remove(list: Option<&mut Item>, value: &str) -> bool {
    let Some(array) = list.and_then(Item::as_array_mut) else { return false };
    let before = array.len();
    array.retain(|known| known.as_str() != Some(value));
    array.len() < before
}
