//! The release of a month, once and for good.

use super::done::ReleasedMonth;
use super::error::MonthError;
use super::job::Job;
use super::rows::rows;
use crate::release::{self, Rules, Settled};
use crate::state::staging;
use crate::words::{Month, TransactionId};

/// Releases a month, or finds why it is closed. A plan writes nothing.
pub fn release(
    job: &Job<'_>,
    month: Month,
    bytes: &[u8],
    order: &[(TransactionId, i64, u32)],
) -> Result<ReleasedMonth, MonthError> {
    let staged = staging::load_month(&job.tonight.site, job.pipeline.name(), month)?;
    let rows = rows(job, month, bytes, order, &staged)?;
    let count = rows.patron.len() as u64;
    let closed = |why: String| ReleasedMonth { month, rows: count, closed: Some(why), counts: None };
    if count == 0 {
        return Ok(closed("it has no transactions".into()));
    }
    let shape = job.pipeline.declaration.shape();
    match release::settle(&rows, &shape, &Rules::new(job.tonight.policy.release.threshold))? {
        Settled::Closed(because) => Ok(closed(because.to_string())),
        Settled::Open(published) => {
            job.scan.month(month, published.texts())?;
            let counts = published.counts;
            if let Some(out) = &job.out {
                release::write(&published, &shape, month, &out.join("public"))?;
            }
            Ok(ReleasedMonth { month, rows: count, closed: None, counts: Some(counts) })
        }
    }
}
