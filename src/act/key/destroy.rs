//! The end of a key before its time. Without a month's key nobody can tell any more whose the staged rows are; so they can't be
//! published either, whose rule asks how many patrons they are about: they go with it, and the months of its period are closed.
//! A year of which it was remembered who was there is never told then. A year's own key takes what was remembered along.
//!
//! What is known of single transactions stays: what was retired stays retired, and nothing counts twice, as nothing of these
//! months is published.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use crate::act::begin::memory::{Final, Memory};
use crate::act::begin::{BeginError, Ground, load_pipelines};
use crate::act::by_hand::{self, said};
use crate::act::refusal::Refusal;
use crate::evidence::ledger::{Act, KeyAct, KeyChange};
use crate::live::System;
use crate::state::commit::{Hook, Pending};
use crate::state::keys::{Purpose, pseudonym_path, year_path};
use crate::state::site::Site;
use crate::state::{staging, years};
use crate::words::{Digest, Kind, Month};

#[derive(Debug, Serialize)]
pub struct DestroyedKey {
    pub key: String,
    /// Months that are closed by it: nothing of them is ever published.
    pub closed: Vec<Month>,
    /// Years, by their first months, of which nobody can tell any more who was there, and none is ever told how many.
    pub untold: Vec<Month>,
    /// Its number in the ledger, and the ledger's new head.
    pub sequence: u64,
    pub head: Digest,
}

/// Destroys a key by its name, as `key list` has it.
pub fn destroy(
    site: &Site,
    now: Timestamp,
    name: &str,
    (by, why): (&str, &str),
    hook: Hook<'_>,
) -> Result<DestroyedKey, Refusal> {
    let (by, why) = (said("the name", by)?, said("the reason", why)?);
    let key = format!("{}.key", name.trim_start_matches("state/keys/").trim_end_matches(".key"));
    let ground = Ground::of(site, now, hook)?;
    let mut ends = Ends::of(&ground, &key)?;
    let head = by_hand::commit(&ground, hook, |pending, memory| {
        ends.carry_out(&ground, pending, memory)?;
        Ok(Act::Key(KeyAct { change: KeyChange::Destroyed { key: key.clone() }, by, why }))
    })?;
    let (closed, untold) = (ends.closed.into_iter().collect(), ends.untold.into_iter().collect());
    Ok(DestroyedKey { key, closed, untold, sequence: ground.sequence(), head })
}

/// What ends with a key.
struct Ends {
    kind: Kind,
    /// Files and folders, relative to the site.
    removals: BTreeSet<String>,
    /// Months that become final.
    closed: BTreeSet<Month>,
    /// The first months of years that are never told.
    untold: BTreeSet<Month>,
}

impl Ends {
    fn of(ground: &Ground, key: &str) -> Result<Ends, Refusal> {
        let has = |is_there: bool| if is_there { Ok(()) } else { Err(no_such_key(key)) };
        match Purpose::of_name(key) {
            None => Err(no_such_key(key)),
            Some(Purpose::Site) => Err(Refusal::Plain(
                "site.key can't be destroyed: all that the evidence says of files in state/ is keyed with it, and by it a run \
                 knows which exports and logs were read before. Without it nothing could be verified, and no run begin"
                    .into(),
            )),
            Some(Purpose::Signing) => Err(Refusal::Plain(
                "signing.key can't be destroyed: without it no run could be committed. A new one takes its place with:\n  \
                 afterloan key rotate --by NAME --why WHY"
                    .into(),
            )),
            Some(Purpose::Pseudonym(kind, home)) => {
                has(ground.keys.pseudonym(kind, home).is_some())?;
                Ends::of_period(ground, kind, home)
            }
            Some(Purpose::Year(kind, first)) => {
                has(ground.keys.year(kind, first).is_some())?;
                let mut ends = Ends::nothing(kind);
                ends.end_years(ground, |year| year == first)?;
                // A key may be left that has no file.
                ends.removals.insert(year_path(kind, first));
                ends.untold.insert(first);
                Ok(ends)
            }
        }
    }

    fn nothing(kind: Kind) -> Ends {
        Ends { kind, removals: BTreeSet::new(), closed: BTreeSet::new(), untold: BTreeSet::new() }
    }

    /// All months of the key's period, as the policy has it, and those that have rows under it.
    fn of_period(ground: &Ground, kind: Kind, home: Month) -> Result<Ends, Refusal> {
        let mut ends = Ends::nothing(kind);
        let mut months: BTreeSet<Month> = ground.policy.release.calendar.regular(home).months().collect();
        let system = System::load(ground.site.root()).map_err(BeginError::from)?;
        let pipelines = load_pipelines(&ground.site, ground.policy.release.titles, system.as_ref())?;
        for pipeline in
            pipelines.iter().filter(|one| one.declaration.kind == kind && one.declaration.side.is_released())
        {
            let staged = staging::months_in(&ground.site, pipeline.name(), home);
            months.extend(staged.map_err(|error| Refusal::Plain(error.to_string()))?);
            let folder = staging::folder(pipeline.name(), home);
            if ground.site.at(&folder).exists() {
                ends.removals.insert(folder);
            }
        }
        ends.removals.insert(pseudonym_path(kind, home));
        ends.closed = months.iter().copied().filter(|month| !ground.memory.is_final(kind, *month)).collect();
        let calendar = ground.policy.release.calendar;
        let of_years: BTreeSet<Month> = ends.closed.iter().map(|month| calendar.year(*month).first).collect();
        ends.end_years(ground, |first| of_years.contains(&first))?;
        Ok(ends)
    }

    /// What is remembered of these years goes, with its key.
    fn end_years(&mut self, ground: &Ground, ends: impl Fn(Month) -> bool) -> Result<(), Refusal> {
        let all = years::load(&ground.site, self.kind).map_err(|error| Refusal::Plain(error.to_string()))?;
        for (first, so_far) in all.into_iter().filter(|(first, _)| ends(*first)) {
            self.removals.insert(years::path(self.kind, so_far.year));
            if ground.keys.year(self.kind, first).is_some() {
                self.removals.insert(year_path(self.kind, first));
            }
            self.untold.insert(first);
        }
        Ok(())
    }

    fn carry_out(&mut self, ground: &Ground, pending: &mut Pending<'_>, memory: &mut Memory) -> Result<(), Refusal> {
        for path in &self.removals {
            pending.remove(path)?;
        }
        let why = format!("its key was destroyed on {}", ground.day);
        for month in &self.closed {
            let closed = Final { sequence: ground.sequence(), rows: 0, closed: Some(why.clone()), by_hand: true };
            memory.released.entry(self.kind).or_default().insert(*month, closed);
        }
        let calendar = ground.policy.release.calendar;
        let untold = self.untold.iter().flat_map(|first| calendar.year(*first).months());
        memory.untold.entry(self.kind).or_default().extend(untold);
        memory.untold.retain(|_, months| !months.is_empty());
        Ok(())
    }
}

fn no_such_key(key: &str) -> Refusal {
    Refusal::Plain(format!("the site has no key {key}: `afterloan key list` lists them. Nothing was done"))
}
