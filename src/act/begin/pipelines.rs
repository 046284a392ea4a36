//! The pipelines of a site.

use std::collections::BTreeMap;

use super::error::BeginError;
use crate::live::{FILE, System};
use crate::pipeline::Pipeline;
use crate::state::site::Site;
use crate::words::{Kind, Side};

/// Every pipeline of the site, by file name; where the policy publishes no `titles`, as if none declared any. With a connection
/// to a `system`, those that are of it read tables.
pub fn load_pipelines(site: &Site, titles: bool, system: Option<&System>) -> Result<Vec<Pipeline>, BeginError> {
    let folder = site.pipelines();
    let entries = std::fs::read_dir(&folder)
        .map_err(|error| BeginError::Plain(format!("{}: {error}; afterloan needs this folder", folder.display())))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    if paths.is_empty() {
        return Err(BeginError::Plain(format!("{}: no pipeline (*.toml) is there", folder.display())));
    }
    let mut kinds: BTreeMap<(Kind, Side), String> = BTreeMap::new();
    let mut pipelines: Vec<Pipeline> = Vec::new();
    for path in paths {
        let mut pipeline = Pipeline::load(&path)?;
        if !titles {
            pipeline.declaration.without_titles();
        }
        if system.is_some_and(|system| pipeline.declaration.is_of(system.database.kind)) {
            let wrong = |why: String| BeginError::Plain(format!("{}: {why} ({FILE})", path.display()));
            pipeline.declaration.read_live().map_err(wrong)?;
        }
        if pipelines.iter().any(|other| other.name() == pipeline.name()) {
            return Err(BeginError::Plain(format!("{}: another pipeline has its name", path.display())));
        }
        // A month of a kind is released once, from all its transactions; what another side severs is no month's.
        let (kind, side) = (pipeline.declaration.kind, pipeline.declaration.side);
        if let Some(other) = kinds.insert((kind, side), pipeline.name().into()) {
            let of_side = if side.is_released() { String::new() } else { format!(" and severs the {side}") };
            return Err(BeginError::Plain(format!(
                "{}: pipeline {other} is of kind {kind}{of_side}, too; a site has one pipeline for each kind and side",
                path.display()
            )));
        }
        pipelines.push(pipeline);
    }
    Ok(pipelines)
}
