//! A hold, its scope, and what may be wrong with one.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use crate::words::{Day, Digest, Kind};

/// A new site's register. It has no seal: there is nothing to seal.
pub const EMPTY: &[u8] = b"{\n  \"format\": 2,\n  \"entries\": []\n}\n";

/// One matter. Prints as `[hold]`.
#[derive(Clone, PartialEq, Eq)]
pub struct Hold {
    pub matter: String,
    pub placed: Timestamp,
    pub placed_by: String,
    pub trigger: Trigger,
    /// What was said of it, where it was written by hand.
    pub note: Option<String>,
    /// A reminder: it doesn't end then by itself.
    pub until: Option<Day>,
    pub released: Option<Released>,
    pub scope: Scope,
}

#[derive(Clone, PartialEq, Eq)]
pub struct Released {
    pub at: Timestamp,
    pub by: String,
    /// None: it was written by hand, where nobody was asked.
    pub why: Option<String>,
}

/// Why records must be kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    Subpoena,
    CourtOrder,
    Litigation,
    Investigation,
    Audit,
    RecordsRequest,
    Other,
}

impl Trigger {
    pub const ALL: [Trigger; 7] = [
        Trigger::Subpoena,
        Trigger::CourtOrder,
        Trigger::Litigation,
        Trigger::Investigation,
        Trigger::Audit,
        Trigger::RecordsRequest,
        Trigger::Other,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Trigger::Subpoena => "subpoena",
            Trigger::CourtOrder => "court-order",
            Trigger::Litigation => "litigation",
            Trigger::Investigation => "investigation",
            Trigger::Audit => "audit",
            Trigger::RecordsRequest => "records-request",
            Trigger::Other => "other",
        }
    }

    pub fn of(text: &str) -> Option<Trigger> {
        Trigger::ALL.into_iter().find(|trigger| trigger.as_str() == text.trim())
    }
}

/// What a hold covers: everything, or what meets each of the fields that are given.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub everything: bool,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub kinds: Option<Vec<Kind>>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub patrons: Option<Vec<Patron>>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub items: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub branches: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub opened_from: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub opened_to: Option<Day>,
}

/// Whoever one identifier means.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patron {
    /// Of all that she was known by, each as [`super::Names`] makes it; of an identifier that met nobody, its own.
    pub digests: Vec<Digest>,
    /// The pipelines whose patron records had her when it was placed.
    pub met: Vec<String>,
    /// It was given as the library system's own number, by hand: as such it needs to meet nobody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub number: bool,
}

/// May be absent, but not null: somebody meant to write a value.
pub(super) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
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

impl Scope {
    pub fn check(&self) -> Result<(), Fault> {
        let empty = |list: &Vec<String>| list.is_empty() || list.iter().any(|value| value.trim().is_empty());
        let nobody = |list: &Vec<Patron>| list.is_empty() || list.iter().any(|patron| patron.digests.is_empty());
        if [&self.items, &self.branches].into_iter().flatten().any(empty)
            || self.kinds.as_ref().is_some_and(Vec::is_empty)
            || self.patrons.as_ref().is_some_and(nobody)
        {
            return Err(Fault::EmptyValue);
        }
        if let (Some(from), Some(to)) = (self.opened_from, self.opened_to)
            && to < from
        {
            return Err(Fault::BackwardDates);
        }
        let narrow = Scope { everything: false, ..self.clone() } != Scope::default();
        match (self.everything, narrow) {
            (false, false) => Err(Fault::EmptyScope),
            (true, true) => Err(Fault::NotEverything),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hold]")
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[scope]")
    }
}

/// What is wrong with one hold, without a word of what it says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    #[error("has no matter, or doesn't say who placed it and why")]
    NotSaid,
    #[error("has the matter of an earlier one")]
    SameMatter,
    #[error("releases a matter that isn't in force")]
    NotInForce,
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
    #[error("isn't what was written there: it was edited, moved, or taken from another site")]
    Edited,
}
