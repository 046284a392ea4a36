//! One transaction's needs and dates. No patron data: nothing here shows who, or what else she borrowed.

use serde::Serialize;

use super::month::outcome;
use super::read::read;
use super::tonight::{self, Refusal};
use super::{Options, Progress};
use crate::pass::UNDATED;
use crate::state::commit::{Pending, no_hook};
use crate::state::known;
use crate::state::site::Site;
use crate::words::{Day, Need, Outcome, Reason, TransactionId};

/// What is known of one row that has the number.
#[derive(Debug, Serialize)]
pub struct Explained {
    pub pipeline: String,
    pub part: String,
    pub line: u64,
    /// Kept, due, already retired, unlinked or rejected.
    pub decision: &'static str,
    pub opened: Option<Day>,
    pub needs: Vec<ExplainedNeed>,
    pub reasons: Vec<ExplainedReason>,
    /// When it was first put on a worklist, and whether it was found severed since.
    pub requested: Option<Day>,
    pub confirmed: bool,
}

#[derive(Debug, Serialize)]
pub struct ExplainedNeed {
    pub need: Need,
    /// The day from which it no longer holds, where that is known.
    pub ends: Option<Day>,
}

#[derive(Debug, Serialize)]
pub struct ExplainedReason {
    pub reason: Reason,
    pub text: &'static str,
}

/// Every row with this number, as tonight's exports show it; and the pipelines that could not be read.
pub fn explain(
    site: &Site,
    options: Options,
    id: TransactionId,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<(Vec<Explained>, Vec<super::Stopped>), Refusal> {
    let (_lock, tonight) = tonight::begin(site, options, false, &no_hook)?;
    let pending = Pending::begin(site, tonight.sequence, &no_hook)?;
    let (mut explained, mut stopped) = (Vec::new(), Vec::new());
    for pipeline in &tonight.pipelines {
        let folder = pending.pass_folder().join(pipeline.name());
        std::fs::create_dir(&folder).map_err(|error| Refusal::Plain(format!("{}: {error}", folder.display())))?;
        let read = match read(&tonight, pipeline, &folder, Some(id), progress, &mut |_| {}) {
            Ok(read) => read,
            Err(why) => {
                stopped.push(super::Stopped { pipeline: pipeline.name().into(), why: why.to_string() });
                continue;
            }
        };
        for watched in &read.passed.watched {
            let month = watched.opened.map_or(UNDATED, Day::month);
            let bytes = read.files.read(month)?;
            let rows = read.context.layout();
            let mut same = rows.rows(&bytes).filter(|row| row.id() == id);
            let Some(row) = same.find(|row| row.part() == watched.part && u64::from(row.line()) == watched.line) else {
                continue;
            };
            let known = match month {
                UNDATED => None,
                month => known::load_or_empty(&site.at(known::path(pipeline.name(), month)), month)
                    .map_err(super::months::MonthError::from)?
                    .into_iter()
                    .find(|known| known.id == id && known.opened == row.opened()),
            };
            let part = pipeline.declaration.sources[watched.part].part.clone();
            let requested = known.and_then(|known| known.requested);
            let settled = read.settled.needs(row);
            let (needs, reasons) = settled.unwrap_or_default();
            let decision = match settled.map(|(needs, _)| outcome(row, needs, requested)) {
                None | Some(Outcome::Rejected) => "rejected: it repeats another row exactly",
                Some(Outcome::Unlinked) => "unlinked: it names nobody",
                Some(Outcome::Kept) => "kept",
                Some(Outcome::AlreadyRetired) => "due, and on an earlier worklist",
                Some(Outcome::Retired) => "due",
            };
            // A legal hold reads `undetermined`, and so do the reasons that would tell one.
            let secret = |reason: &Reason| *reason == Reason::HoldScope;
            explained.push(Explained {
                pipeline: pipeline.name().into(),
                part,
                line: watched.line,
                decision,
                opened: watched.opened,
                needs: needs
                    .without_secrets()
                    .iter()
                    .map(|need| ExplainedNeed { need, ends: watched.decision.ends(need) })
                    .collect(),
                reasons: reasons
                    .iter()
                    .filter(|reason| !secret(reason))
                    .map(|reason| ExplainedReason { reason, text: reason.text() })
                    .collect(),
                requested,
                confirmed: known.is_some_and(|known| known.confirmed),
            });
        }
    }
    pending.discard()?;
    Ok((explained, stopped))
}
