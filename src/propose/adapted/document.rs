//! A pipeline's TOML, as it is changed and keeps its comments.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value};

pub(super) fn tables_of<'d>(document: &'d mut DocumentMut, key: &str) -> impl Iterator<Item = &'d mut Table> + use<'d> {
    document.get_mut(key).and_then(Item::as_array_of_tables_mut).into_iter().flat_map(|all| all.iter_mut())
}

/// Takes these traces away. What is written above the first of all is about those that stay, too.
pub(super) fn leave_out(document: &mut DocumentMut, gone: &[usize]) {
    let Some(all) = document.get_mut("trace").and_then(Item::as_array_of_tables_mut) else { return };
    let above = |all: &ArrayOfTables| Some(all.get(0)?.decor().prefix()?.as_str()?.to_string());
    let first = above(all).filter(|_| gone.contains(&0)).unwrap_or_default();
    gone.iter().rev().for_each(|place| drop(all.remove(*place)));
    let both = format!("{first}{}", above(all).unwrap_or_default());
    if let (false, Some(table)) = (first.is_empty(), all.get_mut(0)) {
        table.decor_mut().set_prefix(both);
    }
}

pub(super) fn push(table: &mut Table, key: &str, value: &str) {
    let item = table.entry(key).or_insert(Item::Value(Value::Array(Array::new())));
    if let Some(array) = item.as_array_mut()
        && !array.iter().any(|known| known.as_str() == Some(value))
    {
        array.push(value);
    }
}

pub(super) fn remove(list: Option<&mut Item>, value: &str) -> bool {
    let Some(array) = list.and_then(Item::as_array_mut) else { return false };
    let before = array.len();
    array.retain(|known| known.as_str() != Some(value));
    array.len() < before
}
