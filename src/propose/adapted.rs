//! A shipped pipeline, as it fits the release of the system that a database belongs to: columns that this release doesn't have
//! or calls otherwise, traces whose tables it lacks, what of their SQL is of other releases, and whom its preferences call nobody.

mod document;
mod marked;
mod rows;
#[cfg(test)]
mod tests;

use document::{leave_out, push, remove, tables_of};
use toml_edit::{DocumentMut, InlineTable, Item, TomlError, Value};

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
    let mut adapted = Adapted { text: String::new(), notes: Vec::new(), problems: Vec::new() };
    marked::resolve(&mut document, catalogue, &mut adapted.notes, &mut adapted.problems);
    let located = Located::new("pipeline".into(), document.to_string());
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
    grants(&mut document, catalogue);
    if !nobody.is_empty() {
        name_nobody(&mut document, nobody);
    }
    adapted.text = document.to_string();
    Ok(adapted)
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
    let mut moved = Vec::new();
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
            let mut other = None;
            if let Some(keys) = table.get_mut("on").and_then(Item::as_table_like_mut) {
                for (_, theirs) in keys.iter_mut() {
                    if theirs.as_array().is_some_and(|all| all.len() > 1) && remove(Some(theirs), column) {
                        found = true;
                        other = theirs.as_array().and_then(|all| Some(all.get(0)?.as_str()?.to_string()));
                    }
                }
            }
            if found {
                moved.push((lookup.name.clone(), column.clone(), other));
            }
            if found {
                adapted.notes.push(format!("{of}: this release has no `{column}`"));
            } else {
                adapted.problems.push(format!("{of}: this release has no `{column}`, by which the pipeline decides"));
            }
        }
    }
    for (lookup, column, other) in moved {
        rows::move_cells(document, &lookup, &column, other.as_deref());
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
    leave_out(document, &gone);
}

/// No right is asked for on a table that isn't there.
fn grants(document: &mut DocumentMut, catalogue: &Catalogue) {
    let grants = document.get_mut("database").and_then(|database| database.get_mut("grants")?.as_array_mut());
    if let Some(grants) = grants {
        grants.retain(|grant| {
            let table = grant.as_str().and_then(|grant| Some(grant.rsplit_once(" ON ")?.1));
            table.is_none_or(|table| catalogue.tables.contains_key(table))
        });
    }
}

fn name_nobody(document: &mut DocumentMut, nobody: &[String]) {
    let Some(columns) = document.get_mut("columns").and_then(Item::as_table_mut) else { return };
    if columns.contains_key("patron") {
        nobody.iter().for_each(|one| push(columns, "nobody", one));
    }
}
