//! Whether the column that is said to be the transactions' own number tells one from another. Where it is an item's, or a
//! patron's, a worklist would sever what nobody has decided.

use crate::evidence::figure::grouped;
use crate::pipeline::Declaration;

/// Systems give out a number twice now and then: what has one is undetermined, and many of those are a brake. More than one
/// in ten rows, and so many of them, are no accident.
const MANY: u64 = 20;
const OF: u64 = 10;

#[derive(Debug, thiserror::Error)]
#[error(
    "`{column}`: {rows} of {records} rows have a number there that another transaction has, too, so it doesn't tell one from \
     another, and worklists consist of it: let `transaction` be the column that does"
)]
pub struct NoOwnNumber {
    column: String,
    rows: String,
    records: String,
}

/// `rows`: of so many records, those with a number that another has, too, with other facts.
pub fn check_own_number(declaration: &Declaration, rows: u64, records: u64) -> Result<(), NoOwnNumber> {
    let column = declaration.columns.transaction.as_ref().map(|id| id.columns().join("`, `"));
    match column.filter(|_| rows >= MANY && rows * OF > records) {
        Some(column) => Err(NoOwnNumber { column, rows: grouped(rows), records: grouped(records) }),
        None => Ok(()),
    }
}
