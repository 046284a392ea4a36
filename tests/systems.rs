//! Each system's fixture (`fixtures/systems/SYSTEM`) goes the whole way, from the files as that system writes them to
//! worklists, and every decision is the one that a person wrote down beside it in `decisions.tsv`.
//!
//! All that differs is told at once, each with its line of `decisions.tsv`. The command line is asked, as an operator
//! would ask it; `exports` reads the patrons' identifiers by code that shares nothing with afterloan's own reading.

mod decisions;
mod exports;
pub mod site;
pub mod workbooks;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use decisions::{Decision, read_decisions};
use rayon::prelude::*;

/// A pipeline as it stands in `pipelines/`.
pub struct PipelineFile {
    pub name: String,
    pub text: String,
    pub table: toml::Table,
}

/// One system's exports and what must be decided about them.
pub struct Fixture {
    pub name: String,
    /// The exports, by name.
    pub exports: Vec<(String, Vec<u8>)>,
    pub decisions: Vec<Decision>,
}

#[test]
fn every_decision_is_the_one_written_down_by_hand() {
    let wrong: Vec<String> = folders().par_iter().flat_map_iter(|folder| differences(folder)).collect();
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// Analytics' reports as workbooks: the same rows, the same decisions. One line of each pipeline differs.
#[test]
fn alma_reads_the_same_from_workbooks() {
    let mut fixture = read_decisions(&repository("fixtures/systems/alma")).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    for (name, bytes) in &mut fixture.exports {
        *name = name.replace(".csv", ".xlsx");
        *bytes = workbooks::of_csv(bytes);
    }
    let pipelines = ["alma-loans", "alma-bills"].map(|name| {
        let mut pipeline = PipelineFile::read(name).unwrap();
        let text = pipeline.text.replacen("format = \"csv\"", "format = \"xlsx\"", 1);
        assert_ne!(text, pipeline.text);
        (pipeline.table, pipeline.text) = (text.parse().unwrap(), text);
        pipeline
    });
    let wrong = site::differences(&fixture, &pipelines);
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_pipeline_has_a_fixture() {
    let tried: BTreeSet<String> = folders()
        .iter()
        .flat_map(|folder| read_decisions(folder).map_or_else(|_| Vec::new(), |fixture| fixture.pipelines()))
        .collect();
    let names = fs::read_dir(repository("pipelines")).unwrap().filter_map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        name.strip_suffix(".toml").map(String::from)
    });
    let without: Vec<String> = names.filter(|name| !tried.contains(name)).collect();
    assert!(without.is_empty(), "no decisions.tsv tries {}", without.join(", "));
}

pub fn repository(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(part)
}

fn folders() -> Vec<PathBuf> {
    let entries = fs::read_dir(repository("fixtures/systems")).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(!folders.is_empty());
    folders
}

fn differences(folder: &Path) -> Vec<String> {
    let fixture = match read_decisions(folder) {
        Ok(fixture) => fixture,
        Err(wrong) => return wrong,
    };
    let mut pipelines = Vec::new();
    for name in fixture.pipelines() {
        match PipelineFile::read(&name) {
            Ok(pipeline) => pipelines.push(pipeline),
            Err(why) => return vec![format!("{}/decisions.tsv: {why}", fixture.name)],
        }
    }
    sites(pipelines).iter().flat_map(|pipelines| site::differences(&fixture, pipelines)).collect()
}

/// A site has one pipeline for each kind and side: as few sites as it takes.
fn sites(pipelines: Vec<PipelineFile>) -> Vec<Vec<PipelineFile>> {
    let mut sites: Vec<Vec<PipelineFile>> = Vec::new();
    for pipeline in pipelines {
        match sites.iter_mut().find(|site| site.iter().all(|other| other.kind_and_side() != pipeline.kind_and_side())) {
            Some(site) => site.push(pipeline),
            None => sites.push(vec![pipeline]),
        }
    }
    sites
}

impl PipelineFile {
    pub fn read(name: &str) -> Result<PipelineFile, String> {
        let path = format!("pipelines/{name}.toml");
        let text = fs::read_to_string(repository(&path)).map_err(|error| format!("{path}: {error}"))?;
        let table = text.parse().map_err(|error| format!("{path}: {error}"))?;
        Ok(PipelineFile { name: name.into(), text, table })
    }

    fn kind_and_side(&self) -> (&str, &str) {
        let side = self.table.get("side").map_or("patron", |side| side.as_str().unwrap());
        (self.table["kind"].as_str().unwrap(), side)
    }
}

impl Fixture {
    /// The pipelines that its decisions are about, in their order.
    fn pipelines(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for decision in &self.decisions {
            if !names.contains(&decision.pipeline) {
                names.push(decision.pipeline.clone());
            }
        }
        names
    }
}
