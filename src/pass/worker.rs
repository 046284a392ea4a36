//! One worker: takes chunks, and turns each record into a coded row.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};

use roaring::RoaringTreemap;

use super::coded::{Head, NO_HOUR};
use super::columns::{ColumnCache, PatronCache};
use super::context::Context;
use super::ids::push_text;
use super::log::{LogPart, Uncounted, Uncounteds};
use super::mailing::{self, Mailed};
use super::rejected::RejectedRows;
use super::requests::Marks;
use super::runfiles::{RunFiles, UNDATED};
use super::{DateCount, LINES_NAMED, PartPassed, PassError, Watched};
use crate::cells::Stamp;
use crate::decide::{Answer, Dated, Decision, decide};
use crate::export::{Chunk, Chunks, ExportError, Row};
use crate::leak::hash;
use crate::state::keys::KeyedDigest;
use crate::words::{Digest, Month, Need, NeedSet, PatronNumber, Reason, ReasonSet, TransactionId};

mod collected;
mod facts;
mod merged;
mod newest;
mod published;
mod seen;

use collected::{Collected, persons_hash};
pub(super) use facts::Reader;
pub(super) use merged::Merged;
use newest::Newest;
use published::{code, renewals};
use seen::Seen;

/// Rows of one month that a worker gathers before it appends them to the month's file.
const BUFFER: usize = 1 << 16;

pub(super) struct Worker<'a> {
    context: &'a Context<'a>,
    files: &'a RunFiles,
    parts: Vec<PartPassed>,
    digests: Vec<Vec<(u64, Digest)>>,
    dates: [DateCount; 2],
    collected: Collected,
    seen: Seen,
    unplaced: RoaringTreemap,
    links: Vec<(TransactionId, TransactionId)>,
    newest: Newest,
    watched: Vec<Watched>,
    mailed: Vec<Vec<Mailed>>,
    rejected: RejectedRows,
    patrons: PatronCache,
    caches: Vec<ColumnCache>,
    codes: Vec<u16>,
    buffers: BTreeMap<Month, Vec<u8>>,
    /// Ids that are texts, of rows that may be due.
    texts: BTreeMap<Month, Vec<u8>>,
    resolved: Vec<Option<u32>>,
    /// Where keys of several cells are put together.
    key: Vec<u8>,
    /// Of logs, by part.
    logs: Vec<LogPart>,
    uncounted: Uncounteds,
}

impl<'a> Worker<'a> {
    pub fn new(context: &'a Context<'a>, files: &'a RunFiles) -> Worker<'a> {
        let columns = context.treated.len();
        Worker {
            context,
            files,
            parts: Vec::new(),
            digests: Vec::new(),
            dates: Default::default(),
            collected: Collected::new(),
            seen: Seen::default(),
            unplaced: RoaringTreemap::new(),
            links: Vec::new(),
            newest: Newest { keep: context.keeps_last(), items: HashMap::new() },
            watched: Vec::new(),
            mailed: context.mailing.iter().map(|_| Vec::new()).collect(),
            rejected: RejectedRows::default(),
            patrons: PatronCache::default(),
            caches: (0..columns).map(|_| ColumnCache::default()).collect(),
            codes: vec![0; columns],
            buffers: BTreeMap::new(),
            texts: BTreeMap::new(),
            resolved: vec![None; context.lookups.len()],
            key: Vec::new(),
            logs: Vec::new(),
            uncounted: Uncounteds::default(),
        }
    }

    pub fn run(
        mut self,
        parts: &[Chunks],
        digest: &KeyedDigest,
        progress: &(dyn Fn(u64, u64) + Sync),
        failed: &AtomicU64,
    ) -> Result<Self, PassError> {
        let (mut chunk, mut row) = (Chunk::default(), Row::default());
        for (part, chunks) in parts.iter().enumerate() {
            self.parts.push(PartPassed::default());
            self.digests.push(Vec::new());
            self.logs.push(LogPart::default());
            while failed.load(Ordering::Relaxed) == 0 && chunks.next(&mut chunk)? {
                // A log's bytes have a digest already.
                if self.context.log.is_none() {
                    let mut keyed = digest.clone();
                    keyed.update(chunk.bytes());
                    self.digests[part].push((chunk.index, keyed.finish()));
                }
                self.chunk(part, chunks, &chunk, &mut row)?;
                progress(chunk.records, chunk.bytes().len() as u64);
            }
        }
        for (month, rows) in std::mem::take(&mut self.buffers) {
            self.files.append(month, &rows)?;
        }
        for (month, texts) in std::mem::take(&mut self.texts) {
            self.files.append_texts(month, &texts)?;
        }
        Ok(self)
    }

    fn chunk(&mut self, part: usize, chunks: &Chunks, chunk: &Chunk, row: &mut Row) -> Result<(), PassError> {
        let bytes = chunk.bytes();
        let valid = std::str::from_utf8(bytes).is_ok();
        let without_nul = memchr::memchr(0, bytes).is_none();
        let parsed = row.parse_each(bytes, chunks.dialect(), |row, place| {
            let line = chunk.first_line + place.line;
            match self.reject(part, row, valid, without_nul) {
                Some(reason) => {
                    if let Some(id) = self.context.roles.id {
                        let id = self.context.bound[part].places[id];
                        self.unplaced.extend(self.context.ids.read(row.cell(id)).map(|id| id.0));
                    }
                    self.rejected(part, reason, line, &bytes[place.start..place.end]);
                    Ok(())
                }
                None => self.row(part, line, row, &bytes[place.start..place.end]).map(|rejected| {
                    if let Some(reason) = rejected {
                        self.rejected(part, reason, line, &bytes[place.start..place.end]);
                    }
                }),
            }
        })?;
        if parsed != chunk.records {
            let (path, counted) = (chunks.path().to_path_buf(), chunk.records);
            return Err(ExportError::Unaccounted { path, line: chunk.first_line, counted, parsed }.into());
        }
        self.parts[part].records += parsed;
        self.parts[part].bytes += bytes.len() as u64;
        self.seen.end_chunk(self.context.ids.is_text());
        Ok(())
    }

    fn reject(&self, part: usize, row: &Row, valid: bool, without_nul: bool) -> Option<Reason> {
        let width = self.context.bound[part].width;
        if row.len() < width {
            Some(Reason::ShortRow)
        } else if row.len() > width {
            Some(Reason::LongRow)
        } else if let Some(fault) = row.fault() {
            Some(fault.into())
        } else if !valid && row.cells().any(|cell| std::str::from_utf8(cell).is_err()) {
            Some(Reason::NotUtf8)
        } else if !without_nul && row.cells().any(|cell| cell.contains(&0)) {
            Some(Reason::NulByte)
        } else {
            None
        }
    }

    fn rejected(&mut self, part: usize, reason: Reason, line: u64, bytes: &[u8]) {
        if let Some(log) = &self.context.log {
            self.logs[part].unread += 1;
            // It was named when its log was retired.
            if log.is_again(part, line) {
                self.logs[part].unread_again += 1;
                return;
            }
        }
        if self.context.keeps_rejected {
            self.rejected.add(part, line, reason, bytes);
        }
        let (count, lines) = self.parts[part].rejected.entry(reason).or_default();
        *count += 1;
        // A worker sees a part's lines in rising order, so its first ones are among the first of all.
        if lines.len() < LINES_NAMED {
            lines.push(line);
        }
    }

    fn row(&mut self, part: usize, line: u64, row: &Row, raw: &[u8]) -> Result<Option<Reason>, PassError> {
        let context = self.context;
        let reader = Reader::new(context, part, row, &mut self.resolved, &mut self.key);
        let (id, id_cell) = match (context.roles.id, &context.log) {
            (Some(column), _) => {
                let cell = context.null.value(row.cell(context.bound[part].places[column]));
                let Some(id) = context.ids.read(cell) else { return Ok(Some(Reason::BadId)) };
                (id, cell)
            }
            (None, Some(log)) => (log.id(part, line)?, &b""[..]),
            // `pipeline/check` sees to it that a snapshot has ids.
            (None, None) => return Ok(Some(Reason::BadId)),
        };
        let patron = reader.patron();
        let named = !patron.is_empty();
        let linked = reader.is_linked(named);

        self.patrons.fetch(patron);
        let mut problems = ReasonSet::default();
        let opened = reader.date(context.roles.opened, &mut problems, &mut self.dates[0]);
        let closed = match context.roles.closed_is_opened() {
            true => opened.0,
            false => reader.closed(&mut problems, &mut self.dates[1]),
        };
        let mut decision = Decision::default();
        let mut number = PatronNumber::NOBODY;
        let bound = &context.bound[part];
        let tuple = persons_hash(&bound.persons, row);
        let mut collect = false;
        if named {
            (number, collect) = self.patrons.meet(patron, tuple, &context.patrons)?;
        }
        if linked {
            let facts = reader.facts(opened.0, closed, problems);
            decision = decide(&facts, &context.retention, context.as_of);
            if !self.mailed.is_empty() {
                mailing::note(&mut self.mailed, context, &reader, id, &facts);
            }
        }
        if let Some(renews) = context.roles.renews {
            let cell = reader.column(renews);
            match context.ids.read(cell) {
                Some(older) => self.links.push((id, older)),
                None if cell.is_empty() || !linked => {}
                None => {
                    decision.needs.insert(crate::words::Need::Undetermined);
                    decision.reasons.insert(Reason::BrokenChain);
                }
            }
        }
        if tuple != 0 && if named { collect } else { self.collected.is_news(tuple) } {
            self.collected.persons(context, &reader);
        }
        self.collected.others(context, bound, row, &reader);
        if self.newest.keep > 0 {
            self.newest.note(&reader, id, opened.1);
        }
        let month = opened.1.map_or(UNDATED, Stamp::month);
        let marks = match &context.requests {
            Some(requests) => requests.read(&reader),
            None => Some(Marks::NONE),
        };
        if context.watch.covers(id) {
            let (opened, counts) = (opened.1.map(|stamp| stamp.day), marks.is_some());
            self.watched.push(Watched { part, line, linked, opened, decision, counts });
        }
        let mut counted = Marks::NONE;
        if let Some(log) = &context.log {
            let again = log.is_again(part, line);
            // Nobody is named, but the row goes with its file.
            if !linked && context.has_holds() && reader.legal_hold(opened.0) != Answer::No {
                decision.needs.insert(Need::LegalHold);
                self.logs[part].held = true;
            }
            note_in_log(context, &mut self.logs[part], (month, again), (linked, closed), &decision);
            match marks {
                Some(marks) => counted = marks,
                None => {
                    let needs = if linked { decision.needs } else { NeedSet::NONE };
                    let reasons = if linked { decision.reasons } else { ReasonSet::default() };
                    let review = context.is_for_review(opened.1.map(|stamp| stamp.day));
                    self.uncounted.add(Uncounted { month, part, linked, again, needs, reasons, review });
                    return Ok(None);
                }
            }
        }
        for (column, treated) in context.treated.iter().enumerate() {
            let place = || (part, line);
            self.codes[column] = code(treated, &reader, opened.1, (context, column), &mut self.caches[column], place)?;
        }
        let head = Head {
            id,
            opened: opened.1.map_or(i64::MIN, Stamp::seconds),
            // No two rows of a log have one id.
            facts: if context.log.is_some() { 0 } else { hash(raw.trim_ascii_end()) },
            patron: number,
            linked,
            line: u32::try_from(line).unwrap_or(u32::MAX),
            needs: if linked { decision.needs } else { NeedSet::NONE },
            reasons: if linked { decision.reasons } else { ReasonSet::default() },
            part: part as u16,
            hour: opened.1.and_then(|stamp| stamp.second).map_or(NO_HOUR, |second| (second / 3_600) as u8),
            measure: context.roles.renewals.map_or(0, |column| renewals(reader.column(column))),
        };
        if context.log.is_none() {
            self.seen.note(id);
            if linked && month == UNDATED {
                self.unplaced.insert(id.0);
            }
        }
        self.append(month, &head, &counted)?;
        // Only what is due may have to be named to the library system; what is due is known when all is settled.
        if context.ids.is_text() && head.needs.is_empty() && linked {
            self.append_text(month, id, id_cell)?;
        }
        Ok(None)
    }

    fn append_text(&mut self, month: Month, id: TransactionId, text: &[u8]) -> Result<(), PassError> {
        let buffer = self.texts.entry(month).or_default();
        push_text(buffer, id, text);
        if buffer.len() >= BUFFER {
            self.files.append_texts(month, buffer)?;
            buffer.clear();
        }
        Ok(())
    }

    fn append(&mut self, month: Month, head: &Head, marks: &Marks) -> Result<(), PassError> {
        let buffer = self.buffers.entry(month).or_insert_with(|| Vec::with_capacity(BUFFER + 256));
        self.context.layout().push(buffer, head, &self.codes, marks.as_slice());
        if buffer.len() >= BUFFER {
            self.files.append(month, buffer)?;
            buffer.clear();
        }
        Ok(())
    }
}

/// What a row says of its file: whether all of it is due, and the months that it has rows in.
#[inline]
fn note_in_log(
    context: &Context<'_>,
    log: &mut LogPart,
    (month, again): (Month, bool),
    (linked, closed): (bool, Dated),
    decision: &Decision,
) {
    log.note(decision.needs, decision.ends(Need::Grace));
    log.read += u64::from(!again);
    match (linked, closed) {
        (true, _) => {}
        // Nobody is named, but the file isn't due before this day is.
        (false, Dated::On(day)) => {
            let ends = day.plus(context.retention.grace);
            if ends > context.as_of {
                log.note(NeedSet::from_iter([Need::Grace]), Some(ends));
            }
        }
        (false, Dated::Unset | Dated::Unreadable) => {}
    }
    if !again && month != UNDATED && log.months.last() != Some(&month) {
        log.months.insert(month);
    }
}
