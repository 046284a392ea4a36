//! The ids of all rows, and those that came twice.

use roaring::RoaringTreemap;

use crate::words::TransactionId;

#[derive(Default)]
pub struct IdsSeen {
    seen: RoaringTreemap,
    repeated: RoaringTreemap,
    /// Those of the chunk at hand.
    chunk: Vec<u64>,
}

impl IdsSeen {
    #[inline]
    pub fn note(&mut self, id: TransactionId) {
        self.chunk.push(id.0);
    }

    /// Adds the chunk's ids to those seen, and finds those that come twice.
    pub fn end_chunk(&mut self, are_texts: bool) {
        if are_texts {
            // Digests lie far apart: for them, joining bitmaps would take as long as all that was seen before.
            for id in self.chunk.drain(..) {
                if !self.seen.insert(id) {
                    self.repeated.insert(id);
                }
            }
            return;
        }
        if !self.chunk.is_sorted() {
            self.chunk.sort_unstable();
        }
        for pair in self.chunk.windows(2) {
            if pair[0] == pair[1] {
                self.repeated.insert(pair[0]);
            }
        }
        self.chunk.dedup();
        let ids = RoaringTreemap::from_sorted_iter(self.chunk.drain(..)).unwrap_or_default();
        self.repeated |= &self.seen & &ids;
        self.seen |= ids;
    }

    /// Joins what two workers have seen.
    pub fn merge(&mut self, other: IdsSeen) {
        self.repeated |= other.repeated;
        self.repeated |= &self.seen & &other.seen;
        self.seen |= other.seen;
    }

    pub fn into_repeated(self) -> RoaringTreemap {
        self.repeated
    }
}
