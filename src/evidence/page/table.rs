//! A table with a name, and headers of all columns; on a phone each row is a block of lines, with the header before each figure.

use maud::{Markup, html};

use crate::evidence::figure::{Figure, grouped};

/// What stands in a row, the first of which says what the row is about.
pub enum Cell {
    Text(Markup),
    Number(u64),
    Figure(Figure),
    /// A figure in words: a size, an age, or that there is none.
    Right(String),
}

/// Text in a cell.
pub fn text(text: impl std::fmt::Display) -> Cell {
    Cell::Text(html! { (text) })
}

impl Cell {
    fn is_right(&self) -> bool {
        !matches!(self, Cell::Text(_))
    }

    fn markup(&self) -> Markup {
        html! {
            @match self {
                Cell::Text(text) => (text),
                Cell::Number(number) => (grouped(*number)),
                Cell::Figure(figure) => (figure.words()),
                Cell::Right(words) => (words),
            }
        }
    }
}

/// Rows of as many cells as there are heads. `sum`: of them, those that are the sum of others.
pub fn table(caption: &str, heads: &[&str], rows: &[Vec<Cell>], sum: impl Fn(usize) -> bool) -> Markup {
    let is_right = |column: usize| rows.first().and_then(|row| row.get(column)).is_some_and(Cell::is_right);
    html! {
        table.stack {
            caption.hidden { (caption) }
            thead { tr { @for (column, head) in heads.iter().enumerate() { th.n[is_right(column)] scope="col" { (head) } } } }
            tbody { @for (at, row) in rows.iter().enumerate() { tr.sum[sum(at)] {
                @for (cell, head) in row.iter().zip(heads).take(1) { th scope="row" data-head=(head) { (cell.markup()) } }
                @for (cell, head) in row.iter().zip(heads).skip(1) {
                    td.n[cell.is_right()].few[is_few(cell)] data-head=(head) { span { (cell.markup()) } }
                }
            } } }
        }
    }
}

fn is_few(cell: &Cell) -> bool {
    matches!(cell, Cell::Figure(figure) if figure.is_hidden())
}
