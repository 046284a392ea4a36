//! The release against its audit, against a linear program, and against itself weakened.

mod attacks;
mod cases;
mod holds;
mod library;
mod made_up;
mod program;
mod random;
mod shares;
mod solved;
mod speed;
mod titles;

use super::audit::{Finding, tables_alone, with_patrons};
use super::{Outcome, Released, Rows, Rules, Span, release};

/// A period that must cover.
fn released(rows: &Rows, span: Span, rules: &Rules) -> Released {
    match release(rows, span, rules).unwrap() {
        Outcome::Tree(released) => *released,
        Outcome::Totals(_) => panic!("only totals leave"),
        Outcome::DoesNotCover => panic!("the period doesn't cover"),
    }
}

/// What both forms of the audit find.
fn audited(rows: &Rows, span: Span, released: &Released, threshold: u32) -> Vec<Finding> {
    let mut findings = with_patrons(rows, span, &released.tree, &released.tables, threshold);
    findings.extend(tables_alone(&released.tables, threshold));
    findings
}
