//! Batches, merged: what they found is put together such that it doesn't matter which batch met what, and their rows are
//! renumbered to mean the same.

use std::collections::BTreeMap;

use super::error::PassError;
use super::log::Uncounted;
use super::outcome::{LINES_NAMED, LogsPassed, Passed};
use super::prepared::Prepared;
use super::rejected::RejectedRows;
use super::runfiles::RunFiles;
use super::vocabulary::Vocabulary;
use super::worker::{Batch, Findings};
use crate::decide::Chains;
use crate::export::Chunks;
use crate::leak::Identifiers;
use crate::state::keys::KeyedDigest;
use crate::words::Digest;

/// The results of all batches.
pub(super) struct Merged {
    vocabulary: Vocabulary,
    files: RunFiles,
    digests: Vec<Vec<(u64, Digest)>>,
    identifiers: Identifiers,
    findings: Findings,
    uncounted: BTreeMap<Uncounted, u64>,
    rejected: Vec<RejectedRows>,
}

impl Merged {
    pub fn new(prepared: &Prepared<'_>, parts: usize) -> Merged {
        Merged {
            vocabulary: Vocabulary { columns: prepared.columns.clone(), ..Vocabulary::default() },
            files: RunFiles::new(prepared.layout()),
            digests: vec![Vec::new(); parts],
            identifiers: Identifiers::default(),
            findings: Findings::new(prepared, parts),
            uncounted: BTreeMap::new(),
            rejected: Vec::new(),
        }
    }

    pub fn add(&mut self, batch: Batch) -> Result<(), PassError> {
        let renumbering = self.vocabulary.take_in(&batch.columns, &batch.patrons)?;
        self.files.add(batch.files, renumbering);
        for (all, digests) in self.digests.iter_mut().zip(batch.digests) {
            all.extend(digests);
        }
        self.identifiers.merge(batch.collected.identifiers);
        self.findings.merge(batch.findings);
        for (one, count) in batch.uncounted.finish() {
            *self.uncounted.entry(one).or_default() += count;
        }
        self.rejected.push(batch.rejected);
        Ok(())
    }

    pub fn finish(mut self, prepared: &Prepared<'_>, parts: &[Chunks]) -> (Passed, Vocabulary, RunFiles) {
        let columns = &prepared.declaration.columns;
        let closed = columns
            .closed
            .iter()
            .flat_map(|closed| closed.columns())
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ");
        let names = [columns.opened.clone(), closed];
        self.finish_parts(parts, &prepared.digest);
        let mut findings = self.findings;
        let mut chains = Chains::default();
        findings.links.sort_unstable();
        findings.links.iter().for_each(|(newer, older)| chains.tie(*newer, *older));
        let newest = findings.newest.items.into_values().flatten().map(|(opened, id)| (id, opened)).collect();
        findings.watched.sort_unstable_by_key(|watched| (watched.part, watched.line));
        let dates = names.into_iter().zip(findings.dates).filter(|(name, _)| !name.is_empty()).collect();
        let passed = Passed {
            parts: findings.parts,
            dates,
            identifiers: self.identifiers,
            repeated: findings.seen.into_repeated(),
            unplaced: findings.unplaced,
            chains,
            newest,
            met: findings.met,
            absent: findings.absent,
            watched: findings.watched,
            logs: LogsPassed { parts: findings.logs, uncounted: self.uncounted },
            mailed: findings.mailed,
            rejected: RejectedRows::merged(self.rejected),
        };
        (passed, self.vocabulary, self.files)
    }

    fn finish_parts(&mut self, parts: &[Chunks], digest: &KeyedDigest) {
        for ((part, digests), chunks) in self.findings.parts.iter_mut().zip(&mut self.digests).zip(parts) {
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
