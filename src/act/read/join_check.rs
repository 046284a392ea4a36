//! Whether what must have been met was, once all was read: cells that records name themselves, and patrons of the lookups by way
//! of which a legal hold finds whom it means.

use hashbrown::HashSet;

use super::inventory::Inventory;
use crate::evidence::figure::grouped;
use crate::export::{Chunks, ExportError, Needed};
use crate::leak::hash;
use crate::lookup::KeysRead;
use crate::pass::Patrons;
use crate::pipeline::{Declaration, Fields, Source, needed};

/// Not a word of a legal hold, though only where one asks for somebody by way of the lookup it matters: reports have it.
#[derive(Debug, thiserror::Error)]
#[error(
    "{lookup}: not one of the patrons whom it has is on a transaction, so nobody can be found by way of it: is it joined by \
     the right column, and of this library?"
)]
pub struct Strangers {
    lookup: String,
}

/// Where records name their own cells there is no header: that one which is needed was renamed shows in that no record of
/// the source has it.
pub fn check_members(declaration: &Declaration, inventory: &Inventory, parts: &[Chunks]) -> Result<(), ExportError> {
    for (place, source) in declaration.sources.iter().enumerate() {
        let of_source = inventory.parts.iter().zip(parts).filter(|(part, _)| part.source == place);
        let of_source: Vec<&Chunks> = of_source.map(|(_, chunks)| chunks).collect();
        members_of(declaration, source, &of_source)?;
    }
    Ok(())
}

/// The same for the files of one source, which were read whole.
pub fn members_of(declaration: &Declaration, source: &Source, files: &[&Chunks]) -> Result<(), ExportError> {
    let Some(first) = files.first() else { return Ok(()) };
    // A list without records is whole, and shows no names.
    if !declaration.is_log() && files.iter().all(|chunks| chunks.records() == 0) {
        return Ok(());
    }
    let path = || first.path().to_path_buf();
    let never_met = |column: &str| files.iter().all(|chunks| chunks.never_met().contains(&column));
    // Of one that nobody asks for, whether it is there isn't known, and decides nothing.
    let asked = |column: &&String| first.dialect().records_name_cells() && first.header().contains(column);
    if let Some(column) = source.absent.iter().filter(asked).find(|column| !never_met(column)) {
        return Err(ExportError::unexpected(first.path(), column));
    }
    let mut needed = needed(declaration, source).into_iter();
    if let Some((column, needed)) = needed.find(|(column, _)| never_met(column)) {
        return Err(ExportError::NeverMet { path: path(), column: column.into(), needed });
    }
    let link = match declaration.columns.linked.as_slice() {
        [] => declaration.columns.patron.columns(),
        linked => linked,
    };
    // What stands in another export is its own to miss.
    let fields = Fields::new(declaration);
    let link: Vec<&String> = link.iter().filter(|name| fields.column(name).is_some()).collect();
    match link.first().filter(|_| link.iter().all(|column| never_met(column))) {
        Some(column) => {
            Err(ExportError::NeverMet { path: path(), column: column.to_string(), needed: Needed::ToDecide })
        }
        None => Ok(()),
    }
}

/// Whom a legal hold means was found by way of these lookups, each with the patrons whom it has. One that is joined by the
/// wrong column finds somebody, too, and nobody who is on a transaction: the hold would keep nothing.
pub fn check_held<'a>(
    patrons: &Patrons,
    asked: impl Iterator<Item = (&'a str, &'a HashSet<u64>)>,
) -> Result<(), Strangers> {
    for (lookup, known) in asked {
        let (mut any, mut met) = (false, false);
        patrons.for_each(|patron| {
            any = true;
            met |= known.contains(&hash(patron));
        });
        if any && !met {
            return Err(Strangers { lookup: lookup.into() });
        }
    }
    Ok(())
}

/// What a person should know of keys that aren't written as the pipeline says, lookup by lookup. Where that decides and they
/// are more than a few, the pipeline has stopped.
pub fn strange_keys(declaration: &Declaration, keys: &[KeysRead]) -> Vec<String> {
    let strange = declaration.lookups.iter().zip(keys).filter(|(_, keys)| keys.unreadable > 0);
    let told = strange.map(|(lookup, keys)| {
        format!(
            "`{}`: {} of {} keys are not written as the pipeline says (`key = \"{}\"`): they meet nothing",
            lookup.name,
            grouped(keys.unreadable),
            grouped(keys.rows),
            lookup.key.as_str()
        )
    });
    told.collect()
}
