//! Where staged rows lie: a folder a regular period, called by its first month, whose key it has; a file a run and month.

use std::collections::BTreeSet;
use std::path::Path;

use super::super::disk;
use super::super::site::Site;
use super::file;
use super::staged::{Staged, StagingError};
use crate::words::Month;

/// The folder of what is staged under the key of a month, relative to the site. `pipeline` is its checked name.
pub fn folder(pipeline: &str, home: Month) -> String {
    format!("state/staging/{pipeline}/month={home}")
}

/// Where a run's file of a month lies, relative to the site.
pub fn path(pipeline: &str, home: Month, month: Month, sequence: u64) -> String {
    let of_month = if month == home { String::new() } else { format!("-{month}") };
    format!("{}/run-{sequence:06}{of_month}.parquet", folder(pipeline, home))
}

/// The months under whose keys rows are staged, sorted.
pub fn months(site: &Site, pipeline: &str) -> Result<Vec<Month>, StagingError> {
    let folder = site.at("state/staging").join(pipeline);
    let month = |name: String| {
        let month = name.strip_prefix("month=").and_then(|month| month.parse().ok());
        month.ok_or_else(|| StagingError::Stranger(folder.join(&name)))
    };
    disk::names(&folder)?.into_iter().map(month).collect()
}

/// The months whose rows are staged in a folder; none where there is none.
pub fn months_in(site: &Site, pipeline: &str, home: Month) -> Result<BTreeSet<Month>, StagingError> {
    let folder = site.at(folder(pipeline, home));
    let month = |name: String| month_of(&name, home).ok_or_else(|| StagingError::Stranger(folder.join(&name)));
    disk::names(&folder)?.into_iter().map(month).collect()
}

/// All rows that are staged under the key of a month, in the order in which they were staged; none when there are none.
pub fn load_month(site: &Site, pipeline: &str, month: Month) -> Result<Staged, StagingError> {
    let folder = site.at(folder(pipeline, month));
    let mut all = Staged::default();
    for name in disk::names(&folder)? {
        let path = folder.join(&name);
        if month_of(&name, month).is_none() {
            return Err(StagingError::Stranger(path));
        }
        all.append(load(&path)?)?;
    }
    Ok(all)
}

/// The month that a file's name says.
fn month_of(name: &str, home: Month) -> Option<Month> {
    let name = name.strip_prefix("run-")?.strip_suffix(".parquet")?;
    let (digits, month) = match name.split_once('-') {
        None => (name, home),
        Some((digits, month)) => (digits, month.parse().ok().filter(|month| *month != home)?),
    };
    (digits.len() >= 6 && digits.bytes().all(|digit| digit.is_ascii_digit())).then_some(month)
}

/// One run's rows.
pub fn load(path: &Path) -> Result<Staged, StagingError> {
    file::decode(path)
}
