//! The order of a night, floor by floor: it begins; each pipeline is read, and its months are worked out; it ends.
//!
//! An export that can't be used stops its pipeline; what puts everybody at risk (modes, keys, the hold register, a leak)
//! stops the run.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::begin::{self, Footing, Tonight, deleting, withdrawing};
use super::catalogue::unspoken;
use super::committing::commit;
use super::dangers::dangers;
use super::end::{self, NightDone, Outcome};
use super::fault::contained;
use super::months::{self, NewKey, PipelineDone, Workplace};
use super::options::Options;
use super::progress::{Progress, Seams};
use super::read::{Read, ReadError, Stopped, read};
use super::refusal::Refusal;
use super::stages::Stages;
use crate::pass::{PassError, Watch};
use crate::pipeline::Pipeline;
use crate::rehearse::rehearse;
use crate::state::entropy::Entropy;
use crate::state::site::Site;
use crate::treat::pseudonym::PseudonymKey;

/// What tonight's run would do, and why. Changes nothing. A future as-of is allowed.
pub fn plan(site: &Site, options: Options, seams: Seams<'_>) -> Result<Outcome, Refusal> {
    let footing = Footing::of(site);
    let planned = plan_of(site, options, seams);
    footing.check_same(site)?;
    planned
}

/// Does it.
pub fn run(site: &Site, options: Options, seams: Seams<'_>) -> Result<Outcome, Refusal> {
    night(site, options, seams).map_err(|refusal| {
        let withdrawn =
            if refusal.withdraws() { withdrawing::withdraw(site, options.as_of, options.now) } else { Vec::new() };
        if withdrawn.is_empty() {
            return refusal;
        }
        refusal.with_line(&format!("the worklists of the night before are withdrawn: {}", withdrawn.join(", ")))
    })
}

fn plan_of(site: &Site, options: Options, seams: Seams<'_>) -> Result<Outcome, Refusal> {
    let mut clock = Stages::default();
    let (scratch, tonight) = begin::look(site, options)?;
    let done = work_out(&tonight, scratch.folder(), seams.entropy, seams.progress, false, &mut clock)?;
    clock.begin("dangers");
    let doubts = dangers(&tonight);
    let outcome = done.refuse_or_show(&tonight, false, clock.end())?;
    Ok(Outcome { doubts, ..outcome })
}

fn night(site: &Site, options: Options, seams: Seams<'_>) -> Result<Outcome, Refusal> {
    let mut clock = Stages::default();
    let (_lock, tonight) = begin::begin(site, options, seams.hook)?;
    // A run that was killed after its commit left these to be deleted.
    let _ = deleting::delete_exports(&tonight, deleting::left_over(&tonight));
    let pending = begin::pending(&tonight, seams.hook)?;
    let done = match work_out(&tonight, &pending.pass_folder(), seams.entropy, seams.progress, true, &mut clock) {
        Ok(done) if done.commits() => done,
        Ok(done) => {
            pending.discard()?;
            return Ok(done.refuse_or_show(&tonight, true, clock.end())?);
        }
        Err(refusal) => {
            pending.discard()?;
            return Err(refusal);
        }
    };
    (seams.progress)(Progress::Committing);
    commit(&tonight, pending, done, clock)
}

/// Works every pipeline out, one after the other, and judges the night. Nothing of the site is changed; run files lie in
/// `on_its_way`.
fn work_out<'a>(
    tonight: &'a Tonight,
    on_its_way: &Path,
    entropy: &mut (dyn Entropy + Send),
    progress: &(dyn Fn(Progress<'_>) + Sync),
    commits: bool,
    clock: &mut Stages,
) -> Result<NightDone<'a>, Refusal> {
    let entropy = Mutex::new(entropy);
    let new_key = || PseudonymKey::generate(&mut **entropy.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
    let new_key: &NewKey<'_> = &new_key;
    let (mut pipelines, mut stopped): (Vec<PipelineDone<'_>>, _) = (Vec::new(), Vec::new());
    for pipeline in &tonight.pipelines {
        let name = pipeline.name();
        let rows = folder(on_its_way, &format!("{name}-rows"))?;
        let out = folder(on_its_way, &format!("{name}-made"))?;
        // A fault in one pipeline stops that pipeline and no other.
        let read = contained(|| read_tested(tonight, pipeline, &rows, progress, clock));
        let read = match read.unwrap_or_else(|fault| Err(fault.into())) {
            Ok(read) => read,
            // A full disk stops everybody.
            Err(ReadError::RunFile(error) | ReadError::Pass(PassError::RunFile(error))) => return Err(error.into()),
            Err(why) => {
                stopped.push(Stopped { pipeline: name.into(), why: why.to_string() });
                continue;
            }
        };
        let writes = commits && !pipeline.declaration.unfinished && end::may_commit(tonight, name, pipeline.digest);
        let at = Workplace { out, writes, proposes: !commits, new_key, progress };
        match contained(|| months::work_out(tonight, pipeline, read, at, clock)) {
            Ok(done) => pipelines.push(done?),
            Err(fault) => stopped.push(Stopped { pipeline: name.into(), why: fault.to_string() }),
        }
        let _ = fs::remove_dir_all(&rows);
    }
    clock.begin("brakes");
    let judged = end::judge(tonight, pipelines, stopped)?;
    let unspoken = unspoken(tonight).map_err(Refusal::Plain)?;
    Ok(NightDone { unspoken, ..judged })
}

/// Reads a pipeline, unless it doesn't do what its author says: then it decides nothing.
fn read_tested<'a>(
    tonight: &'a Tonight,
    pipeline: &'a Pipeline,
    rows: &Path,
    progress: &(dyn Fn(Progress<'_>) + Sync),
    clock: &mut Stages,
) -> Result<Read<'a>, ReadError> {
    clock.begin("tests");
    if let Some(failure) = rehearse(pipeline).1.into_iter().next() {
        return Err(failure.into());
    }
    clock.begin("inventory");
    read(tonight, pipeline, rows, Watch::None, progress, &mut |stage| clock.begin(stage))
}

/// A folder for what of a pipeline is on its way.
fn folder(on_its_way: &Path, name: &str) -> Result<PathBuf, Refusal> {
    let folder = on_its_way.join(name);
    fs::create_dir(&folder).map_err(|error| Refusal::Plain(format!("{}: {error}", folder.display())))?;
    Ok(folder)
}
