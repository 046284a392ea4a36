//! Pseudonyms: a keyed hash of a patron, used to count patrons within one month and never published.
//!
//! HMAC-SHA-256 cut to 128 bits, one key for each kind and month: the same patron has unrelated pseudonyms in two
//! months, two kinds and two sites. Whoever has the key and a list of patrons can undo it; nobody can once the key is
//! destroyed. A pseudonym can't be made without a key, and neither type prints what it holds.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// A patron within one kind and month.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudonym(pub(crate) [u8; 16]);

impl Pseudonym {
    /// For staging and for counting; nothing that is published may be made from them.
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[pseudonym]")
    }
}

/// The key of one kind and month. Its bytes are overwritten when it is dropped.
#[derive(Clone)]
pub struct PseudonymKey {
    secret: Zeroizing<[u8; 32]>,
    /// HMAC with the key already taken in: half of the work for each patron.
    keyed: Hmac<Sha256>,
}

impl PseudonymKey {
    pub fn new(secret: Zeroizing<[u8; 32]>) -> PseudonymKey {
        let keyed = keyed(&secret);
        PseudonymKey { secret, keyed }
    }

    /// `patron_id` as the library system writes it, byte for byte.
    pub fn pseudonym(&self, patron_id: &[u8]) -> Pseudonym {
        let mut mac = self.keyed.clone();
        mac.update(patron_id);
        let full = mac.finalize().into_bytes();
        let mut cut = [0; 16];
        cut.copy_from_slice(&full[..16]);
        Pseudonym(cut)
    }

    pub(crate) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[key]")
    }
}

/// HMAC-SHA-256 under a key of 256 bits.
pub(crate) fn keyed(secret: &[u8; 32]) -> Hmac<Sha256> {
    // A key is filled up with zeros to the hash's block; a whole block can't be of a wrong length.
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(secret);
    Hmac::new((&*block).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231 has no case with a key of 32 bytes; this one is from Python's hmac module.
    #[test]
    fn a_pseudonym_is_hmac_sha_256_cut_in_half_and_prints_nothing() {
        let key = PseudonymKey::new(Zeroizing::new(std::array::from_fn(|i| i as u8)));
        let hex: String = key.pseudonym(b"51").bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "f7047702d6bff866ffbe80992ce7124d");
        assert_eq!(format!("{key:?} {:?}", key.pseudonym(b"51")), "[key] [pseudonym]");
        assert_ne!(key.pseudonym(b"51"), key.pseudonym(b"051"));
    }
}
