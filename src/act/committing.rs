//! The run's act: writes what the run made, commits it with what the run says of itself, and deletes the exports if the
//! policy says so.

use super::Stages;
use super::commit::{self, Place};
use super::deleting::{attention, delete_exports, deleted};
use super::outcome::{Committed, Outcome};
use super::tonight::{Refusal, Tonight};
use super::withdrawing;
use super::working::Made;
use super::writing::write_all;
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
            return Err(refusal);
        }
    };
    let place = Place {
        site: &tonight.site,
        keys: &tonight.keys,
        sequence: tonight.sequence,
        previous: tonight.head,
        at: tonight.options.now,
    };
    let head = commit::commit(&place, pending, |files| act(tonight, &made, files, &json_path))?;
    withdrawing::end(&tonight.site);
    let stayed = delete_exports(tonight, &to_delete);
    let attention = attention(tonight, &made, stayed);
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
