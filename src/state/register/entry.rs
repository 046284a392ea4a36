//! The register as it is written from format 2 on: entries, each sealed over the one before.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::json::Format;
use super::head::Head;
use super::hold::{Fault, Hold, Released, Scope, Trigger, given, normal};
use crate::state::keys::Keys;
use crate::words::{Day, Digest};

/// The whole file.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub format: Format<2>,
    pub entries: Vec<Entry>,
    /// Of the number of entries and their head; none where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub seal: Option<Digest>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// From 1.
    pub position: u64,
    /// RFC 3339.
    pub at: String,
    /// The seal of the entry before.
    pub previous: Option<Digest>,
    pub act: Act,
    pub seal: Digest,
}

/// What was done to a matter.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    Placed(Box<Placed>),
    Released(Withdrawn),
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placed {
    pub matter: String,
    pub trigger: Trigger,
    /// What was said of it, where it was written by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub by: String,
    /// When, where it was written by hand before; else it is the entry's time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    pub scope: Scope,
}

/// A release.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawn {
    pub matter: String,
    pub by: String,
    /// None: it was written by hand, where nobody was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// When, where it was written by hand before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

impl fmt::Debug for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[act of a hold]")
    }
}

/// What an entry's seal is of.
#[derive(Serialize)]
struct Sealed<'a> {
    position: u64,
    at: &'a str,
    previous: Option<Digest>,
    act: &'a Act,
}

fn seal(keys: &Keys, sealed: &Sealed<'_>) -> Option<Digest> {
    let mut digest = keys.digest("legal hold");
    digest.update(&serde_json::to_vec(sealed).ok()?);
    Some(digest.finish())
}

impl File {
    pub fn empty() -> File {
        File { format: Format, entries: Vec::new(), seal: None }
    }

    pub fn head(&self) -> Head {
        Head { entries: self.entries.len() as u64, head: self.entries.last().map(|entry| entry.seal) }
    }

    /// Whether this is that register, or what it became.
    pub fn extends(&self, known: &Head) -> bool {
        let Some(head) = known.head else { return known.entries == 0 };
        let last = usize::try_from(known.entries).ok().and_then(|entries| self.entries.get(entries.checked_sub(1)?));
        last.is_some_and(|entry| entry.seal == head)
    }

    /// With one more act. None: it can't be written as JSON.
    #[must_use]
    pub fn add(&mut self, keys: &Keys, at: Timestamp, act: Act) -> Option<()> {
        let (position, at, previous) = (self.entries.len() as u64 + 1, at.to_string(), self.head().head);
        let seal = seal(keys, &Sealed { position, at: &at, previous, act: &act })?;
        self.entries.push(Entry { position, at, previous, act, seal });
        self.seal = Some(self.whole(keys));
        Some(())
    }

    /// The seal of all of it.
    fn whole(&self, keys: &Keys) -> Digest {
        let mut digest = keys.digest("legal holds, whole");
        digest.update(&(self.entries.len() as u64).to_le_bytes());
        digest.update(self.entries.last().map_or(&[], |entry| &entry.seal.0));
        digest.finish()
    }

    /// Whether nothing was cut off, nor the seal itself.
    pub fn is_whole(&self, keys: &Keys) -> bool {
        if self.entries.is_empty() { self.seal.is_none() } else { self.seal == Some(self.whole(keys)) }
    }

    /// The holds that the entries come to, in their order; or the first that is wrong, and how.
    pub fn holds(&self, keys: &Keys) -> Result<Vec<Hold>, (usize, Fault)> {
        let mut holds: Vec<Hold> = Vec::new();
        let mut previous = None;
        for (place, entry) in self.entries.iter().enumerate() {
            let Entry { position, at, act, .. } = entry;
            let sealed = Sealed { position: *position, at, previous, act };
            let is_there = *position == place as u64 + 1 && entry.previous == previous;
            if !is_there || seal(keys, &sealed) != Some(entry.seal) {
                return Err((place + 1, Fault::Edited));
            }
            take(&mut holds, entry).map_err(|fault| (place + 1, fault))?;
            previous = Some(entry.seal);
        }
        Ok(holds)
    }
}

/// Carries one act out.
fn take(holds: &mut Vec<Hold>, entry: &Entry) -> Result<(), Fault> {
    let time = |text: &str| text.parse::<Timestamp>().map_err(|_| Fault::NotATime);
    let at = time(&entry.at)?;
    let since = |since: &Option<String>| since.as_deref().map_or(Ok(at), time);
    let said = |text: &str| !text.trim().is_empty();
    match &entry.act {
        Act::Placed(placed) => {
            if !said(&placed.matter) || !said(&placed.by) {
                return Err(Fault::NotSaid);
            }
            if holds.iter().any(|hold| normal(&hold.matter) == normal(&placed.matter)) {
                return Err(Fault::SameMatter);
            }
            placed.scope.check()?;
            let Placed { matter, trigger, note, by, until, scope, .. } = (**placed).clone();
            let (placed, released) = (since(&placed.since)?, None);
            holds.push(Hold { matter, placed, placed_by: by, trigger, note, until, released, scope });
        }
        Act::Released(released) => {
            let matter = normal(&released.matter);
            let hold = holds.iter_mut().find(|hold| normal(&hold.matter) == matter && hold.released.is_none());
            let hold = hold.ok_or(Fault::NotInForce)?;
            if !said(&released.by) || released.why.as_ref().is_some_and(|why| !said(why)) {
                return Err(Fault::NotSaid);
            }
            let at = since(&released.since)?;
            hold.released = Some(Released { at, by: released.by.clone(), why: released.why.clone() });
        }
    }
    Ok(())
}
