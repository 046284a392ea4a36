//! Workbooks: in which row the names of the columns stand.

use super::beginning::first_chunk;
use super::declared::Declared;
use super::format::FileFormat;
use super::header::are_names;
use crate::export::{ExportError, Found, Row};

/// What a workbook's file begins with, as any zip does.
pub(super) const MAGIC: &[u8] = b"PK\x03\x04";

/// A title, the name of a filter and a date may stand above the names.
const ABOVE: usize = 20;

pub(super) fn sniff(found: &Found, sheet: Option<&str>) -> Result<FileFormat, ExportError> {
    let declared = |skip| Declared { format: "xlsx", skip, sheet: sheet.map(String::from), ..Declared::default() };
    // With names of its own no row is taken for the header.
    let names = ["column_1".to_string()];
    let dialect = declared(0).dialect().named(&names).of_file(&names, sheet);
    let chunk = first_chunk(found, &dialect)?;
    let mut rows: Vec<(u64, Vec<String>)> = Vec::new();
    let _ = Row::default().parse_each::<std::convert::Infallible>(chunk.bytes(), &dialect, |row, place| {
        let cells = row.cells().map(|cell| String::from_utf8_lossy(cell).into_owned());
        rows.push((chunk.first_line + place.line, cells.collect()));
        Ok(())
    });
    let filled = |row: &[String]| row.iter().filter(|cell| !cell.is_empty()).count();
    let width = rows.iter().map(|(_, row)| filled(row)).max().unwrap_or(0);
    let header = (0..rows.len().min(ABOVE)).find(|at| {
        let (_, first) = &rows[*at];
        let below: Vec<Vec<String>> = rows[at + 1..].iter().take(400).map(|(_, row)| row.clone()).collect();
        filled(first) == width && are_names(first, &below)
    });
    match header {
        Some(at) => {
            let declared = declared(rows[at].0.saturating_sub(1) as u32);
            let dialect = declared.dialect();
            Ok(FileFormat { dialect, declared, named: true, nested: Vec::new(), doubts: Vec::new() })
        }
        None => {
            let why = "none of the workbook's first rows looks like the names of its columns: save the sheet as CSV, with \
                       names in the first row";
            Err(ExportError::Unusable { path: found.path.clone(), why: why.into() })
        }
    }
}
