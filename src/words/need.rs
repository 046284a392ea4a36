//! Needs: the reasons why a link is still needed; and reasons: why a need could not be ruled out.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A reason why it must still be known who the patron is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Need {
    /// The material is out, the hold waits, the session runs.
    Open,
    /// It closed less than the grace period ago.
    Grace,
    /// Something on it is unpaid, or can't be read.
    Owing,
    /// Its last bill was paid less than the settled period ago.
    Settled,
    /// A lost item was paid for less than the refund period ago: it may be found.
    Refund,
    /// Claims returned, claims never had.
    Disputed,
    /// Lost or long overdue, not resolved.
    Lost,
    /// Another member of its chain of renewals has a need of its own; or another row of its log, which is retired whole.
    Chain,
    /// It is among the newest loans of its item, and the policy keeps those.
    LastBorrower,
    /// The patron asked to keep it.
    History,
    /// A matter covers it. Only the director's view names this need.
    LegalHold,
    /// It can't be shown to be due.
    Undetermined,
}

impl Need {
    pub const ALL: [Need; 12] = [
        Need::Open,
        Need::Grace,
        Need::Owing,
        Need::Settled,
        Need::Refund,
        Need::Disputed,
        Need::Lost,
        Need::Chain,
        Need::LastBorrower,
        Need::History,
        Need::LegalHold,
        Need::Undetermined,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Need::Open => "open",
            Need::Grace => "grace",
            Need::Owing => "owing",
            Need::Settled => "settled",
            Need::Refund => "refund",
            Need::Disputed => "disputed",
            Need::Lost => "lost",
            Need::Chain => "chain",
            Need::LastBorrower => "last-borrower",
            Need::History => "history",
            Need::LegalHold => "legal-hold",
            Need::Undetermined => "undetermined",
        }
    }

    pub fn from_name(name: &str) -> Option<Need> {
        Need::ALL.into_iter().find(|need| need.as_str() == name)
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A set of needs. Empty: the transaction is due.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct NeedSet(pub u16);

impl NeedSet {
    pub const NONE: NeedSet = NeedSet(0);

    pub fn insert(&mut self, need: Need) {
        self.0 |= 1 << need as u8;
    }

    pub fn remove(&mut self, need: Need) {
        self.0 &= !(1 << need as u8);
    }

    pub fn contains(self, need: Need) -> bool {
        self.0 & (1 << need as u8) != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Need> {
        Need::ALL.into_iter().filter(move |need| self.contains(*need))
    }

    /// What keeps it beside legal holds.
    pub fn without_holds(self) -> NeedSet {
        NeedSet(self.0 & !(1 << Need::LegalHold as u8))
    }

    /// What everybody but the director may see: a legal hold reads as `undetermined`.
    pub fn without_secrets(self) -> NeedSet {
        let mut shown = self.without_holds();
        if self.contains(Need::LegalHold) {
            shown.insert(Need::Undetermined);
        }
        shown
    }
}

impl FromIterator<Need> for NeedSet {
    fn from_iter<I: IntoIterator<Item = Need>>(needs: I) -> NeedSet {
        let mut set = NeedSet::NONE;
        needs.into_iter().for_each(|need| set.insert(need));
        set
    }
}

impl fmt::Debug for NeedSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal: $text:literal,)*) => {
        /// Why a transaction can't be shown to be due, or why a row can't be read as one. Never quotes a cell.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        pub enum Reason { $($(#[$doc])* $name,)* }

        impl Reason {
            pub const ALL: &'static [Reason] = &[$(Reason::$name,)*];

            /// The short code that reports and tables use.
            pub fn code(self) -> &'static str {
                match self { $(Reason::$name => $code,)* }
            }

            /// A sentence for people.
            pub fn text(self) -> &'static str {
                match self { $(Reason::$name => $text,)* }
            }
        }
    };
}

reasons! {
    // Rejects: the row can't be read as a transaction.
    ShortRow = "short-row": "the row has fewer cells than the header",
    LongRow = "long-row": "the row has more cells than the header",
    NotUtf8 = "encoding": "the row is not valid UTF-8 text",
    NulByte = "nul-byte": "the row holds a NUL byte",
    Malformed = "malformed": "the row is not written as the pipeline says: it was cut, or a member comes twice",
    Ambiguous = "ambiguous": "the line can be read in more than one way: a login or a request holds what looks like a border",
    Nested = "nested": "a member that the pipeline names holds an object or a list",
    BadId = "bad-id": "the transaction's number is not of the declared type",
    Repeat = "repeat": "the row repeats an earlier one exactly",
    // Undetermined: the transaction can't be shown to be due.
    NoOpening = "no-opening": "it has no readable opening time",
    NoClosing = "no-closing": "it is closed, but has no readable closing time",
    ImplausibleDate = "implausible-date": "a date lies outside the plausible range",
    FutureDate = "future-date": "a date lies after the as-of date",
    ClosedBeforeOpened = "closed-before-opened": "it was closed before it was opened",
    UnknownState = "unknown-state": "no state rule knows its values",
    UnreadableAmount = "unreadable-amount": "an amount on it can't be read",
    UnreadableDate = "unreadable-date": "a date that decides can't be read",
    MissingLookup = "missing-lookup": "another export that decides has no row for it",
    RepeatedId = "repeated-id": "another row has its number with other facts",
    BrokenChain = "broken-chain": "the number of the loan it renews can't be read",
    HoldScope = "hold-scope": "a legal hold's scope can't be matched with tonight's exports",
    UnreadableKey = "unreadable-key": "the key by which another export is joined to it can't be read",
    Vanished = "vanished": "another export that decides had a row for it when it was last read, and has none",
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Reason, D::Error> {
        let code = String::deserialize(deserializer)?;
        Reason::ALL
            .iter()
            .copied()
            .find(|reason| reason.code() == code)
            .ok_or_else(|| serde::de::Error::custom("not a reason code"))
    }
}

/// A set of reasons.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ReasonSet(pub u32);

impl ReasonSet {
    pub fn insert(&mut self, reason: Reason) {
        self.0 |= 1 << reason as u8;
    }

    pub fn contains(self, reason: Reason) -> bool {
        self.0 & (1 << reason as u8) != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Reason> {
        Reason::ALL.iter().copied().filter(move |reason| self.contains(*reason))
    }
}

impl fmt::Debug for ReasonSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
