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
    let digest = plan_of(tonight, &pipelines);
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
        done.outcome.braked = !accepted && brakes.iter().any(is_on);
    }
    Ok(NightDone { pipelines, stopped, brakes, accepted, digest })
}

/// Whether a run makes files of a pipeline, as far as it shows before a row is read: a brake may come on later.
pub fn may_commit(tonight: &Tonight, name: &str, declaration: Digest) -> bool {
    let before = brakes::beforehand(&tonight.memory, name, declaration);
    tonight.options.accept.is_some() || brakes::on_site(tonight).is_empty() && before.is_empty()
}

fn plan_of(tonight: &Tonight, pipelines: &[PipelineDone<'_>]) -> Digest {
    let declarations: Vec<u8> = tonight.pipelines.iter().flat_map(|pipeline| pipeline.digest.0).collect();
    let exports = pipelines.iter().flat_map(|done| &done.outcome.exports.files).flat_map(|export| export.digest.0);
    let exports: Vec<u8> = exports.collect();
    let mut decisions: Vec<u8> = pipelines.iter().flat_map(|done| done.decisions.iter().copied()).collect();
    let mut register = tonight.keys.digest("hold register");
    register.update(tonight.register.bytes());
    decisions.extend(register.finish().0);
    let day = tonight.day.0.to_le_bytes();
    let parts: [&[u8]; 6] = [&tonight.policy.digest.0, &declarations, &tonight.head.0, &exports, &day, &decisions];
    plan_digest::compose(&tonight.keys, parts)
}
