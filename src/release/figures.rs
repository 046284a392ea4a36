//! The figures of a table that add up: rows, and what rows say.

use super::count::Group;
use super::meanings::measure_means;
use super::node::{Cells, TableColumn};
use super::shape::{Measure, Node, Shape, TableShape};

/// What a group counts for.
type Figure = fn(&Group) -> i64;

/// The columns of figures of a node's groups.
pub(super) fn sums(shape: &Shape, node: Node, groups: &[Group]) -> Vec<TableColumn> {
    let column = |name: &'static str, figure: Figure| {
        TableColumn::new(name, measure_means(name), Cells::numbers(groups.iter().map(figure)))
    };
    let rows = column(shape.rows_are(), |group: &Group| group.rows);
    match (node, shape.measure) {
        (Node::Hours, _) => vec![column(shape.rows_are(), |group: &Group| group.sums[0])],
        (Node::Collection, Some(Measure::Checkouts)) => vec![column("checkouts", |group: &Group| group.rows)],
        (Node::Collection, Some(Measure::Renewals)) => circulation(&column),
        (Node::Collection, Some(Measure::Events)) => {
            let mut all = vec![rows];
            all.extend(circulation(&column));
            all
        }
        _ => vec![rows],
    }
}

/// What the figures of a table are called that add up, and its sessions.
pub fn figures(shape: &Shape, table: &TableShape) -> Vec<String> {
    let Ok(node) = shape.node(table) else { return Vec::new() };
    let sessions =
        (node == Node::Collection && shape.measure == Some(Measure::Sessions)).then(|| "sessions".to_owned());
    sums(shape, node, &[]).into_iter().map(|column| column.name).chain(sessions).collect()
}

fn circulation(column: &dyn Fn(&'static str, Figure) -> TableColumn) -> Vec<TableColumn> {
    vec![
        column("checkouts", |group: &Group| group.sums[0]),
        column("renewals", |group: &Group| group.sums[1]),
        column("circulation", |group: &Group| group.sums[0] + group.sums[1]),
    ]
}
