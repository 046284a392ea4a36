//! The first floor of a night: lock, modes, what a killed run left, policy, pipelines, keys, hold register, memory, clock. What
//! is wrong here stops everything and changes nothing. What comes of it is [`Tonight`].

pub(super) mod deleting;
mod error;
pub(super) mod evidence_holds;
mod footing;
mod ground;
pub(super) mod known_to_state;
mod live_system;
pub(super) mod memory;
mod pipelines;
mod together;
mod tonight;
pub(super) mod withdrawing;

use jiff::Timestamp;

pub use error::BeginError;
pub use footing::Footing;
pub use ground::Ground;
pub use live_system::LiveSystem;
pub use pipelines::load_pipelines;
pub use together::check_together;
pub use tonight::Tonight;

use self::evidence_holds::{check_evidence, check_memory};
use self::memory::Memory;
use super::options::Options;
use crate::evidence::ledger;
use crate::live::System;
use crate::pipeline::Pipeline;
use crate::policy::{Policy, Standing};
use crate::state::commit::{Hook, Pending, leftover, no_hook, recover};
use crate::state::json;
use crate::state::keys::Keys;
use crate::state::lock::Lock;
use crate::state::register::Register;
use crate::state::scratch::{Scratch, remove_abandoned};
use crate::state::site::{Site, check_owner};
use crate::words::Day;

/// Begins a run. The lock is held until it is dropped.
pub fn begin(site: &Site, options: Options, hook: Hook<'_>) -> Result<(Lock, Tonight), BeginError> {
    check_owner(site)?;
    check_environment()?;
    site.check_modes()?;
    let lock = Lock::take(site)?;
    remove_abandoned(site);
    recover(site, hook)?;
    let tonight = stand(site, options)?;
    if options.as_of > options.now {
        return Err(BeginError::AheadOfClock { as_of: options.as_of, now: options.now });
    }
    // By the clock: an as-of of before doesn't bring an authorization back.
    let today = Day::from_date(tonight.policy.timezone.to_datetime(options.now).date());
    match tonight.policy.authority.on(today) {
        Standing::Missing => Err(BeginError::Unauthorized),
        Standing::Expired { on } => Err(BeginError::Expired { on }),
        Standing::Good | Standing::Ends { .. } => Ok((lock, tonight)),
    }
}

/// Begins to look: a plan, an explanation. It takes no lock, so it stops no run, and leaves what a killed run left; `Footing`
/// tells afterwards whether a run changed meanwhile what was read.
pub fn look(site: &Site, options: Options) -> Result<(Scratch, Tonight), BeginError> {
    // It writes a folder of its own.
    check_owner(site)?;
    check_environment()?;
    site.check_modes()?;
    if let Some(left) = leftover(site)?
        && left.in_ledger
    {
        return Err(BeginError::UnfinishedRun(left.sequence));
    }
    let tonight = stand(site, options)?;
    Ok((Scratch::make(site)?, tonight))
}

fn check_environment() -> Result<(), BeginError> {
    let Some((name, _)) = std::env::vars_os().find(|(name, _)| name.to_string_lossy().starts_with("POLARS_OOC")) else {
        return Ok(());
    };
    let name = name.to_string_lossy();
    Err(BeginError::Plain(format!("{name} is set: Polars would write plain temporary files. Unset it")))
}

/// What a night stands on, and that it holds.
fn stand(site: &Site, options: Options) -> Result<Tonight, BeginError> {
    let tonight = look_around(site, options)?;
    check_memory(&tonight.memory, tonight.sequence)?;
    check_evidence(&tonight.site, &tonight.keys)?;
    Ok(tonight)
}

/// The folder in which a run is prepared.
pub fn pending<'h>(tonight: &Tonight, hook: Hook<'h>) -> Result<Pending<'h>, BeginError> {
    Pending::begin(&tonight.site, tonight.sequence, hook).map_err(|error| {
        // A part of the run's folder may be there.
        let _ = recover(&tonight.site, &no_hook);
        error.into()
    })
}

/// What stands before a single export is read, without the lock: for who only looks, and leaves what a killed run left.
pub fn look_around(site: &Site, options: Options) -> Result<Tonight, BeginError> {
    site.check_modes()?;
    let policy = Policy::load(&site.policy())?;
    let system = System::load(site.root())?;
    let pipelines = load_pipelines(site, policy.release.titles, system.as_ref())?;
    check_together(&policy, &pipelines)?;
    let keys = Keys::load(site)?;
    // Before it is read: a hold that is placed in between isn't the one that was read.
    let register_was = tonight::register_digest(site, &keys);
    let register = Register::load(site, &keys)?;
    let register_was = register_was?;
    let lines = ledger::read(&site.ledger())?;
    let memory_path = site.at(memory::PATH);
    let memory: Memory = if memory_path.exists() { json::load(&memory_path, 1)? } else { Memory::default() };
    register.check_extends(memory.holds.as_ref(), site)?;
    check_sides(&pipelines, &memory)?;
    let sequence = ledger::next_sequence(&lines);
    if let Some(last) = &memory.as_of
        && last.parse::<Timestamp>().is_ok_and(|last| options.as_of < last)
    {
        return Err(BeginError::BeforeLastRun { as_of: options.as_of, last: last.clone() });
    }
    let day = Day::from_date(policy.timezone.to_datetime(options.as_of).date());
    let head = ledger::head(&lines);
    let site = site.clone();
    Ok(Tonight {
        site,
        options,
        day,
        policy,
        pipelines,
        keys,
        register,
        register_was,
        memory,
        head,
        sequence,
        live: system.map(LiveSystem::new),
    })
}

/// What is known of a pipeline's ids is about one side.
fn check_sides(pipelines: &[Pipeline], memory: &Memory) -> Result<(), BeginError> {
    for pipeline in pipelines {
        let (name, side) = (pipeline.name(), pipeline.declaration.side);
        if let Some(known) = memory.pipelines.get(name).filter(|known| known.side != side) {
            return Err(BeginError::Plain(format!(
                "pipeline {name} severs the {side} and severed the {} before: what state/ knows of its ids is about that. \
                 Give it another name",
                known.side
            )));
        }
    }
    Ok(())
}
