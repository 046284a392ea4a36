//! Legal holds are placed and released. Each is an act of the register alone: the ledger has no entry of it, since whoever reads
//! `reports/` would know by it that there is a hold. The next run remembers the register's head, and the ledger has the keyed
//! digest of what a run remembers.
//!
//! It waits for no run: see [`crate::state::register::HoldsLock`]. Nothing outside `state/` changes.

mod meet;

use jiff::Timestamp;

pub use self::meet::Meeting;

use self::meet::look_up;
use super::begin::BeginError;
use super::begin::memory::{self, Memory};
use super::refusal::Refusal;
use crate::state::disk;
use crate::state::json;
use crate::state::keys::Keys;
use crate::state::register::{
    Act, Fault, Hold, HoldsLock, Names, Patron, Placed, Register, RegisterError, Scope, Trigger, Withdrawn, WriteHook,
    append, normal,
};
use crate::state::site::{Site, check_owner};
use crate::words::Day;

/// What is asked for. It doesn't print.
pub struct Asked {
    pub matter: String,
    pub trigger: Trigger,
    pub by: String,
    pub until: Option<Day>,
    /// Cards, logins, e-mail addresses, patron numbers.
    pub patrons: Option<Vec<String>>,
    /// The rest of the scope.
    pub scope: Scope,
}

/// What became of it. It says nothing of what was asked.
#[derive(Debug, serde::Serialize)]
pub struct PlacedHold {
    /// Since when it is in force, RFC 3339.
    pub since: String,
    /// Of each identifier, in the order in which they were given.
    pub patrons: Vec<Meeting>,
    /// Why patron records couldn't be read, in sentences.
    pub unread: Vec<String>,
    /// Lists that were made without it, and are carried out by hand.
    pub worklists: Vec<String>,
    /// Whether a run was at work.
    pub run_at_work: bool,
    /// Holds that were written by hand, and are taken over.
    pub taken_over: usize,
}

/// Places a hold.
pub fn place(site: &Site, asked: &Asked, now: Timestamp, hook: WriteHook<'_>) -> Result<PlacedHold, Refusal> {
    let keys = stand(site)?;
    let register = register(site, &keys)?;
    check(&register, asked)?;
    let (over, mut unread) = taken_over(site, &keys, &register, now);
    let mut scope = asked.scope.clone();
    let mut meetings = Vec::new();
    if let Some(named) = &asked.patrons {
        let looked = look_up(site, &Names::of(&keys), named, now);
        unread.extend(looked.unread);
        let (patrons, met) = looked.met.into_iter().unzip();
        (scope.patrons, meetings) = (Some(patrons), met);
    }
    let Asked { matter, trigger, by, until, .. } = asked;
    let (matter, by) = (matter.trim().to_string(), by.trim().to_string());
    let placed = Placed { matter, trigger: *trigger, note: None, by, since: None, until: *until, scope };
    let taken = over.len();
    let acts = over.into_iter().chain([Act::Placed(Box::new(placed))]).collect();
    add(site, &keys, &register, acts, now, hook)?;
    unread.sort();
    unread.dedup();
    Ok(PlacedHold {
        since: now.to_string(),
        patrons: meetings,
        unread,
        worklists: standing(site),
        run_at_work: disk::names(&site.state()).is_ok_and(|names| names.iter().any(|name| name.starts_with("run-"))),
        taken_over: taken,
    })
}

/// Releases a hold. Both stay in the register.
pub fn release(
    site: &Site,
    matter: &str,
    by: &str,
    why: &str,
    now: Timestamp,
    hook: WriteHook<'_>,
) -> Result<(), Refusal> {
    let keys = stand(site)?;
    let register = register(site, &keys)?;
    let named = |hold: &&Hold| normal(&hold.matter) == normal(matter);
    let Some(hold) = register.holds().iter().find(named) else {
        return Err(plain(
            "there is no hold of that matter: `afterloan hold list` shows how each is written. Nothing was changed",
        ));
    };
    if hold.released.is_some() {
        return Err(plain("that matter was released before. Nothing was changed"));
    }
    let (over, _) = taken_over(site, &keys, &register, now);
    let text = |text: &str| text.trim().to_string();
    let released = Withdrawn { matter: hold.matter.clone(), by: text(by), why: Some(text(why)), since: None };
    let acts = over.into_iter().chain([Act::Released(released)]).collect();
    add(site, &keys, &register, acts, now, hook)
}

/// All holds that were ever placed, in their order.
pub fn list(site: &Site) -> Result<Vec<Hold>, Refusal> {
    let keys = stand(site)?;
    Ok(register(site, &keys)?.holds().to_vec())
}

/// Whose the site is, and its keys.
fn stand(site: &Site) -> Result<Keys, Refusal> {
    check_owner(site).map_err(BeginError::from)?;
    site.check_modes().map_err(BeginError::from)?;
    Ok(Keys::load(site).map_err(BeginError::from)?)
}

/// The register, held against what the last run remembers of it.
fn register(site: &Site, keys: &Keys) -> Result<Register, Refusal> {
    let register = Register::load(site, keys).map_err(BeginError::from)?;
    let memory = memory(site).map_err(BeginError::from)?;
    register.check_extends(memory.holds.as_ref(), site).map_err(BeginError::from)?;
    Ok(register)
}

fn memory(site: &Site) -> Result<Memory, json::JsonError> {
    let path = site.at(memory::PATH);
    if path.exists() { json::load(&path, 1) } else { Ok(Memory::default()) }
}

/// Before anybody is looked up.
fn check(register: &Register, asked: &Asked) -> Result<(), Refusal> {
    let refused = |fault: Fault| plain(format!("the hold {fault}. Nothing was changed"));
    if asked.matter.trim().is_empty() || asked.by.trim().is_empty() {
        return Err(refused(Fault::NotSaid));
    }
    if register.holds().iter().any(|hold| normal(&hold.matter) == normal(&asked.matter)) {
        return Err(plain(
            "there was a hold of that matter already, in force or released: give this one a name of its own, such as a number \
             after it. Nothing was changed",
        ));
    }
    let mut scope = asked.scope.clone();
    if let Some(named) = &asked.patrons {
        if named.iter().any(|name| name.trim().is_empty()) {
            return Err(refused(Fault::EmptyValue));
        }
        // Stands for whoever is looked up.
        let digests = vec![crate::words::Digest([0; 32])];
        scope.patrons = Some(named.iter().map(|_| Patron { digests: digests.clone(), ..Patron::default() }).collect());
    }
    scope.check().map_err(refused)
}

/// Holds that were written by hand, as acts; and why patron records couldn't be read.
fn taken_over(site: &Site, keys: &Keys, register: &Register, now: Timestamp) -> (Vec<Act>, Vec<String>) {
    let mut unread = Vec::new();
    let by_hand = register.named_by_hand();
    let acts = register.taken_over(|place| {
        let named = by_hand.iter().find(|(of, _)| *of == place).map(|(_, named)| *named).unwrap_or_default();
        if named.is_empty() {
            return Vec::new();
        }
        let looked = look_up(site, &Names::of(keys), named, now);
        unread.extend(looked.unread);
        looked.met.into_iter().map(|(patron, _)| patron).collect()
    });
    (acts, unread)
}

/// Adds acts to the register, if it is still the one that was read.
fn add(
    site: &Site,
    keys: &Keys,
    register: &Register,
    acts: Vec<Act>,
    now: Timestamp,
    hook: WriteHook<'_>,
) -> Result<(), Refusal> {
    let lock = HoldsLock::take(site).map_err(BeginError::from)?;
    match append(site, keys, (register, &lock), acts, now, hook) {
        Ok(_) => Ok(()),
        Err(RegisterError::Changed(_)) => {
            Err(plain("somebody else placed or released a hold meanwhile. Nothing was changed; give this again"))
        }
        Err(RegisterError::Refused(fault)) => Err(plain(format!("the hold {fault}. Nothing was changed"))),
        Err(error) => {
            Err(plain(format!("{error}. Whether it counts, `afterloan hold list` tells; if not, give it again")))
        }
    }
}

/// Lists of the last run that a person carries out. What `purge` carries out it looks at itself.
fn standing(site: &Site) -> Vec<String> {
    let Ok(memory) = memory(site) else { return Vec::new() };
    let by_hand = memory
        .pipelines
        .into_values()
        .filter(|known| !known.purged && known.worklists.iter().all(|path| !path.ends_with(super::end::BATCHES)));
    by_hand.flat_map(|known| known.worklists).filter(|path| site.at(path).exists()).collect()
}

fn plain(why: impl Into<String>) -> Refusal {
    Refusal::Plain(why.into())
}
