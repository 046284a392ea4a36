//! Which files are read tonight, and whether they are of one night.

use jiff::{SignedDuration, Timestamp};

use crate::export::{ExportError, Found, newest, newest_together};
use crate::pipeline::{Declaration, Origin};
use crate::state::site::Site;

const STALE: SignedDuration = SignedDuration::from_hours(36);
/// Files of transactions that a run can tell apart.
const MOST: usize = 250;
const ONE_NIGHT: SignedDuration = SignedDuration::from_hours(12);

/// The exports of one pipeline.
pub struct Inventory {
    /// In the order of the pipeline's sources; a split one has several.
    pub parts: Vec<Part>,
    /// The files of each lookup; none: it isn't required, and it isn't there.
    pub lookups: Vec<Vec<Found>>,
}

/// A file of transactions.
pub struct Part {
    /// Its place among the pipeline's sources.
    pub source: usize,
    pub found: Found,
}

/// Where an export is found tonight.
pub fn find(site: &Site, name: &str, origin: Origin<'_>, now: Timestamp) -> Result<Vec<Found>, ExportError> {
    let inbox = site.inbox();
    match origin {
        Origin::Files { pattern, split: false } => newest(&inbox, pattern).map(|found| vec![found]),
        Origin::Files { pattern, split: true } => newest_together(&inbox, pattern),
        Origin::Command(argv) => Ok(vec![Found::of_command(name, argv, &site.at(""), now)]),
        Origin::StandardInput => Ok(vec![Found::of_standard_input(name, now)]),
    }
}

impl Inventory {
    /// `now` is when commands run.
    pub fn take(
        site: &Site,
        declaration: &Declaration,
        as_of: Timestamp,
        now: Timestamp,
    ) -> Result<Inventory, ExportError> {
        let mut parts = Vec::new();
        for (place, source) in declaration.sources.iter().enumerate() {
            let found = find(site, &source.part, source.origin(), now)?;
            parts.extend(found.into_iter().map(|found| Part { source: place, found }));
        }
        let lookups = declaration.lookups.iter().map(|lookup| match find(site, &lookup.name, lookup.origin(), now) {
            Err(ExportError::Missing { .. }) if !lookup.required => Ok(Vec::new()),
            found => found,
        });
        let lookups = lookups.collect::<Result<Vec<_>, _>>()?;
        if parts.len() > MOST {
            let path = site.inbox();
            return Err(ExportError::Unusable {
                path,
                why: format!("more than {MOST} files of transactions for one pipeline"),
            });
        }
        let inventory = Inventory { parts, lookups };
        inventory.check_times(as_of)?;
        Ok(inventory)
    }

    pub fn files(&self) -> impl Iterator<Item = &Found> {
        self.parts.iter().map(|part| &part.found).chain(self.lookups.iter().flatten())
    }

    /// When the oldest of them was written.
    pub fn written(&self) -> Timestamp {
        self.files().map(|found| found.written).min().unwrap_or(Timestamp::MIN)
    }

    fn check_times(&self, as_of: Timestamp) -> Result<(), ExportError> {
        let unusable = |found: &Found, why: String| ExportError::Unusable { path: found.path.clone(), why };
        for found in self.files() {
            let age = as_of.duration_since(found.written);
            if age > STALE {
                let hours = age.as_hours();
                return Err(unusable(found, format!("the export is stale: written {hours} hours before as-of")));
            }
        }
        let oldest = self.files().min_by_key(|found| found.written);
        let newest = self.files().max_by_key(|found| found.written);
        if let (Some(oldest), Some(newest)) = (oldest, newest)
            && newest.written.duration_since(oldest.written) > ONE_NIGHT
        {
            let why = format!(
                "the export is of another night than {}: exports that are joined are written within 12 hours",
                newest.name()
            );
            return Err(unusable(oldest, why));
        }
        Ok(())
    }
}
