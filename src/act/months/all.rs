//! All months of a pipeline, as many at a time as there are cores.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::done::MonthDone;
use super::error::MonthError;
use super::job::Job;
use super::month::work_out;
use crate::act::progress::Progress;
use crate::state::{known, staging};
use crate::words::Month;

/// Works out every month that has rows, is remembered, or has staged rows; in order.
pub fn all(job: &Job<'_>, progress: &(dyn Fn(Progress<'_>) + Sync)) -> Result<Vec<MonthDone>, MonthError> {
    let (site, name) = (&job.tonight.site, job.pipeline.name());
    let mut months: BTreeSet<Month> = job.read.files.months().into_iter().collect();
    months.extend(job.read.passed.logs.uncounted.keys().map(|one| one.month));
    months.extend(known::months(site, name)?);
    months.extend(staging::months(site, name)?);
    progress(Progress::Months { months: months.len() as u64 });
    let months: Vec<Month> = months.into_iter().collect();
    let done = one_after_the_other(&months, |month| {
        let done = work_out(job, *month);
        progress(Progress::Month);
        done
    });
    done.into_iter().collect()
}

/// Treats each item once, on as many threads as there are cores, and returns the results in order.
///
/// Not rayon: a worker of it that waits for Polars (which has a pool of its own) would begin another month meanwhile,
/// and another within that, until all months lie in memory at once.
fn one_after_the_other<T: Sync, R: Send>(items: &[T], treat: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|scope| {
        for _ in 0..rayon::current_num_threads().min(items.len()) {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(place) else { break };
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
