//! How many different values a column has, and how many of them another column has too, in bounded memory: the smallest
//! hashes of all are a fair sample of the values, the same in every column.

use std::collections::BTreeSet;

/// So many hashes are kept: up to here everything is exact, beyond it within a few in a hundred.
pub const KEPT: usize = 1_024;

/// The smallest hashes of a column's values.
#[derive(Clone, Debug, Default)]
pub struct MinHash {
    kept: BTreeSet<u64>,
    overflowed: bool,
}

impl MinHash {
    pub fn add(&mut self, hash: u64) {
        if self.overflowed && self.kept.last().is_some_and(|largest| hash >= *largest) {
            return;
        }
        if self.kept.insert(hash) && self.kept.len() > KEPT {
            self.kept.pop_last();
            self.overflowed = true;
        }
    }

    /// How many different values there are.
    pub fn distinct(&self) -> u64 {
        match (self.overflowed, self.kept.last()) {
            (true, Some(largest)) => {
                let share = *largest as f64 / u64::MAX as f64;
                ((self.kept.len() - 1) as f64 / share) as u64
            }
            _ => self.kept.len() as u64,
        }
    }

    pub fn is_exact(&self) -> bool {
        !self.overflowed
    }

    /// Which part of its values `other` has too. None: it has no values, or too few fall where both can be compared.
    pub fn within(&self, other: &MinHash) -> Option<f64> {
        let bound = if other.overflowed { *other.kept.last()? } else { u64::MAX };
        let comparable: Vec<&u64> = self.kept.iter().filter(|hash| **hash <= bound).collect();
        if comparable.is_empty() {
            return None;
        }
        let met = comparable.iter().filter(|hash| other.kept.contains(**hash)).count();
        Some(met as f64 / comparable.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leak::hash;

    fn of(values: std::ops::Range<u64>) -> MinHash {
        let mut minhash = MinHash::default();
        values.for_each(|value| minhash.add(hash(value.to_string().as_bytes())));
        minhash
    }

    #[test]
    fn few_values_are_counted_and_many_estimated() {
        assert_eq!(of(0..0).distinct(), 0);
        assert_eq!(of(0..1_000).distinct(), 1_000);
        for many in [5_000, 200_000] {
            let estimated = of(0..many).distinct() as f64 / many as f64;
            assert!((0.85..1.15).contains(&estimated), "{many}: {estimated}");
        }
    }

    #[test]
    fn what_two_columns_share_is_known() {
        let all = of(0..100_000);
        assert_eq!(of(50..60).within(&of(0..100)), Some(1.0));
        assert_eq!(of(0..100).within(&of(1_000..1_100)), Some(0.0));
        assert!(of(0..50_000).within(&all).unwrap() > 0.99);
        assert!((all.within(&of(0..50_000)).unwrap() - 0.5).abs() < 0.1);
        assert_eq!(of(0..0).within(&all), None);
    }
}
