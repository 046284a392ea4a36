//! The digest of a plan: what a person accepts.
//!
//! 256 bits in six parts, so that a plan that differs from the accepted one can say *what* differs. All parts are keyed
//! with the site's key, so nobody without `state/` can make two plans look alike. The hold register is folded into the
//! decisions: that it changed must not show.

use crate::state::keys::Keys;
use crate::words::Digest;

/// What the parts stand for, and how many bytes each has.
const PARTS: [(&str, usize); 6] = [
    ("the policy", 4),
    ("a pipeline", 4),
    ("the last run", 4),
    ("the exports", 4),
    ("the day", 4),
    ("the decisions", 12),
];

/// Makes the digest of a plan from the bytes of its parts, in the order of `PARTS`.
pub fn compose(keys: &Keys, parts: [&[u8]; 6]) -> Digest {
    let mut digest = [0; 32];
    let mut at = 0;
    for ((label, length), bytes) in PARTS.iter().zip(parts) {
        let mut keyed = keys.digest(&format!("plan: {label}"));
        keyed.update(bytes);
        digest[at..at + length].copy_from_slice(&keyed.finish().0[..*length]);
        at += length;
    }
    Digest(digest)
}

/// In what a plan differs from the accepted one.
pub fn differences(accepted: Digest, now: Digest) -> Vec<&'static str> {
    let mut at = 0;
    let mut changed = Vec::new();
    for (label, length) in PARTS {
        if accepted.0[at..at + length] != now.0[at..at + length] {
            changed.push(label);
        }
        at += length;
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_named() {
        let one = Digest([7; 32]);
        let mut other = one;
        other.0[13] = 1;
        other.0[31] = 1;
        assert_eq!(differences(one, other), ["the exports", "the decisions"]);
        assert!(differences(one, one).is_empty());
        assert_eq!(PARTS.iter().map(|(_, length)| length).sum::<usize>(), 32);
    }
}
