//! A pipeline's own tests: made-up rows go the whole way from bytes to decisions and published values, and must end
//! where the pipeline's author says.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cells::{Nulls, TimeFormat};
use crate::export::{Chunks, Dialect, ExportError, Found};
use crate::lookup::{self, Asked, LookupError, Reading};
use crate::pass::{
    CodedRow, Context, HoldScope, IdRule, LogRun, PassError, Prepare, PrepareError, RunFileError, RunFiles, Watch,
    context, pass, settle,
};
use crate::pipeline::declaration::{Declaration, Test};
use crate::pipeline::{Fields, Pipeline, Treatment};
use crate::policy::{MissingRule, Retention};
use crate::state::keys::KeyedDigest;
use crate::words::{Day, Kind, Need, NeedSet, Way};

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
    Export(#[from] ExportError),
    #[error(transparent)]
    Lookup(#[from] LookupError),
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
    let zone = test.timezone.as_deref().unwrap_or(ZONE);
    let zone = TimeZone::get(zone).map_err(|_| Broken::Test("timezone is no IANA time zone".into()))?;
    let as_of: Day = test.as_of.parse().map_err(|_| Broken::Test("as_of is not a date (YYYY-MM-DD)".into()))?;
    let stage = Stage { declaration, dialect: declaration.rehearsed_dialect() };
    let times = TimeFormat::new(declaration.read.datetime.patterns(), zone);
    let null = Nulls::new(&declaration.read.null);
    let held = hashbrown::HashSet::new();
    let reading = Reading {
        null: &null,
        decimal: declaration.read.decimal as u8,
        nobody: &declaration.columns.nobody,
        times: &times,
        patron: &declaration.columns.patron,
        plausible: context::plausible(declaration, as_of),
        held: &held,
        held_numbers: &held,
    };
    if let Some(name) = test.lookup.keys().find(|name| declaration.lookups.iter().all(|lookup| lookup.name != **name)) {
        return Err(Broken::Test(format!("there is no lookup `{name}`")));
    }
    let mut tables = Vec::new();
    for lookup in &declaration.lookups {
        let rows = test.lookup.get(&lookup.name).map_or(&[][..], Vec::as_slice);
        let found = stage.export(&lookup.name, &lookup.declared().collect(), rows)?;
        let asked = Asked { lookup, dialect: stage.dialect.clone(), needed: Vec::new() };
        tables.push(lookup::load(&asked, &[found], &reading, KeyedDigest::of_made_up_rows())?.table);
    }
    let fields = Fields::new(declaration);
    let columns: BTreeSet<&str> = fields.declared().collect();
    let part = match &test.part {
        None => 0,
        Some(part) => declaration
            .sources
            .iter()
            .position(|source| source.part == *part)
            .ok_or_else(|| Broken::Test(format!("there is no part `{part}`")))?,
    };
    let parts = declaration.sources.iter().enumerate().map(|(index, source)| {
        let rows = if index == part { test.rows.as_slice() } else { &[] };
        Ok(Chunks::new(stage.export(&source.part, &columns, rows)?.open()?, &stage.dialect)?)
    });
    let parts = parts.collect::<Result<Vec<_>, Broken>>()?;
    let mut context = Context::new(Prepare {
        declaration,
        retention: retention(declaration, test)?,
        as_of,
        times,
        lookups: tables,
        holds: HoldScope::default(),
        ids: match &declaration.columns.transaction {
            Some(id) => IdRule::new(id.r#type, KeyedDigest::of_made_up_rows()),
            None => IdRule::Integer,
        },
        log: declaration.is_log().then(|| LogRun {
            sequence: 1,
            again: vec![0; parts.len()],
            copy_of: vec![None; parts.len()],
            written: vec![as_of; parts.len()],
        }),
        mailing: Vec::new(),
        keeps_rejected: false,
        parts: &parts,
    })?;
    if declaration.is_log() {
        context.watch = Watch::All;
    }
    let folder = tempfile::tempdir()?;
    let files = RunFiles::new(folder.path());
    let mut passed = pass(&context, &parts, &files, &KeyedDigest::of_made_up_rows(), &|_, _| {})?;
    let settled = settle(&mut passed, &files, &context)?;
    let rejected = |(reason, (_, lines)): (_, &(u64, Vec<u64>))| lines.contains(&2).then_some(reason);
    if let Some(reason) = passed.parts[part].rejected.iter().find_map(rejected) {
        return Ok(compare(test, "rejected", &BTreeSet::new(), &format!(" ({reason})")));
    }
    let watched = passed.watched.iter().find(|watched| watched.part == part && watched.line == 2);
    if let (Some(counts), Some(watched)) = (test.expect.counts, watched)
        && counts != watched.counts
    {
        let is = if watched.counts { "it counts" } else { "it doesn't count" };
        return Ok(vec![format!("expected counts = {counts}, but {is}")]);
    }
    if let (true, Some(watched)) = (declaration.is_log(), watched.filter(|watched| !watched.counts)) {
        let own = (watched.decision.needs, watched.decision.reasons);
        let (needs, _) = settled.needs_in_log(part, false, watched.linked, own);
        let decision = decision(watched.linked, needs);
        return Ok(compare(test, decision, &needs.iter().collect(), ""));
    }
    for month in files.months() {
        let mut bytes = files.read(month)?;
        context.settle_requests(&mut bytes, |_| true);
        let Some(row) = context.layout().rows(&bytes).find(|row| row.part() == part && row.line() == 2) else {
            continue;
        };
        let Some((needs, reasons)) = settled.needs(row) else {
            return Ok(compare(test, "rejected", &BTreeSet::new(), ""));
        };
        let decision = decision(row.is_linked(), needs);
        let because: Vec<&str> = reasons.iter().map(|reason| reason.code()).collect();
        let because = if because.is_empty() { String::new() } else { format!(" ({})", because.join(", ")) };
        let mut wrong = compare(test, decision, &needs.iter().collect(), &because);
        wrong.extend(published(&context, test, row));
        return Ok(wrong);
    }
    Err(Broken::Test("the tested row got lost; please report this fault of afterloan".into()))
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
        let list = |needs: &BTreeSet<Need>| match needs.is_empty() {
            true => "none".to_string(),
            false => needs.iter().map(|need| need.as_str()).collect::<Vec<_>>().join(", "),
        };
        wrong.push(format!("expected needs: {}; found: {}{because}", list(&expected), list(needs)));
    }
    wrong
}

/// What is published of a row must be what the test says. The values are made up, so they may be shown.
fn published(context: &Context<'_>, test: &Test, row: CodedRow<'_>) -> Vec<String> {
    let values: BTreeMap<&str, String> = context
        .declaration
        .publish
        .iter()
        .filter_map(|publish| {
            let value = match &publish.treatment {
                Treatment::Day => row.day().to_string(),
                Treatment::Hour => row.hour().to_string(),
                Treatment::Weekday => row.day().weekday().to_string(),
                Treatment::Count => row.measure().to_string(),
                _ => {
                    let column = context.declaration.coded().position(|coded| coded.name == publish.name)?;
                    context.columns.texts(column).swap_remove(usize::from(row.code(column))).text
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

struct Stage<'a> {
    declaration: &'a Declaration,
    dialect: Dialect,
}

impl Stage<'_> {
    /// An export in memory, as the system would write it.
    fn export(&self, name: &str, columns: &BTreeSet<&str>, rows: &[BTreeMap<String, String>]) -> Result<Found, Broken> {
        let unknown = rows.iter().flat_map(|row| row.keys()).find(|column| !columns.contains(column.as_str()));
        if let Some(unknown) = unknown {
            return Err(Broken::Test(format!("`{name}` has no column `{unknown}`")));
        }
        let null = self.declaration.read.null.first().map_or("", String::as_str);
        let cells = |row: &BTreeMap<String, String>| -> Vec<String> {
            columns.iter().map(|column| row.get(*column).map_or(null, String::as_str).to_string()).collect()
        };
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(columns)?;
        rows.iter().try_for_each(|row| csv.write_record(cells(row)))?;
        let bytes = csv.into_inner().map_err(|error| Broken::Temporary(error.into_error()))?;
        Ok(Found::in_memory(name, bytes, Timestamp::UNIX_EPOCH))
    }
}
