//! What goes with a snapshot, and what with a log.

use super::checker::Checker;
use crate::pipeline::declaration::*;
use crate::toml_file::TomlError;
use crate::words::Side;

impl Checker<'_> {
    pub(super) fn coverage(&self) -> Result<(), TomlError> {
        if self.declaration.is_log() { self.log() } else { self.snapshot() }
    }

    fn snapshot(&self) -> Result<(), TomlError> {
        if self.declaration.columns.transaction.is_none() {
            return self.fail("columns", "a snapshot's transactions have ids: say in which column, as `transaction`");
        }
        match &self.declaration.requests {
            Some(_) => self.fail("requests", "requests are counted in logs (coverage = \"log\") alone"),
            None => Ok(()),
        }
    }

    fn log(&self) -> Result<(), TomlError> {
        let declaration = self.declaration;
        let columns = &declaration.columns;
        if columns.transaction.is_some() {
            return self.fail("transaction", "a row of a log is known by its file and line: it has no `transaction`");
        }
        if declaration.side != Side::Patron {
            return self.fail("side", "a log is retired whole, as a file: it has no sides");
        }
        if columns.renews.is_some() {
            return self.fail("renews", "events of a log are finished: none renews another");
        }
        for source in &declaration.sources {
            match source.origin() {
                Origin::Files { split: true, .. } => {
                    return self.fail("split", "all files of a log are read anyway: leave `split` out");
                }
                Origin::Files { .. } => {}
                Origin::Command { .. } | Origin::StandardInput | Origin::Table(_) | Origin::Query(_) => {
                    return self.fail(
                        &source.part,
                        "a log waits as a file until all of it is due: it can't come from a command",
                    );
                }
            }
        }
        match &declaration.requests {
            Some(requests) => self.requests(requests),
            None => Ok(()),
        }
    }

    fn requests(&self, requests: &Requests) -> Result<(), TomlError> {
        if requests.counts.is_empty() {
            return self.fail("requests", "say which statuses count; COUNTER 5: counts = [\"200\", \"304\"]");
        }
        let unlike = |ending: &&String| !ending.starts_with('.') || ending.chars().any(|c| c.is_ascii_uppercase());
        match requests.furniture.iter().find(unlike) {
            Some(ending) => self.fail(ending, "an ending begins with a point and is written in lower case: \".css\""),
            None => Ok(()),
        }
    }
}
