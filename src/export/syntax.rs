//! The syntaxes in which systems write their exports.
//!
//! Each is a file of this folder: its name in pipelines, its keys, how a line of it becomes cells, and samples that the tests
//! and the fuzzer begin with. A new one is such a file, its `mod` and its place in [`FORMATS`]; nothing else lists them.
//!
//! In all but CSV a line is a record. What isn't lines (a JSON document, a workbook) is made into lines while it is read
//! ([`LineSyntax::lines`]).

mod csv;
mod delimited;
mod format;
mod json;
mod keys;
mod members;
mod psql_text;
mod symphony_history;
#[cfg(test)]
mod tests;
mod weblog;
mod xlsx;

pub use format::{Asked, Format, LineSyntax, Names, Sample, Syntax};
pub use keys::{Keys, Mistake};
pub(super) use members::Named;
pub(super) use xlsx::THREAD as WORKBOOKS;

/// Every syntax.
pub const FORMATS: &[&Format] = &[
    &csv::FORMAT,
    &psql_text::FORMAT,
    &delimited::FORMAT,
    &json::FORMAT,
    &xlsx::FORMAT,
    &weblog::FORMAT,
    &symphony_history::FORMAT,
];

impl Format {
    /// By what pipelines call it.
    pub fn named(name: &str) -> Option<&'static Format> {
        FORMATS.iter().copied().find(|format| format.name == name)
    }
}
