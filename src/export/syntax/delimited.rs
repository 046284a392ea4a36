//! Lines that are cut at a delimiter, where nothing is quoted: Symphony's tables, Voyager's.

use super::{Format, LineSyntax, Names, Sample, Syntax};
use crate::export::Row;

pub(super) const FORMAT: Format = Format {
    name: "delimited",
    names: Names::Header,
    is_log: false,
    is_text: true,
    comments: true,
    sheets: false,
    read: |keys| Ok(Syntax::of_lines(Delimited { delimiter: keys.delimiter(b'|')?, trailing: keys.flag("trailing")? })),
    samples: &[
        Sample { keys: "{}", asked: &[], file: "id|name\n1|\"a\n2|b, c\n" },
        Sample { keys: r#"{"trailing": true}"#, asked: &[], file: "id|name|\n1|a|\n2||\n" },
    ],
    wrap: None,
};

#[derive(Debug)]
struct Delimited {
    delimiter: u8,
    /// A delimiter ends the last cell, too. Without it the cell may have been cut.
    trailing: bool,
}

impl LineSyntax for Delimited {
    fn cells(&self, line: &[u8], row: &mut Row) {
        row.cut_line(line, self.delimiter, self.trailing);
    }

    fn delimiter(&self) -> Option<u8> {
        Some(self.delimiter)
    }
}
