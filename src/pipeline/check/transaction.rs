//! `transaction`: the column that worklists and review lists consist of. A patron's number is never one, but where the
//! record that is severed is her own.

use super::checker::Checker;
use crate::pipeline::declaration::*;
use crate::toml_file::TomlError;
use crate::words::{Kind, is_called_a_patron};

impl Checker<'_> {
    /// What the file alone tells. That a column isn't the transactions' shows in its cells, too: a night looks at those.
    pub(super) fn transaction(&self) -> Result<(), TomlError> {
        let columns = &self.declaration.columns;
        let Some(TransactionColumn { column, .. }) = &columns.transaction else { return Ok(()) };
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

/// Whether a lookup is joined by a column of the transactions as patrons are: by what is called a patron's number, or by its
/// rows' own number where they hold what identifies a person. What is about a transaction has its number under another name.
fn is_of_patrons(lookup: &Lookup, column: &str) -> bool {
    let Some(theirs) = lookup.on.get(column).filter(|_| lookup.on.len() == 1) else { return false };
    let is_own = |key: &String| ["id", "key", "number", "code"].contains(&key.to_lowercase().as_str());
    let holds_persons = !(lookup.identifiers.is_empty() && lookup.names.is_empty() && lookup.alone.is_empty());
    theirs.columns().iter().any(|key| is_called_a_patron(key))
        || lookup.rows == Rows::One && holds_persons && theirs.columns().iter().all(is_own)
}
