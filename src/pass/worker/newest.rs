//! The newest loans of each item: a policy may keep the last borrowers.

use std::collections::HashMap;

use super::reader::Reader;
use crate::cells::Stamp;
use crate::leak::hash;
use crate::words::TransactionId;

/// The newest loans of each item.
#[derive(Default)]
pub struct Newest {
    pub keep: usize,
    /// By a hash of the item: its newest loans, oldest first.
    pub items: HashMap<u64, Vec<(i64, TransactionId)>>,
}

impl Newest {
    #[inline]
    pub fn note(&mut self, reader: &Reader<'_>, id: TransactionId, opened: Option<Stamp>) {
        let (Some(item), Some(opened)) = (reader.item(), opened) else { return };
        if item.is_empty() || reader.withdrawn() {
            return;
        }
        Newest::keep(self.items.entry(hash(item)).or_default(), (opened.seconds(), id), self.keep);
    }

    pub fn merge(&mut self, other: Newest) {
        for (item, loans) in other.items {
            let all = self.items.entry(item).or_default();
            loans.into_iter().for_each(|loan| Newest::keep(all, loan, self.keep));
        }
    }

    fn keep(loans: &mut Vec<(i64, TransactionId)>, loan: (i64, TransactionId), keep: usize) {
        let place = loans.partition_point(|known| *known < loan);
        loans.insert(place, loan);
        if loans.len() > keep {
            loans.remove(0);
        }
    }
}
