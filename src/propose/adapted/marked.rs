//! What of a pipeline's SQL is of some releases only, as it stands in this one.

use toml_edit::{DocumentMut, Item, Value};

use super::document::{leave_out, tables_of};
use crate::live::Catalogue;
use crate::pipeline::releases;

/// No mark is left. A trace of which nothing is left isn't there; marks that don't hold together stay, and are refused with the
/// pipeline.
pub(super) fn resolve(
    document: &mut DocumentMut,
    catalogue: &Catalogue,
    notes: &mut Vec<String>,
    problems: &mut Vec<String>,
) {
    let has = |name: &str| {
        let column = name.rsplit_once('.');
        catalogue.tables.contains_key(name) || column.is_some_and(|(table, column)| catalogue.has(table, column))
    };
    for export in ["source", "lookup"] {
        tables_of(document, export)
            .filter_map(|one| one.get_mut("query")?.as_value_mut())
            .for_each(|sql| fit_one(sql, &has));
    }
    if let Some(pieces) = document.get_mut("pieces").and_then(Item::as_table_like_mut) {
        pieces.iter_mut().filter_map(|(_, piece)| piece.as_value_mut()).for_each(|sql| fit_one(sql, &has));
    }
    let mut gone = Vec::new();
    for (place, trace) in tables_of(document, "trace").enumerate() {
        let name = trace.get("name").and_then(Item::as_str).unwrap_or_default().to_string();
        let is_link = trace.get("link").and_then(Item::as_bool) == Some(true);
        let both: Vec<bool> =
            ["sever", "count"].into_iter().filter_map(|key| Some(fit(trace.get_mut(key)?, &has))).collect();
        if both.iter().all(|stands| *stands) {
            continue;
        }
        if is_link || both.contains(&true) {
            problems.push(format!("of the trace `{name}` this release has a part alone, and it can't do without"));
        } else {
            gone.push(place);
            notes.push(format!("this release has nothing of the trace `{name}`"));
        }
    }
    leave_out(document, &gone);
}

/// Whether anything of these statements stands.
fn fit(statements: &mut Item, has: &dyn Fn(&str) -> bool) -> bool {
    if let Some(several) = statements.as_array_mut() {
        several.iter_mut().for_each(|one| fit_one(one, has));
        several.retain(|one| one.as_str().is_none_or(|sql| !sql.trim().is_empty()));
        return !several.is_empty();
    }
    let Some(one) = statements.as_value_mut() else { return true };
    fit_one(one, has);
    one.as_str().is_none_or(|sql| !sql.trim().is_empty())
}

fn fit_one(statement: &mut Value, has: &dyn Fn(&str) -> bool) {
    let Some(sql) = statement.as_str() else { return };
    if let Ok(fitted) = releases::fitted(sql, has)
        && fitted != sql
    {
        let decor = statement.decor().clone();
        *statement = Value::from(fitted);
        *statement.decor_mut() = decor;
    }
}
