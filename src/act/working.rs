//! Works every pipeline out: what each came to, and what holds it. Nothing of the site is changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use super::brakes::{self, Brake, Seen};
use super::log_files;
use super::memory;
use super::months::{self, Job, NewKey};
use super::outcome::{Attention, Committed, Outcome, PipelineOutcome, Stopped};
use super::publishes::Publishes;
use super::read::{ReadError, read};
use super::stowaways::{Search, SearchError};
use super::tonight::{Refusal, Tonight};
use super::{Progress, Stages, mailing, plan_digest, worklist};
use crate::pass::{PassError, RejectedRows, Watch};
use crate::pipeline::Pipeline;
use crate::rehearse::rehearse;
use crate::state::entropy::Entropy;
use crate::state::{self, commit::Pending};
use crate::treat::pseudonym::PseudonymKey;
use crate::words::{Digest, Totals};

/// A night, worked out.
pub(super) struct Made<'a> {
    pub pipelines: Vec<PipelineMade<'a>>,
    pub stopped: Vec<Stopped>,
    pub brakes: Vec<Brake>,
    pub accepted: bool,
    pub digest: Digest,
    /// Something can be committed.
    pub commits: bool,
}

pub(super) struct PipelineMade<'a> {
    pub pipeline: &'a Pipeline,
    pub outcome: PipelineOutcome,
    pub dates: Vec<(String, memory::Dates)>,
    pub ids: worklist::Ids,
    pub mailing: Vec<mailing::List<'a>>,
    pub decisions: Vec<u8>,
    pub removals: BTreeSet<String>,
    pub out: PathBuf,
    /// Rejected rows, for whom the policy names, and the files of each part.
    pub rejected: RejectedRows,
    pub files: Vec<String>,
}

/// Works every pipeline out.
pub(super) fn work<'a>(
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
    clock.begin("tests");
    // A pipeline that doesn't do what its author says decides nothing.
    if let Some(failure) = rehearse(pipeline).1.into_iter().next() {
        return Ok(Err(failure.into()));
    }
    clock.begin("inventory");
    let name = pipeline.name();
    let folder = pending.pass_folder().join(format!("{name}-rows"));
    let out = pending.pass_folder().join(format!("{name}-made"));
    for folder in [&folder, &out] {
        fs::create_dir(folder).map_err(|error| Refusal::Plain(format!("{}: {error}", folder.display())))?;
    }
    let mut read = match read(tonight, pipeline, &folder, Watch::None, progress, &mut |stage| clock.begin(stage)) {
        // A full disk stops everybody.
        Err(ReadError::RunFile(error) | ReadError::Pass(PassError::RunFile(error))) => return Err(error.into()),
        Err(error) => return Ok(Err(error)),
        Ok(read) => read,
    };
    clock.begin("leak search");
    let sources = &read.sources;
    let search = Search::new(&read.identifiers, pipeline, &tonight.policy);
    search.tonight(&read).map_err(|error| match error {
        SearchError::Found(stowaways) => Refusal::Leak(stowaways),
        SearchError::RunFile(error) => error.into(),
    })?;
    clock.begin("months");
    let done = Job::new(tonight, pipeline, &read, &search, writes.then_some(out.as_path()), new_key).run(progress)?;
    let mut outcome = PipelineOutcome {
        name: name.into(),
        kind: pipeline.declaration.kind,
        side: pipeline.declaration.side,
        totals: Totals::default(),
        parts: sources.iter().map(|whence| (whence.part.clone(), Totals::default())).collect(),
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
        publishes: Publishes::of(pipeline, &read),
        worklist: 0,
        log_files: None,
        logs: Vec::new(),
        known_logs: 0,
        requests: pipeline.declaration.requests.as_ref().map(|_| Default::default()),
        mailing: Default::default(),
        residual_by_nights: Default::default(),
        exports: read.exports.clone(),
        reasons: Default::default(),
        under_legal_hold: 0,
        accepted_patterns: search.used(),
    };
    for (whence, passed) in sources.iter().zip(&read.passed.parts) {
        let totals = outcome.parts.entry(whence.part.clone()).or_default();
        let rejected: u64 = passed.rejected.values().map(|(rows, _)| rows).sum();
        totals.read += rejected;
        totals.rejected += rejected;
        for (reason, (rows, lines)) in &passed.rejected {
            outcome.reject(whence, *reason, *rows, lines);
        }
    }
    if read.settled.is_log() {
        outcome.logs = log_files::stand(tonight, outcome.kind, &read, &done.months, &mut outcome.parts);
        outcome.exports.extend(log_files::empty_exports(&read));
        outcome.log_files = Some(log_files::count(&outcome.logs));
        let remembered = log_files::remember(&outcome.logs, read.retired_logs.clone(), tonight.day);
        outcome.known_logs = remembered.as_ref().unwrap_or(&read.retired_logs).len() as u64;
        if let (true, Some(logs)) = (writes, remembered) {
            let path = state::logs::path(name);
            let bytes = state::logs::encode(logs, &tonight.site.at(&path)).map_err(ReadError::from);
            let bytes = bytes.map_err(|error| Refusal::Plain(error.to_string()))?;
            months::write(&out, &path, &bytes)?;
        }
    }
    outcome.add_months(sources, &done.months);
    if read.settled.is_log() {
        outcome.worklist = outcome.logs.iter().filter(|file| !file.waits()).map(|file| file.rows).sum();
    }
    for (part, totals) in &outcome.parts {
        let of_part = sources.iter().zip(&read.passed.parts).filter(|(whence, _)| whence.part == *part);
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
    let mut ids = worklist::Ids::new(read.context.has_text_ids());
    let mut decisions = Vec::new();
    for month in done.months {
        decisions.extend(month.digest.iter().flat_map(|digest| digest.0));
        for (height, list) in month.worklist {
            ids.add(height, list);
        }
        ids.add_texts(month.texts);
    }
    ids.sort();
    let asked = tonight.policy.mailing.iter();
    let lists = asked.zip(std::mem::take(&mut read.passed.mailed));
    let mailing: Vec<mailing::List<'a>> =
        lists.map(|((name, asked), patrons)| mailing::List { name, asked, patrons }).collect();
    outcome.mailing = mailing.iter().map(|list| (list.name.to_string(), list.patrons.len() as u64)).collect();
    let _ = fs::remove_dir_all(&folder);
    let dates = read.passed.dates.iter().map(|(name, count)| (name.clone(), (*count).into())).collect();
    // Transactions were read last.
    let of_parts = read.exports.len() - read.sources.len();
    let files = read.exports[of_parts..].iter().map(|export| export.found.name()).collect();
    let rejected = read.passed.rejected;
    Ok(Ok(PipelineMade {
        pipeline,
        outcome,
        dates,
        ids,
        mailing,
        decisions,
        removals: done.removals,
        out,
        rejected,
        files,
    }))
}

impl PipelineMade<'_> {
    /// Though it could: nobody has said yet what of it may leave.
    fn publishes_nothing(&self) -> bool {
        self.pipeline.declaration.side.is_released() && self.pipeline.declaration.publish.is_empty()
    }

    pub fn seen(&self) -> Seen<'_> {
        let lookups: BTreeSet<&str> =
            self.pipeline.declaration.lookups.iter().map(|lookup| lookup.name.as_str()).collect();
        // A split export counts as one. A log has no size that it should have.
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
            parts: if self.pipeline.declaration.is_log() { Vec::new() } else { counts(false) },
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
            let plan = (!self.brakes.is_empty() && !self.pipelines.is_empty()).then_some(self.digest);
            return Err(Refusal::NothingToCommit { why: why.concat(), plan });
        }
        Ok(self.outcome(tonight, None, stages))
    }

    pub fn outcome(self, tonight: &Tonight, committed: Option<Committed>, stages: Vec<(&'static str, f64)>) -> Outcome {
        let mut totals = Totals::default();
        let mut attention: Vec<Attention> = Vec::new();
        let as_of = tonight.options.as_of;
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
            attention.extend(made.outcome.attention(known.map_or(&[], |known| &known.undeclared), as_of));
            if made.publishes_nothing() && !made.outcome.released.is_empty() {
                attention.push(Attention {
                    pipeline: Some(made.outcome.name.clone()),
                    what:
                        "no [[publish]] says what may leave, so of a month its number of transactions is published and \
                         nothing else, for good: what is retired is lost to statistics"
                            .into(),
                });
            }
        }
        Outcome {
            digest: self.digest,
            day: tonight.day,
            as_of: as_of.to_string(),
            threshold: tonight.policy.release.threshold,
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
