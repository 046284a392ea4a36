//! What of a night may be carried out: brakes, the plan's digest, and what a person accepted.

use super::brakes::{self, Brake, BrakeFigures};
use super::error::EndError;
use super::join_brakes::on_joins;
use super::night_done::NightDone;
use super::plan_digest;
use crate::act::begin::Tonight;
use crate::act::months::PipelineDone;
use crate::act::read::Stopped;
use crate::words::Digest;

/// Puts the brakes on, unless a person accepted this very plan.
pub fn judge<'a>(
    tonight: &Tonight,
    mut pipelines: Vec<PipelineDone<'a>>,
    stopped: Vec<Stopped>,
) -> Result<NightDone<'a>, EndError> {
    let mut brakes = brakes::on_site(tonight);
    for done in &pipelines {
        brakes.extend(brakes::on_pipeline(&tonight.memory, &BrakeFigures::of(done), tonight.day));
        brakes.extend(on_joins(&tonight.memory, done));
    }
    let digest = plan_of(tonight, &pipelines, &brakes);
    let accepted = match tonight.options.accept {
        None => false,
        Some(accepted) if accepted == digest => true,
        Some(accepted) => {
            let changed = plan_digest::differences(accepted, digest);
            return Err(EndError::OtherPlan { accepted, now: digest, changed });
        }
    };
    for done in &mut pipelines {
        let is_on = |brake: &Brake| brake.pipeline.as_deref().is_none_or(|name| name == done.outcome.name);
        let is_unfinished = done.pipeline.declaration.unfinished;
        done.outcome.braked = is_unfinished || !accepted && brakes.iter().any(is_on);
    }
    Ok(NightDone { pipelines, stopped, brakes, accepted, digest, unspoken: Vec::new() })
}

/// Whether a run makes files of a pipeline, as far as it shows before a row is read: a brake may come on later.
pub fn may_commit(tonight: &Tonight, name: &str, declaration: Digest) -> bool {
    let before = brakes::beforehand(&tonight.memory, name, declaration);
    tonight.options.accept.is_some() || brakes::on_site(tonight).is_empty() && before.is_empty()
}

/// A live system doesn't stand still between a plan and its run. What a person accepts of it is what she looked at: which brakes
/// were on, which months close, and about how much is retired: between one power of four and the next.
fn gist(done: &PipelineDone<'_>, brakes: &[Brake]) -> Vec<u8> {
    let outcome = &done.outcome;
    let is_on = |brake: &&Brake| brake.pipeline.as_deref() == Some(outcome.name.as_str());
    let mut gist: Vec<String> = brakes.iter().filter(is_on).map(|brake| format!("{:?}", brake.reason)).collect();
    gist.extend(outcome.released.iter().map(|released| released.month.to_string()));
    gist.push(outcome.totals.retired.checked_ilog(4).map_or(0, |power| power + 1).to_string());
    gist.join("\n").into_bytes()
}

fn plan_of(tonight: &Tonight, pipelines: &[PipelineDone<'_>], brakes: &[Brake]) -> Digest {
    let declarations: Vec<u8> = tonight.pipelines.iter().flat_map(|pipeline| pipeline.digest.0).collect();
    let (mut exports, mut decisions) = (Vec::new(), Vec::new());
    for done in pipelines {
        let files = &done.outcome.exports.files;
        if done.pipeline.declaration.is_live() {
            exports.extend(files.iter().flat_map(|export| export.source.bytes()));
            decisions.extend(gist(done, brakes));
        } else {
            exports.extend(files.iter().flat_map(|export| export.digest.0));
            decisions.extend(&done.decisions);
        }
    }
    let mut register = tonight.keys.digest("hold register");
    register.update(tonight.register.bytes());
    decisions.extend(register.finish().0);
    let day = tonight.day.0.to_le_bytes();
    let parts: [&[u8]; 6] = [&tonight.policy.digest.0, &declarations, &tonight.head.0, &exports, &day, &decisions];
    plan_digest::compose(&tonight.keys, parts)
}
