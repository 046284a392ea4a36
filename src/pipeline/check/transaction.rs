//! `transaction`: the column that worklists and review lists consist of. A patron's number is never one, but where the
//! record that is severed is her own.

use super::checker::Checker;
use crate::pipeline::declaration::*;
use crate::toml_file::TomlError;
use crate::words::{Kind, Side, is_called_a_patron};

impl Checker<'_> {
    /// What the file alone tells. That a column isn't the transactions' shows in its cells, too: a night looks at those.
    pub(super) fn transaction(&self) -> Result<(), TomlError> {
        let columns = &self.declaration.columns;
        let column = match &columns.transaction {
            None => return Ok(()),
            Some(TransactionColumn::Made { columns }) => return self.made(columns),
            Some(TransactionColumn::Own { column, .. }) => column,
        };
        if self.declaration.kind == Kind::Contact {
            return Ok(());
        }
        let never = "its ids stand on worklists, and a patron's never do. Name the column that tells one transaction from another";
        if columns.patron.has(column) {
            return self.fail("transaction", format!("`{column}` is `patron`, too: {never}"));
        }
        if columns.people.contains(column) || columns.names.contains(column) {
            return self.fail("transaction", format!("`{column}` names a person, by what else is said of it: {never}"));
        }
        if is_called_a_patron(column) {
            return self.fail("transaction", format!("`{column}` is called like a patron's number: {never}"));
        }
        match self.declaration.lookups.iter().find(|lookup| is_of_patrons(lookup, column)) {
            Some(lookup) => {
                let joins = format!("`{column}` joins `{}` by the number of a patron", lookup.name);
                self.fail("transaction", format!("{joins}: {never}"))
            }
            None => Ok(()),
        }
    }
}

impl Checker<'_> {
    /// An id that several cells make is known here alone.
    fn made(&self, made: &[String]) -> Result<(), TomlError> {
        let declaration = self.declaration;
        let columns = &declaration.columns;
        if made.len() < 2 || made.iter().enumerate().any(|(place, column)| made[..place].contains(column)) {
            return self.fail(
                "transaction",
                "an id is made of two columns or more, each another: one alone is `column`, with its `type`",
            );
        }
        if let Some(column) = made.iter().find(|column| column.contains('.') && self.fields.column(column).is_none()) {
            return self.fail("transaction", format!("`{column}`: an id is made of the transactions' own columns"));
        }
        let changes = |column: &&String| {
            columns.closed.iter().flat_map(Closed::columns).any(|closed| closed == *column)
                || columns.renewals.as_ref() == Some(column)
        };
        if let Some(column) = made.iter().find(changes) {
            return self.fail("transaction", format!("`{column}` changes while a transaction goes on: an id stays"));
        }
        let known = "an id that is made of several columns is known to no library system";
        if let Some(trace) = declaration.traces.first() {
            return self.fail("trace", format!("`{}`: {known}, so nothing is severed by it", trace.name));
        }
        if columns.renews.is_some() {
            return self.fail("renews", format!("{known}: no row can name the one that it renews"));
        }
        if declaration.side != Side::Patron {
            return self.fail("side", format!("{known}: there is nothing to be done on another side"));
        }
        Ok(())
    }
}

/// Whether a lookup is joined by a column of the transactions as patrons are: by what is called a patron's number, or by its
/// rows' own number where they hold what identifies a person. What is about a transaction has its number under another name.
fn is_of_patrons(lookup: &Lookup, column: &str) -> bool {
    let Some(theirs) = lookup.on.get(column).filter(|_| lookup.on.len() == 1) else { return false };
    let is_own = |key: &String| ["id", "key", "number", "code"].contains(&key.to_lowercase().as_str());
    let holds_persons = !(lookup.identifiers.is_empty() && lookup.names.is_empty() && lookup.alone.is_empty());
    theirs.columns().iter().any(|key| is_called_a_patron(key))
        || lookup.rows == Rows::One && holds_persons && theirs.columns().iter().all(is_own)
}
