//! How a pass is prepared, for a night, a rehearsal and `explain` alike: the lookups are read, then the transactions are
//! opened, and all that stays still while rows pass is made of both.

use jiff::tz::TimeZone;

use super::absent::AbsentAsked;
use super::error::PrepareError;
use super::ids::IdRule;
use super::intake::{Intake, Log, Snapshot};
use super::log::LogRun;
use super::maker::Maker;
use super::outcome::Watch;
use super::prepared::{CellRules, Lookups, Prepared, Rules};
use super::scope::{HoldScope, is_met};
use super::vocabulary::Columns;
use crate::export::{Chunks, Dialect, ExportError, Found, Opened};
use crate::lookup::{HeldPatrons, LookupError, LookupFiles, LookupTable, LookupsRead, Reading, held_on_rows, load_all};
use crate::pipeline::declaration::Of;
use crate::pipeline::{Declaration, decides_by_absence};
use crate::policy::{Mailing, Retention};
use crate::state::keys::KeyedDigest;
use crate::state::register::{Hold, Names};
use crate::words::Day;

/// By what a pipeline is decided.
pub struct Prepare<'a> {
    pub declaration: &'a Declaration,
    pub retention: Retention,
    pub as_of: Day,
    pub timezone: TimeZone,
    pub digests: Digests,
    /// The legal holds in force.
    pub holds: Vec<&'a Hold>,
    /// What patrons are called by in these.
    pub names: Names,
    /// The mailing lists that the policy asks for.
    pub mailing: Vec<&'a Mailing>,
    /// Whether rejected rows are kept for a recipient.
    pub keeps_rejected: bool,
    pub watch: Watch,
    /// Where the policy ends what a missing patron leaves.
    pub absent: Option<AbsentAsked>,
}

/// The site's digests.
pub struct Digests {
    /// Of exports.
    pub exports: KeyedDigest,
    /// Of ids that are texts.
    pub ids: KeyedDigest,
}

/// The exports of a pipeline.
pub struct Exports<'e> {
    /// In the order of the declaration.
    pub lookups: Vec<LookupFiles<'e>>,
    pub parts: Vec<Part<'e>>,
    /// What is known of the parts, if they are logs; none: they are a snapshot.
    pub log: Option<LogRun>,
}

/// A file of transactions, and how it is opened.
pub struct Part<'e> {
    pub found: &'e Found,
    pub dialect: Dialect,
    open: Option<Box<Open>>,
}

type Open = dyn Fn() -> Result<Opened, ExportError> + Send;

impl<'e> Part<'e> {
    pub fn new(found: &'e Found, dialect: Dialect) -> Part<'e> {
        Part { found, dialect, open: None }
    }

    /// One of many: it is opened again when its turn comes.
    pub fn later(
        found: &'e Found,
        dialect: Dialect,
        open: impl Fn() -> Result<Opened, ExportError> + Send + 'static,
    ) -> Part<'e> {
        Part { found, dialect, open: Some(Box::new(open)) }
    }

    fn chunks(self) -> Result<Chunks, ExportError> {
        match self.open {
            None => Chunks::new(self.found.open()?, &self.dialect),
            Some(open) => Chunks::later(open, &self.dialect),
        }
    }
}

/// All that a pass needs, and what its lookups had.
pub struct Ready<'a> {
    pub prepared: Prepared<'a>,
    pub parts: Vec<Chunks>,
    pub lookups: LookupsRead,
}

impl<'a> Prepare<'a> {
    /// Reads the lookups, opens the transactions, and makes the rules.
    pub fn ready(self, exports: Exports<'_>) -> Result<Ready<'a>, PrepareError> {
        let Exports { lookups, parts, log } = exports;
        let reading = Reading::new(self.declaration, self.as_of, self.timezone.clone(), (&self.holds, &self.names));
        let lookups = load_all(&lookups, &reading, &self.digests.exports)?;
        let held = held_by(&self, &reading, &parts, lookups.held)?;
        let parts = parts.into_iter().map(Part::chunks).collect::<Result<Vec<_>, ExportError>>()?;
        let prepared = self.prepared(reading, (lookups.tables, &lookups.read), &held, log, &parts)?;
        Ok(Ready { prepared, parts, lookups: lookups.read })
    }

    fn prepared(
        mut self,
        reading: Reading<'_>,
        (lookups, read): (Vec<LookupTable>, &LookupsRead),
        held: &HeldPatrons,
        log: Option<LogRun>,
        parts: &[Chunks],
    ) -> Result<Prepared<'a>, PrepareError> {
        let declaration = self.declaration;
        let maker = Maker::new(declaration);
        let treated = maker.treated()?;
        let deciding = if log.is_some() { Vec::new() } else { deciding(declaration) };
        let absent = self.absent.take().and_then(|asked| {
            let rows = read.files.get(asked.lookup)?.iter().map(|(records, _)| records).sum();
            let unreadable = read.keys.get(asked.lookup)?.unreadable;
            asked.trusted(rows, unreadable)
        });
        let bytes = |texts: &[String]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        Ok(Prepared {
            declaration,
            intake: intake(&maker, declaration, self.digests.ids, log, parts)?,
            retention: self.retention,
            as_of: self.as_of,
            cells: CellRules {
                times: reading.times,
                plausible: reading.plausible,
                null: reading.null,
                nobody: bytes(&declaration.columns.nobody),
                nothing: bytes(&declaration.columns.nothing),
            },
            lookups: Lookups { tables: lookups, joins: maker.joins()?, deciding },
            columns: Columns::new(
                treated.iter().map(|(name, treated)| (*name, treated.labels())),
                declaration.title().map(|(place, _)| place),
            ),
            rules: Rules {
                roles: maker.roles()?,
                states: maker.states()?,
                needs: maker.needs()?,
                counts: maker.counts()?,
                treated: treated.into_iter().map(|(_, treated)| treated).collect(),
                bound: parts.iter().map(|chunks| maker.bind(chunks)).collect::<Result<_, _>>()?,
                mailing: maker.mailing(&self.mailing)?,
                severs_unlinked: declaration.severs(Of::Unlinked) && !declaration.is_log(),
            },
            holds: HoldScope::new(&self.holds, (declaration, &self.names), held),
            keeps_rejected: self.keeps_rejected,
            watch: self.watch,
            absent,
            digest: self.digests.exports,
        })
    }
}

/// The places of lookups that decide by having no row.
fn deciding(declaration: &Declaration) -> Vec<usize> {
    let lookups = declaration.lookups.iter().enumerate();
    lookups.filter(|(_, lookup)| decides_by_absence(declaration, lookup)).map(|(place, _)| place).collect()
}

fn intake(
    maker: &Maker<'_>,
    declaration: &Declaration,
    digest: KeyedDigest,
    log: Option<LogRun>,
    parts: &[Chunks],
) -> Result<Intake, PrepareError> {
    if let Some(run) = log {
        let code = parts.first().and_then(|chunks| chunks.dialect().code());
        return Ok(Intake::Log(Log {
            run,
            requests: maker.requests()?,
            code: code.and_then(|code| maker.column(code).ok()),
        }));
    }
    let id = declaration.columns.transaction.as_ref();
    // `pipeline/check` sees to it that a snapshot has ids.
    let id =
        id.ok_or_else(|| PrepareError::Field { pipeline: declaration.name.clone(), name: "transaction".into() })?;
    let columns = id.columns().iter().map(|column| maker.column(column)).collect::<Result<_, _>>()?;
    Ok(Intake::Snapshot(Snapshot { id: columns, ids: IdRule::new(id, digest) }))
}

/// Looks for whom holds name on all transactions, too, where these have identifiers, or where the lookups have not met all of
/// them: a patron who is met on one row is held on all.
fn held_by(
    prepare: &Prepare<'_>,
    reading: &Reading<'_>,
    parts: &[Part<'_>],
    mut held: HeldPatrons,
) -> Result<HeldPatrons, LookupError> {
    let declaration = prepare.declaration;
    let identifiers = &declaration.columns.identifiers;
    let mut patrons = prepare.holds.iter().flat_map(|hold| hold.scope.patrons.iter().flatten());
    let all_met = patrons.all(|patron| is_met(patron, declaration, &held));
    let looks = !identifiers.is_empty() || !all_met;
    if looks && !reading.held.is_empty() {
        for part in parts {
            held_on_rows(part.found, &part.dialect, reading, identifiers, &mut held)?;
        }
    }
    Ok(held)
}
