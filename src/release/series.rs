//! A table of all periods as one CSV: what a spreadsheet opens.

use std::collections::BTreeMap;

use super::node::Table;
use crate::words::Period;

/// Where a table's series lies, relative to `public/`.
pub fn series_path(kind: crate::words::Kind, table: &str) -> String {
    format!("statistics/{kind}/{table}.csv")
}

/// The column that says which period a row is of.
pub const PERIOD: &str = "period";

/// All periods one after the other, with the period as the first column. A column that a period lacks is empty there.
pub fn series(periods: &BTreeMap<Period, Table>) -> Result<Vec<u8>, csv::Error> {
    let names = columns(periods);
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(std::iter::once(PERIOD.to_owned()).chain(names.iter().map(|name| spreadsheet_text(name))))?;
    for (period, table) in periods {
        let columns: Vec<_> = names.iter().map(|name| table.column(name)).collect();
        for row in 0..table.rows {
            let cell = |column: &Option<&super::node::TableColumn>| {
                column.map_or(String::new(), |column| spreadsheet_text(&column.cells.shown(row)))
            };
            csv.write_record(std::iter::once(period.to_string()).chain(columns.iter().map(cell)))?;
        }
    }
    csv.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// The columns of all periods: those of the newest in their order, then what only earlier ones have.
pub fn columns(periods: &BTreeMap<Period, Table>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for table in periods.values().rev() {
        for column in &table.columns {
            if !names.contains(&column.name) {
                names.push(column.name.clone());
            }
        }
    }
    names
}

/// A text that no spreadsheet takes for a formula, and no terminal for an order.
pub fn spreadsheet_text(text: &str) -> String {
    let shown = printable(text);
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{shown}") } else { shown }
}

/// Control characters become U+FFFD.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::{Cells, TableColumn};

    #[test]
    fn periods_follow_each_other_and_no_cell_is_a_formula() {
        let table = |texts: &[&str], counts: &[i64], patrons: bool| {
            let all: Vec<String> = texts.iter().map(ToString::to_string).collect();
            let places: Vec<u32> = (0..texts.len() as u32).collect();
            let mut columns = vec![
                TableColumn::new("branch", "", Cells::of_texts(&places, &all)),
                TableColumn::new("checkouts", "", Cells::numbers(counts.iter().copied())),
            ];
            if patrons {
                columns.push(TableColumn::new("patrons", "", Cells::Numbers(vec![None; texts.len()])));
            }
            Table::new(columns, texts.len())
        };
        let periods = BTreeMap::from([
            ("2026-02".parse().unwrap(), table(&["=1+1", "a, b"], &[3, 4], true)),
            ("2026-01".parse().unwrap(), table(&["Main"], &[2], false)),
        ]);
        let csv = String::from_utf8(series(&periods).unwrap()).unwrap();
        assert_eq!(csv, "period,branch,checkouts,patrons\n2026-01,Main,2,\n2026-02,'=1+1,3,\n2026-02,\"a, b\",4,\n");
    }
}
