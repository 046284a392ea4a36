//! The register as people wrote it (format 1), and the checks that JSON alone can't make.
//!
//! ```json
//! {"format":1,"count":1,"holds":[
//!   {"matter":"…","placed":"2026-03-01T09:00:00-05:00","placed_by":"…","trigger":"…",
//!    "released":null,"released_by":null,
//!    "scope":{"identifiers":["…"],"opened_from":"2025-01-01"}}]}
//! ```
//!
//! Every field of a hold is required. `count` is the number of holds, so that a register from which some were cut is
//! caught. Times are RFC 3339. `patron_ids` (the library system's own patron number) and `identifiers` (card, login, e-mail)
//! both say who: a patron whom either names is held. An identifier that meets nobody keeps everything.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use super::super::json::Format;
use super::hold::{self, Fault, Patron, Released, Trigger, given};
use super::names::Names;
use crate::words::{Day, Kind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    #[serde(rename = "format")]
    _format: Format<1>,
    pub count: u64,
    pub holds: Vec<Hold>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    matter: String,
    placed: String,
    placed_by: String,
    trigger: String,
    #[serde(deserialize_with = "required")]
    released: Option<String>,
    #[serde(deserialize_with = "required")]
    released_by: Option<String>,
    scope: Scope,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scope {
    #[serde(default, deserialize_with = "given")]
    everything: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    kinds: Option<Vec<Kind>>,
    #[serde(default, deserialize_with = "given")]
    patron_ids: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    identifiers: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    items: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    branches: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    opened_from: Option<Day>,
    #[serde(default, deserialize_with = "given")]
    opened_to: Option<Day>,
}

/// May be null, but must be there: serde lets a plain `Option` be absent.
fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}

/// A hold, and in the clear the identifiers by which it means somebody: to be looked up when it is taken over.
pub struct Read {
    pub hold: hold::Hold,
    pub identifiers: Vec<String>,
}

impl Hold {
    pub fn checked(self, names: &Names) -> Result<Read, Fault> {
        let said = |text: &String| !text.trim().is_empty();
        let time = |text: &str| text.parse::<Timestamp>().map_err(|_| Fault::NotATime);
        if ![&self.matter, &self.placed_by, &self.trigger].into_iter().all(said) {
            return Err(Fault::NotSaid);
        }
        let placed = time(&self.placed)?;
        let released = match (self.released, self.released_by.filter(said)) {
            (None, None) => None,
            (Some(at), Some(by)) => Some(Released { at: time(&at)?, by, why: None }),
            _ => return Err(Fault::HalfReleased),
        };
        if released.as_ref().is_some_and(|released| released.at < placed) {
            return Err(Fault::ReleasedBeforePlaced);
        }
        let identifiers = self.scope.identifiers.clone().unwrap_or_default();
        let (matter, placed_by, note) = (self.matter, self.placed_by, Some(self.trigger));
        let scope = self.scope.checked(names)?;
        let trigger = Trigger::Other;
        let hold = hold::Hold { matter, placed, placed_by, trigger, note, until: None, released, scope };
        Ok(Read { hold, identifiers })
    }
}

impl Scope {
    fn checked(self, names: &Names) -> Result<hold::Scope, Fault> {
        let lists = [&self.patron_ids, &self.identifiers];
        let empty = |list: &Vec<String>| list.is_empty() || list.iter().any(|value| value.trim().is_empty());
        if lists.into_iter().flatten().any(empty) {
            return Err(Fault::EmptyValue);
        }
        if self.everything == Some(false) {
            return Err(Fault::NotEverything);
        }
        let patrons = (self.patron_ids.is_some() || self.identifiers.is_some()).then(|| {
            let named = |text: &String, number| Patron {
                digests: vec![names.digest(text.as_bytes())],
                met: Vec::new(),
                number,
            };
            let numbers = self.patron_ids.iter().flatten().map(|text| named(text, true));
            numbers.chain(self.identifiers.iter().flatten().map(|text| named(text, false))).collect()
        });
        let scope = hold::Scope {
            everything: self.everything.is_some(),
            kinds: self.kinds,
            patrons,
            items: self.items,
            branches: self.branches,
            opened_from: self.opened_from,
            opened_to: self.opened_to,
        };
        scope.check()?;
        Ok(scope)
    }
}
