//! A pass: every core makes a batch of the chunks that it gets, and the batches are merged.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::PassError;
use super::merged::Merged;
use super::outcome::Passed;
use super::prepared::Prepared;
use super::runfiles::{BatchFiles, RunFiles};
use super::vocabulary::Vocabulary;
use super::worker::{Batch, batch};
use crate::export::Chunks;

/// Runs the pass over all parts with every core. `folder`, in which run files are made, is empty, and nobody else may
/// read it.
pub fn pass(
    prepared: &Prepared<'_>,
    parts: &[Chunks],
    folder: &Path,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<(Passed, Vocabulary, RunFiles), PassError> {
    let workers = rayon::current_num_threads().max(1);
    let failed = AtomicBool::new(false);
    let mut results: Vec<Option<Result<Batch, PassError>>> = (0..workers).map(|_| None).collect();
    rayon::scope(|scope| {
        for (number, result) in results.iter_mut().enumerate() {
            let failed = &failed;
            scope.spawn(move |_| {
                let files = BatchFiles::new(folder, number);
                let made = batch(prepared, parts, files, progress, failed);
                if made.is_err() {
                    failed.store(true, Ordering::Relaxed);
                }
                *result = Some(made);
            });
        }
    });
    let mut merged = Merged::new(prepared, parts.len());
    for batch in results.into_iter().flatten() {
        merged.add(batch?)?;
    }
    Ok(merged.finish(prepared, parts))
}
