//! A month, settled: closed, or laid out to be published.

use super::counts::ClosedBecause;
use super::decided::decide;
use super::error::ReleaseError;
use super::layout::{self, Published};
use super::rows::MonthRows;
use super::shape::{Rules, Shape};

/// What becomes of a month.
#[derive(Debug)]
pub enum Settled {
    /// Nothing of it is ever published; this is final.
    Closed(ClosedBecause),
    Open(Box<Published>),
}

/// Decides what of a month may be published, and how coarse. Pure.
///
/// # Errors
/// When `rows` doesn't fit `shape`, a day lies in another month than the first, or a table can't be counted from one
/// half alone.
pub fn settle(rows: &MonthRows, shape: &Shape, rules: &Rules) -> Result<Settled, ReleaseError> {
    Ok(match decide(rows, shape, rules)? {
        Err(because) => Settled::Closed(because),
        Ok(decided) => Settled::Open(Box::new(layout::lay_out(decided, shape))),
    })
}
