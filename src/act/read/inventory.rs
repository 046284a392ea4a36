//! Which files are read tonight, and whether they are of one night.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use crate::act::begin::memory::ToDelete;
use crate::act::begin::{LiveSystem, Tonight};
use crate::export::{self, ExportError, Found, check_none_arrived, newest, newest_together};
use crate::pass::MOST_FILES;
use crate::pipeline::{Declaration, Origin, Source};
use crate::state::site::Site;

const STALE: SignedDuration = SignedDuration::from_hours(36);
const ONE_NIGHT: SignedDuration = SignedDuration::from_hours(12);

/// The exports of one pipeline.
pub struct Inventory {
    /// In the order of the pipeline's sources; a split one has several.
    pub parts: Vec<Part>,
    /// The files of each lookup; none: it isn't required, and it isn't there.
    pub lookups: Vec<Vec<Found>>,
    /// The files of transactions are those of a log: all that wait, whenever they were written.
    log: bool,
}

/// A file of transactions.
pub struct Part {
    /// Its place among the pipeline's sources.
    pub source: usize,
    pub found: Found,
}

/// Where exports are looked for.
#[derive(Clone, Copy)]
pub struct Places<'a> {
    pub site: &'a Site,
    pub live: Option<&'a LiveSystem>,
    /// When commands run, and tables are read.
    pub now: Timestamp,
}

impl<'a> Places<'a> {
    pub fn of(tonight: &'a Tonight) -> Places<'a> {
        Places { site: &tonight.site, live: tonight.live.as_ref(), now: tonight.options.now }
    }
}

/// Where an export is found tonight. `columns`: what is read of it, if it is a table.
fn find(
    places: Places<'_>,
    name: &str,
    origin: Origin<'_>,
    columns: &dyn Fn() -> Vec<String>,
) -> Result<Vec<Found>, ExportError> {
    let Places { site, now, .. } = places;
    let inbox = site.inbox();
    match origin {
        Origin::Table(_) | Origin::Query(_) => table(places, name, origin, columns()).map(|found| vec![found]),
        Origin::Files { pattern, split: false } => newest(&inbox, pattern).map(|found| vec![found]),
        Origin::Files { pattern, split: true } => newest_together(&inbox, pattern),
        Origin::Command { argv, env, limit } => {
            Ok(vec![Found::of_command(name, (argv, env), limit, &site.at(""), now)])
        }
        Origin::StandardInput => Ok(vec![Found::of_standard_input(name, now)]),
    }
}

/// A table of the night's snapshot.
fn table(places: Places<'_>, name: &str, origin: Origin<'_>, columns: Vec<String>) -> Result<Found, ExportError> {
    let cant = |why: String| ExportError::Unusable { path: name.into(), why };
    let live = places.live.ok_or_else(|| cant("the site has no connection to a database".into()))?;
    let selection = live.selection(name, origin, columns).ok_or_else(|| cant("it is no table".into()))?;
    let snapshot = live.snapshot().map_err(cant)?.clone();
    Ok(Found::of_table(name, places.now, move || snapshot.read(&selection)))
}

/// All files of a log that wait. None is no error. One that a run was killed before it could delete is gone already.
fn waiting(site: &Site, source: &Source, gone: &[ToDelete]) -> Result<Vec<Found>, ExportError> {
    match source.origin() {
        Origin::Files { pattern, .. } => {
            let mut files = export::all(&site.inbox(), pattern)?;
            files.retain(|found| !gone.iter().any(|gone| gone.is(found)));
            Ok(files)
        }
        // `pipeline/check` sees to it that a log comes from files.
        Origin::Command { .. } | Origin::StandardInput | Origin::Table(_) | Origin::Query(_) => Ok(Vec::new()),
    }
}

/// By how many days the newest of these was written after as-of, if that is more than a night.
pub fn days_ahead<'f>(files: impl Iterator<Item = &'f Found>, as_of: Timestamp) -> Option<i64> {
    let ahead = files.map(|found| found.written.duration_since(as_of)).max()?;
    (ahead > STALE).then(|| ahead.as_hours() / 24)
}

impl Inventory {
    /// `gone`: what the last run says to delete.
    pub fn take(
        places: Places<'_>,
        declaration: &Declaration,
        as_of: Timestamp,
        gone: &[ToDelete],
    ) -> Result<Inventory, ExportError> {
        let (inventory, wrong) = Inventory::survey(places, declaration, as_of, gone);
        wrong.into_iter().next().map_or(Ok(inventory), Err)
    }

    /// The same, with all that is wrong with it: what is missing, then what is too many, too old or of another night.
    pub fn survey(
        places: Places<'_>,
        declaration: &Declaration,
        as_of: Timestamp,
        gone: &[ToDelete],
    ) -> (Inventory, Vec<ExportError>) {
        let log = declaration.is_log();
        let mut parts: Vec<Part> = Vec::new();
        let mut wrong = Vec::new();
        for (place, source) in declaration.sources.iter().enumerate() {
            let columns = || declaration.source_columns(source);
            let found = if log {
                waiting(places.site, source, gone)
            } else {
                find(places, &source.part, source.origin(), &columns)
            };
            let mut found = found.unwrap_or_else(|error| {
                wrong.push(error);
                Vec::new()
            });
            // What two patterns of a log match is read once.
            found.retain(|found| !log || parts.iter().all(|part| part.found.path != found.path));
            parts.extend(found.into_iter().map(|found| Part { source: place, found }));
        }
        let lookups = declaration.lookups.iter().map(|lookup| {
            match find(places, &lookup.name, lookup.origin(), &|| lookup.columns()) {
                Err(ExportError::Missing { .. }) if !lookup.required => Vec::new(),
                Err(error) => {
                    wrong.push(error);
                    Vec::new()
                }
                Ok(found) => found,
            }
        });
        let lookups = lookups.collect();
        if parts.len() > MOST_FILES {
            let path = places.site.inbox();
            wrong.push(ExportError::Unusable {
                path,
                why: format!("more than {MOST_FILES} files of transactions for one pipeline: join some of them"),
            });
        }
        let inventory = Inventory { parts, lookups, log };
        wrong.extend(inventory.check_times(as_of));
        (inventory, wrong)
    }

    /// After all was read: nothing of a split export has arrived meanwhile.
    pub fn check_none_arrived(&self, site: &Site, declaration: &Declaration) -> Result<(), ExportError> {
        let sources = declaration.sources.iter().enumerate().filter(|_| !self.log).map(|(place, source)| {
            let parts = self.parts.iter().filter(|part| part.source == place).map(|part| &part.found);
            (source.origin(), parts.collect::<Vec<_>>())
        });
        let lookups = declaration.lookups.iter().zip(&self.lookups);
        let lookups = lookups.map(|(lookup, files)| (lookup.origin(), files.iter().collect()));
        // Another file of a log waits for the next night.
        for (origin, files) in sources.chain(lookups).filter(|(_, files)| !files.is_empty()) {
            let read: Vec<&Path> = files.iter().map(|found| found.path.as_path()).collect();
            if let Origin::Files { pattern, split: true } = origin {
                check_none_arrived(&site.inbox(), pattern, &read)?;
            }
        }
        Ok(())
    }

    /// Those that must be of one night: all, but for the files of a log.
    fn of_one_night(&self) -> impl Iterator<Item = &Found> {
        let parts = if self.log { &[][..] } else { &self.parts };
        parts.iter().map(|part| &part.found).chain(self.lookups.iter().flatten())
    }

    /// When the oldest of them was written; of logs without lookups, `now`.
    pub fn written(&self, now: Timestamp) -> Timestamp {
        let none = if self.log { now } else { Timestamp::MIN };
        self.of_one_night().map(|found| found.written).min().unwrap_or(none)
    }

    /// Those that are stale; or, if none is, the oldest that is of another night.
    fn check_times(&self, as_of: Timestamp) -> Vec<ExportError> {
        let unusable = |found: &Found, why: String| ExportError::Unusable { path: found.path.clone(), why };
        let stale = |found: &Found| {
            let age = as_of.duration_since(found.written);
            let hours = age.as_hours();
            let why = || format!("the export is stale: written {hours} hours before as-of");
            (age > STALE).then(|| unusable(found, why()))
        };
        let stale: Vec<ExportError> = self.of_one_night().filter_map(stale).collect();
        if !stale.is_empty() {
            return stale;
        }
        let oldest = self.of_one_night().min_by_key(|found| found.written);
        let newest = self.of_one_night().max_by_key(|found| found.written);
        if let (Some(oldest), Some(newest)) = (oldest, newest)
            && newest.written.duration_since(oldest.written) > ONE_NIGHT
        {
            let why = format!(
                "the export is of another night than {}: exports that are joined are written within 12 hours",
                newest.name()
            );
            return vec![unusable(oldest, why)];
        }
        Vec::new()
    }
}
