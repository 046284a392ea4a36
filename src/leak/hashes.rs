//! Hashes of this run alone: of what is searched for, and of what is interned.

use std::hash::{BuildHasher, Hasher};

pub(super) type Hash = u64;

/// Hashes are stored as they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Already;

pub struct Same(u64);

impl BuildHasher for Already {
    type Hasher = Same;
    fn build_hasher(&self) -> Same {
        Same(0)
    }
}

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// A fast 64-bit hash of bytes, the same in every run: nothing of it is ever written.
#[inline]
pub fn hash(bytes: &[u8]) -> u64 {
    foldhash::quality::FixedState::with_seed(0x6166_7465_726c_6f61).hash_one(bytes)
}
