//! What would stop a pipeline tonight, as far as it shows before a row is decided: for `check`.
//!
//! It asks what a night asks, with the night's own code: the inventory with its times, and every lookup, whole. What only a
//! pass over the transactions shows (a cut file, records that can't be counted) is the caller's to read. Takes no lock and
//! changes nothing.

use super::begin::{Tonight, deleting};
use super::read::inventory::{Inventory, Places};
use super::read::join_check::members_of;
use crate::export::{Chunks, ExportError, Found};
use crate::lookup::{Asked, Reading, load};
use crate::pipeline::{Pipeline, Source};
use crate::state::register::Names;

/// The exports that a night would take, and why it would not.
pub struct Foreseen {
    /// The files of each source, in the order of the pipeline; of a log, all that wait.
    pub sources: Vec<Vec<Found>>,
    pub lookups: Vec<Vec<Found>>,
    pub stops: Vec<String>,
}

/// Takes the inventory of a pipeline.
pub fn foresee(tonight: &Tonight, pipeline: &Pipeline) -> Foreseen {
    let declaration = &pipeline.declaration;
    let options = tonight.options;
    let gone = deleting::left_over(tonight);
    let (inventory, wrong) = Inventory::survey(Places::of(tonight), declaration, options.as_of, gone);
    let mut sources = vec![Vec::new(); declaration.sources.len()];
    inventory.parts.into_iter().for_each(|part| sources[part.source].push(part.found));
    Foreseen { sources, lookups: inventory.lookups, stops: in_words(wrong) }
}

/// Files that are missing are told in one sentence: an inbox that nobody filled misses them all.
fn in_words(wrong: Vec<ExportError>) -> Vec<String> {
    let missing = |error: &ExportError| match error {
        ExportError::Missing { pattern, .. } => Some(format!("`{pattern}`")),
        _ => None,
    };
    let patterns: Vec<String> = wrong.iter().filter_map(missing).collect();
    let mut stops: Vec<String> = Vec::new();
    let mut others = Vec::new();
    for error in wrong {
        match &error {
            ExportError::Missing { inbox, .. } if patterns.len() > 1 && stops.is_empty() => {
                let (inbox, patterns) = (inbox.display(), patterns.join(", "));
                stops.push(format!("no files in {inbox} match {patterns}: these exports are missing"));
            }
            ExportError::Missing { .. } if patterns.len() > 1 => {}
            error => others.push(error.to_string()),
        }
    }
    stops.extend(others);
    stops
}

/// Why the transactions of a source can't be told, as far as the names of their cells go: its files were read whole, where
/// their records name them.
pub fn stops_source(pipeline: &Pipeline, source: &Source, read: &[Chunks]) -> Option<String> {
    let read: Vec<&Chunks> = read.iter().filter(|chunks| chunks.dialect().records_name_cells()).collect();
    members_of(&pipeline.declaration, source, &read).err().map(|error| error.to_string())
}

/// Why a lookup can't be loaded.
pub fn stops_lookup(tonight: &Tonight, pipeline: &Pipeline, place: usize, files: &[Found]) -> Option<String> {
    let declaration = &pipeline.declaration;
    let reading =
        Reading::new(declaration, tonight.day, tonight.policy.timezone.clone(), (&[], &Names::of_made_up_rows()));
    let asked = Asked::new(declaration, &declaration.lookups[place]);
    load(&asked, files, &reading, tonight.keys.digest("export")).err().map(|error| error.to_string())
}
