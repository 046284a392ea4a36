//! Where randomness comes from: the operating system, or, in tests, a seed.

use sha2::{Digest as _, Sha256};

#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no randomness: {0}")]
pub struct EntropyError(getrandom::Error);

/// A source of random bytes.
pub trait Entropy {
    /// Fills the whole buffer or fails.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyError>;
}

/// The operating system's.
#[derive(Clone, Copy, Default, Debug)]
pub struct System;

impl Entropy for System {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(buffer).map_err(EntropyError)
    }
}

/// The same bytes for the same seed. For tests: whoever knows the seed knows the keys.
#[derive(Clone, Debug)]
pub struct Fixed {
    seed: u64,
    block: u64,
}

impl Fixed {
    pub fn new(seed: u64) -> Fixed {
        Fixed { seed, block: 0 }
    }
}

impl Entropy for Fixed {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        for part in buffer.chunks_mut(32) {
            let mut hash = Sha256::new();
            hash.update(self.seed.to_le_bytes());
            hash.update(self.block.to_le_bytes());
            part.copy_from_slice(&hash.finalize()[..part.len()]);
            self.block += 1;
        }
        Ok(())
    }
}
