//! `check`: policy, pipelines and their tests, the headers of what is in the inbox, and a sample of its columns.

use serde::Serialize;

use super::out::{Ended, Failed, print_json};
use super::table::{bold, cut, doubts, paragraph, warn};
use crate::act::{self, Foreseen, Options, Tonight};
use crate::evidence::figure::grouped;
use crate::pipeline::{Origin, Pipeline, Publish, Treatment};
use crate::propose::doubts::{
    Doubt, ExpectedOf, InboxFiles, Line, disguised, expected, headers as read_headers, look, unreached,
};
use crate::rehearse::rehearse;
use crate::state::site::Site;
use crate::toml_file::meant;

#[derive(Serialize)]
struct Checked {
    pipelines: Vec<CheckedPipeline>,
    /// What must be mended before a run; first what stops a pipeline tonight.
    problems: Vec<String>,
    /// What should be looked at.
    notes: Vec<String>,
    /// Where the exports don't look like what is declared, the most dangerous first.
    doubts: Vec<Doubt>,
}

#[derive(Serialize)]
struct CheckedPipeline {
    name: String,
    tests: usize,
    failed: Vec<String>,
    exports: Vec<String>,
    columns: Vec<Line>,
}

impl Checked {
    /// One mistake may show in many places.
    fn problem(&mut self, problem: String) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// `again`: the arguments to give to the next command.
pub fn run(site: &Site, options: Options, again: &str, json: bool) -> Result<Ended, Failed> {
    let tonight = act::look_around(site, options)?;
    let policy = &tonight.policy;
    let mut checked = Checked { pipelines: Vec::new(), problems: Vec::new(), notes: Vec::new(), doubts: Vec::new() };
    if policy.authority.authorization.trim().is_empty() {
        checked.notes.push("policy.toml names no authorization: plan works, and run refuses".into());
    }
    checked.notes.extend(policy.authority.on(tonight.day).notice());
    if policy.release.threshold < 10 {
        let threshold = policy.release.threshold;
        checked.notes.push(format!("the threshold is {threshold} patrons; 10 is what afterloan advises"));
    }
    let mut looks = Vec::new();
    for pipeline in &tonight.pipelines {
        let foreseen = act::foresee(&tonight, pipeline);
        foreseen.stops.iter().for_each(|why| checked.problem(format!("{}: {why}", pipeline.name())));
        let exports = headers(&tonight, pipeline, &foreseen, &mut checked);
        let looked = look(pipeline, &inbox(&foreseen), &policy.timezone);
        looked.damaged.iter().for_each(|why| checked.problem(format!("{}: {why}", pipeline.name())));
        let at = (tonight.day, &policy.timezone);
        let groups = disguised(pipeline, &inbox(&foreseen), at, policy.release.threshold);
        looks.push((exports, looked, groups));
    }
    for (pipeline, (exports, looked, groups)) in tonight.pipelines.iter().zip(looks) {
        let kind = pipeline.declaration.kind;
        if let Err(missing) = policy.rules(kind, pipeline.declaration.side) {
            checked.problems.push(format!("{}: {missing}", pipeline.name()));
        }
        let (tests, failures) = rehearse(pipeline);
        let failed: Vec<String> = failures.iter().map(ToString::to_string).collect();
        checked.problems.extend(failed.iter().map(|failure| format!("{}: {failure}", pipeline.name())));
        if pipeline.declaration.side.is_released() && pipeline.declaration.publish.is_empty() {
            checked.notes.push(format!(
                "{}: no [[publish]] says what may leave. Of a month its number of transactions is published and nothing \
                 else, for good: say it before the first run",
                pipeline.name()
            ));
        }
        checked.notes.extend(groups);
        let unreached = unreached(&pipeline.declaration);
        checked.notes.extend(unreached.into_iter().map(|told| format!("{}: {told}", pipeline.name())));
        if tests == 0 {
            checked.notes.push(format!("{}: it carries no tests", pipeline.name()));
        }
        checked.doubts.extend(looked.doubts);
        let (name, columns) = (pipeline.name().into(), looked.lines);
        checked.pipelines.push(CheckedPipeline { name, tests, failed, exports, columns });
    }
    match act::unspoken(&tonight) {
        Ok(columns) => columns.into_iter().for_each(|column| {
            let why = "leads to patrons, and no pipeline speaks of it: list it as a [[trace]]'s place, or say under \
                       [database.ignored] why it is none";
            checked.problem(format!("the system's database: {column} {why}"));
        }),
        Err(why) => checked.problem(why),
    }
    unmet_labels(&tonight).into_iter().for_each(|told| checked.note(told));
    checked.doubts.sort_by_key(|doubt| doubt.danger);
    if !json {
        words(&checked, again);
    }
    let failed = match checked.problems.len() {
        0 => None,
        1 => Some("1 problem must be mended before a run".to_string()),
        count => Some(format!("{count} problems must be mended before a run")),
    };
    if let Some(why) = failed {
        return Err(Failed::with(why, &checked, json)?);
    }
    if json {
        print_json(&checked)?;
    }
    let is_quiet = checked.notes.is_empty() && checked.doubts.is_empty();
    Ok(if is_quiet { Ended::Done } else { Ended::Look })
}

/// Labels of the policy that no published column has.
fn unmet_labels(tonight: &Tonight) -> Vec<String> {
    let mut notes = Vec::new();
    for (column, labels) in &tonight.policy.release.labels {
        let published = tonight.pipelines.iter().flat_map(|pipeline| &pipeline.declaration.publish);
        let of_column: Vec<&Publish> = published.clone().filter(|publish| publish.name == *column).collect();
        if of_column.is_empty() {
            let near = meant(column, published.map(|publish| publish.name.as_str()));
            notes.push(format!("policy.toml, [release.labels.{column}]: no pipeline publishes `{column}`{near}"));
            continue;
        }
        // What values a column has shows in its rows alone, unless the pipeline lists them.
        let listed = |publish: &&Publish| match &publish.treatment {
            Treatment::Map(names) => Some(names.values().cloned().collect::<Vec<_>>()),
            _ => None,
        };
        let Some(mut values) = of_column.iter().map(listed).collect::<Option<Vec<_>>>().map(|all| all.concat()) else {
            continue;
        };
        values.extend(tonight.policy.release.places.keys().cloned());
        for value in labels.keys().filter(|value| !values.contains(value)) {
            let near = meant(value, values.iter().map(String::as_str));
            notes.push(format!("policy.toml, [release.labels.{column}]: `{column}` never reads `{value}`{near}"));
        }
    }
    notes
}

fn inbox(foreseen: &Foreseen) -> InboxFiles<'_> {
    InboxFiles { sources: &foreseen.sources, lookups: &foreseen.lookups }
}

/// Looks at the header of each export that is there, and loads the lookups as a night does.
fn headers(tonight: &Tonight, pipeline: &Pipeline, foreseen: &Foreseen, checked: &mut Checked) -> Vec<String> {
    let declaration = &pipeline.declaration;
    let name = pipeline.name();
    let mut lines = Vec::new();
    for export in expected(declaration, &inbox(foreseen)) {
        let part = export.name;
        if !matches!(export.origin, Origin::Files { .. }) {
            lines.push(format!("{part}: read when a run needs it, not looked at here"));
            continue;
        }
        if export.files.is_empty() {
            match export.of {
                ExpectedOf::Source(_) if declaration.is_log() => lines.push(format!("{part}: no log waits")),
                ExpectedOf::Lookup(_, lookup) if !lookup.required => {
                    checked.notes.push(format!("{name}: {part}: no file is there. It isn't required"));
                }
                _ => {}
            }
            continue;
        }
        let before = checked.problems.len();
        let said = read_headers(declaration, &export);
        said.problems.into_iter().for_each(|why| checked.problem(format!("{name}: {why}")));
        said.notes.into_iter().for_each(|note| checked.note(format!("{name}: {note}")));
        lines.extend(said.files.iter().map(|file| format!("{part}: {file}")));
        if checked.problems.len() > before {
            continue;
        }
        let why = match export.of {
            ExpectedOf::Lookup(place, _) => act::stops_lookup(tonight, pipeline, place, export.files),
            ExpectedOf::Source(source) => act::stops_source(pipeline, source, &said.read),
        };
        why.into_iter().for_each(|why| checked.problem(format!("{name}: {why}")));
    }
    lines
}

fn words(checked: &Checked, again: &str) {
    for pipeline in &checked.pipelines {
        let passed = pipeline.tests - pipeline.failed.len();
        println!("{}", bold(&pipeline.name));
        println!("  tests      {passed} of {} pass", pipeline.tests);
        for export in &pipeline.exports {
            println!("  export     {export}");
        }
        shown(&pipeline.columns);
    }
    if !checked.problems.is_empty() {
        println!("{}", bold("What must be mended"));
    }
    for problem in &checked.problems {
        paragraph("  ! ", &warn(problem));
    }
    doubts(&checked.doubts);
    for note in &checked.notes {
        paragraph("  - ", note);
    }
    if checked.problems.is_empty() {
        println!("Nothing must be mended before the next step:\n  afterloan plan{again}");
    }
}

/// Each column that is used, as it is declared and as it looks.
fn shown(columns: &[Line]) {
    let used: Vec<&Line> = columns.iter().filter(|line| !line.is_dropped).collect();
    if used.is_empty() {
        return;
    }
    println!("  {:<27} {:<16} {:>4} {:>8} shape", "column", "declared", "set", "distinct");
    for line in &used {
        let about = if line.exact { "" } else { "~" };
        println!(
            "  {:<27} {:<16} {:>3}% {:>8} {}",
            cut(&format!("{}.{}", line.export, line.column), 27),
            cut(&line.declared, 16),
            line.set,
            format!("{about}{}", grouped(line.distinct)),
            cut(&line.shape, 19)
        );
    }
    match columns.len() - used.len() {
        0 => {}
        1 => println!("  and 1 column that is dropped"),
        dropped => println!("  and {dropped} columns that are dropped"),
    }
}
