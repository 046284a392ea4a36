//! From files to their meaning, step by step.

use super::meaning::{About, Meaning};
use super::{bills, joins, lookup_columns, transaction_columns};
use crate::profile::TableProfile;

/// Guesses what `tables` mean. None: no table looks like one of transactions. Patron records do to nobody but a person who
/// says so: of a loan that ended long ago they have all but the loan.
pub fn guess(tables: &[TableProfile], about: Option<About>) -> Option<Meaning> {
    let first = joins::transactions(tables, about)?;
    if about.is_none() && !joins::are_transactions(&tables[first]) {
        return None;
    }
    let about = about.unwrap_or_else(|| joins::about(&tables[first]));
    let mut sources = vec![first];
    sources
        .extend((0..tables.len()).filter(|other| *other != first && joins::are_alike(&tables[first], &tables[*other])));
    let of = transaction_columns::Roles::new(tables, &sources, about);
    let mut meaning = of.guess();
    joins::attach(tables, &mut meaning);
    transaction_columns::settle(tables, &mut meaning);
    joins::adopt(tables, &mut meaning);
    lookup_columns::guess(tables, &mut meaning);
    meaning.also = joins::also(tables, &meaning);
    meaning.debts_apart = bills::apart(tables, &meaning);
    Some(meaning)
}
