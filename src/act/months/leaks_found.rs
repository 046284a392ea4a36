//! What would have been published and leads to people: where it stands, and what can be done about it.

use std::fmt;

use crate::evidence::figure::grouped;
use crate::leak::Leak;
use crate::words::Period;

/// What would have been published of a pipeline and leads to people. It stops the run.
#[derive(Debug)]
pub struct LeaksFound {
    pub(super) pipeline: String,
    pub(super) period: Option<Period>,
    pub(super) found: Vec<LeakFound>,
}

#[derive(Debug)]
pub struct LeakFound {
    pub(super) column: String,
    pub(super) leak: Leak,
    /// Distinct texts.
    pub(super) values: u64,
    pub(super) rows: u64,
    /// The first of the rows: whence they come, and the lines on which they begin.
    pub(super) lines: Vec<(String, Vec<u64>)>,
}

impl std::error::Error for LeaksFound {}

impl fmt::Display for LeaksFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pipeline {} would publish what leads to people", self.pipeline)?;
        if let Some(period) = self.period {
            write!(f, ", in the release of {period} or in rows staged for it")?;
        }
        for leak in &self.found {
            write!(f, "\n  {leak}")?;
        }
        f.write_str(
            "\nNothing was published and nothing retired. Declare the column an identifier or drop it, or mend the export.",
        )?;
        if self.found.iter().any(|leak| leak.leak == Leak::StandsAlone) {
            f.write_str(
                "\nWhere such values are codes that the library itself hands out, the pipeline says so: `codes = true`.",
            )?;
        }
        let pattern = |leak: &LeakFound| match leak.leak {
            Leak::Pattern(pattern) => Some((leak.column.clone(), pattern)),
            Leak::Identifier | Leak::StandsAlone => None,
        };
        if let Some((column, pattern)) = self.found.iter().find_map(pattern) {
            write!(
                f,
                "\nA patron's identifier can't be accepted. What only looks like {} can, by whoever has looked at those \
                 rows, in policy.toml:\n  [[release.accept]]\n  column = \"{}.{column}\"\n  pattern = \"{}\"\n  reason = \
                 \"…\"",
                pattern.text(),
                self.pipeline,
                pattern.name()
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for LeakFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let many = |count: u64, word: &str| match count {
            1 => format!("1 {word}"),
            count => format!("{} {word}s", grouped(count)),
        };
        write!(f, "`{}`: {}", self.column, many(self.values, "value"))?;
        if self.rows > 0 {
            write!(f, ", in {},", many(self.rows, "row"))?;
        }
        match (self.leak, self.values) {
            (Leak::Identifier, 1) => f.write_str(" holds a patron's identifier")?,
            (Leak::Identifier, _) => f.write_str(" hold patrons' identifiers")?,
            (Leak::StandsAlone, 1) => f.write_str(" is a patron's number, name, birth date or post code")?,
            (Leak::StandsAlone, _) => f.write_str(" are patrons' numbers, names, birth dates or post codes")?,
            (Leak::Pattern(pattern), 1) => write!(f, " has in it what looks like {}", pattern.text())?,
            (Leak::Pattern(pattern), _) => write!(f, " have in them what looks like {}", pattern.text())?,
        }
        for (place, (whence, lines)) in self.lines.iter().enumerate() {
            let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
            let word = if lines.len() == 1 { "line" } else { "lines" };
            write!(f, "{} {whence}, {word} {}", if place == 0 { ":" } else { ";" }, lines.join(", "))?;
        }
        let named: usize = self.lines.iter().map(|(_, lines)| lines.len()).sum();
        if self.rows > named as u64 {
            f.write_str(" …")?;
        }
        Ok(())
    }
}
