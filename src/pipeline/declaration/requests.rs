//! `[requests]`: which rows of a log count, as COUNTER 5 counts them.

use serde::Deserialize;

/// Which rows of a log are requests that count. The others are retired and accounted for like any row, and never
/// published. Two requests of one patron for one URL within 30 seconds count once.
///
/// `sessions` is published as `{ name = "sessions", from = URL'S COLUMN, treatment = "count", half = "statistics" }`: summed
/// in tables alone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requests {
    /// What was asked for: a URL, or a request's whole first line (`GET URL HTTP/1.1`). Nothing but its platform can be
    /// published.
    pub url: String,
    /// The status of the answer.
    pub status: String,
    /// Those that count. COUNTER 5: 200 and 304.
    pub counts: Vec<String>,
    /// Endings of paths that are a page's furniture, and no request (`.css`, `.png`), in lower case.
    #[serde(default)]
    pub furniture: Vec<String>,
    /// What tells sessions apart, where the log has it. Else a session is a patron, a platform and an hour.
    pub session: Option<String>,
}

impl Requests {
    /// Its columns, in order of the file.
    pub fn columns(&self) -> impl Iterator<Item = &String> {
        [&self.url, &self.status].into_iter().chain(&self.session)
    }
}
