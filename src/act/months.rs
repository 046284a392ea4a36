//! Month by month, two at a time: walk the rows, then stage what was retired or release what has settled.
//!
//! What is made is written below a folder of the run that mirrors the site; whether it is ever moved there is decided
//! when all months are known.

mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::month::{MonthDone, Released, Standing, Walk, Walked};
use super::read::Read;
use super::stowaways::{Search, Stowaways};
use super::{Progress, Tonight};
use crate::pass::{Context, RunFileError, RunFiles, Settled, UNDATED, Uncounted, texts};
use crate::pipeline::Pipeline;
use crate::release::{self, ReleaseError, Rules, Shape};
use crate::state::disk::{self, DiskError};
use crate::state::entropy::EntropyError;
use crate::state::keys::{KeyedDigest, pseudonym_path};
use crate::state::known::{self, KnownError};
use crate::state::staging::{self, Staged, StagedColumn, StagingError};
use crate::treat::pseudonym::{Pseudonym, PseudonymKey};
use crate::words::{Day, Month, PatronNumber, TransactionId};

#[derive(Debug, thiserror::Error)]
pub enum MonthError {
    #[error(transparent)]
    RunFile(#[from] RunFileError),
    #[error(transparent)]
    Known(#[from] KnownError),
    #[error(transparent)]
    Staging(#[from] StagingError),
    #[error(transparent)]
    Release(#[from] ReleaseError),
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    #[error("{path}: {source}; is the disk full?", path = path.display())]
    Write { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Leak(#[from] Stowaways),
    #[error("{kind} {month} has staged rows and no key for their pseudonyms: put state/keys back from a backup")]
    KeyGone { kind: crate::words::Kind, month: Month },
}

/// Makes a key for the pseudonyms of a month. Months are worked on two at a time.
pub type NewKey<'a> = dyn Fn() -> Result<PseudonymKey, EntropyError> + Sync + 'a;

/// What all months of a pipeline have in common.
pub struct Job<'a> {
    pub tonight: &'a Tonight,
    pub pipeline: &'a Pipeline,
    pub context: &'a Context<'a>,
    pub settled: &'a Settled,
    pub unplaced: &'a roaring::RoaringTreemap,
    /// Of logs: rows that don't count.
    pub uncounted: &'a BTreeMap<Uncounted, u64>,
    /// Of logs: the months that a waiting file has rows in.
    waiting: BTreeSet<Month>,
    files: &'a RunFiles,
    search: &'a Search<'a>,
    texts: Vec<Arc<Vec<String>>>,
    /// How many files of transactions there are.
    pub parts: usize,
    shape: Shape,
    rules: Rules,
    written: Day,
    pub day: Day,
    pub last_day: Option<Day>,
    pub review_after: Option<i32>,
    pub decisions: KeyedDigest,
    /// Where files are made; None: a plan.
    out: Option<PathBuf>,
    new_key: &'a NewKey<'a>,
}

/// What all months of a pipeline came to, in order.
pub struct MonthsDone {
    pub months: Vec<MonthDone>,
    /// What the run will remove once it is committed.
    pub removals: BTreeSet<String>,
}

impl<'a> Job<'a> {
    pub fn new(
        tonight: &'a Tonight,
        pipeline: &'a Pipeline,
        read: &'a Read<'a>,
        search: &'a Search<'a>,
        out: Option<&Path>,
        new_key: &'a NewKey<'a>,
    ) -> Job<'a> {
        let context = &read.context;
        let texts = (0..context.columns.len()).map(|column| Arc::new(context.columns.texts(column))).collect();
        let retention = tonight.policy.rules(pipeline.declaration.kind, pipeline.declaration.side).ok();
        Job {
            tonight,
            pipeline,
            context,
            settled: &read.settled,
            unplaced: &read.passed.unplaced,
            uncounted: &read.passed.uncounted,
            waiting: waiting_months(read),
            files: &read.files,
            search,
            texts,
            parts: read.sources.len(),
            shape: pipeline.declaration.shape(),
            rules: Rules::new(tonight.policy.release.threshold),
            written: read.written,
            day: tonight.day,
            last_day: tonight.memory.day,
            review_after: retention.and_then(|rules| rules.review_after),
            decisions: tonight.keys.digest("decisions"),
            out: out.map(Path::to_path_buf),
            new_key,
        }
    }

    /// Treats every month that has rows, is remembered, or has staged rows.
    pub fn run(&self, progress: &(dyn Fn(Progress<'_>) + Sync)) -> Result<MonthsDone, MonthError> {
        let (site, name) = (&self.tonight.site, self.pipeline.name());
        let mut months: BTreeSet<Month> = self.files.months().into_iter().collect();
        months.extend(self.uncounted.keys().map(|one| one.month));
        months.extend(known::months(site, name)?);
        months.extend(staging::months(site, name)?);
        progress(Progress::Months { months: months.len() as u64 });
        let months: Vec<Month> = months.into_iter().collect();
        let done = one_after_the_other(&months, |month| {
            let done = self.month(*month);
            progress(Progress::Month);
            done
        });
        let mut all = MonthsDone { months: Vec::new(), removals: BTreeSet::new() };
        for done in done {
            let (month, removals) = done?;
            all.months.push(month);
            all.removals.extend(removals);
        }
        Ok(all)
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
        let settled = month.last_day().plus(self.tonight.policy.release.settle);
        let over = settled <= self.day && settled <= self.written;
        match month != UNDATED && over && !self.waiting.contains(&month) {
            true => Standing::Releasing,
            false => Standing::Unreleased,
        }
    }

    fn month(&self, month: Month) -> Result<(MonthDone, BTreeSet<String>), MonthError> {
        let name = self.pipeline.name();
        let mut bytes = self.files.read(month)?;
        self.context.settle_requests(&mut bytes, |row| self.settled.leaves(row));
        let bytes = bytes;
        let is_log = self.settled.is_log();
        let known = match month {
            UNDATED => Vec::new(),
            _ if is_log => Vec::new(),
            month => known::load_or_empty(&self.tonight.site.at(known::path(name, month)), month)?,
        };
        let standing = self.standing(month);
        let walk = Walk::new(self, &bytes, known);
        let order = if standing == Standing::Releasing { walk.order.clone() } else { Vec::new() };
        let Walked { mut done, known, known_changed, stage } = match is_log {
            true => walk.walk_log(self, month, standing),
            false => walk.walk(self, month, standing)?,
        };
        if self.context.has_text_ids() {
            let bytes = self.files.read_texts(month)?;
            let due = |id: TransactionId| done.worklist.values().any(|ids| ids.contains(id.0));
            done.texts = texts(&bytes).filter(|(id, _)| due(*id)).map(|(id, text)| (id.0, text.into())).collect();
        }
        let mut removals = BTreeSet::new();
        if standing == Standing::Releasing && self.out.is_none() {
            // A person who accepts a plan accepts what becomes final, too.
            done.released = Some(self.release(None, month, &bytes, &order)?);
        }
        let Some(out) = &self.out else { return Ok((done, removals)) };
        if known_changed && month != UNDATED {
            write(out, &known::path(name, month), &known::encode(&known, month)?)?;
        }
        drop(known);
        match standing {
            Standing::Unreleased if !stage.is_empty() && month != UNDATED => self.stage(out, month, &bytes, &stage)?,
            Standing::Releasing => {
                done.released = Some(self.release(Some(out), month, &bytes, &order)?);
                removals.insert(staging::folder(name, month));
                removals.insert(pseudonym_path(self.pipeline.declaration.kind, month));
            }
            Standing::Final | Standing::Unreleased | Standing::Never => {}
        }
        Ok((done, removals))
    }

    fn stage(&self, out: &Path, month: Month, bytes: &[u8], places: &[u32]) -> Result<(), MonthError> {
        let (kind, name) = (self.pipeline.declaration.kind, self.pipeline.name());
        let fresh;
        let key = match self.tonight.keys.pseudonym(kind, month) {
            Some(key) => key,
            None => {
                fresh = (self.new_key)()?;
                write(out, &pseudonym_path(kind, month), &fresh.to_file_bytes(kind, month))?;
                &fresh
            }
        };
        let layout = self.context.layout();
        let rows = || places.iter().map(|place| layout.row(bytes, *place as usize));
        let staged = Staged {
            ids: rows().map(|row| row.id()).collect(),
            opened: rows().map(|row| row.opened()).collect(),
            day: rows().map(|row| row.day()).collect(),
            hour: rows().map(|row| row.hour()).collect(),
            measure: rows().map(|row| u32::from(row.measure())).collect(),
            pseudonyms: rows().map(|row| self.pseudonym(key, row.patron())).collect(),
            columns: (0..self.context.columns.len())
                .map(|column| StagedColumn {
                    name: self.context.columns.name(column).into(),
                    codes: rows().map(|row| u32::from(row.code(column))).collect(),
                    texts: self.texts[column].to_vec(),
                })
                .collect(),
        };
        write(out, &staging::path(name, month, self.tonight.sequence), &staging::encode(&staged)?)
    }

    fn pseudonym(&self, key: &PseudonymKey, patron: PatronNumber) -> Option<Pseudonym> {
        self.context.patrons.with(patron, |patron| key.pseudonym(patron))
    }

    fn release(
        &self,
        out: Option<&Path>,
        month: Month,
        bytes: &[u8],
        order: &[(TransactionId, i64, u32)],
    ) -> Result<Released, MonthError> {
        let staged = staging::load_month(&self.tonight.site, self.pipeline.name(), month)?;
        let rows = self.rows(month, bytes, order, &staged)?;
        let count = rows.patron.len() as u64;
        if count == 0 {
            return Ok(Released { rows: 0, closed: Some("it has no transactions".into()), counts: None });
        }
        match release::settle(&rows, &self.shape, &self.rules)? {
            release::Settled::Closed(because) => {
                Ok(Released { rows: count, closed: Some(because.to_string()), counts: None })
            }
            release::Settled::Open(published) => {
                self.search.month(month, published.texts())?;
                let counts = published.counts;
                if let Some(out) = out {
                    release::write(&published, &self.shape, month, &out.join("public"))?;
                }
                Ok(Released { rows: count, closed: None, counts: Some(counts) })
            }
        }
    }
}

/// The months that a waiting file of a log has rows in, which weren't retired before.
fn waiting_months(read: &Read<'_>) -> BTreeSet<Month> {
    let files = read.passed.logs.iter().enumerate();
    let waiting = files.filter(|(part, _)| read.settled.file_waits(*part) && !read.settled.is_copy(*part));
    waiting.flat_map(|(_, file)| &file.months).copied().collect()
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

pub(super) fn write(out: &Path, relative: &str, bytes: &[u8]) -> Result<(), MonthError> {
    let path = out.join(relative);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|source| MonthError::Write { path: folder.into(), source })?;
    }
    disk::write_unsynced(&path, bytes, 0o600)?;
    Ok(())
}
