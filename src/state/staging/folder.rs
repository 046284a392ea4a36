//! Where staged rows lie: a folder a month, a file a run.

use std::path::Path;

use super::super::disk;
use super::super::site::Site;
use super::file;
use super::staged::{Staged, StagingError};
use crate::words::Month;

/// The folder of a month, relative to the site. `pipeline` is its checked name.
pub fn folder(pipeline: &str, month: Month) -> String {
    format!("state/staging/{pipeline}/month={month}")
}

/// Where a run's file lies, relative to the site.
pub fn path(pipeline: &str, month: Month, sequence: u64) -> String {
    format!("{}/run-{sequence:06}.parquet", folder(pipeline, month))
}

/// The months that have staged rows, sorted.
pub fn months(site: &Site, pipeline: &str) -> Result<Vec<Month>, StagingError> {
    let folder = site.at("state/staging").join(pipeline);
    let month = |name: String| {
        let month = name.strip_prefix("month=").and_then(|month| month.parse().ok());
        month.ok_or_else(|| StagingError::Stranger(folder.join(&name)))
    };
    disk::names(&folder)?.into_iter().map(month).collect()
}

/// All staged rows of a month, in the order in which they were staged; none when there are none.
pub fn load_month(site: &Site, pipeline: &str, month: Month) -> Result<Staged, StagingError> {
    let folder = site.at(folder(pipeline, month));
    let mut all = Staged::default();
    for name in disk::names(&folder)? {
        let path = folder.join(&name);
        if !is_run_file(&name) {
            return Err(StagingError::Stranger(path));
        }
        all.append(load(&path)?)?;
    }
    Ok(all)
}

fn is_run_file(name: &str) -> bool {
    let number = name.strip_prefix("run-").and_then(|name| name.strip_suffix(".parquet"));
    number.is_some_and(|digits| digits.len() >= 6 && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

/// One run's rows.
pub fn load(path: &Path) -> Result<Staged, StagingError> {
    file::decode(path)
}
