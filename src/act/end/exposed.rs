//! What still leads to a patron, as tonight's exports show it.

use std::collections::BTreeMap;

use crate::act::begin::Tonight;
use crate::act::begin::memory::Memory;
use crate::act::months::PipelineOutcome;
use crate::evidence::exposure::{Counted, Exposure, PipelineExposure, Point};
use crate::evidence::figure::Figure;
use crate::evidence::report::by_need;
use crate::pass::UNDATED;
use crate::words::Age;

/// Remembers what every pipeline's exports showed that could be read tonight, held ones too: what is held back from a worklist
/// could be handed over all the same.
pub fn remember<'a>(tonight: &Tonight, outcomes: impl Iterator<Item = &'a PipelineOutcome>, memory: &mut Memory) {
    memory.exposure.retain(|name, _| tonight.pipelines.iter().any(|pipeline| pipeline.name() == name));
    for outcome in outcomes {
        let before = memory.exposure.get(&outcome.name);
        let counted = counted(tonight, outcome, before);
        memory.exposure.insert(outcome.name.clone(), counted);
    }
    memory.history.add(Point::of(tonight.day, &exposure(tonight, memory)));
}

/// What is remembered, of all pipelines of the site.
pub fn exposure(tonight: &Tonight, memory: &Memory) -> Exposure {
    let of = |pipeline: &crate::pipeline::Pipeline| PipelineExposure {
        name: pipeline.name().into(),
        kind: pipeline.declaration.kind,
        side: pipeline.declaration.side,
        counted: memory.exposure.get(pipeline.name()).cloned(),
    };
    Exposure::of(tonight.pipelines.iter().map(of).collect())
}

fn counted(tonight: &Tonight, outcome: &PipelineOutcome, before: Option<&Counted>) -> Counted {
    let (totals, inventory) = (&outcome.totals, &outcome.tally.inventory);
    let waiting = totals.retired + totals.already_retired;
    // What a brake holds back is asked for by nobody yet.
    let new = if outcome.braked { 0 } else { totals.retired };
    let (asked, severed) = match outcome.logs() {
        // Of logs nothing is known of single rows: a file that was retired and is gone took its rows with it.
        Some(_) => {
            let asked = before.map_or(0, |before| before.asked) + new;
            (asked, asked.saturating_sub(waiting))
        }
        None if outcome.braked => (inventory.asked.saturating_sub(totals.retired), inventory.severed),
        None => (inventory.asked, inventory.severed),
    };
    let mut by_age: BTreeMap<Age, Figure> = BTreeMap::new();
    for (month, rows) in &inventory.linked_by_month {
        let age = if *month == UNDATED { Age::Unknown } else { Age::of(*month, tonight.day.month()) };
        *by_age.entry(age).or_insert(Figure::ZERO) += *rows;
    }
    // Of logs, rows that can't be read and were retired before belong to no month.
    let linked = totals.kept + waiting;
    let undated = linked.saturating_sub(inventory.linked_by_month.values().sum());
    if undated > 0 {
        *by_age.entry(Age::Unknown).or_insert(Figure::ZERO) += undated;
    }
    Counted {
        run: tonight.sequence,
        day: tonight.day,
        needed: totals.kept,
        waiting,
        new,
        unread: totals.rejected,
        traced: inventory.traced,
        asked,
        severed,
        by_need: by_need(&totals.kept_by_need),
        by_age,
    }
}
