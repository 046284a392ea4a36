//! Statistics: group-bys over a node as it was published. Nothing in them is new, so nothing in them needs protection, but
//! for distinct patrons and sessions, which the tree gives for whole cells.

use polars::error::PolarsResult;

use super::count::groups;
use super::figures::sums;
use super::meanings::measure_means;
use super::node::{Cells, Table, TableColumn};
use super::published::CellFigures;
use super::shape::{Measure, Node, Shape, TableShape};

/// What a table tells beside sums of published rows.
#[derive(Clone, Copy)]
pub(super) struct Beside<'a> {
    pub patrons: &'a [CellFigures],
    pub sessions: Option<&'a [CellFigures]>,
}

/// A table of one period, counted from its node as that was read again.
pub(super) fn statistic(
    shape: &Shape,
    table: &TableShape,
    node: (Node, &Table),
    beside: Beside<'_>,
) -> PolarsResult<Table> {
    let (node, from) = node;
    let rows_are = shape.rows_are();
    let told = shape.measure.filter(|_| node == Node::Collection).map_or(&[][..], Measure::told_by_row);
    let sum: Vec<&str> = if node == Node::Hours { vec![rows_are] } else { told.to_vec() };
    let groups = groups(from, &table.by, &sum)?;
    let mut columns: Vec<TableColumn> = Vec::new();
    for (at, name) in table.by.iter().enumerate() {
        let Some(column) = from.column(name) else { continue };
        if let Cells::Texts { texts, .. } = &column.cells {
            let places: Vec<u32> = groups.iter().map(|group| group.places[at]).collect();
            columns.push(TableColumn::new(name, &column.means, Cells::of_texts(&places, texts)));
        }
    }
    let labels = |row: usize| columns.iter().map(|column| column.cells.shown(row)).collect::<Vec<_>>();
    let cells: Vec<Vec<String>> = (0..groups.len()).map(labels).collect();
    columns.extend(sums(shape, node, &groups));
    let figures = |of: &[CellFigures]| {
        let of_table = of.iter().find(|figures| figures.table == table.name)?;
        Some(Cells::Numbers(cells.iter().map(|cell| of_table.cells.get(cell).copied().flatten()).collect()))
    };
    if let Some(sessions) = beside.sessions.and_then(figures) {
        columns.push(TableColumn::new("sessions", measure_means("sessions"), sessions));
    }
    if let Some(patrons) = figures(beside.patrons) {
        columns.push(TableColumn::new("patrons", measure_means("patrons"), patrons));
    }
    Ok(Table::new(columns, groups.len()))
}
