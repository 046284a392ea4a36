//! From files to their meaning, step by step.

use super::meaning::Meaning;
use super::said::Said;
use super::{bills, joins, lookup_columns, transaction_columns};
use crate::profile::TableProfile;

/// Guesses what `tables` mean. None: no table looks like one of transactions. Patron records do to nobody but a person who
/// says so: of a loan that ended long ago they have all but the loan.
pub fn guess(tables: &[TableProfile], said: &Said) -> Option<Meaning> {
    let first = joins::transactions(tables, said)?;
    if said.about.is_none() && said.columns().next().is_none() && !joins::are_transactions(&tables[first]) {
        return None;
    }
    let about = said.about.unwrap_or_else(|| joins::about(&tables[first]));
    let mut sources = vec![first];
    sources
        .extend((0..tables.len()).filter(|other| *other != first && joins::are_alike(&tables[first], &tables[*other])));
    let of = transaction_columns::Roles::new(tables, &sources, about, said);
    let mut meaning = of.guess();
    joins::attach(tables, &mut meaning);
    transaction_columns::settle(tables, &mut meaning, said);
    joins::adopt(tables, &mut meaning);
    lookup_columns::guess(tables, &mut meaning);
    meaning.also = joins::also(tables, &meaning);
    meaning.debts_apart = bills::apart(tables, &meaning);
    Some(meaning)
}
