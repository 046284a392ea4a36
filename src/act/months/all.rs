//! All months of a pipeline, as many at a time as there are cores; those that are released together at once.

use std::collections::BTreeSet;
use std::sync::Mutex;

use super::chain::{Chain, Turn};
use super::done::MonthDone;
use super::error::MonthError;
use super::job::{Job, Standing};
use super::month::{Loaded, work_out};
use super::period::work_out_period;
use super::periods::{Due, Unit, units};
use super::years::prepare;
use crate::act::progress::Progress;
use crate::state::known;
use crate::words::Month;

/// Works out every month that has rows, is remembered, or has staged rows; in order.
pub fn all(job: &Job<'_>, progress: &(dyn Fn(Progress<'_>) + Sync)) -> Result<Vec<MonthDone>, MonthError> {
    let (site, name) = (&job.tonight.site, job.pipeline.name());
    let mut months: BTreeSet<Month> = job.read.files.months().into_iter().collect();
    months.extend(job.read.passed.logs.uncounted.keys().map(|one| one.month));
    months.extend(known::months(site, name)?);
    months.extend(job.staged.values().flatten());
    progress(Progress::Months { months: months.len() as u64 });
    prepare(job, &months)?;
    let units = units(job, &months);
    let chain = Chain::new(units.iter().filter(|unit| matches!(unit, Unit::Due(_))).count());
    let mut turns = 0..;
    let placed = units.into_iter().map(|unit| match unit {
        Unit::Month(month, standing) => Placed::Month(month, standing),
        Unit::Due(due) => Placed::Due(due, turns.next().unwrap_or_default()),
    });
    let done = one_after_the_other(placed.collect(), |unit| {
        let done = match unit {
            Placed::Month(month, standing) => {
                Loaded::new(job, month).and_then(|loaded| work_out(job, loaded, standing)).map(|done| vec![done])
            }
            Placed::Due(due, place) => work_out_period(job, due, Turn::new(&chain, place)),
        };
        done.iter().flatten().for_each(|_| progress(Progress::Month));
        done
    });
    let mut all: Vec<MonthDone> = Vec::with_capacity(months.len());
    for done in done {
        all.extend(done?);
    }
    // What a period left to the next was worked out there.
    all.sort_by_key(|done| done.month);
    Ok(all)
}

/// A unit with its place among the periods whose time has come.
enum Placed {
    Month(Month, Standing),
    Due(Due, usize),
}

/// Treats each item once, on as many threads as there are cores, begun in order, and returns the results in order. Whoever waits
/// for an item before his own so waits for one that is at work.
///
/// Not rayon: a worker of it that waits for Polars (which has a pool of its own) would begin another month meanwhile,
/// and another within that, until all months lie in memory at once.
fn one_after_the_other<T: Send, R: Send>(items: Vec<T>, treat: impl Fn(T) -> R + Sync) -> Vec<R> {
    let count = items.len();
    let next = Mutex::new(items.into_iter().enumerate());
    let results: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(count));
    std::thread::scope(|scope| {
        for _ in 0..rayon::current_num_threads().min(count) {
            scope.spawn(|| {
                loop {
                    let item = next.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).next();
                    let Some((place, item)) = item else { break };
                    let result = treat(item);
                    results.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((place, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    results.sort_unstable_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}
