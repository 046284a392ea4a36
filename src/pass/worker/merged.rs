//! The results of all workers, put together in an order that doesn't depend on who read what.

use std::collections::{BTreeMap, HashMap};

use roaring::RoaringTreemap;

use super::Worker;
use super::newest::Newest;
use super::seen::Seen;
use crate::decide::Chains;
use crate::export::Chunks;
use crate::leak::Identifiers;
use crate::pass::log::{LogPart, Uncounted};
use crate::pass::mailing::Mailed;
use crate::pass::rejected::RejectedRows;
use crate::pass::{DateCount, LINES_NAMED, PartPassed, Passed, Watched};
use crate::state::keys::KeyedDigest;
use crate::words::{Digest, TransactionId};

/// The results of all workers.
pub struct Merged {
    parts: Vec<PartPassed>,
    digests: Vec<Vec<(u64, Digest)>>,
    dates: [DateCount; 2],
    identifiers: Identifiers,
    seen: Seen,
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
            seen: Seen::default(),
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
        self.unplaced |= worker.unplaced;
        self.seen.merge(worker.seen);
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
            repeated: self.seen.into_repeated(),
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
