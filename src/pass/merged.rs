//! Batches, merged: what they found is put together such that it doesn't matter which batch met what, and their rows are
//! renumbered to mean the same.

use std::collections::{BTreeMap, HashMap, HashSet};

use roaring::RoaringTreemap;

use super::error::PassError;
use super::log::{LogPart, Uncounted};
use super::met::Meeting;
use super::outcome::{DateCount, LINES_NAMED, Mailed, PartPassed, Passed, Watched};
use super::prepared::Prepared;
use super::rejected::RejectedRows;
use super::runfiles::RunFiles;
use super::vocabulary::Vocabulary;
use super::worker::{Batch, IdsSeen, Newest};
use crate::decide::Chains;
use crate::export::Chunks;
use crate::leak::Identifiers;
use crate::state::absent::AbsentPatron;
use crate::state::keys::KeyedDigest;
use crate::words::{Digest, TransactionId};

/// The results of all batches.
pub(super) struct Merged {
    vocabulary: Vocabulary,
    files: RunFiles,
    parts: Vec<PartPassed>,
    digests: Vec<Vec<(u64, Digest)>>,
    dates: [DateCount; 2],
    identifiers: Identifiers,
    seen: IdsSeen,
    unplaced: RoaringTreemap,
    links: Vec<(TransactionId, TransactionId)>,
    newest: Newest,
    met: Vec<Meeting>,
    absent: HashSet<AbsentPatron>,
    watched: Vec<Watched>,
    logs: Vec<LogPart>,
    uncounted: BTreeMap<Uncounted, u64>,
    mailed: Vec<Vec<Mailed>>,
    rejected: Vec<RejectedRows>,
}

impl Merged {
    pub fn new(prepared: &Prepared<'_>, parts: usize) -> Merged {
        Merged {
            vocabulary: Vocabulary { columns: prepared.columns.clone(), ..Vocabulary::default() },
            files: RunFiles::new(prepared.layout()),
            parts: vec![PartPassed::default(); parts],
            digests: vec![Vec::new(); parts],
            dates: Default::default(),
            identifiers: Identifiers::default(),
            seen: IdsSeen::default(),
            unplaced: RoaringTreemap::new(),
            links: Vec::new(),
            newest: Newest { keep: prepared.keeps_last(), items: HashMap::new() },
            met: prepared.nothing_met(),
            absent: HashSet::new(),
            watched: Vec::new(),
            logs: vec![LogPart::default(); parts],
            uncounted: BTreeMap::new(),
            mailed: Vec::new(),
            rejected: Vec::new(),
        }
    }

    pub fn add(&mut self, batch: Batch) -> Result<(), PassError> {
        let renumbering = self.vocabulary.take_in(&batch.columns, &batch.patrons)?;
        self.files.add(batch.files, renumbering);
        for (all, part) in self.parts.iter_mut().zip(batch.parts) {
            all.records += part.records;
            all.bytes += part.bytes;
            for (reason, (count, lines)) in part.rejected {
                let (all_count, all_lines) = all.rejected.entry(reason).or_default();
                *all_count += count;
                all_lines.extend(lines);
            }
        }
        for (all, digests) in self.digests.iter_mut().zip(batch.digests) {
            all.extend(digests);
        }
        for (all, date) in self.dates.iter_mut().zip(batch.dates) {
            all.add(date);
        }
        self.identifiers.merge(batch.collected.identifiers);
        self.unplaced |= batch.unplaced;
        self.seen.merge(batch.seen);
        self.links.extend(batch.links);
        for (item, loans) in batch.newest.items {
            let all = self.newest.items.entry(item).or_default();
            loans.into_iter().for_each(|loan| Newest::keep(all, loan, self.newest.keep));
        }
        self.met.iter_mut().zip(batch.met).for_each(|(all, met)| all.merge(met));
        self.absent.extend(batch.absent);
        self.watched.extend(batch.watched);
        self.logs.iter_mut().zip(batch.logs).for_each(|(all, log)| all.merge(log));
        for (one, count) in batch.uncounted.finish() {
            *self.uncounted.entry(one).or_default() += count;
        }
        self.mailed.resize_with(batch.mailed.len(), Vec::new);
        self.mailed.iter_mut().zip(batch.mailed).for_each(|(all, list)| all.extend(list));
        self.rejected.push(batch.rejected);
        Ok(())
    }

    pub fn finish(mut self, prepared: &Prepared<'_>, parts: &[Chunks]) -> (Passed, Vocabulary, RunFiles) {
        let columns = &prepared.declaration.columns;
        let closed = columns.closed.as_ref().map_or(String::new(), |closed| closed.columns().join(", "));
        let names = [columns.opened.clone(), closed];
        self.finish_parts(parts, &prepared.digest);
        let mut chains = Chains::default();
        self.links.sort_unstable();
        self.links.iter().for_each(|(newer, older)| chains.tie(*newer, *older));
        let newest = self.newest.items.into_values().flatten().map(|(opened, id)| (id, opened)).collect();
        self.watched.sort_unstable_by_key(|watched| (watched.part, watched.line));
        let dates = names.into_iter().zip(self.dates).filter(|(name, _)| !name.is_empty()).collect();
        let passed = Passed {
            parts: self.parts,
            dates,
            identifiers: self.identifiers,
            repeated: self.seen.into_repeated(),
            unplaced: self.unplaced,
            chains,
            newest,
            met: self.met,
            absent: self.absent,
            watched: self.watched,
            logs: self.logs,
            uncounted: self.uncounted,
            mailed: self.mailed,
            rejected: RejectedRows::merged(self.rejected),
        };
        (passed, self.vocabulary, self.files)
    }

    fn finish_parts(&mut self, parts: &[Chunks], digest: &KeyedDigest) {
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
    }
}
