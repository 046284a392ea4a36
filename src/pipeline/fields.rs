//! The names of cells: a column of the transaction, or `lookup.column` of another export joined to it.

use std::collections::BTreeMap;

use super::declaration::{Counts, Declaration, From, Lookup, Rows, Source, TransactionColumn};
use crate::export::Needed;

/// Where a cell is found.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Field {
    /// The nth of `Fields::columns`.
    Column(usize),
    /// A used column of a lookup with one row a key.
    Lookup { lookup: usize, column: usize },
    /// Something gathered from a lookup with many rows a key.
    Gather { lookup: usize, slot: usize },
}

/// All columns of the transactions that the pipeline uses, each once, and how names resolve to cells.
#[derive(Debug)]
pub struct Fields<'a> {
    declaration: &'a Declaration,
    pub columns: Vec<&'a str>,
}

impl<'a> Fields<'a> {
    pub fn new(declaration: &'a Declaration) -> Fields<'a> {
        let mut fields = Fields { declaration, columns: Vec::new() };
        used(declaration).for_each(|name| {
            let known = name.split_once('.').is_some_and(|(lookup, _)| fields.lookup(lookup).is_some());
            if !known && !fields.columns.contains(&name) {
                fields.columns.push(name);
            }
        });
        fields
    }

    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| *column == name)
    }

    pub fn lookup(&self, name: &str) -> Option<(usize, &'a Lookup)> {
        self.declaration.lookups.iter().enumerate().find(|(_, lookup)| lookup.name == name)
    }

    /// The cell of a name. None: `lookup.column` whose lookup doesn't have that column.
    pub fn resolve(&self, name: &str) -> Option<Field> {
        if let Some((index, lookup, column)) =
            name.split_once('.').and_then(|(lookup, column)| self.lookup(lookup).map(|(i, l)| (i, l, column)))
        {
            return match lookup.rows {
                Rows::One => {
                    let column = lookup.r#use.iter().position(|used| used == column)?;
                    Some(Field::Lookup { lookup: index, column })
                }
                Rows::Many => {
                    let slot = lookup.gather.keys().position(|slot| slot == column)?;
                    Some(Field::Gather { lookup: index, slot })
                }
            };
        }
        self.column(name).map(Field::Column)
    }

    /// Whether a cell is the patron's number, or taken from an export that is joined by it, however far off.
    pub fn leads_to_patron(&self, name: &str) -> bool {
        self.leads_there(name, self.declaration.lookups.len())
    }

    /// `depth`: through how many lookups; none is joined to itself.
    fn leads_there(&self, name: &str, depth: usize) -> bool {
        match name.split_once('.').and_then(|(lookup, _)| self.lookup(lookup)) {
            Some((_, lookup)) => depth > 0 && lookup.on.keys().any(|ours| self.leads_there(ours, depth - 1)),
            None => self.declaration.columns.patron.has(name),
        }
    }

    /// Every column of a transaction that the pipeline says anything about, and so need not be named as new.
    pub fn declared(&self) -> impl Iterator<Item = &'a str> + use<'a, '_> {
        let columns = &self.declaration.columns;
        let lists = [&columns.people, &columns.identifiers, &columns.names, &columns.alone, &columns.drop];
        self.columns.iter().copied().chain(lists.into_iter().flatten().map(String::as_str))
    }
}

/// The columns of which some record must have each, where records name their own: where none has one of them, the export
/// isn't what the pipeline says. Of a log, which may be a night's, only what decides.
pub fn needed<'a>(declaration: &'a Declaration, source: &'a Source) -> Vec<(&'a str, Needed)> {
    let fields = Fields::new(declaration);
    let published = published(declaration).filter(|name| matches!(fields.resolve(name), Some(Field::Column(_))));
    let published = published.filter(|name| !declaration.is_log() && source.optional.iter().all(|known| known != name));
    let deciding = deciding(declaration).into_iter().map(|name| (name, Needed::ToDecide));
    let all = deciding.chain(published.map(|name| (name, Needed::ToPublish)));
    all.filter(|(name, _)| source.absent.iter().all(|absent| absent != name)).collect()
}

/// The columns of a lookup of which some row must have each, where rows name their own cells.
pub fn needed_in<'a>(declaration: &'a Declaration, lookup: &'a Lookup) -> Vec<(&'a str, Needed)> {
    let published = published(declaration).filter_map(|name| name.split_once('.'));
    let published =
        published.filter(|(of, name)| *of == lookup.name && lookup.optional.iter().all(|known| known != name));
    let deciding = deciding_in(declaration, lookup).into_iter().map(|name| (name, Needed::ToDecide));
    deciding.chain(published.map(|(_, name)| (name, Needed::ToPublish))).collect()
}

/// What is published, by the names of its cells.
pub(super) fn published(declaration: &Declaration) -> impl Iterator<Item = &str> {
    let counted = declaration.counts.iter().flat_map(Counts::conditions).flat_map(BTreeMap::keys);
    declaration.publish.iter().flat_map(|publish| From::columns(&publish.from)).chain(counted).map(String::as_str)
}

/// The columns of the transactions without which nothing can be decided.
pub(super) fn deciding(declaration: &Declaration) -> Vec<&str> {
    let columns = &declaration.columns;
    let roles = columns.transaction.iter().flat_map(TransactionColumn::columns).chain([&columns.opened]);
    let requests = declaration.requests.iter().flat_map(|requests| requests.columns());
    let keys = declaration.lookups.iter().filter(|lookup| lookup.required).flat_map(|lookup| lookup.on.keys());
    let states = declaration.states.iter().flat_map(|state| state.when.keys());
    let needs = declaration.needs.conditions().flat_map(|condition| condition.keys());
    let names = roles.chain(requests).chain(keys).chain(states).chain(needs);
    let fields = Fields::new(declaration);
    names.map(String::as_str).filter(|name| matches!(fields.resolve(name), Some(Field::Column(_)))).collect()
}

/// The columns of a lookup without which it can't decide: its keys, and what is gathered or looked at.
pub(super) fn deciding_in<'a>(declaration: &'a Declaration, lookup: &'a Lookup) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for keys in lookup.on.values() {
        // Of several, each record may have another.
        if let [key] = keys.columns() {
            names.push(key);
        }
    }
    for gather in lookup.gather.values() {
        let conditions = gather.when.keys().chain(gather.any.iter().flat_map(|any| any.keys()));
        names.extend(gather.any_positive.iter().chain(&gather.max).chain(conditions).map(String::as_str));
    }
    for name in declaration.asked() {
        let of_this = name.split_once('.').filter(|(of, _)| *of == lookup.name);
        names.extend(of_this.map(|(_, column)| column).filter(|column| lookup.r#use.iter().any(|used| used == column)));
    }
    names
}

/// Whether a state or a need is decided by there being no row of a lookup: no bill means that nothing is owed.
pub fn decides_by_absence(declaration: &Declaration, lookup: &Lookup) -> bool {
    let states = declaration.states.iter().flat_map(|state| state.when.keys());
    let mut asked = states.chain(declaration.needs.asked());
    lookup.rows == Rows::Many && asked.any(|name| name.split_once('.').is_some_and(|(of, _)| of == lookup.name))
}

/// The place of the lookup that has a row for each patron, where that can be told: it is joined by the one column that names her,
/// and says who she is.
pub fn patrons_lookup(declaration: &Declaration) -> Option<usize> {
    let [patron] = declaration.columns.patron.columns() else { return None };
    let is_of_patrons = |lookup: &Lookup| {
        let joined = lookup.on.len() == 1 && lookup.on.contains_key(patron);
        joined && lookup.rows == Rows::One && !lookup.identifiers.is_empty()
    };
    declaration.lookups.iter().position(is_of_patrons)
}

/// Every name that the pipeline uses for a cell, in order of the file.
pub(super) fn used(declaration: &Declaration) -> impl Iterator<Item = &str> {
    let columns = &declaration.columns;
    let ids = columns.transaction.iter().flat_map(TransactionColumn::columns);
    let roles = ids.chain(&columns.item).chain([&columns.opened]);
    let more = [columns.renewals.as_ref(), columns.renews.as_ref(), columns.branch.as_ref()];
    let closed = columns.closed.iter().flat_map(|closed| closed.columns());
    roles
        .chain(more.into_iter().flatten())
        .chain(declaration.requests.iter().flat_map(|requests| requests.columns()))
        .chain(columns.patron.columns())
        .chain(&columns.linked)
        .chain(closed)
        .chain(&columns.people)
        .chain(&columns.identifiers)
        .chain(&columns.names)
        .chain(&columns.alone)
        .chain(declaration.lookups.iter().flat_map(|lookup| lookup.on.keys()))
        .chain(declaration.asked())
        .chain(declaration.mailing.iter().flat_map(|mailing| &mailing.columns))
        .chain(declaration.publish.iter().flat_map(|publish| From::columns(&publish.from)))
        .chain(declaration.counts.iter().flat_map(Counts::conditions).flat_map(BTreeMap::keys))
        .map(String::as_str)
}
