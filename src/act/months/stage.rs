//! Staging: treated rows of transactions that are retired before their month's time has come.

use std::path::Path;

use super::done::InYear;
use super::error::MonthError;
use super::job::Job;
use super::make::make;
use super::years::in_year;
use crate::state::keys::pseudonym_path;
use crate::state::staging::{self, Staged, StagedColumn};
use crate::treat::pseudonym::PseudonymKey;
use crate::words::{Month, Period};

/// Stages the rows at these places, under the key of the month's regular period: a new one where it has none yet. What that
/// adds to the month's year.
pub fn stage(job: &Job<'_>, out: &Path, month: Month, bytes: &[u8], places: &[u32]) -> Result<InYear, MonthError> {
    let (kind, home) = (job.pipeline.declaration.kind, job.home(month));
    job.staging_key(home, |key, is_new| {
        if is_new {
            make(out, &pseudonym_path(kind, home), &key.to_file_bytes(kind, home))?;
        }
        stage_under(job, key, out, (home, month), (bytes, places))
    })?;
    let layout = job.read.context.layout();
    let patrons = places.iter().map(|place| layout.row(bytes, *place as usize).patron());
    let named = patrons.filter(|patron| patron.names_somebody()).collect();
    Ok(in_year(job, Period::of_month(month), &named)?.map_or(InYear::Nothing, InYear::Staged))
}

fn stage_under(
    job: &Job<'_>,
    key: &PseudonymKey,
    out: &Path,
    (home, month): (Month, Month),
    (bytes, places): (&[u8], &[u32]),
) -> Result<(), MonthError> {
    let name = job.pipeline.name();
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
                codes: rows().map(|row| layout.code(row, column)).collect(),
                texts: job.texts[column].to_vec(),
            })
            .collect(),
    };
    make(out, &staging::path(name, home, month, job.tonight.sequence), &staging::encode(&staged)?)
}
