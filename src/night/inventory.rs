//! Which files are read tonight, and whether they are of one night.

use jiff::{SignedDuration, Timestamp};

use crate::export::{ExportError, Found, newest};
use crate::pipeline::Declaration;
use crate::state::site::Site;

const STALE: SignedDuration = SignedDuration::from_hours(36);
const ONE_NIGHT: SignedDuration = SignedDuration::from_hours(12);

/// The exports of one pipeline.
pub struct Inventory {
    /// One for each source, in the order of the pipeline.
    pub parts: Vec<Found>,
    /// One for each lookup; None: it isn't required, and it isn't there.
    pub lookups: Vec<Option<Found>>,
}

impl Inventory {
    pub fn take(site: &Site, declaration: &Declaration, as_of: Timestamp) -> Result<Inventory, ExportError> {
        let inbox = site.inbox();
        let parts = declaration.sources.iter().map(|source| newest(&inbox, &source.files));
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        let lookups = declaration.lookups.iter().map(|lookup| match newest(&inbox, &lookup.files) {
            Err(ExportError::Missing { .. }) if !lookup.required => Ok(None),
            found => found.map(Some),
        });
        let lookups = lookups.collect::<Result<Vec<_>, _>>()?;
        let inventory = Inventory { parts, lookups };
        inventory.check_times(as_of)?;
        Ok(inventory)
    }

    pub fn files(&self) -> impl Iterator<Item = &Found> {
        self.parts.iter().chain(self.lookups.iter().flatten())
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
