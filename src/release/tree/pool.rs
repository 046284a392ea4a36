//! Merging siblings: what isn't enough by itself is pooled, and the pool takes in siblings until it is enough.

use super::cover::Crowd;

/// A pool of siblings.
pub struct Pool {
    /// For each sibling, whether it is in the pool.
    pub takes: Vec<bool>,
    pub crowd: Crowd,
}

/// Pools what isn't enough, and what `always` belongs to the pool. Of siblings that have no rows none is pooled.
///
/// A pool that isn't enough takes in the smallest sibling with which it is; where none will do, the smallest of all, and
/// looks again. One that has taken in all and still isn't enough is what its parent is: not enough.
pub fn pool(siblings: &[Crowd], always: impl Fn(usize) -> bool, enough: impl Fn(&Crowd) -> bool) -> Pool {
    let takes: Vec<bool> = siblings
        .iter()
        .enumerate()
        .map(|(place, sibling)| !sibling.is_empty() && (always(place) || !enough(sibling)))
        .collect();
    let crowd = Crowd::union(siblings.iter().zip(&takes).filter(|(_, takes)| **takes).map(|(sibling, _)| sibling));
    let mut pool = Pool { takes, crowd };
    pool.fill(siblings, enough);
    pool
}

impl Pool {
    /// Takes in siblings until the pool is empty or enough.
    pub fn fill(&mut self, siblings: &[Crowd], enough: impl Fn(&Crowd) -> bool) {
        let mut left: Vec<usize> =
            (0..siblings.len()).filter(|&place| !self.takes[place] && !siblings[place].is_empty()).collect();
        left.sort_by_key(|&place| (siblings[place].rows, place));
        while !self.crowd.is_empty() && !enough(&self.crowd) && !left.is_empty() {
            let with = |place: &usize| Crowd::union([&self.crowd, &siblings[*place]]);
            let will_do = left.iter().position(|place| enough(&with(place))).unwrap_or_default();
            let place = left.remove(will_do);
            self.crowd = with(&place);
            self.takes[place] = true;
        }
    }
}
