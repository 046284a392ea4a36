//! Staging: treated rows of transactions that are retired before their month's time has come.

use std::path::Path;

use super::error::MonthError;
use super::job::Job;
use super::make::make;
use crate::state::keys::pseudonym_path;
use crate::state::staging::{self, Staged, StagedColumn};
use crate::words::Month;

/// Stages the rows at these places, under the month's key: a new one where it has none yet.
pub fn stage(job: &Job<'_>, out: &Path, month: Month, bytes: &[u8], places: &[u32]) -> Result<(), MonthError> {
    let (kind, name) = (job.pipeline.declaration.kind, job.pipeline.name());
    let fresh;
    let key = match job.tonight.keys.pseudonym(kind, month) {
        Some(key) => key,
        None => {
            fresh = (job.new_key)()?;
            make(out, &pseudonym_path(kind, month), &fresh.to_file_bytes(kind, month))?;
            &fresh
        }
    };
    let context = &job.read.context;
    let layout = context.layout();
    let rows = || places.iter().map(|place| layout.row(bytes, *place as usize));
    let staged = Staged {
        ids: rows().map(|row| row.id()).collect(),
        opened: rows().map(|row| row.opened()).collect(),
        day: rows().map(|row| row.day()).collect(),
        hour: rows().map(|row| row.hour()).collect(),
        measure: rows().map(|row| u32::from(row.measure())).collect(),
        pseudonyms: rows().map(|row| job.pseudonym(key, row.patron())).collect(),
        columns: (0..context.columns.len())
            .map(|column| StagedColumn {
                name: context.columns.name(column).into(),
                codes: rows().map(|row| u32::from(row.code(column))).collect(),
                texts: job.texts[column].to_vec(),
            })
            .collect(),
    };
    make(out, &staging::path(name, month, job.tonight.sequence), &staging::encode(&staged)?)
}
