//! From pipelines to a committed run: what each came to, what holds it, and the files of those that go ahead.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rayon::prelude::*;

use super::brakes::{self, Brake, Seen};
use super::memory::{self, Final, Memory, PipelineMemory, RUNS_REMEMBERED, ToDelete};
use super::months::{Job, NewKey, search_run};
use super::outcome::{Attention, Committed, Outcome, PipelineOutcome, Stopped};
use super::read::{ReadError, read};
use super::tonight::{Refusal, Tonight};
use super::{Progress, Stages, plan_digest, reporting, worklist};
use crate::evidence::ledger::{self, Entry, ExportsDeleted, FileDigest, FileEntry, RunStamp};
use crate::pass::{PassError, Watch};
use crate::pipeline::Pipeline;
use crate::policy::AfterRun;
use crate::state::commit::{CommitError, Pending, PendingFile};
use crate::state::entropy::Entropy;
use crate::state::json;
use crate::treat::pseudonym::PseudonymKey;
use crate::words::{Digest, Totals};

/// A night, worked out.
pub struct Made<'a> {
    pipelines: Vec<PipelineMade<'a>>,
    stopped: Vec<Stopped>,
    brakes: Vec<Brake>,
    accepted: bool,
    digest: Digest,
    /// Something can be committed.
    pub commits: bool,
}

struct PipelineMade<'a> {
    pipeline: &'a Pipeline,
    outcome: PipelineOutcome,
    dates: Vec<(String, memory::Dates)>,
    ids: worklist::Ids,
    decisions: Vec<u8>,
    removals: BTreeSet<String>,
    out: PathBuf,
}

/// Works every pipeline out.
pub fn work<'a>(
    tonight: &'a Tonight,
    pending: &Pending<'_>,
    entropy: &mut (dyn Entropy + Send),
    progress: &(dyn Fn(Progress<'_>) + Sync),
    commits: bool,
    clock: &mut Stages,
) -> Result<Made<'a>, Refusal> {
    let entropy = Mutex::new(entropy);
    let new_key = || PseudonymKey::generate(&mut **entropy.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
    let site_brakes = brakes::on_site(tonight);
    let (mut pipelines, mut stopped) = (Vec::new(), Vec::new());
    for pipeline in &tonight.pipelines {
        let before = brakes::beforehand(&tonight.memory, pipeline.name(), pipeline.digest);
        let held = !(site_brakes.is_empty() && before.is_empty());
        let writes = commits && (tonight.options.accept.is_some() || !held);
        match one(tonight, pipeline, pending, &new_key, progress, writes, clock)? {
            Ok(made) => pipelines.push(made),
            Err(why) => stopped.push(Stopped { pipeline: pipeline.name().into(), why: why.to_string() }),
        }
    }
    clock.begin("brakes");
    let mut brakes = site_brakes;
    for made in &pipelines {
        brakes.extend(brakes::on_pipeline(&tonight.memory, &made.seen()));
    }
    let digest = plan_of(tonight, &pipelines);
    let accepted = match tonight.options.accept {
        None => false,
        Some(accepted) if accepted == digest => true,
        Some(accepted) => {
            let changed = plan_digest::differences(accepted, digest);
            return Err(Refusal::OtherPlan { accepted, now: digest, changed });
        }
    };
    for made in &mut pipelines {
        let holds = |brake: &Brake| brake.pipeline.as_deref().is_none_or(|name| name == made.outcome.name);
        made.outcome.held = !accepted && brakes.iter().any(holds);
    }
    let commits = pipelines.iter().any(|made| !made.outcome.held);
    Ok(Made { pipelines, stopped, brakes, accepted, digest, commits })
}

fn one<'a>(
    tonight: &'a Tonight,
    pipeline: &'a Pipeline,
    pending: &Pending<'_>,
    new_key: &NewKey<'_>,
    progress: &(dyn Fn(Progress<'_>) + Sync),
    writes: bool,
    clock: &mut Stages,
) -> Result<Result<PipelineMade<'a>, ReadError>, Refusal> {
    clock.begin("inventory");
    let name = pipeline.name();
    let folder = pending.pass_folder().join(format!("{name}-rows"));
    let out = pending.pass_folder().join(format!("{name}-made"));
    for folder in [&folder, &out] {
        fs::create_dir(folder).map_err(|error| Refusal::Plain(format!("{}: {error}", folder.display())))?;
    }
    let read = match read(tonight, pipeline, &folder, Watch::None, progress, &mut |stage| clock.begin(stage)) {
        // A full disk stops everybody.
        Err(ReadError::RunFile(error) | ReadError::Pass(PassError::RunFile(error))) => return Err(error.into()),
        Err(error) => return Ok(Err(error)),
        Ok(read) => read,
    };
    clock.begin("leak search");
    let sources = &read.sources;
    if let Some((column, part, line, leak)) = search_run(&read, pipeline) {
        let place = format!("{}, line {line}", sources[part]);
        return Err(Refusal::Leak { pipeline: name.into(), column, place, what: leak.text() });
    }
    clock.begin("months");
    let done = Job::new(tonight, pipeline, &read, writes.then_some(out.as_path()), new_key).run(progress)?;
    let mut outcome = PipelineOutcome {
        name: name.into(),
        kind: pipeline.declaration.kind,
        totals: Totals::default(),
        parts: sources.iter().map(|part| (part.clone(), Totals::default())).collect(),
        held: false,
        rejected: Vec::new(),
        undeclared: read.undeclared.clone(),
        review: 0,
        review_by_need: Default::default(),
        retired_by_month: Default::default(),
        confirmed: 0,
        gone: 0,
        residual: 0,
        new_residual: 0,
        late: 0,
        released: Vec::new(),
        worklist: 0,
        residual_by_nights: Default::default(),
        exports: read.exports.clone(),
        reasons: Default::default(),
        under_legal_hold: 0,
    };
    for (part, passed) in sources.iter().zip(&read.passed.parts) {
        let totals = outcome.parts.entry(part.clone()).or_default();
        let rejected: u64 = passed.rejected.values().map(|(rows, _)| rows).sum();
        totals.read += rejected;
        totals.rejected += rejected;
        for (reason, (rows, lines)) in &passed.rejected {
            outcome.reject(part, *reason, *rows, lines);
        }
    }
    outcome.add_months(sources, &done.months);
    for (part, totals) in &outcome.parts {
        let of_part = sources.iter().zip(&read.passed.parts).filter(|(name, _)| *name == part);
        let records: u64 = of_part.map(|(_, passed)| passed.records).sum();
        // Guarantee 2. The records were counted by their ends; the rows by what became of them.
        if !totals.balance() || totals.read != records {
            return Err(Refusal::Plain(format!(
                "pipeline {name}, {part}: {records} records were counted and {} rows accounted for. Nothing was done; \
                 please report this fault of afterloan",
                totals.read
            )));
        }
    }
    let mut ids = worklist::Ids::new(read.context.ids.is_text());
    let mut decisions = Vec::new();
    for month in done.months {
        decisions.extend(month.digest.iter().flat_map(|digest| digest.0));
        for (height, list) in month.worklist {
            ids.add(height, list);
        }
        ids.add_texts(month.texts);
    }
    let _ = fs::remove_dir_all(&folder);
    let dates = read.passed.dates.iter().map(|(name, count)| (name.clone(), (*count).into())).collect();
    Ok(Ok(PipelineMade { pipeline, outcome, dates, ids, decisions, removals: done.removals, out }))
}

impl PipelineMade<'_> {
    fn seen(&self) -> Seen<'_> {
        let lookups: BTreeSet<&str> =
            self.pipeline.declaration.lookups.iter().map(|lookup| lookup.name.as_str()).collect();
        // A split export counts as one.
        let counts = |lookup: bool| {
            let exports = self.outcome.exports.iter();
            let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
            for export in exports.filter(|export| lookups.contains(export.source.as_str()) == lookup) {
                *counts.entry(&export.source).or_default() += export.records;
            }
            counts.into_iter().collect()
        };
        Seen {
            name: &self.outcome.name,
            declaration: self.pipeline.digest,
            parts: counts(false),
            lookups: counts(true),
            dates: self.dates.iter().map(|(name, dates)| (name.as_str(), *dates)).collect(),
            retired: self.outcome.totals.retired,
            gone: self.outcome.gone,
        }
    }
}

fn plan_of(tonight: &Tonight, pipelines: &[PipelineMade<'_>]) -> Digest {
    let declarations: Vec<u8> = tonight.pipelines.iter().flat_map(|pipeline| pipeline.digest.0).collect();
    let exports = pipelines.iter().flat_map(|made| &made.outcome.exports).flat_map(|export| export.digest.0);
    let exports: Vec<u8> = exports.collect();
    let mut decisions: Vec<u8> = pipelines.iter().flat_map(|made| made.decisions.iter().copied()).collect();
    let mut register = tonight.keys.digest("hold register");
    register.update(tonight.register.bytes());
    decisions.extend(register.finish().0);
    let day = tonight.day.0.to_le_bytes();
    let parts: [&[u8]; 6] = [&tonight.policy.digest.0, &declarations, &tonight.head.0, &exports, &day, &decisions];
    plan_digest::compose(&tonight.keys, parts)
}

impl Made<'_> {
    /// For a plan: what it came to. For a run that can commit nothing: why.
    pub fn refuse_or_show(
        self,
        tonight: &Tonight,
        commits: bool,
        stages: Vec<(&'static str, f64)>,
    ) -> Result<Outcome, Refusal> {
        if commits {
            let mut why: Vec<String> =
                self.stopped.iter().map(|stopped| format!("\n  {}: {}", stopped.pipeline, stopped.why)).collect();
            why.extend(self.brakes.iter().map(|brake| {
                format!("\n  {} is held: {}", brake.pipeline.as_deref().unwrap_or("the site"), brake.why)
            }));
            let next = match self.brakes.is_empty() {
                true => String::new(),
                false => format!(
                    "\nLook at the plan with `afterloan plan`; if it is right: afterloan run --accept {}",
                    self.digest
                ),
            };
            return Err(Refusal::NothingToCommit(why.concat() + &next));
        }
        Ok(self.outcome(tonight, None, stages))
    }

    fn outcome(self, tonight: &Tonight, committed: Option<Committed>, stages: Vec<(&'static str, f64)>) -> Outcome {
        let mut totals = Totals::default();
        let mut attention: Vec<Attention> = Vec::new();
        if !self.accepted {
            attention.extend(self.brakes.iter().map(|brake| Attention {
                pipeline: brake.pipeline.clone(),
                what: format!("it is held until a person accepts the plan: {}", brake.why),
            }));
        }
        for stopped in &self.stopped {
            attention.push(Attention { pipeline: Some(stopped.pipeline.clone()), what: "it is stopped".into() });
        }
        for made in &self.pipelines {
            totals += &made.outcome.totals;
            let known = tonight.memory.pipelines.get(&made.outcome.name);
            attention.extend(made.outcome.attention(known.map_or(&[], |known| &known.undeclared)));
        }
        Outcome {
            digest: self.digest,
            day: tonight.day,
            as_of: tonight.options.as_of.to_string(),
            totals,
            pipelines: self.pipelines.into_iter().map(|made| made.outcome).collect(),
            brakes: self.brakes,
            accepted: self.accepted,
            stopped: self.stopped,
            attention,
            committed,
            stages: stages.into_iter().map(|(stage, seconds)| (stage.to_string(), seconds)).collect(),
        }
    }
}

/// Writes and commits the run, then deletes the exports if the policy says so.
pub fn commit(
    tonight: &Tonight,
    mut pending: Pending<'_>,
    made: Made<'_>,
    mut clock: Stages,
) -> Result<Outcome, Refusal> {
    clock.begin("commit");
    let written = write_all(tonight, &mut pending, &made);
    let (to_delete, json_path, page_path) = match written {
        Ok(written) => written,
        Err(refusal) => {
            pending.discard()?;
            return Err(refusal);
        }
    };
    let head = match seal(tonight, pending, &made, &json_path) {
        Ok(head) => head,
        Err(refusal @ Refusal::Commit(CommitError::Unfinished(_))) => return Err(refusal),
        Err(refusal) => {
            // Not committed: what is left of the run goes, so that the site is as it was.
            let _ = crate::state::commit::recover(&tonight.site, &crate::state::commit::no_hook);
            return Err(refusal);
        }
    };
    delete_exports(tonight, &to_delete);
    let committed = Committed { sequence: tonight.sequence, head, report: json_path, page: page_path };
    let stages = clock.end();
    Ok(made.outcome(tonight, Some(committed), stages))
}

/// Syncs what was written and commits it; returns the ledger's new head.
fn seal(tonight: &Tonight, pending: Pending<'_>, made: &Made<'_>, json_path: &str) -> Result<Digest, Refusal> {
    let prepared = pending.prepare()?;
    let line = entry(tonight, made, prepared.files(), prepared.removals(), json_path)?;
    prepared.seal(&line)?.commit()?;
    Ok(Digest::of(line.as_bytes()))
}

type Written = (Vec<ToDelete>, String, String);

fn write_all(tonight: &Tonight, pending: &mut Pending<'_>, made: &Made<'_>) -> Result<Written, Refusal> {
    let mut memory = tonight.memory.clone();
    memory.sequence = tonight.sequence;
    memory.as_of = Some(tonight.options.as_of.to_string());
    memory.day = Some(tonight.day);
    memory.policy = Some(tonight.policy.digest);
    // A worklist that stands from an earlier night could sever what is needed since: the new one replaces it, and where
    // there is no new one there is none.
    for known in memory.pipelines.values_mut() {
        for path in known.worklists.drain(..) {
            pending.remove(&path)?;
        }
    }
    let mut worklists = Vec::new();
    for one in &made.pipelines {
        if one.outcome.held {
            continue;
        }
        adopt(&one.out, pending)?;
        for path in &one.removals {
            pending.remove(path)?;
        }
        let paths = write_worklists(tonight, pending, one)?;
        remember(&mut memory, tonight, one, &paths);
        worklists.push((one.outcome.name.clone(), paths));
    }
    let (to_delete, deleted) = exports_to_delete(tonight, made);
    memory.exports_deleted = deleted;
    memory.to_delete = to_delete.clone();
    let pipelines: Vec<&PipelineOutcome> = made.pipelines.iter().map(|one| &one.outcome).collect();
    let exact = reporting::report(&reporting::Night {
        tonight,
        digest: made.digest,
        pipelines: &pipelines,
        stopped: &made.stopped,
        brakes: &made.brakes,
        accepted: made.accepted,
        worklists: &worklists,
        to_delete: &to_delete,
        staged: &staged_months(tonight, made)?,
    });
    let wrong = exact.imbalances();
    if !wrong.is_empty() {
        return Err(Refusal::Plain(format!("the report doesn't add up: {}", wrong.join("; "))));
    }
    let staff = exact.for_staff(tonight.policy.release.threshold);
    let plain = |error: serde_json::Error| Refusal::Plain(format!("the report can't be written: {error}"));
    let director = reporting::director(tonight, &pipelines);
    let files = [
        (exact.exact_path(), exact.to_json().map_err(plain)?),
        (staff.json_path(), staff.to_json().map_err(plain)?),
        (staff.page_path(), crate::evidence::page::page(&staff)),
        (format!("state/runs/{:06}-director.json", tonight.sequence), director),
    ];
    for (path, text) in files {
        write(pending, &path, text.as_bytes())?;
    }
    let bytes = json::to_bytes(&memory, &tonight.site.at(memory::PATH))?;
    write(pending, memory::PATH, &bytes)?;
    Ok((to_delete, staff.json_path(), staff.page_path()))
}

fn write(pending: &Pending<'_>, path: &str, bytes: &[u8]) -> Result<(), Refusal> {
    let now_at = pending.file(path)?;
    fs::write(&now_at, bytes).map_err(|error| cant_write(&now_at, error))
}

fn cant_write(path: &Path, error: io::Error) -> Refusal {
    Refusal::Plain(format!("{}: {error}; is the disk full? Nothing was done", path.display()))
}

/// Takes what a pipeline's months made into the run.
fn adopt(out: &Path, pending: &Pending<'_>) -> Result<(), Refusal> {
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let here = out.join(&folder);
        for entry in fs::read_dir(&here).map_err(|error| cant_write(&here, error))? {
            let entry = entry.map_err(|error| cant_write(&here, error))?;
            let relative = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(relative);
                continue;
            }
            let target = pending.file(&relative)?;
            fs::rename(entry.path(), &target).map_err(|error| cant_write(&target, error))?;
        }
    }
    Ok(())
}

fn write_worklists(tonight: &Tonight, pending: &Pending<'_>, one: &PipelineMade<'_>) -> Result<Vec<String>, Refusal> {
    if one.ids.count() == 0 {
        return Ok(Vec::new());
    }
    let name = &one.outcome.name;
    let stem = format!("worklists/{}-run-{:06}-{name}", tonight.day, tonight.sequence);
    let mut paths = vec![format!("{stem}.csv")];
    let csv = pending.file(&paths[0])?;
    let write_csv = || worklist::write_csv(&csv, &one.ids).map_err(|error| cant_write(&csv, error));
    if one.pipeline.declaration.purge.is_empty() {
        write_csv()?;
        return Ok(paths);
    }
    paths.push(format!("{stem}.sql"));
    let sql = pending.file(&paths[1])?;
    let heading = format!("afterloan, run {} of {}, pipeline {name}", tonight.sequence, tonight.day);
    let declaration = &one.pipeline.declaration;
    let write_sql =
        || worklist::write_sql(&sql, declaration, &one.ids, &heading).map_err(|error| cant_write(&sql, error));
    let (csv_written, sql_written) = rayon::join(write_csv, write_sql);
    csv_written.and(sql_written)?;
    Ok(paths)
}

fn remember(memory: &mut Memory, tonight: &Tonight, one: &PipelineMade<'_>, worklists: &[String]) {
    let outcome = &one.outcome;
    let seen = one.seen();
    let owned = |counts: &[(&str, u64)]| counts.iter().map(|(name, count)| (name.to_string(), *count)).collect();
    let known = memory.pipelines.entry(outcome.name.clone()).or_default();
    let mut retired = std::mem::take(&mut known.retired);
    retired.push(outcome.totals.retired);
    retired.drain(..retired.len().saturating_sub(RUNS_REMEMBERED));
    *known = PipelineMemory {
        declaration: Some(one.pipeline.digest),
        parts: owned(&seen.parts),
        lookups: owned(&seen.lookups),
        dates: one.dates.iter().cloned().collect(),
        retired,
        undeclared: outcome.undeclared.clone(),
        worklists: worklists.to_vec(),
    };
    for released in &outcome.released {
        let last = Final { sequence: tonight.sequence, rows: released.rows, closed: released.closed.clone() };
        memory.released.entry(outcome.kind).or_default().insert(released.month, last);
    }
}

/// Kinds and months that have staged rows once the run is committed.
fn staged_months(
    tonight: &Tonight,
    made: &Made<'_>,
) -> Result<Vec<(crate::words::Kind, crate::words::Month)>, Refusal> {
    let mut staged: BTreeSet<_> = tonight.keys.pseudonym_months().collect();
    for one in made.pipelines.iter().filter(|one| !one.outcome.held) {
        for month in one.outcome.retired_by_month.keys() {
            let kind = one.outcome.kind;
            let released = one.outcome.released.iter().any(|released| released.month == *month);
            if !released && !tonight.memory.is_final(kind, *month) {
                staged.insert((kind, *month));
            }
        }
        for released in &one.outcome.released {
            staged.remove(&(one.outcome.kind, released.month));
        }
    }
    Ok(staged.into_iter().collect())
}

/// The exports of committed pipelines that no other pipeline still waits for.
fn exports_to_delete(tonight: &Tonight, made: &Made<'_>) -> (Vec<ToDelete>, ExportsDeleted) {
    let mut all = (Vec::new(), ExportsDeleted::default());
    if tonight.policy.exports.after_run == AfterRun::Keep || !made.stopped.is_empty() {
        return all;
    }
    let waits: BTreeSet<String> = made
        .pipelines
        .iter()
        .filter(|one| one.outcome.held)
        .flat_map(|one| one.outcome.exports.iter().map(|export| export.found.name()))
        .collect();
    let mut named = BTreeSet::new();
    for export in made.pipelines.iter().filter(|one| !one.outcome.held).flat_map(|one| &one.outcome.exports) {
        let name = export.found.name();
        let Some(modified) = export.found.modified() else { continue };
        if waits.contains(&name) || !named.insert(name.clone()) {
            continue;
        }
        all.0.push(ToDelete { name, bytes: export.found.bytes, modified: modified.to_string() });
        all.1.count += 1;
        all.1.digests.push(export.digest);
    }
    all
}

/// Deletes exports that are still what was read. What can't be deleted is tried again by the next run.
pub fn delete_exports(tonight: &Tonight, to_delete: &[ToDelete]) {
    for export in to_delete {
        let path = tonight.site.inbox().join(&export.name);
        let Ok(meta) = fs::symlink_metadata(&path) else { continue };
        let modified = meta.modified().ok().and_then(|modified| jiff::Timestamp::try_from(modified).ok());
        let same = modified.is_some_and(|modified| modified.to_string() == export.modified);
        if meta.is_file() && meta.len() == export.bytes && same {
            let _ = fs::remove_file(&path);
        }
    }
}

fn entry<'p>(
    tonight: &Tonight,
    made: &Made<'_>,
    files: &[PendingFile],
    removals: impl Iterator<Item = &'p str>,
    json_path: &str,
) -> Result<String, Refusal> {
    let files = files
        .par_iter()
        .map(|file| {
            let public = file.path.starts_with("public/") || file.path.starts_with("reports/");
            let digest = match public {
                true => FileDigest::Sha256(file.digest),
                false => FileDigest::Keyed(keyed(tonight, &file.path, &file.now_at)?),
            };
            Ok(FileEntry { path: file.path.clone(), bytes: file.bytes, digest })
        })
        .collect::<Result<Vec<_>, Refusal>>()?;
    let report = files.iter().find(|file| file.path == json_path).map(|file| file.digest);
    let Some(FileDigest::Sha256(report)) = report else {
        return Err(Refusal::Plain("the run has no report; please report this fault of afterloan".into()));
    };
    let entry = Entry {
        format: 1,
        sequence: tonight.sequence,
        previous: tonight.head,
        public_key: crate::evidence::public_key::of(tonight.keys.signing()),
        run: RunStamp {
            as_of: tonight.options.as_of.to_string(),
            at: tonight.options.now.to_string(),
            afterloan: env!("CARGO_PKG_VERSION").into(),
        },
        report,
        plan: made.digest,
        files,
        removed: removals.map(String::from).collect(),
        exports_deleted: tonight.memory.exports_deleted.clone(),
    };
    Ok(ledger::seal(entry, tonight.keys.signing())?)
}

/// The keyed digest of a file, by its path in the site.
fn keyed(tonight: &Tonight, path: &str, now_at: &Path) -> Result<Digest, Refusal> {
    let bytes = fs::read(now_at).map_err(|error| cant_write(now_at, error))?;
    let mut digest = tonight.keys.digest(path);
    digest.update(&bytes);
    Ok(digest.finish())
}
