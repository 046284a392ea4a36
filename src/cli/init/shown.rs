//! A sample as a table of columns: how many cells say something, how many values are different, the shape that was met most,
//! and what the column may be. Never a cell.

use super::super::table::{bold, cut, paragraph, warn};
use crate::evidence::figure::grouped;
use crate::profile::{Column, TableProfile};
use crate::words::shown;

/// So many columns of a file are shown; all are in the pipeline.
const SHOWN: usize = 200;

/// `word`: what the column in a place may be, in one or two words.
/// `is_joined`: it is read whole in a night, or not at all.
pub fn show(
    table: &TableProfile,
    word: impl Fn(usize) -> &'static str,
    what: &str,
    is_joined: bool,
    doubts: &[String],
) {
    let sampled = if table.is_whole() { String::new() } else { format!(", {} of them looked at", grouped(table.rows)) };
    println!("{}", bold(&shown(&table.file)));
    paragraph("  ", &format!("{} records{sampled}; {what}", grouped(table.records)));
    for doubt in doubts {
        paragraph("  ? ", &warn(doubt));
    }
    if table.faults > 0 {
        let line = table.first_fault.unwrap_or(0);
        let mut told = match table.faults {
            1 => format!("1 record can't be read as the others are, on line {line}"),
            many => format!("{} records can't be read as the others are, the first on line {line}", grouped(many)),
        };
        if is_joined {
            told += ". A joined file must be whole, and a plan stops on it: export it anew, or take its [[lookup]] out";
        }
        paragraph("  ! ", &warn(&told));
    }
    println!("  {:<22} {:>4} {:>8} {:<22} guess", "column", "set", "distinct", "shape");
    for (place, column) in table.columns.iter().take(SHOWN).enumerate() {
        println!("{}", line(column, word(place)));
    }
    if table.columns.len() > SHOWN {
        println!("  … and {} columns more", table.columns.len() - SHOWN);
    }
    println!();
}

fn line(column: &Column, role: &str) -> String {
    let (shapes, others) = column.shapes(1);
    let mut shape = shapes.first().map_or(String::new(), |(shape, _)| shape.to_string());
    if others > 0 {
        shape = cut(&shape, 20) + " …";
    }
    let about = if column.distinct_is_exact() { "" } else { "~" };
    let distinct = format!("{about}{}", grouped(column.distinct()));
    let set = format!("{:.0}%", (column.fill() * 100.0).floor());
    format!("  {:<22} {set:>4} {distinct:>8} {:<22} {role}", cut(&shown(&column.name), 22), cut(&shape, 22))
}
