//! The pipeline's own tests, where a lookup lost a column.

use toml_edit::{DocumentMut, Item, TableLike};

use super::document::tables_of;

/// A made-up row of the lookup has this cell no more: it stands under the `other` key that is left, where there is one.
pub(super) fn move_cells(document: &mut DocumentMut, lookup: &str, column: &str, other: Option<&str>) {
    for test in tables_of(document, "test") {
        let rows = test.get_mut("lookup").and_then(Item::as_table_like_mut).and_then(|all| all.get_mut(lookup));
        match rows {
            Some(Item::ArrayOfTables(rows)) => rows.iter_mut().for_each(|row| move_cell(row, column, other)),
            Some(Item::Value(rows)) => {
                let rows = rows.as_array_mut().into_iter().flat_map(|rows| rows.iter_mut());
                rows.filter_map(|row| row.as_inline_table_mut()).for_each(|row| move_cell(row, column, other));
            }
            _ => {}
        }
    }
}

fn move_cell(row: &mut dyn TableLike, column: &str, other: Option<&str>) {
    if let (Some(cell), Some(other)) = (row.remove(column), other)
        && !row.contains_key(other)
    {
        row.insert(other, cell);
    }
}
