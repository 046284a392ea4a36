//! One pipeline, from its exports to decided rows in run files.

pub(super) mod inventory;
pub(super) mod join_check;
mod stopped;

use std::path::Path;

use hashbrown::HashSet;
use rayon::prelude::*;

pub use self::stopped::Stopped;

use self::inventory::{Inventory, Part};
use self::join_check::{Strangers, check_held, check_members};
use super::begin::{Tonight, deleting};
use super::log_files;
use super::logs::{self, LogRead, Passing};
use super::progress::Progress;
use crate::cells::{Nulls, TimeFormat};
use crate::export::{Chunks, ExportError, Found};
use crate::leak::Identifiers;
use crate::lookup::{self, Asked, HeldPatrons, Loaded, LookupError, Reading};
use crate::pass::{
    Context, HoldScope, IdRule, LogRun, PassError, Passed, Prepare, PrepareError, RunFileError, RunFiles, Settled,
    Watch, context, pass, settle,
};
use crate::pipeline::{Declaration, Lookup, Pipeline, needed_in};
use crate::state::logs::{LogsError, RetiredLog};
use crate::state::register::Hold;
use crate::words::{Day, Digest};

/// Why a pipeline can't be carried out tonight. The others go on.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    #[error(transparent)]
    Pass(#[from] PassError),
    #[error(transparent)]
    RunFile(#[from] RunFileError),
    #[error("{0}. A pipeline whose own tests fail decides nothing: mend the pipeline or the test")]
    Test(#[from] crate::rehearse::Failure),
    #[error(transparent)]
    Rule(#[from] crate::policy::MissingRule),
    #[error(transparent)]
    Logs(#[from] LogsError),
    #[error(transparent)]
    Strangers(#[from] Strangers),
}

/// An export as it was read.
#[derive(Clone, Debug)]
pub struct ExportRead {
    pub source: String,
    pub found: Found,
    pub records: u64,
    pub digest: Digest,
    /// Of a file of a log: as it was read. An empty one has nothing to read.
    pub log: Option<LogRead>,
}

/// Whence a row comes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Whence {
    /// The name of the source.
    pub part: String,
    /// Which of the files that the source is split into, or of a log's; None: it has but one.
    pub file: Option<String>,
}

impl std::fmt::Display for Whence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{} ({file})", self.part),
            None => f.write_str(&self.part),
        }
    }
}

/// A pipeline's night, decided but for what crosses months.
pub struct Read<'a> {
    pub context: Context<'a>,
    pub passed: Passed,
    pub settled: Settled,
    pub identifiers: Identifiers,
    pub exports: Vec<ExportRead>,
    /// Of each part of the pass, whence it comes.
    pub sources: Vec<Whence>,
    /// Of logs: what was remembered.
    pub retired_logs: Vec<RetiredLog>,
    /// Of logs: files that hold no byte, and their sources.
    pub empty_logs: Vec<(String, Found)>,
    pub undeclared: Vec<String>,
    /// The civil day on which the oldest of its exports was written.
    pub written: Day,
    pub files: RunFiles,
}

/// Reads a pipeline's exports and decides every row.
pub fn read<'a>(
    tonight: &'a Tonight,
    pipeline: &'a Pipeline,
    folder: &Path,
    watch: Watch,
    progress: &(dyn Fn(Progress<'_>) + Sync),
    stage: &mut dyn FnMut(&'static str),
) -> Result<Read<'a>, ReadError> {
    let declaration = &pipeline.declaration;
    let kind = declaration.kind;
    let retention = tonight.policy.rules(kind, declaration.side)?;
    let mut inventory = Inventory::take(
        &tonight.site,
        declaration,
        tonight.options.as_of,
        tonight.options.now,
        deleting::left_over(tonight),
    )?;
    let written = tonight.policy.timezone.to_datetime(inventory.written(tonight.options.as_of)).date();
    let as_log = declaration.is_log().then(|| recognise_logs(tonight, pipeline, &mut inventory)).transpose()?;
    let holds = tonight.register.in_force(tonight.options.as_of);

    stage("lookups");
    let (loaded, held) = load_lookups(tonight, pipeline, &inventory, &holds)?;
    let held = match held_on_rows(declaration, &holds) {
        true => held_in_rows(tonight, pipeline, &inventory, &holds, held)?,
        false => held,
    };
    let source = |part: &Part| &declaration.sources[part.source];
    let log_digest = tonight.keys.digest("log");
    let passing: Vec<Passing> = match &as_log {
        Some(_) => inventory.parts.iter().map(|part| Passing::new(&part.found, &log_digest)).collect(),
        None => Vec::new(),
    };
    let parts = inventory.parts.iter().enumerate().map(|(place, part)| {
        let dialect = declaration.source_dialect(source(part));
        match passing.get(place).cloned() {
            Some(passing) => Chunks::later(move || passing.open(), &dialect),
            None => Chunks::new(part.found.open()?, &dialect),
        }
    });
    let parts = parts.collect::<Result<Vec<_>, ExportError>>()?;

    let mut undeclared: Vec<String> = Vec::new();
    let mut exports = Vec::new();
    let mut identifiers = Identifiers::default();
    let (mut tables, mut asked) = (Vec::new(), Vec::new());
    for ((lookup, files), loaded) in declaration.lookups.iter().zip(&inventory.lookups).zip(loaded) {
        let Some(loaded) = loaded else {
            tables.push(lookup::Table::default());
            continue;
        };
        undeclared.extend(loaded.undeclared.iter().map(|name| format!("{}.{name}", lookup.name)));
        if !loaded.patrons.is_empty() {
            asked.push((lookup.name.as_str(), loaded.patrons));
        }
        identifiers.merge(loaded.identifiers);
        for (found, (records, digest)) in files.iter().zip(loaded.files) {
            let source = lookup.name.clone();
            exports.push(ExportRead { source, found: found.clone(), records, digest, log: None });
        }
        tables.push(loaded.table);
    }

    let (log, retired_logs, empty_logs) = match as_log {
        Some((log, retired, empty)) => (Some(log), retired, empty),
        None => (None, Vec::new(), Vec::new()),
    };
    stage("pass");
    let mut context = Context::new(Prepare {
        declaration,
        retention,
        as_of: tonight.day,
        times: times(tonight, pipeline),
        lookups: tables,
        holds: HoldScope::new(&holds, kind, &held),
        // A log's rows have none.
        ids: id_rule(tonight, pipeline).unwrap_or(IdRule::Integer),
        log,
        mailing: match declaration.mailing {
            Some(_) => tonight.policy.mailing.values().collect(),
            None => Vec::new(),
        },
        keeps_rejected: tonight.policy.rejects.is_some(),
        parts: &parts,
    })?;
    context.watch = watch;
    let files = RunFiles::new(folder);
    progress(Progress::Reading {
        pipeline: pipeline.name(),
        bytes: inventory.parts.iter().map(|part| part.found.bytes).sum(),
    });
    let digest = tonight.keys.digest("export");
    let mut passed =
        pass(&context, &parts, &files, &digest, &|records, bytes| progress(Progress::Read { records, bytes }))?;
    check_members(declaration, &inventory, &parts)?;
    check_held(&context.patrons, asked)?;
    inventory.check_none_arrived(&tonight.site, declaration)?;
    identifiers.merge(std::mem::take(&mut passed.identifiers));
    context.patrons.for_each(|patron| identifiers.add_alone(patron));
    for (place, (part, passed)) in inventory.parts.iter().zip(&passed.parts).enumerate() {
        let log = passing.get(place).map(|passing| passing.read(parts[place].lines()));
        exports.push(ExportRead {
            source: source(part).part.clone(),
            found: part.found.clone(),
            records: passed.records,
            digest: log.map(|log| log.whole).or(passed.digest).unwrap_or(Digest([0; 32])),
            log,
        });
    }
    for (part, chunks) in inventory.parts.iter().zip(&parts) {
        let names = context::undeclared(declaration, chunks);
        undeclared.extend(names.iter().map(|name| format!("{}.{name}", source(part).part)));
    }
    let is_split = |place| inventory.parts.iter().filter(|part| part.source == place).count() > 1;
    let whence = |part: &Part| Whence {
        part: source(part).part.clone(),
        file: (declaration.is_log() || is_split(part.source)).then(|| part.found.name()),
    };
    let sources = inventory.parts.iter().map(whence).collect();
    undeclared.sort_unstable();
    undeclared.dedup();
    stage("settle");
    let settled = settle(&mut passed, &files, &context)?;
    for list in &mut passed.mailed {
        // Which of two records with one number said yes can't be told.
        list.retain(|patron| !settled.is_repeated(patron.id));
        list.sort_unstable_by_key(|patron| patron.id);
    }
    let written = Day::from_date(written);
    Ok(Read {
        context,
        passed,
        settled,
        identifiers,
        exports,
        sources,
        retired_logs,
        empty_logs,
        undeclared,
        written,
        files,
    })
}

type AsLog = (LogRun, Vec<RetiredLog>, Vec<(String, Found)>);

/// What is known of tonight's logs before a row is read. Takes those that hold no byte out of the inventory.
fn recognise_logs(tonight: &Tonight, pipeline: &Pipeline, inventory: &mut Inventory) -> Result<AsLog, ReadError> {
    let known = tonight.memory.pipelines.get(pipeline.name()).map_or(0, |memory| memory.logs);
    let retired = crate::state::logs::load(&tonight.site, pipeline.name(), known)?;
    let (mut heads, mut empty) = (Vec::new(), Vec::new());
    for part in std::mem::take(&mut inventory.parts) {
        let head = logs::head(&part.found)?;
        match head.is_empty() {
            true => empty.push((pipeline.declaration.sources[part.source].part.clone(), part.found)),
            false => {
                heads.push(head);
                inventory.parts.push(part);
            }
        }
    }
    let files: Vec<&Found> = inventory.parts.iter().map(|part| &part.found).collect();
    let digest = tonight.keys.digest("log");
    let written = |found: &Found| log_files::written(tonight, found);
    let run = logs::recognise(&files, &heads, &retired, (tonight.sequence, &digest), written)?;
    Ok((run, retired, empty))
}

/// How the ids of a pipeline's transactions are read. None: they have none.
pub fn id_rule(tonight: &Tonight, pipeline: &Pipeline) -> Option<IdRule> {
    let id = pipeline.declaration.columns.transaction.as_ref()?;
    Some(IdRule::new(id.r#type, tonight.keys.digest("transaction id")))
}

fn times(tonight: &Tonight, pipeline: &Pipeline) -> TimeFormat {
    TimeFormat::new(pipeline.declaration.read.datetime.patterns(), tonight.policy.timezone.clone())
}

fn load_lookups(
    tonight: &Tonight,
    pipeline: &Pipeline,
    inventory: &Inventory,
    holds: &[&Hold],
) -> Result<(Vec<Option<Loaded>>, HeldPatrons), LookupError> {
    let wanted: HashSet<Vec<u8>> = HoldScope::identifiers(holds);
    let pairs: Vec<_> = pipeline.declaration.lookups.iter().zip(&inventory.lookups).collect();
    let load = |(lookup, files): &(&Lookup, &Vec<Found>)| match files.is_empty() {
        true => Ok(None),
        false => load_lookup(tonight, pipeline, lookup, files, &wanted).map(Some),
    };
    let loaded = pairs.par_iter().map(load).collect::<Result<Vec<_>, _>>()?;
    let mut held = HeldPatrons::default();
    for one in loaded.iter().flatten() {
        held.patrons.extend(one.held.patrons.iter().cloned());
        held.met.extend(one.held.met.iter().cloned());
    }
    Ok((loaded, held))
}

/// Loads one lookup; `wanted` are the identifiers that legal holds name.
pub(super) fn load_lookup(
    tonight: &Tonight,
    pipeline: &Pipeline,
    lookup: &Lookup,
    files: &[Found],
    wanted: &HashSet<Vec<u8>>,
) -> Result<Loaded, LookupError> {
    let declaration = &pipeline.declaration;
    let reading = Reading {
        null: &Nulls::new(&declaration.read.null),
        decimal: declaration.read.decimal as u8,
        nobody: &declaration.columns.nobody,
        times: &times(tonight, pipeline),
        patron: &declaration.columns.patron,
        plausible: context::plausible(declaration, tonight.day),
        held: wanted,
        held_numbers: &HashSet::new(),
    };
    let dialect = declaration.lookup_dialect(lookup);
    let needed = needed_in(declaration, lookup);
    lookup::load(&Asked { lookup, dialect, needed }, files, &reading, tonight.keys.digest("export"))
}

/// Whether a legal hold names identifiers that stand on the transactions themselves, or patrons whom a log may name otherwise.
fn held_on_rows(declaration: &Declaration, holds: &[&Hold]) -> bool {
    let any = |names: fn(&Hold) -> bool| holds.iter().any(|hold| names(hold));
    !declaration.columns.identifiers.is_empty() && any(|hold| hold.scope.identifiers.is_some())
        || declaration.is_log() && any(|hold| hold.scope.patron_ids.is_some())
}

/// Looks for the held identifiers on all transactions first: a patron who is met on one row is held on all.
fn held_in_rows(
    tonight: &Tonight,
    pipeline: &Pipeline,
    inventory: &Inventory,
    holds: &[&Hold],
    mut held: HeldPatrons,
) -> Result<HeldPatrons, LookupError> {
    let declaration = &pipeline.declaration;
    let columns = &declaration.columns;
    let null = Nulls::new(&declaration.read.null);
    let times = times(tonight, pipeline);
    let wanted = HoldScope::identifiers(holds);
    let numbers = HoldScope::patron_numbers(holds);
    held.numbers_met = declaration.is_log().then(HashSet::new);
    let reading = Reading {
        null: &null,
        decimal: declaration.read.decimal as u8,
        nobody: &declaration.columns.nobody,
        times: &times,
        patron: &columns.patron,
        plausible: context::plausible(declaration, tonight.day),
        held: &wanted,
        held_numbers: &numbers,
    };
    for part in &inventory.parts {
        let dialect = declaration.source_dialect(&declaration.sources[part.source]);
        lookup::held_on_rows(&part.found, &dialect, &reading, &columns.identifiers, &mut held)?;
    }
    Ok(held)
}
