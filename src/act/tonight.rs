//! How a night begins: lock, modes, what a killed run left, policy, pipelines, keys, hold register, memory, clock. What
//! is wrong here stops everything and changes nothing.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Options;
use super::known_to_state::KnownToState;
use super::mailing;
use super::memory::{self, Memory};
use super::months::MonthError;
use super::stowaways::Stowaways;
use crate::evidence::{ledger, verify};
use crate::pass::RunFileError;
use crate::pipeline::{Lookup, Origin, Pipeline, Source, Treatment};
use crate::policy::Policy;
use crate::state::commit::{CommitError, Hook, leftover, recover};
use crate::state::json;
use crate::state::keys::{Keys, KeysError};
use crate::state::lock::{Lock, LockError};
use crate::state::register::{Register, RegisterError};
use crate::state::rejects::RejectsError;
use crate::state::site::{Site, SiteError};
use crate::toml_file::TomlError;
use crate::words::{Day, Digest, Kind, Side};

/// Why a night did nothing. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Site(#[from] SiteError),
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error(transparent)]
    Toml(#[from] TomlError),
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error("{0}\nWithout a whole hold register nothing may be retired.")]
    Register(#[from] RegisterError),
    #[error(transparent)]
    Json(#[from] json::JsonError),
    #[error(transparent)]
    Ledger(#[from] ledger::LedgerError),
    #[error(transparent)]
    Commit(#[from] CommitError),
    #[error(transparent)]
    Month(MonthError),
    #[error(transparent)]
    RunFile(#[from] RunFileError),
    #[error("{0}")]
    Plain(String),
    #[error(
        "run {0} was killed while it committed, or is not finished. A plan changes nothing, so it leaves that as it is: the \
         next `afterloan run` puts it in order before anything else"
    )]
    UnfinishedRun(u64),
    #[error(
        "as-of {as_of} is later than the clock ({now}): retiring ahead of time is never done. A plan may look ahead"
    )]
    AheadOfClock { as_of: Timestamp, now: Timestamp },
    #[error("as-of {as_of} is earlier than the last run ({last}): time doesn't go back")]
    BeforeLastRun { as_of: Timestamp, last: String },
    #[error(
        "policy.toml names no authorization: records are destroyed only with one. Enter it under [authority] once it is \
         signed; until then a plan shows what a run would do"
    )]
    Unauthorized,
    #[error("{}", changed_words(.accepted, .now, .changed))]
    OtherPlan { accepted: Digest, now: Digest, changed: Vec<&'static str> },
    /// `why`: a line each. `plan`: what a person may accept.
    #[error("nothing was done:{why}")]
    NothingToCommit { why: String, plan: Option<Digest> },
    #[error(transparent)]
    Leak(Stowaways),
    #[error(transparent)]
    Rejects(#[from] RejectsError),
}

impl From<MonthError> for Refusal {
    /// What leads to people is one refusal, whether it was read tonight or staged before.
    fn from(error: MonthError) -> Refusal {
        match error {
            MonthError::Leak(stowaways) => Refusal::Leak(stowaways),
            error => Refusal::Month(error),
        }
    }
}

impl Refusal {
    /// Whether the worklist of the night before has no night any more. A person who accepted another plan, or gave another
    /// time, is at work on it; and what is committed has a worklist of its own.
    pub(super) fn withdraws(&self) -> bool {
        !matches!(
            self,
            Refusal::Lock(_)
                | Refusal::OtherPlan { .. }
                | Refusal::AheadOfClock { .. }
                | Refusal::BeforeLastRun { .. }
                | Refusal::Commit(CommitError::Unfinished(_))
        )
    }

    /// The same, with one more line where there are lines.
    pub(super) fn with_line(self, line: &str) -> Refusal {
        match self {
            Refusal::NothingToCommit { why, plan } => {
                Refusal::NothingToCommit { why: format!("{why}\n  {line}"), plan }
            }
            Refusal::Plain(why) => Refusal::Plain(format!("{why}\n{line}")),
            other => other,
        }
    }

    /// Tonight's plan, where a person could accept it.
    pub fn plan(&self) -> Option<Digest> {
        match self {
            Refusal::OtherPlan { now, .. } => Some(*now),
            Refusal::NothingToCommit { plan, .. } => *plan,
            _ => None,
        }
    }
}

fn changed_words(accepted: &Digest, now: &Digest, changed: &[&str]) -> String {
    format!(
        "the plan that was accepted ({accepted}) is not tonight's: {} changed since.\nTonight's plan is {now}",
        changed.join(", ")
    )
}

/// Everything that stands before a single export is read.
pub struct Tonight {
    pub site: Site,
    pub options: Options,
    pub day: Day,
    pub policy: Policy,
    pub pipelines: Vec<Pipeline>,
    pub keys: Keys,
    pub register: Register,
    pub memory: Memory,
    pub head: Digest,
    pub sequence: u64,
}

/// Begins a night. The lock is held until it is dropped.
pub fn begin(site: &Site, options: Options, commits: bool, hook: Hook<'_>) -> Result<(Lock, Tonight), Refusal> {
    if let Some((name, _)) = std::env::vars_os().find(|(name, _)| name.to_string_lossy().starts_with("POLARS_OOC")) {
        let name = name.to_string_lossy();
        return Err(Refusal::Plain(format!("{name} is set: Polars would write plain temporary files. Unset it")));
    }
    site.check_modes()?;
    let lock = Lock::take(site)?;
    end_what_was_left(site, commits, hook)?;
    let tonight = look_around(site, options)?;
    if tonight.memory.sequence + 1 != tonight.sequence {
        return Err(Refusal::Plain(format!(
            "state/ remembers run {} and the ledger ends with run {}: one of them was put back from a backup. Put back \
             the other of the same night, too",
            tonight.memory.sequence,
            tonight.sequence - 1
        )));
    }
    check_evidence(&tonight)?;
    if commits && options.as_of > options.now {
        return Err(Refusal::AheadOfClock { as_of: options.as_of, now: options.now });
    }
    if commits && tonight.policy.authority.authorization.trim().is_empty() {
        return Err(Refusal::Unauthorized);
    }
    Ok((lock, tonight))
}

/// A run finishes what a killed one left. A plan changes nothing: it throws away what counts for nothing, and leaves what the
/// ledger knows of.
fn end_what_was_left(site: &Site, commits: bool, hook: Hook<'_>) -> Result<(), Refusal> {
    if !commits
        && let Some(left) = leftover(site)?
        && left.in_ledger
    {
        return Err(Refusal::UnfinishedRun(left.sequence));
    }
    recover(site, hook)?;
    Ok(())
}

/// What tonight builds on must be what the run before left: the ledger, and of `state/` what is read.
fn check_evidence(tonight: &Tonight) -> Result<(), Refusal> {
    let known = KnownToState::of(&tonight.site, &tonight.keys);
    let verified = verify::before_adding(tonight.site.root(), &known);
    let Some(first) = verified.problems.first() else { return Ok(()) };
    let more = match verified.problems.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    Err(Refusal::Plain(format!(
        "the evidence doesn't hold, so nothing is added to it: {first}{more}. `afterloan verify` tells all of it; what was \
         changed or lost must be put back from a backup, all of the site as of one night"
    )))
}

/// What stands before a single export is read, without the lock: for who only looks, and leaves what a killed run left.
pub fn look_around(site: &Site, options: Options) -> Result<Tonight, Refusal> {
    site.check_modes()?;
    let policy = Policy::load(&site.policy())?;
    let pipelines = load_pipelines(site)?;
    check_together(&policy, &pipelines)?;
    let keys = Keys::load(site)?;
    let register = Register::load(site)?;
    let lines = ledger::read(&site.ledger())?;
    let memory_path = site.at(memory::PATH);
    let memory: Memory = match memory_path.exists() {
        true => json::load(&memory_path, 1)?,
        false => Memory::default(),
    };
    for pipeline in &pipelines {
        let (name, side) = (pipeline.name(), pipeline.declaration.side);
        if let Some(known) = memory.pipelines.get(name).filter(|known| known.side != side) {
            return Err(Refusal::Plain(format!(
                "pipeline {name} severs the {side} and severed the {} before: what state/ knows of its ids is about that. \
                 Give it another name",
                known.side
            )));
        }
    }
    let sequence = ledger::next_sequence(&lines);
    if let Some(last) = &memory.as_of
        && last.parse::<Timestamp>().is_ok_and(|last| options.as_of < last)
    {
        return Err(Refusal::BeforeLastRun { as_of: options.as_of, last: last.clone() });
    }
    let day = Day::from_date(policy.timezone.to_datetime(options.as_of).date());
    let head = ledger::head(&lines);
    let site = site.clone();
    Ok(Tonight { site, options, day, policy, pipelines, keys, register, memory, head, sequence })
}

/// What policy and pipelines must agree on: a loan that is still open at its month's release reads the top band of its
/// duration, so that band must begin by then; and what the policy accepts in a column must be about a column that there
/// is.
pub fn check_together(policy: &Policy, pipelines: &[Pipeline]) -> Result<(), Refusal> {
    let texts = |pipeline: &Pipeline| -> Vec<String> {
        let published = pipeline.declaration.publish.iter().filter(|publish| publish.is_text());
        published.map(|publish| format!("{}.{}", pipeline.name(), publish.name)).collect()
    };
    policy.check_accepts(&pipelines.iter().flat_map(texts).collect::<Vec<_>>())?;
    let mut readers = pipelines.iter().filter(|pipeline| {
        let origins = pipeline.declaration.sources.iter().map(Source::origin);
        let mut origins = origins.chain(pipeline.declaration.lookups.iter().map(Lookup::origin));
        origins.any(|origin| matches!(origin, Origin::StandardInput))
    });
    if let (Some(one), Some(other)) = (readers.next(), readers.next()) {
        return Err(Refusal::Plain(format!(
            "pipelines {} and {} both read standard input, which can be read once",
            one.name(),
            other.name()
        )));
    }
    check_bills(policy, pipelines)?;
    check_contacts(policy, pipelines)?;
    mailing::check(policy, pipelines)?;
    let last = |kind: Kind| policy.retention.get(&kind).is_some_and(|rules| rules.last_borrower > 0);
    if let Some(log) = pipelines.iter().find(|one| one.declaration.is_log() && last(one.declaration.kind)) {
        let (name, kind) = (log.name(), log.declaration.kind);
        return Err(Refusal::Plain(format!(
            "pipeline {name} reads logs, which are retired whole: `last_borrower` under [retention.{kind}] can't be kept"
        )));
    }
    for pipeline in pipelines {
        for publish in &pipeline.declaration.publish {
            if let Treatment::Duration(edges) = &publish.treatment
                && edges.last().is_some_and(|top| *top > policy.release.settle)
            {
                return Err(Refusal::Plain(format!(
                    "pipeline {}: the top band of `{}` begins after the {} days that policy.toml gives a month to settle: \
                     a loan that is still out would not be in it. Let it begin earlier",
                    pipeline.name(),
                    publish.name,
                    policy.release.settle
                )));
            }
        }
    }
    Ok(())
}

/// A loan asks its bills when they were paid: a bill must know its loan for as long as a loan may ask.
fn check_bills(policy: &Policy, pipelines: &[Pipeline]) -> Result<(), Refusal> {
    let severs = |pipeline: &Pipeline| pipeline.declaration.side == Side::Material;
    let (Some(bill), true) = (policy.retention.get(&Kind::Bill), pipelines.iter().any(severs)) else { return Ok(()) };
    for (kind, rules) in policy.retention.iter().filter(|(kind, _)| **kind != Kind::Bill) {
        let asks = pipelines.iter().any(|pipeline| pipeline.declaration.kind == *kind);
        let short = [("settled", rules.settled, bill.grace, "grace"), ("refund", rules.refund, bill.refund, "refund")];
        let short = short.into_iter().find(|(_, asked, kept, _)| asked > kept);
        if let (true, Some((asked, _, _, kept))) = (asks, short) {
            return Err(Refusal::Plain(format!(
                "policy.toml: `{asked}` of a {kind} is longer than `{kept}` of a bill: the bill would forget the {kind} before \
                 the {kind} is done with it. Let `{kept}` under [retention.bill] be at least as long"
            )));
        }
    }
    Ok(())
}

/// Whoever may still be asked about a transaction must be reached: a patron record keeps its contact data for at least as long
/// as any transaction of hers stays linked after it closed.
fn check_contacts(policy: &Policy, pipelines: &[Pipeline]) -> Result<(), Refusal> {
    let reads = |kind| pipelines.iter().any(|pipeline| pipeline.declaration.kind == kind);
    let Some(contact) = policy.retention.get(&Kind::Contact).filter(|_| reads(Kind::Contact)) else { return Ok(()) };
    for (kind, rules) in policy.retention.iter().filter(|(kind, _)| reads(**kind)) {
        let asked = [("grace", rules.grace_of(None)), ("settled", rules.settled), ("refund", rules.refund)];
        if let Some((key, _)) = asked.into_iter().find(|(_, days)| *days > contact.grace) {
            return Err(Refusal::Plain(format!(
                "policy.toml: `{key}` of a {kind} is longer than `grace` of contact data: the library could no longer write to \
                 whom it still has a question for. Let `grace` under [retention.contact] be at least as long"
            )));
        }
    }
    Ok(())
}

/// Every pipeline of the site, by file name.
pub fn load_pipelines(site: &Site) -> Result<Vec<Pipeline>, Refusal> {
    let folder = site.pipelines();
    let entries = std::fs::read_dir(&folder)
        .map_err(|error| Refusal::Plain(format!("{}: {error}; afterloan needs this folder", folder.display())))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    if paths.is_empty() {
        return Err(Refusal::Plain(format!("{}: no pipeline (*.toml) is there", folder.display())));
    }
    let mut kinds: BTreeMap<(Kind, Side), String> = BTreeMap::new();
    let mut pipelines: Vec<Pipeline> = Vec::new();
    for path in paths {
        let pipeline = Pipeline::load(&path)?;
        if pipelines.iter().any(|other| other.name() == pipeline.name()) {
            return Err(Refusal::Plain(format!("{}: another pipeline has its name", path.display())));
        }
        // A month of a kind is released once, from all its transactions; what another side severs is no month's.
        let (kind, side) = (pipeline.declaration.kind, pipeline.declaration.side);
        if let Some(other) = kinds.insert((kind, side), pipeline.name().into()) {
            let of_side = if side.is_released() { String::new() } else { format!(" and severs the {side}") };
            return Err(Refusal::Plain(format!(
                "{}: pipeline {other} is of kind {kind}{of_side}, too; a site has one pipeline for each kind and side",
                path.display()
            )));
        }
        pipelines.push(pipeline);
    }
    Ok(pipelines)
}
