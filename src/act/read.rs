//! One pipeline, from its exports to decided rows in run files.

pub(super) mod inventory;
pub(super) mod join_check;
pub(super) mod met;
mod stopped;

use std::path::Path;

pub use self::stopped::Stopped;

use self::inventory::{Inventory, Part, Places};
use self::join_check::{Strangers, check_held, check_members, strange_keys};
use self::met::{Join, NoneMeets, check_met, joins, vanished};
use super::begin::{Tonight, deleting};
use super::fault::Fault;
use super::logs::repeats::{Repeat, repeats};
use super::logs::{self, LogRead, Passing};
use super::progress::Progress;
use crate::export::{Chunks, ExportError, Found};
use crate::leak::Identifiers;
use crate::lookup::{Asked, LookupFiles, LookupsRead};
use crate::pass::{
    self, AbsentAsked, Context, DateCount, Digests, Exports, IdRule, LogRun, NoOwnNumber, PassError, Passed, Prepare,
    PrepareError, Ready, RunFileError, RunFiles, Settled, Watch, check_own_number, pass, settle,
};
use crate::pipeline::{Declaration, Pipeline, patrons_lookup};
use crate::policy::Retention;
use crate::state::absent::{self, Absent, AbsentError};
use crate::state::logs::{Cutter, LogsError, RetiredLog};
use crate::state::met::MetError;
use crate::state::register::Names;
use crate::words::{Day, Digest};

/// Why a pipeline can't be carried out tonight. The others go on.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Export(#[from] ExportError),
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
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error(transparent)]
    Met(#[from] MetError),
    #[error(transparent)]
    NoneMeets(#[from] NoneMeets),
    #[error(transparent)]
    NoOwnNumber(#[from] NoOwnNumber),
    #[error(transparent)]
    Absent(#[from] AbsentError),
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

/// Of a pipeline of logs, what isn't among the exports with rows.
pub struct LogsRead {
    /// What was remembered.
    pub retired: Vec<RetiredLog>,
    /// Files that hold no byte, and their sources.
    pub empty: Vec<(String, Found)>,
    /// Of each file of a log what it repeats of another.
    pub repeats: Vec<Option<Repeat>>,
}

/// A pipeline's night, decided but for what crosses months.
pub struct Read<'a> {
    pub context: Context<'a>,
    pub passed: Passed,
    pub settled: Settled,
    /// The lookups that decide by having no row.
    pub joins: Vec<Join>,
    pub identifiers: Identifiers,
    pub exports: Vec<ExportRead>,
    /// Of each part of the pass, whence it comes.
    pub sources: Vec<Whence>,
    pub logs: LogsRead,
    /// Since when patrons have been missing, as it is to be remembered; none: nothing can be said, or nobody asks.
    pub absent: Option<Absent>,
    pub undeclared: Vec<String>,
    /// Of lookups, in sentences: keys that can't be read.
    pub doubts: Vec<String>,
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
    let mut prepare = prepare(tonight, pipeline)?;
    prepare.watch = watch;
    let mut taken = Taken::take(tonight, pipeline)?;

    stage("lookups");
    let Ready { prepared, parts, lookups } = prepare.ready(taken.exports(declaration))?;

    stage("pass");
    let bytes = taken.inventory.parts.iter().map(|part| part.found.bytes).sum();
    progress(Progress::Reading { pipeline: pipeline.name(), bytes });
    let passed = pass(&prepared, &parts, folder, &|records, bytes| progress(Progress::Read { records, bytes }))?;
    let (mut passed, vocabulary, files) = passed;
    check_members(declaration, &taken.inventory, &parts)?;
    let asked = lookups.asked.iter().map(|(place, patrons)| (&*declaration.lookups[*place].name, patrons));
    check_held(&vocabulary.patrons, asked)?;
    taken.inventory.check_none_arrived(&tonight.site, declaration)?;

    stage("settle");
    let joins = joins(tonight, pipeline, std::mem::take(&mut passed.met))?;
    // Where no transaction is there, none can be retired.
    let records: u64 = passed.parts.iter().map(|part| part.records).sum();
    if records > 0 {
        check_met(pipeline, &joins)?;
    }
    let repeats = taken.repeats(&parts, prepared.log());
    passed.logs.parts.iter_mut().zip(&repeats).for_each(|(log, repeat)| log.repeats = repeat.is_some());
    let settled = settle(&mut passed, &files, &prepared, vanished(&joins))?;
    check_own_number(declaration, settled.of_reused_numbers(), records)?;
    settle_mailing(&settled, &mut passed);
    let cells = lookups.cells.iter().map(|(name, count)| {
        (name.clone(), DateCount { set: count.set, unreadable: count.unreadable, ..DateCount::default() })
    });
    passed.dates.extend(cells);
    let absent = prepared.remembered_absent(&passed.absent, vocabulary.patrons.len());
    let exports = taken.exports_read(declaration, &lookups, &parts, &passed);
    let doubts = strange_keys(declaration, &lookups.keys);
    let undeclared = taken.undeclared(declaration, lookups.undeclared, &parts);
    let mut identifiers = lookups.identifiers;
    identifiers.merge(std::mem::take(&mut passed.identifiers));
    vocabulary.patrons.for_each(|patron| identifiers.add_alone(patron));
    Ok(Read {
        context: Context::new(prepared, vocabulary),
        passed,
        settled,
        joins,
        identifiers,
        exports,
        sources: taken.sources(declaration),
        logs: LogsRead { retired: taken.retired_logs, empty: taken.empty_logs, repeats },
        absent,
        undeclared,
        doubts,
        written: taken.written,
        files,
    })
}

/// Which of two records with one number said yes can't be told: neither is on a list.
fn settle_mailing(settled: &Settled, passed: &mut Passed) {
    let Settled::Snapshot(snapshot) = settled else { return };
    for list in &mut passed.mailed {
        list.retain(|patron| !snapshot.is_repeated(patron.id));
        list.sort_unstable_by_key(|patron| patron.id);
    }
}

/// By what a pipeline is decided tonight.
fn prepare<'a>(tonight: &'a Tonight, pipeline: &'a Pipeline) -> Result<Prepare<'a>, ReadError> {
    let declaration = &pipeline.declaration;
    let retention = tonight.policy.rules(declaration.kind, declaration.side)?;
    Ok(Prepare {
        declaration,
        retention,
        as_of: tonight.day,
        timezone: tonight.policy.timezone.clone(),
        digests: Digests { exports: tonight.keys.digest("export"), ids: tonight.keys.digest("transaction id") },
        holds: tonight.register.in_force(tonight.options.as_of),
        names: Names::of(&tonight.keys),
        mailing: tonight.policy.mailing.values().collect(),
        keeps_rejected: tonight.policy.rejects.is_some(),
        watch: Watch::None,
        absent: absent_asked(tonight, pipeline, retention)?,
    })
}

/// What is asked of the export of patrons, where the policy ends what a missing patron leaves.
fn absent_asked(
    tonight: &Tonight,
    pipeline: &Pipeline,
    retention: Retention,
) -> Result<Option<AbsentAsked>, ReadError> {
    let Some(lookup) = retention.absent_patron.and_then(|_| patrons_lookup(&pipeline.declaration)) else {
        return Ok(None);
    };
    let known = tonight.memory.pipelines.get(pipeline.name());
    let name = &pipeline.declaration.lookups[lookup].name;
    Ok(Some(AbsentAsked {
        lookup,
        rows_before: known.and_then(|known| known.lookups.get(name).copied()),
        since: absent::load(&tonight.site, pipeline.name())?,
        digest: tonight.keys.digest("absent patron"),
    }))
}

/// The files of a pipeline that are read tonight.
struct Taken {
    inventory: Inventory,
    /// The civil day on which the oldest of them was written.
    written: Day,
    /// Of logs: what is known of those that are read, and the bytes of each as they pass.
    log: Option<LogRun>,
    passing: Vec<Passing>,
    retired_logs: Vec<RetiredLog>,
    empty_logs: Vec<(String, Found)>,
}

impl Taken {
    fn take(tonight: &Tonight, pipeline: &Pipeline) -> Result<Taken, ReadError> {
        let options = tonight.options;
        let gone = deleting::left_over(tonight);
        let inventory = Inventory::take(Places::of(tonight), &pipeline.declaration, options.as_of, gone)?;
        let written = tonight.policy.timezone.to_datetime(inventory.written(options.as_of)).date();
        let mut taken = Taken {
            inventory,
            written: Day::from_date(written),
            log: None,
            passing: Vec::new(),
            retired_logs: Vec::new(),
            empty_logs: Vec::new(),
        };
        if pipeline.declaration.is_log() {
            taken.recognise_logs(tonight, pipeline)?;
        }
        Ok(taken)
    }

    /// What is known of tonight's logs before a row is read. Takes those that hold no byte out of the inventory.
    fn recognise_logs(&mut self, tonight: &Tonight, pipeline: &Pipeline) -> Result<(), ReadError> {
        let known = tonight.memory.pipelines.get(pipeline.name()).map_or(0, |memory| memory.logs);
        self.retired_logs = crate::state::logs::load(&tonight.site, pipeline.name(), known)?;
        let mut heads = Vec::new();
        for part in std::mem::take(&mut self.inventory.parts) {
            let head = logs::head(&part.found)?;
            if head.is_empty() {
                self.empty_logs.push((pipeline.declaration.sources[part.source].part.clone(), part.found));
            } else {
                heads.push(head);
                self.inventory.parts.push(part);
            }
        }
        let files: Vec<&Found> = self.inventory.parts.iter().map(|part| &part.found).collect();
        let digest = tonight.keys.digest("log");
        let written = |found: &Found| tonight.day_written(found);
        self.log = Some(logs::recognise(&files, &heads, &self.retired_logs, (tonight.sequence, &digest), written)?);
        let cutter = Cutter::new(tonight.keys.digest("log lines").finish());
        let declaration = &pipeline.declaration;
        let passing = self.inventory.parts.iter().map(|part| {
            let dialect = declaration.source_dialect(&declaration.sources[part.source]);
            Passing::new(&part.found, &digest, dialect.lines_are_records().then_some(&cutter))
        });
        self.passing = passing.collect();
        Ok(())
    }

    /// How they are opened.
    fn exports<'e>(&'e mut self, declaration: &'e Declaration) -> Exports<'e> {
        let lookups = declaration.lookups.iter().zip(&self.inventory.lookups);
        let part = |(place, part): (usize, &'e Part)| {
            let dialect = declaration.source_dialect(&declaration.sources[part.source]);
            match self.passing.get(place).cloned() {
                Some(passing) => pass::Part::later(&part.found, dialect, move || passing.open()),
                None => pass::Part::new(&part.found, dialect),
            }
        };
        Exports {
            lookups: lookups
                .map(|(lookup, files)| LookupFiles { asked: Asked::new(declaration, lookup), files })
                .collect(),
            parts: self.inventory.parts.iter().enumerate().map(part).collect(),
            log: self.log.take(),
        }
    }

    /// Of each file of a log what it repeats of another.
    fn repeats(&self, parts: &[Chunks], log: Option<&LogRun>) -> Vec<Option<Repeat>> {
        let Some(run) = log else { return Vec::new() };
        let read = self.passing.iter().zip(parts).map(|(passing, chunks)| passing.read(chunks.lines()));
        repeats(&read.collect::<Vec<_>>(), &self.retired_logs, run)
    }

    /// Every export as it was read: those of lookups first.
    fn exports_read(
        &self,
        declaration: &Declaration,
        lookups: &LookupsRead,
        parts: &[Chunks],
        passed: &Passed,
    ) -> Vec<ExportRead> {
        let mut exports = Vec::new();
        let of_lookups = declaration.lookups.iter().zip(&self.inventory.lookups).zip(&lookups.files);
        for ((lookup, files), read) in of_lookups {
            for (found, (records, digest)) in files.iter().zip(read) {
                let (source, records, digest) = (lookup.name.clone(), *records, *digest);
                exports.push(ExportRead { source, found: found.clone(), records, digest, log: None });
            }
        }
        for (place, (part, passed)) in self.inventory.parts.iter().zip(&passed.parts).enumerate() {
            let log = self.passing.get(place).map(|passing| passing.read(parts[place].lines()));
            exports.push(ExportRead {
                source: declaration.sources[part.source].part.clone(),
                found: part.found.clone(),
                records: passed.records,
                digest: log.as_ref().map(|log| log.whole).or(passed.digest).unwrap_or(Digest([0; 32])),
                log,
            });
        }
        exports
    }

    /// Columns that the pipeline says nothing about, as `export.column`; `all`: those of lookups.
    fn undeclared(&self, declaration: &Declaration, mut all: Vec<String>, parts: &[Chunks]) -> Vec<String> {
        for (part, chunks) in self.inventory.parts.iter().zip(parts) {
            let source = &declaration.sources[part.source].part;
            all.extend(declaration.undeclared(chunks).iter().map(|name| format!("{source}.{name}")));
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whence the rows of each part come.
    fn sources(&self, declaration: &Declaration) -> Vec<Whence> {
        let is_split = |place| self.inventory.parts.iter().filter(|part| part.source == place).count() > 1;
        let whence = |part: &Part| Whence {
            part: declaration.sources[part.source].part.clone(),
            file: (declaration.is_log() || is_split(part.source)).then(|| part.found.name()),
        };
        self.inventory.parts.iter().map(whence).collect()
    }
}

/// How the ids of a pipeline's transactions are read. None: they have none.
pub fn id_rule(tonight: &Tonight, pipeline: &Pipeline) -> Option<IdRule> {
    let id = pipeline.declaration.columns.transaction.as_ref()?;
    Some(IdRule::new(id, tonight.keys.digest("transaction id")))
}
