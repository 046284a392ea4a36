//! A pipeline's own tests: made-up rows go the whole way from bytes to decisions and published values, and must end
//! where the pipeline's author says.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::export::{Dialect, Found};
use crate::lookup::{Asked, LookupFiles};
use crate::pass::{
    CodedRow, Context, Digests, Exports, LogRun, Part, PassError, Prepare, PrepareError, Ready, RunFileError, RunFiles,
    Settled, SettledLogs, Watch, Watched, pass, settle,
};
use crate::pipeline::declaration::{Declaration, Test};
use crate::pipeline::{Fields, Lookup, Pipeline, Source, Treatment, decides_by_absence};
use crate::policy::{MissingRule, Retention};
use crate::state::keys::KeyedDigest;
use crate::state::register::Names;
use crate::words::{Day, Kind, Need, NeedSet, Way};

/// The line of the first made-up row, the one that is tested.
const TESTED: u64 = 2;

/// The rules that pipelines' tests are written against: 30 days for grace and settled, 180 for refund, 7 years for the
/// audit of bills, opt-in history, no last borrower.
pub const RETENTION: Retention =
    Retention { grace: 30, settled: 30, refund: 180, audit: Some(2_557), ..Retention::NONE };

/// And two years of grace for contact data.
const CONTACT: i32 = 731;

/// A test that didn't end as it says.
#[derive(Debug, thiserror::Error)]
#[error("test \"{test}\": {why}")]
pub struct Failure {
    pub test: String,
    pub why: String,
}

#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    #[error(transparent)]
    Pass(#[from] PassError),
    #[error(transparent)]
    RunFile(#[from] RunFileError),
    #[error("can't make a temporary folder: {0}")]
    Temporary(#[from] std::io::Error),
    #[error("the made-up rows can't be written: {0}")]
    Csv(#[from] csv::Error),
    #[error(transparent)]
    Rule(#[from] MissingRule),
    #[error("{0}")]
    Test(String),
}

/// Where tests are acted that don't say it. Not in the site's own zone: what follows from an offset at the edge of a day is
/// another thing in each, and a pipeline is shipped to all.
const ZONE: &str = "America/New_York";

/// Runs all tests of a pipeline; says how many there were, and which failed.
pub fn rehearse(pipeline: &Pipeline) -> (usize, Vec<Failure>) {
    let tests = &pipeline.declaration.tests;
    let failures = tests.iter().filter_map(|test| {
        let why = match act(&pipeline.declaration, test) {
            Ok(wrong) if wrong.is_empty() => return None,
            Ok(wrong) => wrong.join("; "),
            Err(broken) => broken.to_string(),
        };
        Some(Failure { test: test.name.clone(), why })
    });
    (tests.len(), failures.collect())
}

fn act(declaration: &Declaration, test: &Test) -> Result<Vec<String>, Broken> {
    let prepare = prepare(declaration, test)?;
    let as_of = prepare.as_of;
    let part = tested_part(declaration, test)?;
    let exports = MadeUp::new(declaration, test, part)?;
    let Ready { prepared, parts, .. } = prepare.ready(exports.exports(declaration, as_of))?;
    let folder = tempfile::tempdir()?;
    let (mut passed, vocabulary, files) = pass(&prepared, &parts, folder.path(), &|_, _| {})?;
    let settled = settle(&mut passed, &files, &prepared, Default::default())?;
    let rejected = |(reason, (_, lines)): (_, &(u64, Vec<u64>))| lines.contains(&TESTED).then_some(reason);
    if let Some(reason) = passed.parts[part].rejected.iter().find_map(rejected) {
        return Ok(compare(test, "rejected", &BTreeSet::new(), &format!(" ({reason})")));
    }
    if let Settled::Log(logs) = &settled
        && let Some(watched) = passed.watched.iter().find(|watched| watched.part == part && watched.line == TESTED)
        && let Some(ends) = counted(test, logs, watched)
    {
        return Ok(ends);
    }
    find_row(&Context::new(prepared, vocabulary), &files, &settled, test, part)
}

/// What is made of the row that is tested, once all is settled.
fn find_row(
    context: &Context<'_>,
    files: &RunFiles,
    settled: &Settled,
    test: &Test,
    part: usize,
) -> Result<Vec<String>, Broken> {
    for month in files.months() {
        let mut bytes = files.read(month)?;
        context.settle_requests(&mut bytes, |_| true);
        let is_tested = |row: &CodedRow<'_>| row.part() == part && u64::from(row.line()) == TESTED;
        let Some(row) = context.layout().rows(&bytes).find(is_tested) else { continue };
        let Some((needs, reasons)) = settled.needs(row) else {
            return Ok(compare(test, "rejected", &BTreeSet::new(), ""));
        };
        let decision = decision(row.is_linked(), needs);
        let because: Vec<&str> = reasons.iter().map(|reason| reason.code()).collect();
        let because = if because.is_empty() { String::new() } else { format!(" ({})", because.join(", ")) };
        let mut wrong = compare(test, decision, &needs.iter().collect(), &because);
        wrong.extend(published(context, test, row));
        return Ok(wrong);
    }
    Err(Broken::Test("the tested row got lost; please report this fault of afterloan".into()))
}

/// How the test of a log's row ends where it says, or the row shows, that it doesn't count. None: more is to be asked.
fn counted(test: &Test, logs: &SettledLogs, watched: &Watched) -> Option<Vec<String>> {
    if let Some(counts) = test.expect.counts.filter(|counts| *counts != watched.counts) {
        let is = if watched.counts { "it counts" } else { "it doesn't count" };
        return Some(vec![format!("expected counts = {counts}, but {is}")]);
    }
    if watched.counts {
        return None;
    }
    let own = (watched.decision.needs, watched.decision.reasons);
    let (needs, _) = logs.needs_of(watched.part, false, watched.linked, own);
    Some(compare(test, decision(watched.linked, needs), &needs.iter().collect(), ""))
}

/// By what the made-up rows are decided.
fn prepare<'a>(declaration: &'a Declaration, test: &Test) -> Result<Prepare<'a>, Broken> {
    let zone = test.timezone.as_deref().unwrap_or(ZONE);
    let made_up = KeyedDigest::of_made_up_rows;
    Ok(Prepare {
        declaration,
        timezone: TimeZone::get(zone).map_err(|_| Broken::Test("timezone is no IANA time zone".into()))?,
        as_of: test.as_of.parse().map_err(|_| Broken::Test("as_of is not a date (YYYY-MM-DD)".into()))?,
        retention: retention(declaration, test)?,
        digests: Digests { exports: made_up(), ids: made_up() },
        holds: Vec::new(),
        names: Names::of_made_up_rows(),
        mailing: Vec::new(),
        keeps_rejected: false,
        absent: None,
        watch: if declaration.is_log() { Watch::All } else { Watch::None },
    })
}

/// Where the tested row comes from.
fn tested_part(declaration: &Declaration, test: &Test) -> Result<usize, Broken> {
    let Some(part) = &test.part else { return Ok(0) };
    let place = declaration.sources.iter().position(|source| source.part == *part);
    place.ok_or_else(|| Broken::Test(format!("there is no part `{part}`")))
}

fn retention(declaration: &Declaration, test: &Test) -> Result<Retention, MissingRule> {
    let grace = |way| test.graces.get(&way).copied();
    let [fulfilled, cancelled, expired] = Way::ALL.map(grace);
    let grace = if declaration.kind == Kind::Contact { CONTACT } else { RETENTION.grace };
    Retention { grace, fulfilled, cancelled, expired, ..RETENTION }.of(declaration.kind, declaration.side)
}

fn decision(linked: bool, needs: NeedSet) -> &'static str {
    match (linked, needs.is_empty()) {
        (false, _) => "unlinked",
        (true, true) => "due",
        (true, false) => "kept",
    }
}

fn compare(test: &Test, decision: &str, needs: &BTreeSet<Need>, because: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if test.expect.decision != decision {
        wrong.push(format!("expected {}, but it is {decision}{because}", test.expect.decision));
    }
    let expected: BTreeSet<Need> = test.expect.needs.iter().copied().collect();
    if expected != *needs {
        let list = |needs: &BTreeSet<Need>| {
            let names: Vec<&str> = needs.iter().map(|need| need.as_str()).collect();
            if names.is_empty() { "none".to_string() } else { names.join(", ") }
        };
        wrong.push(format!("expected needs: {}; found: {}{because}", list(&expected), list(needs)));
    }
    wrong
}

/// What is published of a row must be what the test says. The values are made up, so they may be shown.
fn published(context: &Context<'_>, test: &Test, row: CodedRow<'_>) -> Vec<String> {
    let declaration = context.prepared.declaration;
    let values: BTreeMap<&str, String> = declaration
        .publish
        .iter()
        .filter_map(|publish| {
            let value = match &publish.treatment {
                Treatment::Day => row.day().to_string(),
                Treatment::Hour => row.hour().to_string(),
                Treatment::Count => row.measure().to_string(),
                _ => {
                    let column = declaration.coded().position(|coded| coded.name == publish.name)?;
                    context.columns.texts(column).swap_remove(context.layout().code(row, column) as usize)
                }
            };
            Some((publish.name.as_str(), value))
        })
        .collect();
    let expected = test.expect.publish.iter();
    let wrong = expected.filter_map(|(name, expected)| match values.get(name.as_str()) {
        Some(value) if value == expected => None,
        Some(value) => Some(format!("`{name}` is published as {value}, not as {expected}")),
        None => Some(format!("`{name}` isn't published")),
    });
    wrong.collect()
}

/// The exports of a test, in memory, as the system would write them.
struct MadeUp {
    dialect: Dialect,
    lookups: Vec<Vec<Found>>,
    parts: Vec<Found>,
}

impl MadeUp {
    fn new(declaration: &Declaration, test: &Test, part: usize) -> Result<MadeUp, Broken> {
        let is_known = |name: &String| declaration.lookups.iter().any(|lookup| lookup.name == *name);
        if let Some(name) = test.lookup.keys().find(|name| !is_known(name)) {
            return Err(Broken::Test(format!("there is no lookup `{name}`")));
        }
        let null = declaration.read.null.first().map_or("", String::as_str);
        let lookup = |lookup: &Lookup| {
            let rows = test.lookup.get(&lookup.name).map_or(&[][..], Vec::as_slice);
            Ok(vec![export(null, &lookup.name, &lookup.declared().collect(), rows)?])
        };
        let columns: BTreeSet<&str> = Fields::new(declaration).declared().collect();
        let source = |(index, source): (usize, &Source)| {
            let rows = if index == part { test.rows.as_slice() } else { &[] };
            export(null, &source.part, &columns, rows)
        };
        Ok(MadeUp {
            dialect: declaration.rehearsed_dialect(),
            lookups: declaration.lookups.iter().map(lookup).collect::<Result<_, Broken>>()?,
            parts: declaration.sources.iter().enumerate().map(source).collect::<Result<_, _>>()?,
        })
    }

    fn exports<'e>(&'e self, declaration: &'e Declaration, as_of: Day) -> Exports<'e> {
        let lookup = |(lookup, files): (&'e Lookup, &'e Vec<Found>)| LookupFiles {
            asked: Asked {
                lookup,
                dialect: self.dialect.clone(),
                needed: Vec::new(),
                decides: decides_by_absence(declaration, lookup),
            },
            files,
        };
        let count = self.parts.len();
        Exports {
            lookups: declaration.lookups.iter().zip(&self.lookups).map(lookup).collect(),
            parts: self.parts.iter().map(|found| Part::new(found, self.dialect.clone())).collect(),
            log: declaration.is_log().then(|| LogRun {
                sequence: 1,
                again: vec![0; count],
                copy_of: vec![None; count],
                written: vec![as_of; count],
            }),
        }
    }
}

fn export(
    null: &str,
    name: &str,
    columns: &BTreeSet<&str>,
    rows: &[BTreeMap<String, String>],
) -> Result<Found, Broken> {
    let unknown = rows.iter().flat_map(|row| row.keys()).find(|column| !columns.contains(column.as_str()));
    if let Some(unknown) = unknown {
        return Err(Broken::Test(format!("`{name}` has no column `{unknown}`")));
    }
    let cells = |row: &BTreeMap<String, String>| -> Vec<String> {
        columns.iter().map(|column| row.get(*column).map_or(null, String::as_str).to_string()).collect()
    };
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(columns)?;
    rows.iter().try_for_each(|row| csv.write_record(cells(row)))?;
    let bytes = csv.into_inner().map_err(|error| Broken::Temporary(error.into_error()))?;
    Ok(Found::in_memory(name, bytes, Timestamp::UNIX_EPOCH))
}
