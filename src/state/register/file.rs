//! The register as it is written, and the checks that JSON alone can't make.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use super::super::json::Format;
use super::hold::{self, FORMAT, Fault, Released, normal};
use crate::words::{Day, Kind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    #[serde(rename = "format")]
    _format: Format<FORMAT>,
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

/// May be absent, but not null: somebody meant to write a value.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl Hold {
    pub fn checked(self) -> Result<hold::Hold, Fault> {
        let said = |text: &String| !text.trim().is_empty();
        let time = |text: &str| text.parse::<Timestamp>().map_err(|_| Fault::NotATime);
        if ![&self.matter, &self.placed_by, &self.trigger].into_iter().all(said) {
            return Err(Fault::NotSaid);
        }
        let placed = time(&self.placed)?;
        let released = match (self.released, self.released_by.filter(said)) {
            (None, None) => None,
            (Some(at), Some(by)) => Some(Released { at: time(&at)?, by }),
            _ => return Err(Fault::HalfReleased),
        };
        if released.as_ref().is_some_and(|released| released.at < placed) {
            return Err(Fault::ReleasedBeforePlaced);
        }
        let (matter, placed_by, trigger) = (self.matter, self.placed_by, self.trigger);
        Ok(hold::Hold { matter, placed, placed_by, trigger, released, scope: self.scope.checked()? })
    }
}

impl Scope {
    fn checked(self) -> Result<hold::Scope, Fault> {
        let lists = [&self.patron_ids, &self.identifiers, &self.items, &self.branches];
        let empty = |list: &Vec<String>| list.is_empty() || list.iter().any(|value| value.trim().is_empty());
        if lists.into_iter().flatten().any(empty) || self.kinds.as_ref().is_some_and(Vec::is_empty) {
            return Err(Fault::EmptyValue);
        }
        if let (Some(from), Some(to)) = (self.opened_from, self.opened_to)
            && to < from
        {
            return Err(Fault::BackwardDates);
        }
        let scope = hold::Scope {
            everything: false,
            kinds: self.kinds,
            patron_ids: self.patron_ids,
            identifiers: self.identifiers.map(|list| list.iter().map(|one| normal(one)).collect()),
            items: self.items,
            branches: self.branches,
            opened_from: self.opened_from,
            opened_to: self.opened_to,
        };
        let narrow = scope != hold::Scope::default();
        match self.everything {
            None if narrow => Ok(scope),
            None => Err(Fault::EmptyScope),
            Some(true) if !narrow => Ok(hold::Scope { everything: true, ..scope }),
            Some(_) => Err(Fault::NotEverything),
        }
    }
}
