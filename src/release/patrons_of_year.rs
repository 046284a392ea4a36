//! Distinct patrons of a year: the one figure that neither rows nor periods add up to.
//!
//! One kind of year alone, calendar or fiscal: two that overlap could be subtracted. Rounded down to the threshold, like all
//! numbers of distinct patrons.

use std::path::Path;

use super::catalogue::Publics;
use super::error::ReleaseError;
use super::meanings::{PATRONS_OF_YEAR_MEANS, RECORDS_MEANS};
use super::names::PATRONS_OF_YEAR;
use super::node::{Cells, Table, TableColumn};
use super::write::{records_path, table_path, write_again};
use crate::words::{Kind, Month, Period};

/// Writes the number of a year; nothing where it overlaps a year that is published, or was. `public`: what stands, where to write,
/// and the years that were taken down.
///
/// # Errors
/// When a file can't be read or written.
pub fn write_patrons_of_year(
    kind: Kind,
    year: Period,
    patrons: u64,
    threshold: u32,
    (stands, into, taken_down): (&Path, &Path, &[Period]),
) -> Result<(), ReleaseError> {
    let published = Publics::of([stands, into]).periods(&format!("statistics/{kind}/{PATRONS_OF_YEAR}"))?;
    let overlaps = |other: &Period| other.first <= year.last && year.first <= other.last;
    let threshold = u64::from(threshold);
    let rounded = patrons / threshold * threshold;
    if rounded == 0 || published.iter().chain(taken_down).any(overlaps) {
        return Ok(());
    }
    let figure = Cells::numbers([i64::try_from(rounded).unwrap_or(i64::MAX)]);
    let table = Table::new(vec![TableColumn::new("patrons", PATRONS_OF_YEAR_MEANS, figure)], 1);
    write_again(into, &table_path(kind, PATRONS_OF_YEAR, year), &table)?;
    Ok(())
}

/// Writes how many patron records a pipeline read, the first time in a month, rounded down.
///
/// # Errors
/// When a file can't be read or written.
pub fn write_records(
    pipeline: &str,
    month: Month,
    records: u64,
    threshold: u32,
    (stands, into): (&Path, &Path),
) -> Result<(), ReleaseError> {
    let path = records_path(pipeline, Period::of_month(month));
    let threshold = u64::from(threshold);
    let rounded = records / threshold * threshold;
    if rounded == 0 || stands.join(&path).exists() {
        return Ok(());
    }
    let figure = Cells::numbers([i64::try_from(rounded).unwrap_or(i64::MAX)]);
    let table = Table::new(vec![TableColumn::new("patrons", RECORDS_MEANS, figure)], 1);
    write_again(into, &path, &table)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::read;

    #[test]
    fn years_that_overlap_are_never_both_published() {
        let folder = tempfile::tempdir().unwrap();
        let (stands, into) = (folder.path().join("public"), folder.path().join("run"));
        let write = |year: &str, patrons: u64, into: &Path| {
            let year: Period = year.parse().unwrap();
            write_patrons_of_year(Kind::Loan, year, patrons, 10, (&stands, into, &[])).unwrap();
            let path = into.join(table_path(Kind::Loan, PATRONS_OF_YEAR, year));
            path.exists().then(|| read(&path).unwrap().columns[0].cells.number(0).unwrap())
        };
        assert_eq!(write("2025-01-to-2025-12", 439, &stands), Some(430));
        for overlapping in ["2024-07-to-2025-06", "2025-07-to-2026-06", "2025-12-to-2026-11"] {
            assert_eq!(write(overlapping, 500, &into), None, "{overlapping}");
        }
        assert_eq!(write("2026-01-to-2026-12", 9, &into), None, "too few");
        assert_eq!(write("2026-01-to-2026-12", 10, &into), Some(10));
        assert_eq!(write("2026-07-to-2027-06", 100, &into), None, "beside one of the same night");
        assert_eq!(write("2027-01-to-2027-12", 100, &into), Some(100));
    }
}
