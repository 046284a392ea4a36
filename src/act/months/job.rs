//! What all months of a pipeline have in common.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::leak_scan::LeakScan;
use crate::act::begin::Tonight;
use crate::act::read::Read;
use crate::pass::UNDATED;
use crate::pipeline::Pipeline;
use crate::state::entropy::EntropyError;
use crate::treat::pseudonym::{Pseudonym, PseudonymKey};
use crate::words::{Month, PatronNumber};

/// Makes a key for the pseudonyms of a month. Months are worked on two at a time.
pub type NewKey<'a> = dyn Fn() -> Result<PseudonymKey, EntropyError> + Sync + 'a;

pub struct Job<'a> {
    pub tonight: &'a Tonight,
    pub pipeline: &'a Pipeline,
    pub read: &'a Read<'a>,
    pub scan: &'a LeakScan<'a>,
    /// The words of each published column, by code.
    pub texts: Vec<Arc<Vec<String>>>,
    /// Of logs: the months that a waiting file has rows in.
    waiting: BTreeSet<Month>,
    pub review_after: Option<i32>,
    /// Where files are made; None: a plan.
    pub out: Option<PathBuf>,
    pub new_key: &'a NewKey<'a>,
}

/// How a month stands tonight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Final since an earlier night.
    Final,
    /// It becomes final tonight.
    Releasing,
    /// Its turn hasn't come: what is retired of it is staged.
    Unreleased,
    /// Nothing is published from the pipeline's side: what is due goes straight onto the worklist, as nothing of use is
    /// lost by it.
    Never,
}

impl<'a> Job<'a> {
    pub fn new(
        tonight: &'a Tonight,
        pipeline: &'a Pipeline,
        read: &'a Read<'a>,
        scan: &'a LeakScan<'a>,
        out: Option<&Path>,
        new_key: &'a NewKey<'a>,
    ) -> Job<'a> {
        let columns = &read.context.columns;
        let texts = (0..columns.len()).map(|column| Arc::new(columns.texts(column))).collect();
        let retention = tonight.policy.rules(pipeline.declaration.kind, pipeline.declaration.side).ok();
        Job {
            tonight,
            pipeline,
            read,
            scan,
            texts,
            waiting: waiting_months(read),
            review_after: retention.and_then(|rules| rules.review_after),
            out: out.map(Path::to_path_buf),
            new_key,
        }
    }

    pub fn is_log(&self) -> bool {
        self.read.settled.is_log()
    }

    /// Whether a month is final, becomes final tonight, or must wait: `settle` days after its end, and only from exports
    /// that were written after that day. A month of logs waits while a waiting file has rows in it.
    pub fn standing(&self, month: Month) -> Standing {
        if !self.pipeline.declaration.side.is_released() {
            return Standing::Never;
        }
        if self.tonight.memory.is_final(self.pipeline.declaration.kind, month) {
            return Standing::Final;
        }
        let due = month.last_day().plus(self.tonight.policy.release.settle);
        let over = due <= self.tonight.day && due <= self.read.written;
        if month != UNDATED && over && !self.waiting.contains(&month) {
            Standing::Releasing
        } else {
            Standing::Unreleased
        }
    }

    pub fn pseudonym(&self, key: &PseudonymKey, patron: PatronNumber) -> Option<Pseudonym> {
        self.read.context.patrons.with(patron, |patron| key.pseudonym(patron))
    }
}

/// The months that a waiting file of a log has rows in, which weren't retired before.
fn waiting_months(read: &Read<'_>) -> BTreeSet<Month> {
    let files = read.passed.logs.parts.iter().enumerate();
    let waiting = files.filter(|(part, _)| read.settled.file_waits(*part) && !read.settled.is_copy(*part));
    waiting.flat_map(|(_, file)| &file.months).copied().collect()
}
