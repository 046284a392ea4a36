//! A CSV record of several lines: whether a quote swallowed others.
//!
//! Two stray quotes, each where a cell begins or ends, make one record of all rows in between, and that record may have as many cells
//! as any. So a cell may hold line ends only in a column that the pipeline says so of (`multiline`), and even there
//! its lines must not be records themselves by the number of their cells. Looked at is nothing but a record that has line ends.

use super::misread::Misread;
use crate::export::line_ends::line_ends;

/// What is known of a file's columns.
#[derive(Debug)]
pub(super) struct Columns {
    count: usize,
    /// Which may hold line ends. None: all.
    multiline: Option<Vec<bool>>,
}

/// So few columns that a sentence has as many commas: of such a file the first and the last line must be records, too.
const FEW: usize = 3;

impl Columns {
    pub fn new(header: &[String], multiline: Option<&[String]>) -> Columns {
        let may = |allowed: &[String]| header.iter().map(|name| allowed.contains(name)).collect();
        Columns { count: header.len(), multiline: multiline.map(may) }
    }

    /// Looks at a record of several lines, without its last line end.
    pub fn check(&self, record: &[u8], delimiter: u8) -> Result<(), Misread> {
        let mut lines = Lines::default();
        let (mut column, mut quoted, mut spans) = (0, false, false);
        // Delimiters within the cell that is being looked at, on this line; and where it was closed.
        let (mut within, mut closed) = (0, usize::MAX);
        for (at, byte) in record.iter().enumerate() {
            match byte {
                // A doubled quote ends the cell and begins it again, which comes to the same.
                b'"' if quoted => {
                    (quoted, closed) = (false, at);
                    if !spans {
                        within = 0;
                    }
                }
                b'"' => quoted = at == 0 || record[at - 1] == delimiter || closed == at - 1,
                b'\n' if quoted => {
                    if self.multiline.as_ref().is_some_and(|may| !may.get(column).copied().unwrap_or(false)) {
                        let lines = line_ends(record);
                        return Err(Misread::Spans { column: column + 1, lines });
                    }
                    lines.end(within, self.count, spans);
                    (within, spans) = (0, true);
                }
                _ if *byte != delimiter => {}
                _ if quoted => within += 1,
                _ => {
                    lines.delimiters += 1 + within;
                    (within, spans) = (0, false);
                    column += 1;
                }
            }
        }
        lines.end(within, self.count, false);
        if lines.are_records(self.count) { Err(Misread::Swallowed { lines: line_ends(record) }) } else { Ok(()) }
    }
}

/// The lines of a record, as if no quote were there: but delimiters in a cell that lies within one line are its own.
#[derive(Default)]
struct Lines {
    /// On the line that is being looked at, beside those within its cell.
    delimiters: usize,
    /// Lines that lie within one cell, and how many of them would be records.
    inner: u64,
    inner_alike: u64,
    /// Whether one of the others would be none.
    outer_differs: bool,
}

impl Lines {
    fn end(&mut self, within: usize, columns: usize, is_inner: bool) {
        let alike = self.delimiters + within + 1 == columns;
        self.delimiters = 0;
        if is_inner {
            self.inner += 1;
            self.inner_alike += u64::from(alike);
        } else {
            self.outer_differs |= !alike;
        }
    }

    /// One line among those swallowed may have a fault of its own; so may the one with the quote.
    fn are_records(&self, columns: usize) -> bool {
        match self.inner {
            0 => !self.outer_differs,
            inner => self.inner_alike * 2 >= inner && (columns > FEW || !self.outer_differs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, multiline: Option<&[&str]>, record: &str) -> Result<(), Misread> {
        let names = |all: &[&str]| all.iter().map(|name| name.to_string()).collect::<Vec<_>>();
        let header = names(&header.split(',').collect::<Vec<_>>());
        Columns::new(&header, multiline.map(names).as_deref()).check(record.as_bytes(), b',')
    }

    #[test]
    fn a_record_that_swallowed_others_is_told_from_a_note() {
        let swallowed = |found: Result<(), Misread>| matches!(found, Err(Misread::Swallowed { .. }));
        // Two quotes in one column: at a cell's beginning, and at the end of another row's.
        for record in [
            "1,\"a,4.00,x\n2,b\",5.00,y",
            "1,\"a,4.00,x\n2,b,5.00,y\n3,c\",6.00,z",
            "1,a,4.00,\"x\n2,b,5.00,y\n3,c,6.00,z\"",
            "\"1,a,4.00,x\n2\",b,5.00,y",
            // Among them an empty cell in quotes, a row that is too long, and an own cell in quotes before the stray one.
            "1,\"a,4.00,x\n2,b,\"\",y\n3,c\",6.00,z",
            "1,\"a,4.00,x\n2,b,5.00,y\n3,b,5.00,y,y\n4,d\",6.00,z",
            "\"1, or so\",\"a,4.00,x\n2,b,5.00,y\n3,c\",6.00,z",
        ] {
            assert!(swallowed(check("id,note,amount,who", Some(&["id", "note", "who"]), record)), "{record}");
            assert!(swallowed(check("id,note,amount,who", None, record)), "{record}");
        }
        for record in [
            "1,\"a\nb\",4.00,x",
            "1,\"Dear reader,\nthank you, and good bye,\n\nyours\",4.00,x",
            "1,\"a, \"\"b\"\"\nc\",4.00,\"d\n, e\"",
            "1,a,4.00,\"one\ntwo\nthree\"",
            "1,a\"\"b,4.00,\"d\ne\"",
            // One line of many may have as many commas as a record.
            "1,\"a\nb, c, d, e\nf\ng\nh\",4.00,x",
        ] {
            assert!(check("id,note,amount,who", Some(&["note", "who"]), record).is_ok(), "{record}");
        }
        assert!(check("id,note", Some(&["note"]), "1,\"Dear reader,\nthank you, and\ngood bye\"").is_ok());
        assert!(swallowed(check("id,note", Some(&["note"]), "1,\"a\n2,b\n3,c\"")));
        assert!(swallowed(check("id,note", Some(&["id", "note"]), "\"1,a\n2,b\n3\",c")));
    }

    #[test]
    fn a_cell_holds_line_ends_only_where_the_pipeline_says_so() {
        let found = check("id,note,amount,who", Some(&["note"]), "1,\"a\nb\",4.00,\"x\ny\"");
        assert!(matches!(found, Err(Misread::Spans { column: 4, lines: 2 })), "{found:?}");
        assert!(check("id,note,amount,who", None, "1,\"a\nb\",4.00,\"x\ny\"").is_ok());
    }
}
