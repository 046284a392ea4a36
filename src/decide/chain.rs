//! Chains of renewals stand or fall together: a member whose chain has another member with a need of its own is kept.
//!
//! A member that the snapshot lacks has no need, but it still ties the others together.

use std::collections::HashMap;

use crate::words::TransactionId;

/// Transactions tied by "renews", as sets that grow together. Memory: about 60 bytes a transaction that renews or is
/// renewed; others take none.
#[derive(Default)]
pub struct Chains {
    place: HashMap<TransactionId, u32>,
    /// Union-find: who stands above; roots stand above themselves.
    above: Vec<u32>,
    /// How many members with a need of their own a root's chain has.
    needy: Vec<u32>,
    /// How many renewals lie above a member at most: 0 is the newest of its chain.
    height: Vec<u32>,
    links: Vec<(u32, u32)>,
}

impl Chains {
    /// `newer` renews `older`.
    pub fn tie(&mut self, newer: TransactionId, older: TransactionId) {
        let (a, b) = (self.at(newer), self.at(older));
        self.links.push((a, b));
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            let (low, high) = (a.min(b), a.max(b));
            self.above[high as usize] = low;
            self.needy[low as usize] += self.needy[high as usize];
        }
    }

    pub fn is_empty(&self) -> bool {
        self.place.is_empty()
    }

    pub fn has(&self, id: TransactionId) -> bool {
        self.place.contains_key(&id)
    }

    /// A row of the snapshot has a need of its own. Call it once for each such row, after all ties.
    pub fn needs(&mut self, id: TransactionId) {
        if let Some(&place) = self.place.get(&id) {
            let root = self.root(place);
            self.needy[root as usize] += 1;
        }
    }

    /// Whether *another* member of its chain has a need of its own.
    pub fn kept(&self, id: TransactionId, has_need: bool) -> bool {
        self.place.get(&id).is_some_and(|place| {
            let mut root = *place;
            while self.above[root as usize] != root {
                root = self.above[root as usize];
            }
            self.needy[root as usize] > u32::from(has_need)
        })
    }

    /// Finds how far each member is from the newest of its chain: systems that refuse to delete a loan that was renewed
    /// must be asked in this order. A ring of renewals, which no system should have, is cut at 1,000.
    pub fn measure(&mut self) {
        self.height = vec![0; self.above.len()];
        for _ in 0..1_000 {
            let mut changed = false;
            for &(newer, older) in &self.links {
                let least = self.height[newer as usize] + 1;
                if self.height[older as usize] < least && least <= 1_000 {
                    self.height[older as usize] = least;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
    }

    /// 0: nothing renews it. Needs `measure`.
    pub fn height(&self, id: TransactionId) -> u32 {
        self.place.get(&id).and_then(|place| self.height.get(*place as usize)).copied().unwrap_or(0)
    }

    fn at(&mut self, id: TransactionId) -> u32 {
        let next = self.above.len() as u32;
        let place = *self.place.entry(id).or_insert(next);
        if place == next {
            self.above.push(next);
            self.needy.push(0);
        }
        place
    }

    fn root(&mut self, mut place: u32) -> u32 {
        while self.above[place as usize] != place {
            // Halve the way up, so that it stays short.
            let up = self.above[place as usize];
            self.above[place as usize] = self.above[up as usize];
            place = up;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(ties: &[(u64, u64)], needy: &[u64]) -> Chains {
        let mut chains = Chains::default();
        ties.iter().for_each(|&(newer, older)| chains.tie(TransactionId(newer), TransactionId(older)));
        needy.iter().for_each(|&id| chains.needs(TransactionId(id)));
        chains
    }

    #[test]
    fn a_chain_stands_or_falls_together() {
        // 3 renews 2 renews 1; 9 stands alone; 5 and 6 renew 4, which the snapshot lacks.
        let ties = [(2, 1), (3, 2), (5, 4), (6, 4)];
        let cases: [(&[u64], &[u64]); 5] =
            [(&[], &[]), (&[3], &[1, 2]), (&[1, 3], &[1, 2, 3]), (&[9], &[]), (&[5], &[4, 6])];
        for (needy, kept) in cases {
            let chains = chain(&ties, needy);
            for id in 1..=9 {
                let is_kept = chains.kept(TransactionId(id), needy.contains(&id));
                assert_eq!(is_kept, kept.contains(&id), "{id} with needs at {needy:?}");
            }
        }
    }

    #[test]
    fn the_newest_of_a_chain_comes_first() {
        let mut chains = chain(&[(3, 2), (2, 1), (7, 8), (8, 7)], &[]);
        chains.measure();
        let heights: Vec<u32> = [3, 2, 1, 99].iter().map(|&id| chains.height(TransactionId(id))).collect();
        assert_eq!(heights, [0, 1, 2, 0]);
        assert!(chains.height(TransactionId(7)) <= 1_000, "a ring ends");
    }
}
