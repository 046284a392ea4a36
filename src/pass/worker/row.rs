//! One record: decided, treated, coded, and put among the rows of its month.

use super::batch::Batch;
use super::cache::ColumnCache;
use super::collected::persons_hash;
use super::mailing::note_on_lists;
use super::published::{code, renewals};
use super::reader::{Buffers, Joined, Reader};
use super::writer::Writer;
use crate::cells::Stamp;
use crate::decide::{Answer, Dated, Decision, Facts, decide};
use crate::export::{Chunk, Row};
use crate::leak::hash;
use crate::pass::coded::{Head, NO_HOUR};
use crate::pass::error::PassError;
use crate::pass::intake::{Intake, Log};
use crate::pass::log::Uncounted;
use crate::pass::outcome::{LINES_NAMED, Watched};
use crate::pass::prepared::Prepared;
use crate::pass::requests::Marks;
use crate::pass::runfiles::{BatchFiles, UNDATED};
use crate::words::{Month, Need, NeedSet, PatronNumber, Reason, ReasonSet, TransactionId};

/// The rows of one batch, as they come.
pub struct Rows<'a> {
    prepared: &'a Prepared<'a>,
    batch: Batch,
    writer: Writer,
    caches: Vec<ColumnCache>,
    codes: Vec<u32>,
}

/// What was decided of a record.
struct Decided {
    part: usize,
    line: u64,
    id: TransactionId,
    linked: bool,
    /// For decisions, and as it is read, if it is plausible.
    opened: (Dated, Option<Stamp>),
    closed: Dated,
    decision: Decision,
    /// It names nobody, and was decided all the same, for what other traces there are of it.
    over: bool,
}

impl Decided {
    fn month(&self) -> Month {
        self.opened.1.map_or(UNDATED, Stamp::month)
    }

    /// Whether it names nobody, and whether nothing that is known of it is a need.
    fn traces_due(&self) -> bool {
        !self.linked && self.over && self.decision.needs.is_empty()
    }

    /// What the row itself needs, and why that is undetermined: nothing where it isn't linked.
    fn needs(&self) -> (NeedSet, ReasonSet) {
        if self.linked { (self.decision.needs, self.decision.reasons) } else { (NeedSet::NONE, ReasonSet::default()) }
    }
}

impl<'a> Rows<'a> {
    pub fn new(prepared: &'a Prepared<'a>, parts: usize, files: BatchFiles) -> Rows<'a> {
        let columns = prepared.rules.treated.len();
        Rows {
            prepared,
            batch: Batch::new(prepared, parts, files),
            writer: Writer::new(prepared.layout()),
            caches: (0..columns).map(|_| ColumnCache::default()).collect(),
            codes: vec![0; columns],
        }
    }

    pub fn begin_chunk(&mut self, part: usize, chunk: &Chunk) {
        // A log's bytes have a digest already.
        if let Intake::Snapshot(_) = self.prepared.intake {
            let mut digest = self.prepared.digest.clone();
            digest.update(chunk.bytes());
            self.batch.digests[part].push((chunk.index, digest.finish()));
        }
    }

    pub fn end_chunk(&mut self, part: usize, records: u64, chunk: &Chunk) {
        self.batch.findings.parts[part].records += records;
        self.batch.findings.parts[part].bytes += chunk.bytes().len() as u64;
        self.batch.findings.seen.end_chunk(self.prepared.intake.has_text_ids());
    }

    pub fn finish(mut self) -> Result<Batch, PassError> {
        self.writer.finish(&mut self.batch.files)?;
        Ok(self.batch)
    }

    /// Why a record can't be read as one. `valid`, `without_nul`: so is its whole chunk.
    pub fn unreadable(&self, part: usize, row: &Row, valid: bool, without_nul: bool) -> Option<Reason> {
        let width = self.prepared.rules.bound[part].width;
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

    /// Notes the id of a record that can't be read: its row is there.
    pub fn unplaced(&mut self, part: usize, row: &Row) {
        if let Intake::Snapshot(snapshot) = &self.prepared.intake {
            let places = &self.prepared.rules.bound[part].places;
            // A made one has cells that may be what can't be read.
            if let [column] = snapshot.id.as_slice() {
                self.batch.findings.unplaced.extend(snapshot.ids.read(row.cell(places[*column])).map(|id| id.0));
            }
        }
    }

    pub fn rejected(&mut self, part: usize, reason: Reason, line: u64, bytes: &[u8]) {
        if let Intake::Log(log) = &self.prepared.intake {
            let found = &mut self.batch.findings.logs[part];
            found.unread += 1;
            // It was named when its log was retired.
            if log.run.is_again(part, line) {
                found.unread_again += 1;
                return;
            }
        }
        if self.prepared.keeps_rejected {
            self.batch.rejected.add(part, line, reason, bytes);
        }
        let (count, lines) = self.batch.findings.parts[part].rejected.entry(reason).or_default();
        *count += 1;
        // A worker sees a part's lines in rising order, so its first ones are among the first of all.
        if lines.len() < LINES_NAMED {
            lines.push(line);
        }
    }

    /// Takes in a record; or says why it is none. `buffers`: the same for row after row.
    pub fn row(
        &mut self,
        (part, line): (usize, u64),
        row: &Row,
        raw: &[u8],
        buffers: &mut Buffers,
    ) -> Result<Option<Reason>, PassError> {
        let prepared = self.prepared;
        let reader = &Reader::new(prepared, part, row, buffers);
        let Some((id, id_cell)) = id(prepared, part, line, row)? else { return Ok(Some(Reason::BadId)) };
        let patron = reader.patron();
        self.batch.patrons.fetch(patron);
        let linked = reader.is_linked(!patron.is_empty());
        let mut decided = self.decide(reader, (part, line), id, linked);
        self.note_met(reader, id, linked);
        let number = self.meet(part, row, reader, patron)?;
        if self.batch.findings.newest.keep > 0 {
            self.batch.findings.newest.note(reader, id, decided.opened.1);
        }
        let (marks, facts) = match &prepared.intake {
            Intake::Snapshot(_) => {
                self.note_in_snapshot(&decided);
                (Marks::NONE, hash(raw.trim_ascii_end()))
            }
            Intake::Log(log) => match self.note_in_log(log, reader, &mut decided) {
                // No two rows of a log have one id.
                Some(marks) => (marks, 0),
                None => return Ok(None),
            },
        };
        self.write(reader, &decided, (number, facts), &marks)?;
        // Only what is due may have to be named to the library system, and what is kept for long to a person; what is due is
        // known when all is settled.
        let named =
            || decided.decision.needs.is_empty() || prepared.is_for_review(decided.opened.1.map(|stamp| stamp.day));
        if prepared.intake.has_text_ids() && (linked || decided.over) && named() {
            self.writer.text(&mut self.batch.files, decided.month(), id, id_cell)?;
        }
        Ok(None)
    }

    #[inline]
    fn decide(&mut self, reader: &Reader<'_>, (part, line): (usize, u64), id: TransactionId, linked: bool) -> Decided {
        let prepared = self.prepared;
        let mut problems = ReasonSet::default();
        let opened = reader.date(prepared.rules.roles.opened, &mut problems, &mut self.batch.findings.dates[0]);
        let closed = if prepared.rules.roles.closed_is_opened() {
            opened.0
        } else {
            reader.closed(&mut problems, &mut self.batch.findings.dates[1])
        };
        let mut decision = Decision::default();
        if linked {
            let absent = reader.absent();
            self.batch.findings.absent.extend(absent);
            let since = absent.and_then(|patron| prepared.absent.as_ref()?.since(patron));
            let is_gone = since.is_some_and(|since| {
                prepared.retention.absent_patron.is_some_and(|days| since.plus(days) <= prepared.as_of)
            });
            let gone;
            let asked = if is_gone {
                gone = reader.without_patron();
                &gone
            } else {
                reader
            };
            let facts = Facts { absent: since, ..asked.facts(opened.0, closed, problems) };
            decision = decide(&facts, &prepared.retention, prepared.as_of);
            if !self.batch.findings.mailed.is_empty() {
                note_on_lists(&mut self.batch.findings.mailed, prepared, reader, id, &facts);
            }
        }
        let over = !linked && prepared.rules.severs_unlinked;
        if over {
            decision = decide(&reader.facts_of_nobody(opened.0, closed, problems), &prepared.retention, prepared.as_of);
        }
        if let (Some(renews), Intake::Snapshot(snapshot)) = (prepared.rules.roles.renews, &prepared.intake) {
            let cell = reader.column(renews);
            match snapshot.ids.read(cell) {
                Some(older) => self.batch.findings.links.push((id, older)),
                None if cell.is_empty() || !linked => {}
                None => {
                    decision.needs.insert(Need::Undetermined);
                    decision.reasons.insert(Reason::BrokenChain);
                }
            }
        }
        Decided { part, line, id, linked, opened, closed, decision, over }
    }

    /// The patron's number in the batch. Collects the identifiers that stand on the row, unless they were seen lately.
    #[inline]
    fn meet(&mut self, part: usize, row: &Row, reader: &Reader<'_>, patron: &[u8]) -> Result<PatronNumber, PassError> {
        let bound = &self.prepared.rules.bound[part];
        let tuple = persons_hash(&bound.persons, row);
        let (number, collect) = if patron.is_empty() {
            (PatronNumber::NOBODY, tuple != 0 && self.batch.collected.is_news(tuple))
        } else {
            self.batch.patrons.meet(patron, tuple)?
        };
        if tuple != 0 && collect {
            self.batch.collected.persons(self.prepared, reader);
        }
        self.batch.collected.others(self.prepared, bound, row, reader);
        Ok(number)
    }

    /// Which lookups that decide by having no row have one for it.
    #[inline]
    fn note_met(&mut self, reader: &Reader<'_>, id: TransactionId, linked: bool) {
        for meeting in &mut self.batch.findings.met {
            if let Joined::Row(row) = reader.joined(meeting.lookup) {
                meeting.note(row, id, linked);
            }
        }
    }

    #[inline]
    fn watch(&mut self, decided: &Decided, counts: bool) {
        if self.prepared.watch.covers(decided.id) {
            let Decided { part, line, linked, decision, .. } = *decided;
            let opened = decided.opened.1.map(|stamp| stamp.day);
            self.batch.findings.watched.push(Watched { part, line, linked, opened, decision, counts });
        }
    }

    #[inline]
    fn note_in_snapshot(&mut self, decided: &Decided) {
        self.watch(decided, true);
        self.batch.findings.seen.note(decided.id);
        if decided.linked && decided.opened.1.is_none() {
            self.batch.findings.unplaced.insert(decided.id.0);
        }
    }

    /// What a row says of its file: whether all of it is due, and the months that it has rows in. None: the row doesn't count.
    #[inline]
    fn note_in_log(&mut self, log: &Log, reader: &Reader<'_>, decided: &mut Decided) -> Option<Marks> {
        let prepared = self.prepared;
        let marks =
            log.requests.as_ref().map_or(Some(Marks::NONE), |requests| requests.read(|cell| reader.column(cell)));
        self.watch(decided, marks.is_some());
        let Decided { part, linked, .. } = *decided;
        let (again, month) = (log.run.is_again(part, decided.line), decided.month());
        let found = &mut self.batch.findings.logs[part];
        // Nobody is named, but the row goes with its file.
        if !linked && prepared.has_holds() && reader.legal_hold(decided.opened.0) != Answer::No {
            decided.decision.needs.insert(Need::LegalHold);
            found.held = true;
        }
        found.note(decided.decision.needs, decided.decision.ends(Need::Grace));
        found.read += u64::from(!again);
        // One that names nobody goes with its file, whatever it says.
        if !again && linked && decided.decision.reasons.contains(Reason::UnknownState) {
            found.note_unlisted(log.code.map_or(b"", |code| reader.column(code)), decided.line);
        }
        // Nobody is named, but the file isn't due before this day is.
        if let (false, Dated::On(day)) = (linked, decided.closed) {
            let ends = day.plus(prepared.retention.grace);
            if ends > prepared.as_of {
                found.note(NeedSet::from_iter([Need::Grace]), Some(ends));
            }
        }
        if !again && month != UNDATED && found.months.last() != Some(&month) {
            found.months.insert(month);
        }
        if marks.is_none() {
            let (needs, reasons) = decided.needs();
            let review = prepared.is_for_review(decided.opened.1.map(|stamp| stamp.day));
            self.batch.uncounted.add(Uncounted { month, part, linked, again, needs, reasons, review });
        }
        marks
    }

    /// Codes what the row publishes, and puts it among the rows of its month.
    #[inline]
    fn write(
        &mut self,
        reader: &Reader<'_>,
        decided: &Decided,
        (patron, facts): (PatronNumber, u64),
        marks: &Marks,
    ) -> Result<(), PassError> {
        let prepared = self.prepared;
        let opened = decided.opened.1;
        for (column, treated) in prepared.rules.treated.iter().enumerate() {
            let columns = (&mut self.batch.columns, column);
            self.codes[column] = code(treated, reader, opened, prepared, columns, &mut self.caches[column])?;
        }
        let (needs, reasons) = decided.needs();
        let head = Head {
            id: decided.id,
            opened: opened.map_or(i64::MIN, Stamp::seconds),
            facts,
            patron,
            linked: decided.linked,
            traces_due: decided.traces_due(),
            line: u32::try_from(decided.line).unwrap_or(u32::MAX),
            needs,
            reasons,
            part: decided.part as u16,
            hour: opened.and_then(|stamp| stamp.second).map_or(NO_HOUR, |second| (second / 3_600) as u8),
            measure: match &prepared.rules.counts {
                Some(rule) => reader.counts_as(rule),
                None => prepared.rules.roles.renewals.map_or(0, |column| renewals(reader.column(column))),
            },
        };
        Ok(self.writer.row(&mut self.batch.files, decided.month(), &head, &self.codes, marks)?)
    }
}

/// A record's id, and the cell that it comes from. None: it has none that can be read.
#[inline]
fn id<'r>(
    prepared: &Prepared<'_>,
    part: usize,
    line: u64,
    row: &'r Row,
) -> Result<Option<(TransactionId, &'r [u8])>, PassError> {
    match &prepared.intake {
        Intake::Snapshot(snapshot) => {
            let places = &prepared.rules.bound[part].places;
            Ok(snapshot.id(|column| prepared.cells.null.value(row.cell(places[column]))))
        }
        Intake::Log(log) => Ok(Some((log.run.id(part, line)?, b""))),
    }
}
