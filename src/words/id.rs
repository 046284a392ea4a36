//! Numbers that stand for a transaction, and for a patron.

/// A transaction's number in the library system, as exported. Unique within one pipeline and one opening time:
/// systems hand out numbers twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TransactionId(pub u64);

impl std::fmt::Display for TransactionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A patron, by a number that means something in this run alone. Zero names nobody.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PatronNumber(pub u32);

impl PatronNumber {
    pub const NOBODY: PatronNumber = PatronNumber(0);

    pub fn names_somebody(self) -> bool {
        self != Self::NOBODY
    }
}

impl std::fmt::Debug for PatronNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[patron]")
    }
}
