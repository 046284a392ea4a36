//! A site of one system, and a night on it: `check`, `plan`, `explain` for every transaction, `run`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::decisions::{Decided, Decision, Id};
use super::exports::{holds, needles};
use super::{Fixture, PipelineFile};
use crate::support::inbox::{both, write_at};
use crate::support::text::{layers, open_files};
use crate::support::{AS_OF, TestSite, files};

/// When the exports were finished.
const WRITTEN: &str = "2026-10-31T23:00:00-04:00";

const KINDS: [&str; 8] = ["loan", "hold", "bill", "ill", "session", "access", "registration", "contact"];

/// What pipelines' own tests are written against, for every kind.
const RETENTION: &str = "grace = \"30 days\"\nsettled = \"30 days\"\nrefund = \"180 days\"\nhistory = \"opt-in\"\n";

const CONTACT: &str = "grace = \"2 years\"\nhistory = \"opt-in\"\n";

/// A log of August was finished long ago; all else was written tonight.
fn written(name: &str) -> &'static str {
    if name.contains("-2026-08.") { "2026-09-01T00:00:00-04:00" } else { WRITTEN }
}

/// A night of one system.
struct Night<'a> {
    fixture: &'a Fixture,
    pipelines: &'a [PipelineFile],
    site: TestSite,
    /// Everything that was printed.
    printed: String,
    wrong: Vec<String>,
}

/// What came out otherwise than it was written down.
pub fn differences(fixture: &Fixture, pipelines: &[PipelineFile]) -> Vec<String> {
    let mut night =
        Night { fixture, pipelines, site: site(fixture, pipelines), printed: String::new(), wrong: Vec::new() };
    if let Err(why) = night.pass() {
        night.wrong.push(format!("{}: {why}", fixture.name));
    }
    night.wrong
}

fn site(fixture: &Fixture, pipelines: &[PipelineFile]) -> TestSite {
    let site = with(pipelines);
    for (name, bytes) in &fixture.exports {
        write_at(&site, name, bytes, written(name));
    }
    site
}

/// A site with these pipelines and no others, under the rules that their own tests are written against.
pub fn with(pipelines: &[PipelineFile]) -> TestSite {
    let site = TestSite::init("koha");
    for name in files(&site.at("pipelines")) {
        fs::remove_file(site.at("pipelines").join(name)).unwrap();
    }
    for pipeline in pipelines {
        let path = site.at(&format!("pipelines/{}.toml", pipeline.name));
        fs::write(&path, &pipeline.text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    }
    site.edit("policy.toml", |text| {
        let (before, rest) = text.split_once("[retention.").unwrap();
        let (_, after) = rest.split_once("[exports]").unwrap();
        let audit = |kind: &str| if kind == "bill" { "audit = \"7 years\"\n" } else { "" };
        let rules = |kind: &str| if kind == "contact" { CONTACT } else { RETENTION };
        let retention = KINDS.iter().map(|kind| format!("[retention.{kind}]\n{}{}\n", rules(kind), audit(kind)));
        let retention: String = retention.collect();
        format!("{before}{retention}[exports]{after}")
    });
    site
}

impl Night<'_> {
    fn pass(&mut self) -> Result<(), String> {
        let checked = self.ask(&["check", "--as-of", AS_OF])?;
        for problem in checked["problems"].as_array().into_iter().flatten() {
            self.wrong.push(format!("{}: check: {}", self.fixture.name, problem.as_str().unwrap_or_default()));
        }
        for pipeline in checked["pipelines"].as_array().into_iter().flatten() {
            if pipeline["tests"] == 0 {
                self.wrong.push(format!("{}: {} has no tests", self.fixture.name, pipeline["name"]));
            }
        }
        let plan = self.ask(&["plan", "--as-of", AS_OF])?;
        self.explain()?;
        let digest = plan["digest"].as_str().ok_or("the plan has no digest")?;
        let run = self.ask(&["run", "--as-of", AS_OF, "--accept", digest])?;
        if run["committed"].is_null() {
            self.wrong.push(format!("{}: the run was not committed", self.fixture.name));
        }
        for (command, outcome) in [("plan", &plan), ("run", &run)] {
            self.totals(command, outcome);
        }
        self.rejected_lines(&run);
        self.worklists();
        self.leaks()
    }

    /// What a command prints as JSON, whatever it ends with.
    fn ask(&mut self, args: &[&str]) -> Result<Value, String> {
        let output = self.site.cli(&[args, &["--json"]].concat());
        let printed = both(&output);
        self.printed += &printed;
        serde_json::from_slice(&output.stdout).map_err(|_| format!("{}: {}", args.join(" "), printed.trim()))
    }

    fn decisions<'d>(&'d self, pipeline: &'d PipelineFile) -> impl Iterator<Item = &'d Decision> {
        self.fixture.decisions.iter().filter(|decision| decision.pipeline == pipeline.name)
    }

    fn differs(&self, decision: &Decision, found: &str) -> String {
        let Decision { at, pipeline, id, decided, why } = decision;
        format!("{}/decisions.tsv:{at}: {pipeline} {id}: {decided}, since {why:?}; but {found}", self.fixture.name)
    }

    /// Rows of one number are compared together: which of two alike comes first says nothing.
    fn explain(&mut self) -> Result<(), String> {
        for pipeline in self.pipelines {
            let mut by_id: BTreeMap<String, Vec<Decision>> = BTreeMap::new();
            let mut lines = Vec::new();
            for decision in self.decisions(pipeline) {
                match &decision.id {
                    Id::Transaction(id) => by_id.entry(id.clone()).or_default().push(decision.clone()),
                    Id::Line(line) => lines.push(Some(*line)),
                    // What is rejected is known by the totals and its line.
                    Id::Logged(..) if decision.is("rejected") => {}
                    Id::Logged(..) => by_id.entry(decision.id.to_string()).or_default().push(decision.clone()),
                }
            }
            for (id, written) in by_id {
                let explained = self.ask(&["explain", &id, "--as-of", AS_OF])?;
                let rows = explained["explained"].as_array().into_iter().flatten();
                let rows = rows.filter(|row| row["pipeline"] == pipeline.name.as_str());
                // A repeat may be told by its line, too.
                let rows = rows.map(|row| (row["line"].as_u64(), decided(row)));
                let rows = rows.filter(|(line, row)| row.decision != "rejected" || !lines.contains(line));
                let mut found: Vec<Decided> = rows.map(|(_, decided)| decided).collect();
                let mut expected: Vec<Decided> = written.iter().map(|one| one.decided.clone()).collect();
                // Of rejected rows `explain` knows only those that repeat another; the totals count them all.
                if found.iter().all(|one| one.decision != "rejected") {
                    expected.retain(|one| one.decision != "rejected");
                }
                found.sort();
                expected.sort();
                if found != expected {
                    let found: Vec<String> = found.iter().map(Decided::to_string).collect();
                    let found = if found.is_empty() { "not found".into() } else { found.join(" and ") };
                    let differ: Vec<String> =
                        written.iter().map(|one| self.differs(one, &format!("explain says {found}"))).collect();
                    self.wrong.extend(differ);
                }
            }
        }
        Ok(())
    }

    fn totals(&mut self, command: &str, outcome: &Value) {
        let name = &self.fixture.name;
        let mut wrong = Vec::new();
        for stopped in outcome["stopped"].as_array().into_iter().flatten() {
            wrong.push(format!("{name}: {command}: {} stopped: {}", stopped["pipeline"], stopped["why"]));
        }
        for pipeline in self.pipelines {
            let mut all = outcome["pipelines"].as_array().into_iter().flatten();
            let Some(found) = all.find(|one| one["name"] == pipeline.name.as_str()) else {
                wrong.push(format!("{name}: {command}: {} has no totals", pipeline.name));
                continue;
            };
            let count = |decision: &str| self.decisions(pipeline).filter(|one| one.is(decision)).count();
            let mut compare = |what: &str, written: usize, found: &Value| {
                if found.as_u64().unwrap_or(0) != written as u64 {
                    wrong.push(format!(
                        "{name}: {command}: {}: {what}: {written} written, {found} found",
                        pipeline.name
                    ));
                }
            };
            let totals = &found["totals"];
            compare("read", self.decisions(pipeline).count(), &totals["read"]);
            compare("retired", count("due"), &totals["retired"]);
            compare("already retired", 0, &totals["already_retired"]);
            for decision in ["kept", "unlinked", "rejected"] {
                compare(decision, count(decision), &totals[decision]);
            }
            let needs: BTreeSet<&String> = self.decisions(pipeline).flat_map(|one| &one.decided.needs).collect();
            for need in needs {
                let written = self.decisions(pipeline).filter(|one| one.decided.needs.contains(need)).count();
                compare(&format!("kept as {need}"), written, &totals["kept_by_need"][need]);
            }
            if command == "run" && found["held"] != false {
                wrong.push(format!("{name}: {} is held, though a person accepted it", pipeline.name));
            }
        }
        self.wrong.extend(wrong);
    }

    fn rejected_lines(&mut self, run: &Value) {
        let mut wrong = Vec::new();
        for pipeline in self.pipelines {
            let all = run["pipelines"].as_array().into_iter().flatten();
            let rejected =
                all.filter(|one| one["name"] == pipeline.name.as_str()).filter_map(|one| one["rejected"].as_array());
            let mut found: Vec<(String, u64)> = Vec::new();
            for one in rejected.flatten() {
                let lines = one["lines"].as_array().into_iter().flatten().filter_map(Value::as_u64);
                let file = one["file"].as_str().unwrap_or_default();
                found.extend(lines.map(|line| (file.to_string(), line)));
            }
            for decision in self.decisions(pipeline).filter(|decision| decision.is("rejected")) {
                let place = match &decision.id {
                    Id::Line(line) => found.iter().position(|(_, other)| other == line),
                    Id::Logged(file, line) => found.iter().position(|other| *other == (file.clone(), *line)),
                    Id::Transaction(_) => continue,
                };
                match place {
                    Some(place) => drop(found.swap_remove(place)),
                    None => wrong.push(self.differs(decision, &format!("of those rejected are left: {found:?}"))),
                }
            }
        }
        self.wrong.extend(wrong);
    }

    /// Exactly what is due, each once.
    fn worklists(&mut self) {
        let mut wrong = Vec::new();
        for pipeline in self.pipelines {
            let ending = format!("-{}.csv", pipeline.name);
            let lists = files(&self.site.at("worklists"));
            let mut found = BTreeSet::new();
            for path in lists.iter().filter(|path| path.to_string_lossy().ends_with(&ending)) {
                let list = csv::Reader::from_path(self.site.at("worklists").join(path)).unwrap();
                for record in list.into_records() {
                    let id = record.unwrap()[0].to_string();
                    if !found.insert(id.clone()) {
                        wrong.push(format!("{}: {} lists {id} twice", self.fixture.name, path.display()));
                    }
                }
            }
            // Of logs a worklist has files.
            let mut listed = BTreeSet::new();
            for decision in self.decisions(pipeline).filter(|one| one.is("due")) {
                let named = match &decision.id {
                    Id::Logged(file, _) => file.clone(),
                    id => id.to_string(),
                };
                if !found.contains(&named) {
                    wrong.push(self.differs(decision, "the worklist doesn't have it"));
                }
                listed.insert(named);
            }
            found.retain(|id| !listed.contains(id));
            for id in found {
                let written = self.decisions(pipeline).find(|one| one.id.to_string() == id);
                wrong.push(match written {
                    Some(decision) => self.differs(decision, "the worklist has it"),
                    None => format!(
                        "{}: {}: the worklist has {id}, which isn't written down",
                        self.fixture.name, pipeline.name
                    ),
                });
            }
        }
        self.wrong.extend(wrong);
    }

    /// No identifier stands in what leaves, nor in what was printed.
    fn leaks(&mut self) -> Result<(), String> {
        let mut known = BTreeSet::new();
        for pipeline in self.pipelines {
            known.extend(needles(self.fixture, pipeline)?);
        }
        let mut places = vec![("the terminal".to_string(), self.printed.to_ascii_lowercase().into_bytes())];
        for path in open_files(&self.site) {
            if ["public", "reports", "worklists"].iter().any(|zone| path.starts_with(zone)) {
                for layer in layers(&self.site, &path) {
                    places.push((path.display().to_string(), layer.to_ascii_lowercase()));
                }
            }
        }
        for (place, bytes) in &places {
            for needle in known.iter().filter(|needle| holds(bytes, needle)) {
                self.wrong.push(format!("{}: {place} holds a patron's {needle:?}", self.fixture.name));
            }
        }
        Ok(())
    }
}

/// What `explain` says of a row.
fn decided(row: &Value) -> Decided {
    let decision = row["decision"].as_str().unwrap_or_default();
    let needs = row["needs"].as_array().into_iter().flatten().filter_map(|need| need["need"].as_str());
    let mut needs: Vec<String> = needs.map(String::from).collect();
    needs.sort();
    Decided { decision: decision.split(':').next().unwrap_or_default().into(), needs }
}
