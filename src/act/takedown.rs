//! The takedown: published files are withdrawn, what is made of all periods is made anew without them, and the ledger says who did
//! it, why, and what went. Their period stays final: nothing of it is ever published again.
//!
//! What goes is whole: a period of a table, or of a part of the dataset. With the trunk of a period's dataset its leaves go,
//! since only beside it can anybody audit them. It takes nothing back from who has a copy.

mod asked;

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use super::begin::Ground;
use super::by_hand::{self, said};
use super::end::made_anew;
use super::refusal::Refusal;
use crate::evidence::ledger::{self, Act, LedgerError, Takedown, covers, standing};
use crate::release::Publics;
use crate::state::commit::{Hook, Pending};
use crate::state::site::Site;
use crate::words::Digest;

#[derive(Debug, Serialize)]
pub struct TakenDown {
    /// Folders that are gone, a period of a table each, relative to the site.
    pub folders: Vec<String>,
    /// Its number in the ledger, and the ledger's new head.
    pub sequence: u64,
    pub head: Digest,
}

/// What would go: folders, a period of a table each. Nothing is changed.
pub fn would_take_down(site: &Site, paths: &[String]) -> Result<Vec<String>, Refusal> {
    let lines = ledger::read(&site.ledger()).map_err(|error: LedgerError| Refusal::from(error))?;
    Ok(asked::folders(site, &standing(&lines, "public"), paths)?.into_iter().collect())
}

/// Withdraws what is asked for.
pub fn take_down(
    site: &Site,
    now: Timestamp,
    paths: &[String],
    (by, why): (&str, &str),
    hook: Hook<'_>,
) -> Result<TakenDown, Refusal> {
    let (by, why) = (said("the name", by)?, said("the reason", why)?);
    let ground = Ground::of(site, now, hook)?;
    let stands = standing(&ground.lines, "public");
    let folders = asked::folders(site, &stands, paths)?;
    let head = by_hand::commit(&ground, hook, |pending, memory| {
        let below = |folder: &String| folder.trim_start_matches("public/").to_owned();
        memory.taken_down.extend(folders.iter().map(below));
        for folder in &folders {
            pending.remove(folder)?;
        }
        let (public, added) = (site.at("public"), pending.folder("public")?);
        let publics = Publics::of([&*public, &*added]).without(folders.iter().map(below));
        made_anew(&ground.policy, pending, publics, (&public, &added))?;
        remove_stale(&stands, &folders, &added, pending)?;
        Ok(Act::Takedown(Takedown { by, why }))
    })?;
    Ok(TakenDown { folders: folders.into_iter().collect(), sequence: ground.sequence(), head })
}

/// What was made of periods and isn't made any more: a series or a page of which nothing is left.
fn remove_stale(
    stands: &BTreeSet<&str>,
    folders: &BTreeSet<String>,
    added: &Path,
    pending: &mut Pending<'_>,
) -> Result<(), Refusal> {
    let goes = |file: &str| folders.iter().any(|folder| covers(folder, file));
    for file in stands.iter().filter(|file| !asked::is_of_period(file) && !goes(file)) {
        let is_made = file.strip_prefix("public/").is_some_and(|file| added.join(file).exists());
        if !is_made {
            pending.remove(file)?;
        }
    }
    Ok(())
}
