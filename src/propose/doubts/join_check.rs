//! Lookups whose keys meet nothing: what they would say of a transaction is never heard.

use hashbrown::HashSet;

use super::composite_keys::MOST;
use super::doubt::{Danger, Doubt};
use super::export_profile::ExportProfile;
use crate::pipeline::declaration::{Declaration, Keys};
use crate::profile::{Column, TableProfile};

pub fn unmet_joins(declaration: &Declaration, all: &[ExportProfile]) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for (place, lookup) in declaration.lookups.iter().enumerate() {
        let Some(theirs) = all.iter().find(|seen| seen.lookup == Some(place)) else { continue };
        let mut never: Vec<String> = Vec::new();
        for (ours, keys) in &lookup.on {
            if never_meet(declaration, all, &theirs.table, ours, keys) {
                never.push(format!("not one of its keys meets `{ours}` of the transactions"));
            }
        }
        if never.is_empty() && lookup.on.len() > 1 && never_together(all, theirs, place) {
            let ours: Vec<String> = lookup.on.keys().map(|ours| format!("`{ours}`")).collect();
            never.push(format!("not one of its rows meets {} of a transaction together", ours.join(" and ")));
        }
        let (danger, then) = if !lookup.gather.is_empty() {
            (Danger::Retired, "nothing that it says would keep anything")
        } else if lookup.r#use.is_empty() {
            (Danger::Retired, "a legal hold would find nobody by what it says of a person. Is it of this library?")
        } else {
            (Danger::Kept, "nothing that it says would be known")
        };
        doubts.extend(never.into_iter().map(|what| Doubt { danger, what: format!("{}: {what}: {then}", lookup.name) }));
    }
    doubts
}

/// Whether both sides were seen whole, and no cell of one is a cell of the other.
fn never_meet(
    declaration: &Declaration,
    all: &[ExportProfile],
    theirs: &TableProfile,
    ours: &str,
    keys: &Keys,
) -> bool {
    let from = ours.split_once('.').and_then(|(name, column)| {
        let other = declaration.lookups.iter().position(|lookup| lookup.name == name)?;
        Some((Some(other), column))
    });
    let (from, column) = from.unwrap_or((None, ours));
    let our_tables: Vec<&TableProfile> =
        all.iter().filter(|seen| seen.lookup == from).map(|seen| &seen.table).collect();
    let whole = our_tables.iter().chain([&theirs]).all(|table| table.is_whole());
    let ours: Vec<&Column> =
        our_tables.iter().filter_map(|table| table.column(column).map(|at| &table.columns[at])).collect();
    let keys = keys.columns().iter().filter_map(|key| theirs.column(key).map(|at| &theirs.columns[at]));
    let keys: Vec<&Column> = keys.collect();
    let filled = |columns: &[&Column]| columns.iter().map(|column| column.filled).sum::<u64>();
    let exact = ours.iter().chain(&keys).all(|column| column.distinct_is_exact());
    let met = ours.iter().any(|ours| keys.iter().any(|key| key.within(ours) > 0.0));
    !met && whole && exact && filled(&ours) >= 5 && filled(&keys) >= 1
}

/// The same of keys that are made of several cells. Each by itself may meet: columns that were interchanged do.
fn never_together(all: &[ExportProfile], theirs: &ExportProfile, lookup: usize) -> bool {
    let ours = || all.iter().filter(|seen| seen.lookup.is_none());
    let whole = ours().chain([theirs]).all(|seen| seen.table.is_whole());
    let keys = || ours().filter_map(|seen| seen.keys.of(lookup));
    let Some(their_keys) = theirs.keys.of(lookup).filter(|keys| !keys.is_empty() && keys.len() < MOST) else {
        return false;
    };
    let met = keys().any(|keys| keys.len() >= MOST || keys.iter().any(|key| their_keys.contains(key)));
    whole && !met && keys().map(HashSet::len).sum::<usize>() >= 5
}
