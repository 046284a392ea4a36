//! One worker: takes chunks, and turns each record into a coded row.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};

use roaring::RoaringTreemap;

use super::coded::{Head, NO_HOUR};
use super::columns::{ColumnCache, PatronCache};
use super::context::{Bound, Context, Found, Treated};
use super::ids::push_text;
use super::log::{LogPart, Uncounted, Uncounteds};
use super::mailing::{self, Mailed};
use super::rejected::RejectedRows;
use super::requests::Marks;
use super::runfiles::{RunFiles, UNDATED};
use super::{DateCount, LINES_NAMED, PartPassed, PassError, Passed, Watched};
use crate::cells::Stamp;
use crate::decide::{Answer, Chains, Dated, Decision, decide};
use crate::export::{Chunk, Chunks, ExportError, Row};
use crate::leak::{Identifiers, hash};
use crate::pipeline::Field;
use crate::state::keys::KeyedDigest;
use crate::treat::{age_in_years, number};
use crate::words::{Digest, Month, Need, NeedSet, PatronNumber, Reason, ReasonSet, TransactionId};

mod facts;

pub(super) use facts::Reader;

/// Rows of one month that a worker gathers before it appends them to the month's file.
const BUFFER: usize = 1 << 16;

pub(super) struct Worker<'a> {
    context: &'a Context<'a>,
    files: &'a RunFiles,
    parts: Vec<PartPassed>,
    digests: Vec<Vec<(u64, Digest)>>,
    dates: [DateCount; 2],
    collected: Collected,
    ids: RoaringTreemap,
    repeated: RoaringTreemap,
    unplaced: RoaringTreemap,
    chunk_ids: Vec<u64>,
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
            ids: RoaringTreemap::new(),
            repeated: RoaringTreemap::new(),
            unplaced: RoaringTreemap::new(),
            chunk_ids: Vec::new(),
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
        self.note_ids();
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
        let reader = Reader::new(context, part, row, &mut self.resolved);
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
            self.chunk_ids.push(id.0);
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

    /// Adds a chunk's numbers to those seen, and finds those that come twice.
    fn note_ids(&mut self) {
        if self.context.ids.is_text() {
            // Digests lie far apart: for them, joining bitmaps would take as long as all that was seen before.
            for id in self.chunk_ids.drain(..) {
                if !self.ids.insert(id) {
                    self.repeated.insert(id);
                }
            }
            return;
        }
        if !self.chunk_ids.is_sorted() {
            self.chunk_ids.sort_unstable();
        }
        for pair in self.chunk_ids.windows(2) {
            if pair[0] == pair[1] {
                self.repeated.insert(pair[0]);
            }
        }
        self.chunk_ids.dedup();
        let ids = RoaringTreemap::from_sorted_iter(self.chunk_ids.drain(..)).unwrap_or_default();
        self.repeated |= &self.ids & &ids;
        self.ids |= ids;
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

/// How often it was renewed; what can't be read counts as never.
fn renewals(cell: &[u8]) -> u16 {
    number(cell).and_then(|count| u16::try_from(count).ok()).unwrap_or(0)
}

/// The code of a published value.
fn code(
    treated: &Treated,
    reader: &Reader<'_>,
    opened: Option<Stamp>,
    (context, column): (&Context<'_>, usize),
    cache: &mut ColumnCache,
    place: impl FnOnce() -> (usize, u64),
) -> Result<u16, PassError> {
    let time = |field: &Field| match field {
        Field::Column(index) if *index == context.roles.opened => opened,
        field => context.times.read(reader.text(*field)),
    };
    Ok(match treated {
        Treated::Text { rule, from } => {
            let input = rule.key(reader.text(*from));
            cache.code(input, (&context.columns, column), place, |text| {
                let input = String::from_utf8_lossy(input);
                let mut scratch = String::new();
                text.push_str(rule.apply(&input, &mut scratch));
            })?
        }
        Treated::Year { from } => {
            let input = reader.text(*from);
            cache.code(input, (&context.columns, column), place, |text| match time(from) {
                Some(stamp) => text.push_str(&stamp.date.year().to_string()),
                None => text.push_str(crate::treat::UNKNOWN),
            })?
        }
        Treated::Class { rule, from } => rule.code(reader.text(*from)),
        Treated::Band { bands, from } => bands.code(number(reader.text(*from))),
        Treated::Age { bands, born, at } => {
            let age = time(born).zip(time(at)).and_then(|(born, at)| age_in_years(born.date, at.date));
            bands.code(age)
        }
        Treated::Duration { bands, from, to } => match (time(from), time(to)) {
            _ if reader.text(*to).is_empty() => bands.top(),
            (Some(from), Some(to)) if from.day <= to.day => bands.code(Some(to.day.0 - from.day.0)),
            _ => bands.unknown(),
        },
    })
}

/// What a worker has collected of the identifiers that stand on the rows themselves.
struct Collected {
    identifiers: Identifiers,
    /// Hashes of other persons (staff, proxies), and of tuples on rows that name no patron, that were seen lately.
    lately: Vec<u64>,
}

const LATELY: usize = 1 << 10;

impl Collected {
    fn new() -> Collected {
        Collected { identifiers: Identifiers::default(), lately: vec![0; LATELY] }
    }

    /// Whether something with this hash was not seen lately.
    #[inline]
    fn is_news(&mut self, hash: u64) -> bool {
        let slot = &mut self.lately[hash as usize % LATELY];
        std::mem::replace(slot, hash) != hash
    }

    /// Cells that come and go without the patron: staff, notes.
    #[inline]
    fn others(&mut self, context: &Context<'_>, bound: &Bound, row: &Row, reader: &Reader<'_>) {
        for (place, found) in &bound.other_identifiers {
            let cell = context.null.value(row.cell(*place));
            if !cell.is_empty() && self.is_news(hash(cell)) {
                match found {
                    Found::Anywhere => self.identifiers.add(cell),
                    Found::Alone => self.identifiers.add_alone(cell),
                }
            }
        }
        // The one that counted is collected with the run's patrons.
        let more = if context.roles.patrons.len() > 1 { context.roles.patrons.as_slice() } else { &[] };
        for column in context.roles.people.iter().chain(more) {
            let cell = reader.column(*column);
            if !cell.is_empty() && self.is_news(hash(cell)) {
                self.identifiers.add_alone(cell);
            }
        }
    }

    #[cold]
    fn persons(&mut self, context: &Context<'_>, reader: &Reader<'_>) {
        let roles = &context.roles;
        roles.identifiers.iter().for_each(|column| self.identifiers.add(reader.column(*column)));
        let names: Vec<&[u8]> = roles.names.iter().map(|column| reader.column(*column)).collect();
        self.identifiers.add_names(&names);
        roles.alone.iter().for_each(|column| self.identifiers.add_alone(reader.column(*column)));
    }
}

/// A hash of all cells that identify the patron: a run of neighbours at a time, with their borders. 0: there are none.
#[inline]
fn persons_hash(persons: &[(usize, usize)], row: &Row) -> u64 {
    let mut tuple = 0u64;
    for (first, last) in persons {
        tuple = tuple.rotate_left(17) ^ hash(row.span(*first, *last));
        for column in *first..=*last {
            tuple = tuple.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(row.cell(column).len() as u64 + 1);
        }
    }
    tuple
}

/// The newest loans of each item.
#[derive(Default)]
struct Newest {
    keep: usize,
    /// By a hash of the item: its newest loans, oldest first.
    items: HashMap<u64, Vec<(i64, TransactionId)>>,
}

impl Newest {
    fn note(&mut self, reader: &Reader<'_>, id: TransactionId, opened: Option<Stamp>) {
        let (Some(item), Some(opened)) = (reader.item(), opened) else { return };
        if item.is_empty() || reader.withdrawn() {
            return;
        }
        Newest::keep(self.items.entry(hash(item)).or_default(), (opened.seconds(), id), self.keep);
    }

    fn keep(loans: &mut Vec<(i64, TransactionId)>, loan: (i64, TransactionId), keep: usize) {
        let place = loans.partition_point(|known| *known < loan);
        loans.insert(place, loan);
        if loans.len() > keep {
            loans.remove(0);
        }
    }
}

/// The results of all workers.
pub(super) struct Merged {
    parts: Vec<PartPassed>,
    digests: Vec<Vec<(u64, Digest)>>,
    dates: [DateCount; 2],
    identifiers: Identifiers,
    ids: RoaringTreemap,
    repeated: RoaringTreemap,
    unplaced: RoaringTreemap,
    links: Vec<(TransactionId, TransactionId)>,
    newest: Newest,
    watched: Vec<Watched>,
    logs: Vec<LogPart>,
    uncounted: BTreeMap<Uncounted, u64>,
    mailed: Vec<Vec<Mailed>>,
    rejected: Vec<RejectedRows>,
    names: [String; 2],
}

impl Merged {
    pub fn new(parts: usize, keep: usize) -> Merged {
        Merged {
            parts: vec![PartPassed::default(); parts],
            digests: vec![Vec::new(); parts],
            dates: Default::default(),
            identifiers: Identifiers::default(),
            ids: RoaringTreemap::new(),
            repeated: RoaringTreemap::new(),
            unplaced: RoaringTreemap::new(),
            links: Vec::new(),
            newest: Newest { keep, items: HashMap::new() },
            watched: Vec::new(),
            logs: vec![LogPart::default(); parts],
            uncounted: BTreeMap::new(),
            mailed: Vec::new(),
            rejected: Vec::new(),
            names: Default::default(),
        }
    }

    pub fn add(&mut self, worker: Worker<'_>) {
        let columns = &worker.context.declaration.columns;
        let closed = columns.closed.as_ref().map_or(String::new(), |closed| closed.columns().join(", "));
        self.names = [columns.opened.clone(), closed];
        for (all, part) in self.parts.iter_mut().zip(worker.parts) {
            all.records += part.records;
            all.bytes += part.bytes;
            for (reason, (count, lines)) in part.rejected {
                let (all_count, all_lines) = all.rejected.entry(reason).or_default();
                *all_count += count;
                all_lines.extend(lines);
            }
        }
        for (all, digests) in self.digests.iter_mut().zip(worker.digests) {
            all.extend(digests);
        }
        for (all, date) in self.dates.iter_mut().zip(worker.dates) {
            all.set += date.set;
            all.unreadable += date.unreadable;
        }
        self.identifiers.merge(worker.collected.identifiers);
        self.repeated |= worker.repeated;
        self.unplaced |= worker.unplaced;
        self.repeated |= &self.ids & &worker.ids;
        self.ids |= worker.ids;
        self.links.extend(worker.links);
        for (item, loans) in worker.newest.items {
            let all = self.newest.items.entry(item).or_default();
            loans.into_iter().for_each(|loan| Newest::keep(all, loan, self.newest.keep));
        }
        self.watched.extend(worker.watched);
        self.logs.iter_mut().zip(worker.logs).for_each(|(all, log)| all.merge(log));
        for (one, count) in worker.uncounted.finish() {
            *self.uncounted.entry(one).or_default() += count;
        }
        self.mailed.resize_with(worker.mailed.len(), Vec::new);
        self.mailed.iter_mut().zip(worker.mailed).for_each(|(all, list)| all.extend(list));
        self.rejected.push(worker.rejected);
    }

    pub fn finish(mut self, parts: &[Chunks], digest: &KeyedDigest) -> Passed {
        for ((part, digests), chunks) in self.parts.iter_mut().zip(&mut self.digests).zip(parts) {
            digests.sort_unstable();
            let mut whole = digest.clone();
            whole.update(chunks.header_bytes());
            digests.iter().for_each(|(_, chunk)| whole.update(&chunk.0));
            part.digest = Some(whole.finish());
            for (_, lines) in part.rejected.values_mut() {
                lines.sort_unstable();
                lines.truncate(LINES_NAMED);
            }
        }
        let mut chains = Chains::default();
        self.links.sort_unstable();
        self.links.iter().for_each(|(newer, older)| chains.tie(*newer, *older));
        let newest = self.newest.items.into_values().flatten().map(|(opened, id)| (id, opened)).collect();
        self.watched.sort_unstable_by_key(|watched| (watched.part, watched.line));
        let dates = self.names.into_iter().zip(self.dates).filter(|(name, _)| !name.is_empty()).collect();
        Passed {
            parts: self.parts,
            dates,
            identifiers: self.identifiers,
            repeated: self.repeated,
            unplaced: self.unplaced,
            chains,
            newest,
            watched: self.watched,
            logs: self.logs,
            uncounted: self.uncounted,
            mailed: self.mailed,
            rejected: RejectedRows::merged(self.rejected),
        }
    }
}
