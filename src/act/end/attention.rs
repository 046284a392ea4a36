//! Why a person should look, in the words of a sentence.

use std::collections::BTreeSet;

use serde::Serialize;

use super::night_done::NightDone;
use crate::act::begin::Tonight;
use crate::act::months::{PipelineDone, PipelineOutcome};
use crate::act::read::inventory;
use crate::evidence::figure::grouped;

/// Something that a person should look at.
#[derive(Clone, Debug, Serialize)]
pub struct Attention {
    pub pipeline: Option<String>,
    pub what: String,
}

/// All of it, of a night.
pub fn attention(tonight: &Tonight, night: &NightDone<'_>) -> Vec<Attention> {
    let mut all = Vec::new();
    if !night.accepted {
        all.extend(night.brakes.iter().map(|brake| Attention {
            pipeline: brake.pipeline.clone(),
            what: format!("it is held until a person accepts the plan: {}", brake.why),
        }));
    }
    for stopped in &night.stopped {
        all.push(Attention { pipeline: Some(stopped.pipeline.clone()), what: "it is stopped".into() });
    }
    for done in &night.pipelines {
        let mut what = Vec::new();
        of_exports(tonight, &done.outcome, &mut what);
        of_rows(&done.outcome, &mut what);
        if publishes_nothing(done) && !done.outcome.released.is_empty() {
            what.push(
                "no [[publish]] says what may leave, so of a month its number of transactions is published and nothing \
                 else, for good: what is retired is lost to statistics"
                    .into(),
            );
        }
        let name = &done.outcome.name;
        all.extend(what.into_iter().map(|what| Attention { pipeline: Some(name.clone()), what }));
    }
    all
}

/// Though it could: nobody has said yet what of it may leave.
fn publishes_nothing(done: &PipelineDone<'_>) -> bool {
    let declaration = &done.pipeline.declaration;
    declaration.side.is_released() && declaration.publish.is_empty()
}

fn of_exports(tonight: &Tonight, outcome: &PipelineOutcome, all: &mut Vec<String>) {
    let files = outcome.exports.files.iter().map(|export| &export.found);
    let known = tonight.memory.pipelines.get(&outcome.name).map_or(&[][..], |known| &known.undeclared);
    if let Some(days) = inventory::days_ahead(files, tonight.options.as_of) {
        all.push(format!(
            "its exports are {days} days newer than the as-of, so rows of the days to come are undetermined: is the as-of \
             right?"
        ));
    }
    let copies: BTreeSet<&str> =
        outcome.exports.files.iter().flat_map(|export| export.found.passed_over.iter()).map(String::as_str).collect();
    if !copies.is_empty() {
        all.push(format!(
            "by their names these are copies of exports, so they are neither read nor deleted: take away {}",
            copies.into_iter().collect::<Vec<_>>().join(", ")
        ));
    }
    all.extend(outcome.exports.doubts.iter().cloned());
    for column in outcome.publishes.columns.iter().filter(|column| column.is_no_vocabulary) {
        all.push(format!(
            "`{}` would be published as it is, and has {} values in {} rows: a vocabulary has few. `check` tells \
             more",
            column.name,
            grouped(column.values),
            grouped(outcome.totals.read)
        ));
    }
    if outcome.totals.rejected > 0 {
        all.push(match outcome.totals.rejected {
            1 => "1 row can't be read as a transaction".into(),
            rows => format!("{} rows can't be read as transactions", grouped(rows)),
        });
    }
    for file in outcome.log_files().iter().filter(|file| file.unreadable) {
        all.push(format!(
            "{}: fewer than half of its rows can be read, so it waits, whatever the day. Has the log's format changed? \
             Mend the pipeline, or take the file away",
            file.found.name()
        ));
    }
    let known: BTreeSet<&String> = known.iter().collect();
    let new: Vec<&str> =
        outcome.exports.undeclared.iter().filter(|name| !known.contains(name)).map(String::as_str).collect();
    if !new.is_empty() {
        all.push(format!("new columns, dropped until the pipeline declares them: {}", new.join(", ")));
    }
}

fn of_rows(outcome: &PipelineOutcome, all: &mut Vec<String>) {
    if outcome.tally.new_residual > 0 {
        all.push(match outcome.tally.new_residual {
            1 => "1 transaction that was on a worklist is still linked: was it carried out?".into(),
            rows => {
                format!("{} transactions that were on a worklist are still linked: was it carried out?", grouped(rows))
            }
        });
    }
    if outcome.tally.review > 0 {
        all.push(match outcome.tally.review {
            1 => "1 transaction has been kept for long enough to review".into(),
            rows => format!("{} transactions have been kept for long enough to review", grouped(rows)),
        });
    }
}
