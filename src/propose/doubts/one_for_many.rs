//! A patron number that stands for many: one that the system puts in a patron's place when it makes a transaction anonymous, or an
//! account of the library's own. Only a person can say that nobody is behind it.

use std::collections::HashMap;

use super::doubt::{Danger, Doubt};
use crate::evidence::figure::grouped;
use crate::leak::hash;
use crate::pipeline::declaration::Declaration;

/// What one patron has at least of all rows, and beside the next, to be asked about.
const SHARE: u64 = 20;
const BESIDE: u64 = 10;
const LEAST: u64 = 200;

/// How many rows each patron has, by a hash of the number.
#[derive(Default)]
pub struct OneForMany {
    /// With the first line.
    rows: HashMap<u64, (u64, u64)>,
    all: u64,
}

impl OneForMany {
    pub fn note(&mut self, declaration: &Declaration, cell: &[u8], line: u64) {
        if cell.is_empty() || declaration.columns.nobody.iter().any(|nobody| nobody.as_bytes() == cell) {
            return;
        }
        self.all += 1;
        self.rows.entry(hash(cell)).or_insert((0, line)).0 += 1;
    }

    /// `column`: the patron's.
    pub fn doubt(&self, column: &str) -> Option<Doubt> {
        let mut by_rows: Vec<(u64, u64)> = self.rows.values().copied().collect();
        by_rows.sort_unstable_by_key(|(rows, line)| (std::cmp::Reverse(*rows), *line));
        let ((most, line), next) = (*by_rows.first()?, by_rows.get(1).map_or(0, |(rows, _)| *rows));
        (most >= LEAST && most * SHARE >= self.all && most >= next * BESIDE).then(|| Doubt {
            danger: Danger::Kept,
            what: format!(
                "{} of {} rows name one and the same patron in `{column}` (first on line {line}): if nobody is behind that \
                 number, as behind Koha's AnonymousPatron, add it to `nobody` under [columns]",
                grouped(most),
                grouped(self.all)
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubt(rows: &[(&str, u64)]) -> Option<String> {
        let text = include_str!("../../../pipelines/koha-loans.toml");
        let located = crate::toml_file::Located::new("koha-loans.toml".into(), text.into());
        let pipeline = crate::pipeline::Pipeline::parse(&located).unwrap();
        let mut seen = OneForMany::default();
        let mut line = 1;
        for (patron, many) in rows {
            for _ in 0..*many {
                line += 1;
                seen.note(&pipeline.declaration, patron.as_bytes(), line);
            }
        }
        seen.doubt("borrowernumber").map(|doubt| doubt.what)
    }

    #[test]
    fn a_number_that_stands_for_many_is_asked_about_and_never_quoted() {
        let why = doubt(&[("51", 3), ("987654", 5_000), ("52", 40)]).unwrap();
        assert!(why.starts_with("5,000 of 5,043 rows name one") && why.contains("line 5"), "{why}");
        assert!(!why.contains("987654"));
        // A busy reader is none; nor is who has been declared; nor are few rows.
        assert_eq!(doubt(&[("51", 300), ("52", 40), ("53", 9_000), ("54", 8_000)]), None);
        assert_eq!(doubt(&[("0", 5_000), ("52", 40)]), None);
        assert_eq!(doubt(&[("51", 150), ("52", 4)]), None);
    }
}
