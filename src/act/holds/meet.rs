//! Whom an identifier means, by tonight's patron records: lookups that are joined by the patron, and records of patrons, of all
//! pipelines, in the inbox or on the live system.
//!
//! Of whoever is met all is kept that she alone is called by: her numbers, cards, logins, addresses. What others have, too (a
//! street, a family's telephone), would hold them with her. Where records can't be read she is met by nobody, which keeps more.

use hashbrown::HashSet;

use jiff::Timestamp;

use crate::act::begin::{LiveSystem, load_pipelines};
use crate::act::read::inventory::{Inventory, Places};
use crate::export::Found;
use crate::live::System;
use crate::lookup::{LookupError, Persons, persons};
use crate::pipeline::{Declaration, Origin, Pipeline};
use crate::state::register::{Names, Patron};
use crate::state::site::Site;
use crate::words::Digest;

/// What an identifier met, and not a word of it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Meeting {
    /// How many patrons; 0: nobody, or nobody's records could be read.
    pub patrons: usize,
    /// The pipelines whose patron records had them.
    pub pipelines: Vec<String>,
}

pub struct Looked {
    /// Of each identifier, in their order.
    pub met: Vec<(Patron, Meeting)>,
    /// Why records couldn't be read.
    pub unread: Vec<String>,
}

/// One identifier, as it is looked for.
struct Wanted {
    own: Digest,
    digests: HashSet<Digest>,
    /// The numbers of whom it met.
    people: HashSet<Digest>,
    pipelines: Vec<String>,
}

/// The same within one pipeline.
#[derive(Default)]
struct Within {
    numbers: HashSet<Digest>,
    called: HashSet<Digest>,
}

pub fn look_up(site: &Site, names: &Names, identifiers: &[String], now: Timestamp) -> Looked {
    let own = identifiers.iter().map(|text| names.digest(text.as_bytes()));
    let mut wanted: Vec<Wanted> =
        own.map(|own| Wanted { own, digests: [own].into(), people: HashSet::new(), pipelines: Vec::new() }).collect();
    let mut unread = Vec::new();
    match records(site) {
        Ok((pipelines, live)) => {
            for pipeline in &pipelines {
                let places = Places { site, live: live.as_ref(), now };
                if let Err(why) = in_pipeline(places, pipeline, names, &mut wanted) {
                    unread.push(format!("patron records of {}: {why}", pipeline.name()));
                }
            }
        }
        Err(why) => unread.push(why),
    }
    let met = wanted.into_iter().map(Wanted::met).collect();
    Looked { met, unread }
}

impl Wanted {
    fn met(self) -> (Patron, Meeting) {
        let mut digests: Vec<Digest> = self.digests.into_iter().collect();
        digests.sort_unstable();
        let meeting = Meeting { patrons: self.people.len(), pipelines: self.pipelines.clone() };
        (Patron { digests, met: self.pipelines, number: false }, meeting)
    }
}

/// The site's pipelines, and where its tables are.
fn records(site: &Site) -> Result<(Vec<Pipeline>, Option<LiveSystem>), String> {
    let system = System::load(site.root()).map_err(|error| error.to_string())?;
    let pipelines = load_pipelines(site, false, system.as_ref()).map_err(|error| error.to_string())?;
    Ok((pipelines, system.map(LiveSystem::new)))
}

/// Looks for all in one pipeline's records. Where some of them can't be read nothing of it counts.
fn in_pipeline(places: Places<'_>, pipeline: &Pipeline, names: &Names, wanted: &mut [Wanted]) -> Result<(), String> {
    let declaration = &pipeline.declaration;
    let exports = exports(places, declaration)?;
    let mut found: Vec<Within> = wanted.iter().map(|_| Within::default()).collect();
    let each = |see: &mut dyn FnMut(&[Digest], &[Digest])| -> Result<(), String> {
        for (files, of) in &exports {
            for file in files {
                all(file, of, names, see).map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    };
    // Who is it?
    each(&mut |numbers, called| {
        for (wanted, within) in wanted.iter().zip(&mut found) {
            if numbers.iter().chain(called).any(|one| *one == wanted.own) {
                within.numbers.extend(numbers);
            }
        }
    })?;
    if found.iter().all(|within| within.numbers.is_empty()) {
        return Ok(());
    }
    // What else is she called, here and in the other exports?
    each(&mut |numbers, called| {
        for within in &mut found {
            if numbers.iter().any(|number| within.numbers.contains(number)) {
                within.called.extend(called);
            }
        }
    })?;
    // And what of that are others called?
    each(&mut |numbers, called| {
        for within in &mut found {
            if !numbers.iter().any(|number| within.numbers.contains(number)) {
                called.iter().chain(numbers).for_each(|one| {
                    within.called.remove(one);
                });
            }
        }
    })?;
    for (wanted, within) in wanted.iter_mut().zip(found) {
        if !within.numbers.is_empty() {
            wanted.pipelines.push(pipeline.name().into());
            wanted.digests.extend(within.called.iter().chain(&within.numbers));
            wanted.people.extend(within.numbers);
        }
    }
    Ok(())
}

/// Every row of an export that has a patron, as digests.
fn all(
    file: &Found,
    of: &Persons<'_>,
    names: &Names,
    see: &mut dyn FnMut(&[Digest], &[Digest]),
) -> Result<(), LookupError> {
    persons(file, of, &mut |numbers, called| {
        let digests = |cells: &[&[u8]]| cells.iter().map(|cell| names.digest(cell)).collect::<Vec<_>>();
        see(&digests(numbers), &digests(called));
    })
}

/// The exports that say who patrons are. Standard input is somebody's who types.
fn exports<'a>(places: Places<'a>, declaration: &'a Declaration) -> Result<Vec<(Vec<Found>, Persons<'a>)>, String> {
    let mut exports = Vec::new();
    let is_typed = |origin: Origin<'_>| matches!(origin, Origin::StandardInput);
    let columns_of = declaration.lookups.iter().map(|lookup| Persons::of_lookup(declaration, lookup));
    let persons: Vec<Option<Persons<'_>>> = columns_of.collect();
    let of_records = |source| Persons::of_records(declaration, declaration.source_dialect(source));
    let records: Vec<Option<Persons<'_>>> = declaration.sources.iter().map(of_records).collect();
    if persons.iter().chain(&records).all(Option::is_none) {
        return Ok(exports);
    }
    // Old ones will do: a patron's number stays hers.
    let (inventory, _) = Inventory::survey(places, declaration, places.now, &[]);
    let lookups = declaration.lookups.iter().zip(inventory.lookups).zip(persons);
    for ((lookup, files), persons) in lookups {
        if let Some(persons) = persons {
            if is_typed(lookup.origin()) {
                return Err("they come by standard input, which can't be read here".into());
            }
            if files.is_empty() && lookup.required {
                return Err(format!("no export of `{}` is there", lookup.name));
            }
            exports.push((files, persons));
        }
    }
    for (place, (source, persons)) in declaration.sources.iter().zip(records).enumerate() {
        if let Some(persons) = persons.filter(|_| !is_typed(source.origin())) {
            let parts = inventory.parts.iter().filter(|part| part.source == place);
            exports.push((parts.map(|part| part.found.clone()).collect(), persons));
        }
    }
    Ok(exports)
}
