//! All lookups of a pipeline, read side by side.

use std::collections::BTreeMap;

use hashbrown::HashSet;
use rayon::prelude::*;

use super::gather::CellCount;
use super::load::{Asked, HeldPatrons, KeysRead, Loaded, LookupError, load};
use super::reading::Reading;
use super::table::LookupTable;
use crate::export::Found;
use crate::leak::Identifiers;
use crate::state::keys::KeyedDigest;
use crate::words::Digest;

/// A lookup, and its files. None: it isn't required, and it isn't there.
pub struct LookupFiles<'a> {
    pub asked: Asked<'a>,
    pub files: &'a [Found],
}

/// All lookups of a pipeline, in its order.
#[derive(Default)]
pub struct Lookups {
    pub tables: Vec<LookupTable>,
    pub held: HeldPatrons,
    pub read: LookupsRead,
}

/// What reading the lookups found beside their tables.
#[derive(Default)]
pub struct LookupsRead {
    pub identifiers: Identifiers,
    /// The places of lookups that a legal hold's identifier met, with hashes of the patrons whom they have.
    pub asked: Vec<(usize, HashSet<u64>)>,
    /// Of each lookup, the records of its files and their digests.
    pub files: Vec<Vec<(u64, Digest)>>,
    /// Of each lookup, how its keys are written.
    pub keys: Vec<KeysRead>,
    /// Of the cells that are gathered, as `lookup.column`.
    pub cells: BTreeMap<String, CellCount>,
    /// Columns that the pipeline doesn't name, as `lookup.column`.
    pub undeclared: Vec<String>,
}

/// Reads every lookup, each whole.
pub fn load_all(
    lookups: &[LookupFiles<'_>],
    reading: &Reading<'_>,
    digest: &KeyedDigest,
) -> Result<Lookups, LookupError> {
    let one = |lookup: &LookupFiles<'_>| -> Result<Option<Loaded>, LookupError> {
        if lookup.files.is_empty() {
            return Ok(None);
        }
        load(&lookup.asked, lookup.files, reading, digest.clone()).map(Some)
    };
    // Tables come one after the other: who waits for one must not be the one who has to read on in another.
    let one_by_one = lookups.iter().any(|lookup| lookup.files.iter().any(Found::is_table));
    let loaded = if one_by_one {
        lookups.iter().map(one).collect::<Result<Vec<_>, _>>()?
    } else {
        lookups.par_iter().map(one).collect::<Result<Vec<_>, _>>()?
    };
    let mut all = Lookups::default();
    for (lookup, loaded) in lookups.iter().zip(loaded) {
        all.add(&lookup.asked.lookup.name, loaded);
    }
    Ok(all)
}

impl Lookups {
    fn add(&mut self, name: &str, loaded: Option<Loaded>) {
        let Some(loaded) = loaded else {
            self.tables.push(LookupTable::default());
            self.read.files.push(Vec::new());
            self.read.keys.push(KeysRead::default());
            return;
        };
        self.tables.push(loaded.table);
        for (patron, by) in loaded.held.patrons {
            self.held.patrons.entry(patron).or_default().extend(by);
        }
        self.held.met.extend(loaded.held.met);
        self.read.undeclared.extend(loaded.undeclared.iter().map(|column| format!("{name}.{column}")));
        if !loaded.patrons.is_empty() {
            self.read.asked.push((self.read.files.len(), loaded.patrons));
        }
        self.read.identifiers.merge(loaded.identifiers);
        self.read.cells.extend(loaded.cells.into_iter().map(|(column, count)| (format!("{name}.{column}"), count)));
        self.read.files.push(loaded.files);
        self.read.keys.push(loaded.keys);
    }
}
