//! `check`: policy, pipelines and their tests, the headers of what is in the inbox, and a sample of its columns.

use serde::Serialize;

mod columns;
mod declared;
mod falls;
mod joins;
mod keys;
mod reached;
mod seen;

use columns::{Line, look};
use seen::{Danger, Doubt};

use super::out::{Ended, Failed, print_json};
use super::table::{bold, cut, paragraph, warn};
use crate::act::{self, Foreseen, Options, Tonight};
use crate::evidence::figure::grouped;
use crate::export::{Chunk, Chunks, Dialect, ExportError, Found, Row};
use crate::lookup;
use crate::pipeline::{Declaration, Fields, Lookup, Origin, Pipeline, Source};
use crate::rehearse::rehearse;
use crate::state::site::Site;

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
}

/// `again`: the arguments to give to the next command.
pub fn run(site: &Site, options: Options, again: &str, json: bool) -> Result<Ended, Failed> {
    let tonight = act::look_around(site, options)?;
    let policy = &tonight.policy;
    let mut checked = Checked { pipelines: Vec::new(), problems: Vec::new(), notes: Vec::new(), doubts: Vec::new() };
    if policy.authority.authorization.trim().is_empty() {
        checked.notes.push("policy.toml names no authorization: plan works, and run refuses".into());
    }
    if policy.release.threshold < 10 {
        let threshold = policy.release.threshold;
        checked.notes.push(format!("the threshold is {threshold} patrons; 10 is what afterloan advises"));
    }
    let mut looks = Vec::new();
    for pipeline in &tonight.pipelines {
        let foreseen = act::foresee(&tonight, pipeline);
        foreseen.stops.iter().for_each(|why| checked.problem(format!("{}: {why}", pipeline.name())));
        let exports = headers(&tonight, pipeline, &foreseen, &mut checked);
        let looked = look(pipeline, &foreseen, &policy.timezone);
        looked.damaged.iter().for_each(|why| checked.problem(format!("{}: {why}", pipeline.name())));
        looks.push((exports, looked));
    }
    for (pipeline, (exports, looked)) in tonight.pipelines.iter().zip(looks) {
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
        let unreached = reached::unreached(&pipeline.declaration);
        checked.notes.extend(unreached.into_iter().map(|told| format!("{}: {told}", pipeline.name())));
        if tests == 0 {
            checked.notes.push(format!("{}: it carries no tests", pipeline.name()));
        }
        checked.doubts.extend(looked.doubts);
        let (name, columns) = (pipeline.name().into(), looked.lines);
        checked.pipelines.push(CheckedPipeline { name, tests, failed, exports, columns });
    }
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

/// An export as the pipeline speaks of it.
struct Export<'a> {
    name: &'a str,
    origin: Origin<'a>,
    dialect: Dialect,
    of: Of<'a>,
    files: &'a [Found],
}

#[derive(Clone, Copy)]
enum Of<'a> {
    Source(&'a Source),
    /// With its place among the lookups.
    Lookup(usize, &'a Lookup),
}

fn exports<'a>(declaration: &'a Declaration, foreseen: &'a Foreseen) -> Vec<Export<'a>> {
    let sources = declaration.sources.iter().zip(&foreseen.sources).map(|(source, files)| Export {
        name: &source.part,
        origin: source.origin(),
        dialect: declaration.source_dialect(source),
        of: Of::Source(source),
        files,
    });
    let lookups = declaration.lookups.iter().zip(&foreseen.lookups).enumerate();
    let lookups = lookups.map(|(place, (lookup, files))| Export {
        name: &lookup.name,
        origin: lookup.origin(),
        dialect: declaration.lookup_dialect(lookup),
        of: Of::Lookup(place, lookup),
        files,
    });
    sources.chain(lookups).collect()
}

/// Looks at the header of each export that is there, and loads the lookups as a night does.
fn headers(tonight: &Tonight, pipeline: &Pipeline, foreseen: &Foreseen, checked: &mut Checked) -> Vec<String> {
    let declaration = &pipeline.declaration;
    let name = pipeline.name();
    let mut lines = Vec::new();
    for export in exports(declaration, foreseen) {
        let part = export.name;
        if !matches!(export.origin, Origin::Files { .. }) {
            lines.push(format!("{part}: read when a run needs it, not looked at here"));
            continue;
        }
        if export.files.is_empty() {
            match export.of {
                Of::Source(_) if declaration.is_log() => lines.push(format!("{part}: no log waits")),
                Of::Lookup(_, lookup) if !lookup.required => {
                    checked.notes.push(format!("{name}: {part}: no file is there. It isn't required"));
                }
                _ => {}
            }
            continue;
        }
        let before = checked.problems.len();
        let read: Vec<Chunks> =
            export.files.iter().filter_map(|found| header(pipeline, &export, found, &mut lines, checked)).collect();
        if checked.problems.len() > before {
            continue;
        }
        let why = match export.of {
            Of::Lookup(place, _) => act::stops_lookup(tonight, pipeline, place, export.files),
            Of::Source(source) => act::stops_source(pipeline, source, &read),
        };
        why.into_iter().for_each(|why| checked.problem(format!("{name}: {why}")));
    }
    lines
}

/// A file that could be opened. Where records of transactions name their own cells, all were read; lookups are read by those
/// who load them.
fn header(
    pipeline: &Pipeline,
    export: &Export<'_>,
    found: &Found,
    lines: &mut Vec<String>,
    checked: &mut Checked,
) -> Option<Chunks> {
    let (declaration, name, part) = (&pipeline.declaration, pipeline.name(), export.name);
    let dialect = &export.dialect;
    let chunks = match found.open().and_then(|opened| Chunks::new(opened, dialect)) {
        Ok(chunks) => chunks,
        // Such a log has nothing to read.
        Err(ExportError::Empty { .. }) if matches!(export.of, Of::Source(_)) && declaration.is_log() => return None,
        Err(ExportError::Empty { .. }) if matches!(export.of, Of::Lookup(_, lookup) if lookup.may_be_empty) => {
            lines.push(format!("{part}: {} (empty)", found.name()));
            return None;
        }
        Err(error) => {
            checked.problem(format!("{name}: {error}"));
            return None;
        }
    };
    // Where records name their own cells, they show which there are: of a lookup the first.
    let (mut chunk, mut row) = (Chunk::default(), Row::default());
    while dialect.records_name_cells() {
        match chunks.next(&mut chunk) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                checked.problem(format!("{name}: {error}"));
                return None;
            }
        }
        let _ = row.parse_each(chunk.bytes(), chunks.dialect(), |_, _| Ok::<(), ()>(()));
        if matches!(export.of, Of::Lookup(..)) {
            break;
        }
    }
    let fields = Fields::new(declaration);
    let (declared, undeclared): (Vec<&str>, Vec<String>) = match export.of {
        Of::Source(_) => (fields.declared().collect(), declaration.undeclared(&chunks)),
        Of::Lookup(_, lookup) => (lookup.declared().collect(), lookup.undeclared(&chunks)),
    };
    let is_there = |column: &str| chunks.header().iter().any(|known| known == column);
    let absent = |column: &str| chunks.dialect().renamed.is_absent(column);
    // What is only dropped need not be there.
    let dropped = match export.of {
        Of::Source(_) => &declaration.columns.drop,
        Of::Lookup(_, lookup) => &lookup.drop,
    };
    let only_dropped = |column: &str| dropped.iter().any(|name| name == column);
    let missing = declared.iter().filter(|column| !is_there(column) && !absent(column) && !only_dropped(column));
    let missing: Vec<&&str> = missing.filter(|_| !dialect.records_name_cells()).collect();
    missing.iter().for_each(|column| checked.problem(format!("{name}: {}", lookup::missing(&chunks, column))));
    // Where a declared column is missing, what stands there instead may be no header but a patron's row.
    if !undeclared.is_empty() && missing.is_empty() {
        let undeclared = undeclared.join(", ");
        let note = format!("{name}: {part}: columns that the pipeline doesn't name are dropped: {undeclared}");
        if !checked.notes.contains(&note) {
            checked.notes.push(note);
        }
    }
    lines.push(format!("{part}: {}", found.name()));
    Some(chunks)
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
    let mut danger: Option<Danger> = None;
    for doubt in &checked.doubts {
        if danger != Some(doubt.danger) {
            println!("{}", bold(&format!("What {}", doubt.danger.text())));
            danger = Some(doubt.danger);
        }
        paragraph("  ? ", &warn(&doubt.what));
    }
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
