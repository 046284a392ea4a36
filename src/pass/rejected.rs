//! Rejected rows, kept for whoever can read them, if the policy names somebody: the first of the run, in the order of the
//! exports, as many as there is room for. They lie in memory alone until they are encrypted (`state/rejects`).

use crate::words::Reason;

/// Bytes of rejected rows that are kept of a pipeline in a run, what is noted of each row included: a row may be empty. An
/// export that is broken throughout shows it sooner.
pub const ROOM: usize = 8 << 20;

/// A rejected row, as afterloan read it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RejectedRow {
    pub part: usize,
    pub line: u64,
    pub reason: Reason,
    pub bytes: Vec<u8>,
}

/// The rejected rows of one worker, or of all.
#[derive(Default, Debug)]
pub struct RejectedRows {
    rows: Vec<RejectedRow>,
    bytes: usize,
    /// Rows for which there was no room, and the place of the first of them.
    left_out: u64,
    full_at: Option<(usize, u64)>,
}

impl RejectedRows {
    /// A worker meets rows in the order of the exports. None is kept after one that didn't fit: so what is kept depends on the
    /// exports, not on which worker met what.
    pub fn add(&mut self, part: usize, line: u64, reason: Reason, bytes: &[u8]) {
        if self.has_room(part, line, bytes.len(), ROOM) {
            self.rows.push(RejectedRow { part, line, reason, bytes: bytes.to_vec() });
        }
    }

    fn add_within(&mut self, row: RejectedRow, room: usize) {
        if self.has_room(row.part, row.line, row.bytes.len(), room) {
            self.rows.push(row);
        }
    }

    fn has_room(&mut self, part: usize, line: u64, length: usize, room: usize) -> bool {
        let needs = length + size_of::<RejectedRow>();
        let has_room = self.full_at.is_none() && self.bytes + needs <= room;
        if has_room {
            self.bytes += needs;
        } else {
            self.full_at.get_or_insert((part, line));
            self.left_out += 1;
        }
        has_room
    }

    /// What several workers kept, as if one had met all.
    pub fn merged(workers: Vec<RejectedRows>) -> RejectedRows {
        RejectedRows::merged_within(workers, ROOM)
    }

    fn merged_within(workers: Vec<RejectedRows>, room: usize) -> RejectedRows {
        let left_out = workers.iter().map(|worker| worker.left_out).sum();
        let full_at = workers.iter().filter_map(|worker| worker.full_at).min();
        let mut rows: Vec<RejectedRow> = workers.into_iter().flat_map(|worker| worker.rows).collect();
        rows.sort_unstable_by_key(|row| (row.part, row.line));
        let mut all = RejectedRows { left_out, ..RejectedRows::default() };
        for row in rows {
            if full_at.is_some_and(|full_at| full_at < (row.part, row.line)) {
                all.full_at = full_at;
            }
            all.add_within(row, room);
        }
        all
    }

    pub fn rows(&self) -> &[RejectedRow] {
        &self.rows
    }

    pub fn left_out(&self) -> u64 {
        self.left_out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_kept_does_not_depend_on_the_workers(
            sizes in prop::collection::vec((0usize..9, 0usize..3), 0..40),
            places in 0usize..30,
        ) {
            let room = places * (size_of::<RejectedRow>() + 4);
            let row = |line: usize, size: usize| RejectedRow {
                part: line / 10,
                line: line as u64,
                reason: Reason::ShortRow,
                bytes: vec![b'x'; size],
            };
            let mut one = RejectedRows::default();
            let mut many: Vec<RejectedRows> = (0..3).map(|_| RejectedRows::default()).collect();
            for (line, (size, worker)) in sizes.iter().enumerate() {
                one.add_within(row(line, *size), room);
                many[*worker].add_within(row(line, *size), room);
            }
            let merged = RejectedRows::merged_within(many, room);
            prop_assert_eq!((merged.rows(), merged.left_out()), (one.rows(), one.left_out()));
            prop_assert!(merged.bytes <= room);
        }
    }
}
