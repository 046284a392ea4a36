//! What all months of a pipeline have in common.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::error::MonthError;
use super::leak_scan::LeakScan;
use crate::act::begin::Tonight;
use crate::act::read::Read;
use crate::pass::UNDATED;
use crate::pipeline::Pipeline;
use crate::state::entropy::EntropyError;
use crate::state::staging;
use crate::state::years::{self, YearSoFar};
use crate::treat::pseudonym::{Pseudonym, PseudonymKey};
use crate::words::{Calendar, Month, PatronNumber, Period};

/// Makes a key for the pseudonyms of a month. Months are worked on two at a time.
pub type NewKey<'a> = dyn Fn() -> Result<PseudonymKey, EntropyError> + Sync + 'a;

pub struct Job<'a> {
    pub tonight: &'a Tonight,
    pub pipeline: &'a Pipeline,
    pub read: &'a Read<'a>,
    pub scan: &'a LeakScan<'a>,
    /// The words of each published column, by code; of titles, those that may leave.
    pub texts: Vec<Arc<Vec<String>>>,
    /// Of logs: the months that a waiting file has rows in.
    waiting: BTreeSet<Month>,
    pub review_after: Option<i32>,
    /// Whether the last worklist was carried out, as far as traces of transactions go that name nobody. Without a connection
    /// nothing ever shows it: then it is taken for granted.
    pub traces_carried_out: bool,
    /// Where files are made; None: a plan.
    pub out: Option<PathBuf>,
    new_key: &'a NewKey<'a>,
    /// What was staged on earlier nights: by the month under whose key it is, the months of its rows.
    pub staged: BTreeMap<Month, BTreeSet<Month>>,
    /// What is remembered of years, by their first months.
    pub years: BTreeMap<Month, YearSoFar>,
    /// The keys that were made tonight: of staging, and of years.
    fresh: Mutex<BTreeMap<Month, PseudonymKey>>,
    fresh_years: Mutex<BTreeMap<Month, PseudonymKey>>,
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
    ) -> Result<Job<'a>, MonthError> {
        let mut staged = BTreeMap::new();
        for home in staging::months(&tonight.site, pipeline.name())? {
            staged.insert(home, staging::months_in(&tonight.site, pipeline.name(), home)?);
        }
        let kind = pipeline.declaration.kind;
        let is_released = pipeline.declaration.side.is_released();
        let years = if is_released { years::load(&tonight.site, kind)? } else { BTreeMap::new() };
        let columns = &read.context.columns;
        let mut titles = scan.titles(read, |month| tonight.memory.is_final(kind, month))?;
        let texts = (0..columns.len()).map(|column| {
            let titles = titles.take_if(|(place, _)| *place == column);
            Arc::new(titles.map_or_else(|| columns.texts(column), |(_, texts)| texts))
        });
        let texts = texts.collect();
        let retention = tonight.policy.rules(kind, pipeline.declaration.side).ok();
        Ok(Job {
            tonight,
            pipeline,
            read,
            scan,
            texts,
            waiting: waiting_months(read),
            traces_carried_out: !pipeline.declaration.is_live()
                || tonight.memory.pipelines.get(pipeline.name()).is_some_and(|known| known.purged),
            review_after: retention.and_then(|rules| rules.review_after),
            out: out.map(Path::to_path_buf),
            new_key,
            staged,
            years,
            fresh: Mutex::default(),
            fresh_years: Mutex::default(),
        })
    }

    pub fn is_log(&self) -> bool {
        self.read.settled.is_log()
    }

    /// How a month stands, whatever others do; none: that depends on its period.
    pub fn standing_alone(&self, month: Month) -> Option<Standing> {
        if !self.pipeline.declaration.side.is_released() {
            Some(Standing::Never)
        } else if self.is_final(month) {
            Some(Standing::Final)
        } else if month == UNDATED {
            Some(Standing::Unreleased)
        } else {
            None
        }
    }

    /// Whether a month was released or closed on an earlier night.
    pub fn is_final(&self, month: Month) -> bool {
        self.tonight.memory.is_final(self.pipeline.declaration.kind, month)
    }

    /// Whether a period's time has come: `settle` days after its end, and only from exports that were written after that day. A
    /// period of logs waits while a waiting file has rows in it.
    pub fn is_over(&self, period: Period) -> bool {
        let due = period.last_day().plus(self.tonight.policy.release.settle);
        let waits = self.waiting.iter().any(|month| period.contains(*month));
        due <= self.tonight.day && due <= self.read.written && !waits
    }

    pub fn calendar(&self) -> Calendar {
        self.tonight.policy.release.calendar
    }

    /// The month under whose key rows of a month are staged: the first of its regular period.
    pub fn home(&self, month: Month) -> Month {
        self.calendar().regular(month).first
    }

    /// The months under whose keys rows of a period are staged, as they lie there: the policy's periods may have been others.
    pub fn homes(&self, period: Period) -> impl Iterator<Item = (Month, &BTreeSet<Month>)> {
        let of_period = move |months: &BTreeSet<Month>| months.iter().any(|month| period.contains(*month));
        self.staged.iter().filter(move |(_, months)| of_period(months)).map(|(home, months)| (*home, months))
    }

    /// The key under which rows of a month are staged: a new one where there is none yet.
    pub fn staging_key<R>(
        &self,
        home: Month,
        with: impl FnOnce(&PseudonymKey, bool) -> Result<R, MonthError>,
    ) -> Result<R, MonthError> {
        if let Some(key) = self.tonight.keys.pseudonym(self.pipeline.declaration.kind, home) {
            return with(key, false);
        }
        // Months of one period are worked on two at a time.
        let mut fresh = self.fresh.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let is_new = !fresh.contains_key(&home);
        if is_new {
            fresh.insert(home, (self.new_key)()?);
        }
        match fresh.get(&home) {
            Some(key) => with(key, is_new),
            None => Err(MonthError::KeyGone { kind: self.pipeline.declaration.kind, month: home }),
        }
    }

    /// With the key of the year that begins with this month: a new one where there is none yet.
    pub fn with_year_key<R>(&self, first: Month, with: impl FnOnce(&PseudonymKey) -> R) -> Result<R, MonthError> {
        let kind = self.pipeline.declaration.kind;
        if let Some(key) = self.tonight.keys.year(kind, first) {
            return Ok(with(key));
        }
        if self.years.contains_key(&first) {
            return Err(MonthError::YearKeyGone { kind, first });
        }
        let mut fresh = self.fresh_years.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        match fresh.entry(first) {
            Entry::Occupied(made) => Ok(with(made.get())),
            Entry::Vacant(none) => Ok(with(none.insert((self.new_key)()?))),
        }
    }

    /// The key of a year, where it was made tonight.
    pub fn fresh_year_key(&self, first: Month) -> Option<PseudonymKey> {
        self.fresh_years.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&first).cloned()
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
