//! What was seen of a column, in words that quote no cell.

use crate::evidence::figure::grouped;
use crate::profile::Column;

/// What was seen of a column, in a few words: its shape, and how many different values.
pub fn evidence(column: &Column) -> String {
    if column.nested {
        return "an object or a list".into();
    }
    if column.filled == 0 {
        return "empty".into();
    }
    let (shapes, others) = column.shapes(1);
    let shape = shapes.first().map_or("", |(shape, _)| shape);
    let more = if others > 0 { " …" } else { "" };
    let about = if column.distinct_is_exact() { "" } else { "about " };
    format!("{shape}{more}; {about}{} distinct", grouped(column.distinct()))
}
