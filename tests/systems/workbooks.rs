//! A report of Analytics as Excel has it: days as days, and short numbers as numbers.

use crate::support::workbook::{Cell, shared, workbook};

pub fn of_csv(csv: &[u8]) -> Vec<u8> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).from_reader(csv.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(csv));
    let rows = reader.into_records().map(|row| row.unwrap().iter().map(cell).collect()).collect();
    workbook(&[("Page 1", rows)])
}

fn cell(text: &str) -> Cell {
    let day = jiff::civil::Date::strptime("%m/%d/%Y", text);
    let is_number = text.len() <= 15 && text.parse::<f64>().is_ok() && !text.starts_with('+') && !text.contains('E');
    match day {
        Ok(day) => Cell::Date((day - jiff::civil::date(1899, 12, 30)).get_days().into()),
        // A barcode as Excel stores it, and as it shows it in a narrow column.
        _ if is_number && text.len() == 14 => Cell::Number(format!("{:E}", text.parse::<f64>().unwrap())),
        _ if is_number => Cell::Number(text.into()),
        _ => shared(text),
    }
}
