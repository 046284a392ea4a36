//! A hold, its scope, and what may be wrong with one.

use std::fmt;

use jiff::Timestamp;

use crate::words::{Day, Kind};

/// The format of the register.
pub const FORMAT: u32 = 1;

/// A new site's register.
pub const EMPTY: &[u8] = b"{\"format\":1,\"count\":0,\"holds\":[]}\n";

/// One matter. Prints as `[hold]`.
#[derive(Clone, PartialEq, Eq)]
pub struct Hold {
    pub matter: String,
    pub placed: Timestamp,
    pub placed_by: String,
    pub trigger: String,
    pub released: Option<Released>,
    pub scope: Scope,
}

#[derive(Clone, PartialEq, Eq)]
pub struct Released {
    pub at: Timestamp,
    pub by: String,
}

/// What a hold covers: everything, or what meets each of the fields that are given.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Scope {
    pub everything: bool,
    pub kinds: Option<Vec<Kind>>,
    pub patron_ids: Option<Vec<String>>,
    /// Normalised by [`normal`].
    pub identifiers: Option<Vec<String>>,
    pub items: Option<Vec<String>>,
    pub branches: Option<Vec<String>>,
    pub opened_from: Option<Day>,
    pub opened_to: Option<Day>,
}

/// How an identifier is written before it is compared: trimmed, in lower case.
pub fn normal(identifier: &str) -> String {
    identifier.trim().to_lowercase()
}

impl Hold {
    pub fn in_force(&self, as_of: Timestamp) -> bool {
        self.released.as_ref().is_none_or(|released| released.at > as_of)
    }
}

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hold]")
    }
}

/// What is wrong with one hold, without a word of what it says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    #[error("has no matter, or doesn't say who placed it and why")]
    NotSaid,
    #[error("has the matter of an earlier one")]
    SameMatter,
    #[error("was placed or released at a time that isn't one (RFC 3339)")]
    NotATime,
    #[error("was released before it was placed")]
    ReleasedBeforePlaced,
    #[error("must say both when and by whom it was released, or neither")]
    HalfReleased,
    #[error("has an empty scope: for all transactions, write \"everything\": true")]
    EmptyScope,
    #[error("has \"everything\" beside other fields, or not as true: it stands alone")]
    NotEverything,
    #[error("has an empty list or an empty value in its scope")]
    EmptyValue,
    #[error("ends its time of opening before it starts")]
    BackwardDates,
}
