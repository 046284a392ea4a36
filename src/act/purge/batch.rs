//! One batch, in one transaction.

use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::stop::Stop;
use crate::act::refusal::Refusal;
use crate::live::{LiveError, Session};
use crate::pipeline::Pipeline;
use crate::pipeline::declaration::{Of, Trace};
use crate::state::json::JsonError;

/// What a batch came to: by trace that it severs, in their order.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// The first id, by which it is known again.
    pub first: String,
    pub unlinked: bool,
    pub ids: u64,
    /// For how long it held locks: from its first statement that severs to its commit.
    pub held_ms: u64,
    pub traces: Vec<CarriedTrace>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarriedTrace {
    pub trace: String,
    pub severed: u64,
    pub left: u64,
}

/// Severs what these transactions leave, and commits. `pending`: what a call was about to commit that was killed; `about_to`
/// keeps the same of this one.
pub fn carry_out(
    pipeline: &Pipeline,
    of: Of,
    ids: &[String],
    session: &mut Session,
    pending: Option<&Carried>,
    about_to: &mut dyn FnMut(&Carried) -> Result<(), JsonError>,
) -> Result<Carried, Stop> {
    let severed: Vec<&Trace> =
        pipeline.declaration.traces.iter().filter(|trace| !trace.severs(of).is_empty()).collect();
    session.run(&pipeline.declaration.begin)?;
    let mut held: Option<Instant> = None;
    let made = within(pipeline, (of, &severed), ids, session, &mut held).and_then(|made| {
        // Nothing changed, and all is as it was to be: the call before came to its commit, and not to saying so.
        let made = match pending {
            Some(before) if before.is_of(&made) && before.was_committed(&made) => before.clone(),
            _ => made,
        };
        about_to(&made).map_err(|error| Stop::Refused(Refusal::Plain(error.to_string())))?;
        session.run("COMMIT")?;
        let held_ms = held.map_or(0, |since| since.elapsed().as_millis() as u64);
        Ok(Carried { held_ms, ..made })
    });
    if made.is_err() {
        // Where the server is gone it takes the batch back itself.
        let _ = session.run("ROLLBACK");
    }
    made
}

fn within(
    pipeline: &Pipeline,
    (of, traces): (Of, &[&Trace]),
    ids: &[String],
    session: &mut Session,
    held: &mut Option<Instant>,
) -> Result<Carried, Stop> {
    let list = ids.join(",");
    let with_ids = |sql: &str| sql.trim().trim_end_matches(';').replace("{ids}", &list);
    let mut made = Carried {
        first: ids.first().cloned().unwrap_or_default(),
        unlinked: of == Of::Unlinked,
        ids: ids.len() as u64,
        held_ms: 0,
        traces: Vec::new(),
    };
    for trace in traces {
        let count = trace.count.as_deref().map(with_ids);
        let number = |session: &mut Session| -> Result<Option<u64>, LiveError> {
            count.as_ref().map(|count| session.number(count)).transpose()
        };
        let before = number(session)?;
        let mut changed = 0;
        held.get_or_insert_with(Instant::now);
        for sql in trace.severs(of) {
            changed += session.run(&with_ids(sql))?;
        }
        let after = number(session)?;
        if let (Some(before), Some(after)) = (before, after) {
            let gone = before.saturating_sub(after);
            let too_many = trace.link && changed > ids.len() as u64;
            if after > before || changed != gone || too_many {
                let (pipeline, trace) = (pipeline.name().to_string(), trace.name.clone());
                return Err(Stop::Odd { pipeline, trace, changed, gone, ids: ids.len() });
            }
        }
        made.traces.push(CarriedTrace { trace: trace.name.clone(), severed: changed, left: after.unwrap_or_default() });
    }
    Ok(made)
}

impl Carried {
    fn is_of(&self, other: &Carried) -> bool {
        (&self.first, self.unlinked, self.ids) == (&other.first, other.unlinked, other.ids)
    }

    /// Whether this was committed, if now the same batch comes to `now`.
    fn was_committed(&self, now: &Carried) -> bool {
        now.traces.iter().all(|trace| trace.severed == 0) && self.traces.iter().any(|trace| trace.severed > 0)
    }
}
