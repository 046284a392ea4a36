//! `check`: policy, pipelines and their tests, the headers of what is in the inbox, and a sample of its columns.

use serde::Serialize;

mod columns;
mod declared;

use columns::{Danger, Doubt, Line, look};

use super::table::{bold, cut, paragraph, warn};
use super::{Ended, Failed, print_json};
use crate::evidence::figure::grouped;
use crate::export::{Chunk, Chunks, ExportError, Row, newest};
use crate::lookup;
use crate::night::{Refusal, check_together, load_pipelines};
use crate::pass::context;
use crate::pipeline::{Fields, Origin, Pipeline};
use crate::policy::Policy;
use crate::rehearse::rehearse;
use crate::state::keys::Keys;
use crate::state::register::Register;
use crate::state::site::Site;

#[derive(Serialize)]
struct Checked {
    pipelines: Vec<CheckedPipeline>,
    /// What must be mended before a run.
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

pub fn run(site: &Site, json: bool) -> Result<Ended, Failed> {
    site.check_modes()?;
    Keys::load(site)?;
    Register::load(site).map_err(Refusal::from)?;
    let policy = Policy::load(&site.policy()).map_err(Refusal::from)?;
    let pipelines = load_pipelines(site)?;
    check_together(&policy, &pipelines)?;
    let mut checked = Checked { pipelines: Vec::new(), problems: Vec::new(), notes: Vec::new(), doubts: Vec::new() };
    if policy.authority.authorization.trim().is_empty() {
        checked.notes.push("policy.toml names no authorization: plan works, and run refuses".into());
    }
    if policy.release.threshold < 10 {
        let threshold = policy.release.threshold;
        checked.notes.push(format!("the threshold is {threshold} patrons; 10 is what afterloan advises"));
    }
    for pipeline in &pipelines {
        let kind = pipeline.declaration.kind;
        if let Err(missing) = policy.rules(kind, pipeline.declaration.side) {
            checked.problems.push(format!("{}: {missing}", pipeline.name()));
        }
        let (tests, failures) = rehearse(pipeline);
        let failed: Vec<String> = failures.iter().map(ToString::to_string).collect();
        checked.problems.extend(failed.iter().map(|failure| format!("{}: {failure}", pipeline.name())));
        if pipeline.declaration.side.is_released() && pipeline.declaration.publish.is_empty() {
            checked.notes.push(format!(
                "{}: nothing of it is published. Months become final without a figure: let [[publish]] say before the first \
                 run what may leave",
                pipeline.name()
            ));
        }
        if tests == 0 {
            checked.notes.push(format!("{}: it carries no tests", pipeline.name()));
        }
        let exports = headers(site, pipeline, &mut checked);
        let (columns, doubts) = look(site, pipeline, &policy.timezone);
        checked.doubts.extend(doubts);
        checked.pipelines.push(CheckedPipeline { name: pipeline.name().into(), tests, failed, exports, columns });
    }
    checked.doubts.sort_by_key(|doubt| doubt.danger);
    if json {
        print_json(&checked)?;
    } else {
        words(&checked);
    }
    match (checked.problems.len(), checked.notes.is_empty() && checked.doubts.is_empty()) {
        (0, true) => Ok(Ended::Done),
        (0, false) => Ok(Ended::Look),
        (1, _) => Err(Failed::Plain("1 problem must be mended before a run".into())),
        (count, _) => Err(Failed::Plain(format!("{count} problems must be mended before a run"))),
    }
}

/// Looks at the header of each export that is there.
fn headers(site: &Site, pipeline: &Pipeline, checked: &mut Checked) -> Vec<String> {
    let declaration = &pipeline.declaration;
    let name = pipeline.name();
    let fields = Fields::new(declaration);
    let mut exports = Vec::new();
    let sources = declaration.sources.iter().map(|source| (source.part.as_str(), source.origin(), None));
    let lookups = declaration.lookups.iter().map(|lookup| (lookup.name.as_str(), lookup.origin(), Some(lookup)));
    let dialects = declaration.sources.iter().map(|source| declaration.source_dialect(source));
    let dialects = dialects.chain(declaration.lookups.iter().map(|lookup| declaration.lookup_dialect(lookup)));
    for ((part, origin, lookup), dialect) in sources.chain(lookups).zip(dialects) {
        let pattern = match origin {
            Origin::Files { pattern, .. } => pattern,
            Origin::Command { .. } | Origin::StandardInput => {
                exports.push(format!("{part}: read when a run needs it, not looked at here"));
                continue;
            }
        };
        let opened = newest(&site.inbox(), pattern).and_then(|found| Chunks::new(found.open()?, &dialect));
        let chunks = match opened {
            Ok(chunks) => chunks,
            Err(ExportError::Missing { .. } | ExportError::Empty { .. })
                if lookup.is_none() && declaration.is_log() =>
            {
                exports.push(format!("{part}: no log waits"));
                continue;
            }
            Err(error) => {
                checked.notes.push(format!("{name}: {part}: {error}"));
                continue;
            }
        };
        // Where records name their own cells, the first of them show which there are.
        let mut chunk = Chunk::default();
        if dialect.records_name_cells() && matches!(chunks.next(&mut chunk), Ok(true)) {
            let _ = Row::default().parse_each(chunk.bytes(), chunks.dialect(), |_, _| Ok::<(), ()>(()));
        }
        let (declared, undeclared): (Vec<&str>, Vec<String>) = match lookup {
            None => (fields.declared().collect(), context::undeclared(declaration, &chunks)),
            Some(lookup) => (lookup.declared().collect(), lookup.undeclared(&chunks)),
        };
        let missing = declared.iter().filter(|column| chunks.header().iter().all(|known| known != *column));
        let missing = missing.filter(|_| !dialect.records_name_cells());
        let missing: Vec<&&str> = missing.collect();
        // Where a declared column is missing, what stands there instead may be no header but a patron's row.
        let is_header = missing.is_empty();
        checked.problems.extend(missing.iter().map(|column| format!("{name}: {}", lookup::missing(&chunks, column))));
        if !undeclared.is_empty() && is_header {
            checked.notes.push(format!(
                "{name}: {part}: columns that the pipeline doesn't name are dropped: {}",
                undeclared.join(", ")
            ));
        }
        exports.push(format!("{part}: {}", chunks.path().file_name().unwrap_or_default().to_string_lossy()));
    }
    exports
}

fn words(checked: &Checked) {
    for pipeline in &checked.pipelines {
        let passed = pipeline.tests - pipeline.failed.len();
        println!("{}", bold(&pipeline.name));
        println!("  tests      {passed} of {} pass", pipeline.tests);
        for export in &pipeline.exports {
            println!("  export     {export}");
        }
        shown(&pipeline.columns);
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
        println!("Nothing must be mended before `afterloan plan`.");
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
