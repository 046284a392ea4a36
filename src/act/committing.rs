//! The run's act: writes what the run made, commits it with what the run says of itself, and deletes the exports if the
//! policy says so.

use super::begin::Tonight;
use super::begin::deleting::{delete_exports, deleted};
use super::begin::withdrawing;
use super::commit::{self, Place};
use super::end::{self, Committed, NightDone as Made, Outcome, write_all};
use super::refusal::Refusal;
use super::stages::Stages;
use crate::evidence::ledger::{Act, FileDigest, FileEntry, RunAct};
use crate::state::commit::Pending;

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
            return Err(refusal.into());
        }
    };
    let place = Place {
        site: &tonight.site,
        keys: &tonight.keys,
        sequence: tonight.sequence,
        previous: tonight.head,
        at: tonight.options.now,
        still: &|| Ok(Some(tonight.still()?)),
    };
    let head = commit::commit(&place, pending, |files| act(tonight, &made, files, &json_path))?;
    withdrawing::end(&tonight.site);
    let stayed = delete_exports(tonight, &to_delete);
    let attention = end::exports_that_stayed(tonight, &made, stayed);
    let committed = Committed { sequence: tonight.sequence, head, report: json_path, page: page_path };
    let stages = clock.end();
    let mut outcome = made.outcome(tonight, Some(committed), stages);
    outcome.attention.extend(attention);
    Ok(outcome)
}

/// What the run answers for.
fn act(tonight: &Tonight, made: &Made<'_>, files: &[FileEntry], json_path: &str) -> Result<Act, Refusal> {
    let report = files.iter().find(|file| file.path == json_path).map(|file| file.digest);
    let Some(FileDigest::Sha256(report)) = report else {
        return Err(Refusal::Plain("the run has no report; please report this fault of afterloan".into()));
    };
    let as_of = tonight.options.as_of.to_string();
    Ok(Act::Run(RunAct { as_of, report, plan: made.digest, exports_deleted: deleted(tonight) }))
}
