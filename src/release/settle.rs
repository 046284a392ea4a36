//! A period, settled: laid out to be published, or found to be about too few.

use super::error::ReleaseError;
use super::published::{Published, What};
use super::publisher::Publisher;
use super::rows::PeriodRows;
use super::shape::{Measure, Shape};
use super::titles::Titles;
use super::tree::audit::{self, Finding, tables_alone, titles_with_patrons, with_patrons};
use super::tree::{self, Checked, Outcome, ROWS_FOR_A_PATRON, Rules, Span};
use super::vocabulary::Vocabulary;
use crate::words::Period;

/// What becomes of a period.
pub enum Settled {
    /// It waits for the next, or is closed.
    DoesNotCover,
    Open(Box<Published>),
}

/// Decides what of a period may be published, and how coarse; and holds the audit against it. Pure.
///
/// # Errors
/// When `rows` doesn't fit `shape`, a day lies outside the period, or the audit finds anything.
pub fn settle(rows: &PeriodRows, period: Period, shape: &Shape, rules: &Rules) -> Result<Settled, ReleaseError> {
    shape.check()?;
    let (of_tree, vocabularies) = coded(rows, shape)?;
    let span = Span { first: period.first_day().0, last: period.last_day().0 };
    let publisher = Publisher { shape, vocabularies, span };
    let published = |what| Ok(Settled::Open(Box::new(Published { period, kind: shape.kind, what })));
    let checked = Checked::new(&of_tree, span, rules)?;
    match tree::grow(&checked, rules)? {
        Outcome::DoesNotCover => Ok(Settled::DoesNotCover),
        Outcome::Totals(totals) => {
            refuse(period, audit::totals(&totals, rules.threshold(), ROWS_FOR_A_PATRON))?;
            published(What::Totals(publisher.totals(&totals)))
        }
        Outcome::Tree(released) => {
            let mut findings = with_patrons(&of_tree, span, &released.tree, &released.tables, rules.threshold());
            findings.extend(tables_alone(&released.tables, rules.threshold()));
            let titles = titles(rows, shape, (&of_tree, &checked), rules, &mut findings)?;
            refuse(period, findings)?;
            let patrons = publisher.patrons(&checked, &released, rules)?;
            let sessions = publisher.sessions(rows, &released);
            let nodes = publisher.nodes(&released);
            published(What::Tree { nodes, titles, patrons, sessions, counts: released.counts })
        }
    }
}

fn refuse(period: Period, findings: Vec<Finding>) -> Result<(), ReleaseError> {
    if findings.is_empty() { Ok(()) } else { Err(ReleaseError::Audit { period: period.to_string(), findings }) }
}

/// The table of titles, where there is one, audited.
fn titles(
    rows: &PeriodRows,
    shape: &Shape,
    (of_tree, checked): (&tree::Rows, &Checked<'_>),
    rules: &Rules,
    findings: &mut Vec<Finding>,
) -> Result<Option<Box<Titles>>, ReleaseError> {
    let (Some(name), Some(coded)) = (&shape.title, &rows.title) else { return Ok(None) };
    let (codes, vocabulary) = Vocabulary::of_titles(coded)?;
    let lines = tree::titles(checked, &codes, rules).ok_or(ReleaseError::Malformed("titles of other rows"))?;
    findings.extend(titles_with_patrons(of_tree, &codes, &lines, rules.threshold()));
    Ok(Some(Box::new(Titles::new(name, &lines, &vocabulary))))
}

/// The period's rows as the tree takes them, and what each column's codes mean.
pub(super) fn coded(rows: &PeriodRows, shape: &Shape) -> Result<(tree::Rows, Vec<Vocabulary>), ReleaseError> {
    if rows.columns.len() != shape.columns.len()
        || rows.title.is_some() != shape.title.is_some()
        || rows.measure.len() != rows.patron.len()
    {
        return Err(ReleaseError::Malformed("not the columns that were declared"));
    }
    let both = rows.columns.iter().zip(&shape.columns).map(|(coded, shape)| Vocabulary::of(coded, shape));
    let (columns, vocabularies) = both.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    let names = shape.measure.map_or(&[][..], Measure::told_by_row);
    let measures = names.iter().enumerate().map(|(at, name)| {
        let number = |measure: &u32| shape.measure.map_or(0, |what| what.numbers(*measure)[at]);
        ((*name).to_owned(), rows.measure.iter().map(number).collect())
    });
    let of_tree = tree::Rows {
        patron: rows.patron.clone(),
        key: rows.key.clone(),
        day: rows.day.iter().map(|day| day.0).collect(),
        tells_day: shape.day,
        hour: shape.hour.then(|| rows.hour.clone()),
        measures: measures.collect(),
        columns,
    };
    Ok((of_tree, vocabularies))
}
