//! Mailing lists: `state/mailing/DAY-run-NNNNNN-PURPOSE.csv`, for purposes that the policy names and for nothing else.
//!
//! Written like every file of a run, for the site's owner alone. Every run that commits takes away those of earlier nights,
//! also where it makes no new one (the purpose is gone from the policy, the pipeline is stopped or braked): a list of
//! yesterday may name who has changed her mind since.

use std::path::Path;

use crate::act::months::MailingList;

/// Writes a list as CSV, in the order of patron numbers, which it doesn't hold unless the purpose needs them.
pub fn write(path: &Path, list: &MailingList<'_>) -> Result<(), csv::Error> {
    // In quotes throughout: a spreadsheet that parts cells at semicolons would part an unquoted one, and take its second
    // half for a formula.
    let mut csv = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_path(path)?;
    csv.write_record(&list.asked.columns)?;
    for patron in &list.patrons {
        csv.write_record(patron.cells.iter().map(|cell| defused(cell)))?;
    }
    csv.flush()?;
    Ok(())
}

/// A cell that a spreadsheet takes for text: what it would take for a formula gets an apostrophe before it, and what ends
/// a line a blank in its place.
fn defused(cell: &str) -> String {
    let flat: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let begins = flat.trim_start().chars().next();
    match begins {
        Some('=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠') => format!("'{flat}"),
        _ => flat,
    }
}

#[cfg(test)]
mod tests {
    use super::defused;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, written) in [
            ("Ottoline", "Ottoline"),
            ("o.teazel@example.org", "o.teazel@example.org"),
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("+1 203 555 0101", "'+1 203 555 0101"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" \t=1", "'  =1"),
            ("\r\n=1", "'  =1"),
            ("＝1", "'＝1"),
            ("4 Elm\nrear", "4 Elm rear"),
            ("12-14 Elm", "12-14 Elm"),
            ("", ""),
        ] {
            assert_eq!(defused(cell), written, "{cell:?}");
        }
    }
}
